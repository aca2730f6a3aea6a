"""Files that people bring, and the log of a harvest that the app started."""

import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from db import config
from db.engine import reading, writing
from db.models import AuditEvent, Member
from db.types import Actor, Role
from review_app.services import harvests
from review_app.services.errors import Conflict


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


def test_what_an_import_refused_is_read_with_how_much_more_there_was(sqlite_engine: Engine) -> None:
    refused = [f"  record {number} rejected: no title\n" for number in range(2, 22)]
    harvests.log_file(sqlite_engine).write_text("".join([*refused, "  and 5 more rejected\n"]))
    told = harvests.last_trouble(sqlite_engine).splitlines()
    assert (told[0], told[-1]) == ("  record 2 rejected: no title", "  and 5 more rejected")


def test_of_two_who_press_at_once_one_harvest_starts_and_the_other_is_told(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun: list[subprocess.Popen[bytes]] = []

    def waiting(_command: list[str], **options: Any) -> "subprocess.Popen[bytes]":
        """A harvester that has not yet come to its lease."""
        options["stdin"] = subprocess.PIPE
        begun.append(popen(["cat"], **options))
        return begun[-1]

    def press(_: int) -> str:
        try:
            with writing(engine) as session:
                harvests.start(session, engine, actor=ada, topic_id="ketamine-depression")
        except Conflict as told:
            return str(told)
        return ""

    popen = subprocess.Popen
    monkeypatch.setattr(subprocess, "Popen", waiting)
    ada = joined(engine)
    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == ["", "A harvest is running already. Wait for it, or stop it first."]
    assert len(begun) == 1
    with reading(engine) as session:
        assert len(session.exec(select(AuditEvent).where(col(AuditEvent.action) == "harvest_started")).all()) == 1
    begun[0].communicate()
    assert press(0) == ""  # the first has ended
    begun[1].communicate()


def joined(engine: Engine) -> Actor:
    with writing(engine) as session:
        ada = Member(name="Ada", name_key="ada", role=Role.LEAD, created_at=config.now())
        session.add(ada)
        session.commit()
        return Actor(ada.id, ada.name, ada.role)
