"""A sample of `make torture`: a sync and an import killed at random moments of a seed, and what the comparison sees."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from sqlalchemy import Engine, update
from sqlmodel import col
from synced_library import sync
from torture.canonical import canonical, different, loose_ends, untrue
from torture.killed_process import run
from torture.kills import Subject, Tally, torture
from torture.subjects import in_folder

from db import config
from db.engine import writing
from db.models import Article, HarvestRun, Lease, RawRecord
from db.types import RunStatus

ARTICLES = 210


def tortured(subject: Subject, folder: Path, kills: int) -> Tally:
    *_, last = torture(subject, folder, kills=kills, seed=7)
    return last


@pytest.fixture(scope="session")
def stocked(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A library that any command was run on: the claims that ship with the topic are in it."""
    folder = tmp_path_factory.mktemp("stocked")
    path = Path(shutil.copy(sqlite_template, folder / "library.db"))
    run(["status"], Subject("status", ["status"], {}, str).environment(f"sqlite:///{path}"), folder / "log")
    return path


@pytest.fixture
def library(tmp_path: Path, stocked: Path) -> Callable[[str], str]:
    return in_folder(tmp_path, stocked)


def test_a_sync_killed_at_ten_random_moments_and_run_again_ends_as_a_clean_one(
    tmp_path: Path, library: Callable[[str], str]
) -> None:
    records = write_records(tmp_path / "invented.xml", (invented(FIRST + n) for n in range(ARTICLES)))
    with LocalPubMed([records]) as pubmed:
        settings = {"EUTILS_URL": pubmed.url, "NCBI_API_KEY": "invented"}
        tally = tortured(Subject("sync", ["sync"], settings, library), tmp_path, 10)
    assert tally.wrong == []
    assert (tally.kills, sum(tally.phases.values())) == (10, 10)


def test_an_import_killed_at_random_moments_and_run_again_ends_as_a_clean_one(
    tmp_path: Path, library: Callable[[str], str]
) -> None:
    records = write_records(tmp_path / "invented.xml", (invented(FIRST + n) for n in range(ARTICLES)))
    tally = tortured(Subject("import", ["import", str(records)], {}, library), tmp_path, 3)
    assert tally.wrong == []


def test_the_comparison_sees_a_byte_of_a_raw_record(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        sync(sqlite_engine, pubmed.url)
    whole = canonical(sqlite_engine)
    assert loose_ends(sqlite_engine) == []
    with writing(sqlite_engine) as session:
        session.execute(update(RawRecord).where(col(RawRecord.article_id) == 7).values(body=b"other"))
        session.commit()
    (line,) = different(canonical(sqlite_engine), whole)
    assert line.startswith("raw_record: 450 rows, expected 450; for example")


def test_the_comparison_sees_a_run_that_claims_to_be_complete(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        synced = sync(sqlite_engine, pubmed.url)
    whole = canonical(sqlite_engine)
    assert untrue(sqlite_engine, whole) == []
    with writing(sqlite_engine) as session:
        session.execute(update(Article).where(col(Article.pmid) == FIRST).values(title="Another"))
        session.commit()
    assert untrue(sqlite_engine, whole) == [f"run {synced.id} says complete", "topic ketamine has a watermark"]


def test_the_comparison_sees_what_is_left_lying(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        synced = sync(sqlite_engine, pubmed.url)
    now = config.now()
    with writing(sqlite_engine) as session:
        session.get_one(HarvestRun, synced.id).status = RunStatus.RUNNING
        session.add(Lease(name="harvest", holder="Ada", host="here", pid=1, acquired_at=now, heartbeat_at=now))
        session.commit()
    assert loose_ends(sqlite_engine) == [
        "the lease of Ada is still there",
        f"run {synced.id} says it is running",
        "the last run is not complete",
    ]
