"""Files that people bring, and the log of a harvest that the app started."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from review_app.services import harvests


def test_an_upload_lies_beside_the_library_under_its_own_name(sqlite_engine: Engine, tmp_path: Path) -> None:
    kept = harvests.keep_upload(sqlite_engine, name="pubmed-set.xml", body=b"<PubmedArticleSet/>")
    assert kept.read_bytes() == b"<PubmedArticleSet/>"
    assert kept.name == "pubmed-set.xml"
    assert kept.is_relative_to(tmp_path / "uploads")


def test_two_files_of_one_name_are_both_kept(sqlite_engine: Engine) -> None:
    one, other = (harvests.keep_upload(sqlite_engine, name="set.csv", body=body) for body in (b"title", b"pmid"))
    assert (one.read_bytes(), other.read_bytes()) == (b"title", b"pmid")


@pytest.mark.parametrize(
    "name", ["../../set.xml", "/etc/passwd", "..", "", "\x00", ".hidden", "a/b/c.csv", "x" * 400 + ".gz"]
)
def test_the_name_of_an_upload_leads_nowhere_else(sqlite_engine: Engine, tmp_path: Path, name: str) -> None:
    kept = harvests.keep_upload(sqlite_engine, name=name, body=b"title")
    assert kept.resolve().parent.parent == (tmp_path / "uploads").resolve()
    assert kept.read_bytes() == b"title"


def test_why_a_harvest_could_not_do_its_work_is_read_from_its_log(sqlite_engine: Engine) -> None:
    assert harvests.last_trouble(sqlite_engine) == ""
    harvests.log_file(sqlite_engine).write_text("0/450\nharvest: the disk is full\n")
    assert harvests.last_trouble(sqlite_engine) == "the disk is full"
