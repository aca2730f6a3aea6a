"""Faults of PubMed, kills and a full disk: run again, a sync ends as one without trouble."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST
from local_pubmed import LocalPubMed
from sqlalchemy import Engine, event
from sqlmodel import select
from synced_library import PMIDS, library, pmids, sync

from db.engine import DatabaseUnavailable, open_engine, reading
from db.models import HarvestRun, Topic
from db.queries import harvesting
from db.types import RunStatus
from harvester.errors import Unreachable
from harvester.sync import Progress

FAULTS = [
    {"endpoint": "efetch", "nth": 2, "do": "html"},
    {"endpoint": "efetch", "nth": 2, "do": "prolog"},
    {"endpoint": "efetch", "nth": 1, "do": "truncate_close", "keep": 5000},
    {"endpoint": "efetch", "nth": 3, "do": "truncate_chunked", "keep": 5000},
    {"endpoint": "efetch", "nth": 2, "do": "truncate_gzip", "keep": 500},
    {"endpoint": "efetch", "nth": 2, "do": "reset", "keep": 3000},
    {"endpoint": "efetch", "nth": 1, "times": 4, "do": "status", "status": 502},
    {"endpoint": "efetch", "nth": 2, "do": "drop", "pmids": [FIRST + 250, FIRST + 399]},
    {"endpoint": "esearch", "nth": 1, "do": "rate_limit", "status": 200},
    {"endpoint": "esearch", "nth": 3, "do": "error", "message": "Search Backend failed: Database is not supported"},
    {"endpoint": "*", "nth": 1, "times": 4, "do": "status", "status": 503},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['endpoint']}-{fault['do']}")
def test_trouble_on_the_way_leaves_the_same_library(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]], fault: dict[str, Any]
) -> None:
    with LocalPubMed([records], faults=[fault]) as pubmed:
        assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE
        assert any(row["fault"] for row in pubmed.journal())
    assert library(sqlite_engine) == clean


@pytest.mark.parametrize("do", ["html", "prolog", "truncate_close"])
def test_a_pubmed_that_stays_broken_fails_the_run_and_costs_nothing(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]], do: str
) -> None:
    broken = {"endpoint": "efetch", "nth": 2, "times": 99, "do": do} | ({"keep": 999} if "truncate" in do else {})
    with LocalPubMed([records], faults=[broken]) as pubmed, pytest.raises(Unreachable, match="run it again"):
        sync(sqlite_engine, pubmed.url)
    with reading(sqlite_engine) as session:
        failed = session.exec(select(HarvestRun)).one()
        assert (failed.status, failed.done) == (RunStatus.FAILED, 200)
        assert session.get_one(Topic, "ketamine").watermark is None
        assert harvesting.lease(session) is None
    with LocalPubMed([records]) as pubmed:
        run = sync(sqlite_engine, pubmed.url)
        assert [row["ids"] for row in pubmed.journal()] == [200, 50]
    assert (run.id, run.status, run.message) == (failed.id, RunStatus.COMPLETE, None)
    assert library(sqlite_engine) == clean


def test_an_unreachable_pubmed_is_an_error_that_says_what_to_do(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        sync(sqlite_engine, pubmed.url)
    with pytest.raises(Unreachable, match="Connection refused; check the network or EUTILS_URL, then run it again"):
        sync(sqlite_engine, pubmed.url)
    assert pmids(sqlite_engine) == list(PMIDS)


def _killed_at_commit(url: str, database: str, number: int) -> int:
    """Syncs in a child that is killed as its n-th commit begins; the child's wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    engine, commits = open_engine(database), 0

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1
        if commits == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "commit", count)
    ended = 1
    try:
        sync(engine, url)
        ended = 0
    finally:
        os._exit(ended)


def test_killed_at_any_commit_and_run_again_it_ends_as_a_clean_run(
    sqlite_template: Path, tmp_path: Path, records: Path, clean: list[dict[str, Any]]
) -> None:
    kills = 0
    with LocalPubMed([records]) as pubmed:
        for number in range(1, 50):
            path = tmp_path / f"{number}.db"
            path.write_bytes(sqlite_template.read_bytes())
            database = f"sqlite:///{path}"
            status = _killed_at_commit(pubmed.url, database, number)
            if not os.WIFSIGNALED(status):
                assert status == 0
                break
            kills += 1
            engine = open_engine(database)
            assert sync(engine, pubmed.url).status is RunStatus.COMPLETE
            assert library(engine) == clean
            engine.dispose()
    assert kills >= 6


def test_killed_again_and_again_it_still_ends_as_a_clean_run(
    sqlite_url: str, records: Path, clean: list[dict[str, Any]]
) -> None:
    with LocalPubMed([records]) as pubmed:
        for number in (2, 3, 3, 4):
            _killed_at_commit(pubmed.url, sqlite_url, number)
        engine = open_engine(sqlite_url)
        assert sync(engine, pubmed.url).status is RunStatus.COMPLETE
    assert library(engine) == clean
    engine.dispose()


def test_a_mistake_of_our_own_is_stored_with_the_run_and_holds_nobody_up(sqlite_engine: Engine, records: Path) -> None:
    def mistake(progress: Progress) -> None:
        if progress.done == 200:
            raise ZeroDivisionError("invented")

    with LocalPubMed([records]) as pubmed:
        with pytest.raises(ZeroDivisionError):
            sync(sqlite_engine, pubmed.url, report=mistake)
        with reading(sqlite_engine) as session:
            run = session.exec(select(HarvestRun)).one()
            assert (run.status, run.message) == (RunStatus.FAILED, "invented")
        assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE


def test_a_full_disk_loses_nothing(sqlite_url: str, records: Path, clean: list[dict[str, Any]]) -> None:
    engine = open_engine(sqlite_url)

    def fill(progress: Progress) -> None:
        if progress.done == 200:
            with engine.connect() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.connection.cursor().execute(f"PRAGMA max_page_count={pages}").close()

    with LocalPubMed([records]) as pubmed, pytest.raises(DatabaseUnavailable, match="full"):
        sync(engine, pubmed.url, report=fill)
    engine.dispose()
    engine = open_engine(sqlite_url)
    assert len(library(engine)) == 200
    with LocalPubMed([records]) as pubmed:
        assert sync(engine, pubmed.url).status is RunStatus.COMPLETE
    assert library(engine) == clean
    engine.dispose()
