"""Two harvests of one library: at once, one stopped and continued, one on a clock that jumps, one dead."""

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from sqlmodel import col, select
from synced_library import library, pmids, sync
from torture.canonical import canonical, loose_ends
from torture.killed_process import start
from torture.kills import Subject

from db import config
from db.engine import open_engine, reading, writing
from db.models import HarvestRun, Lease, Topic
from db.queries import harvesting
from db.types import RunKind, RunStatus
from harvester.file_import import import_file
from harvester.lease import LeaseHeld, acquire
from harvester.status import library_status
from harvester.sync import Progress
from harvester.topic import load_topic

SLOW = {"endpoint": "efetch", "nth": 2, "do": "delay", "seconds": 6}
# Long enough that a busy machine sees the process wait; nobody waits for the end of it.
SLOWER = SLOW | {"seconds": 10}
TOPIC = load_topic("ketamine-depression")


def begun(url: str, pubmed: LocalPubMed, log: Path) -> Any:
    """`harvest sync` in a process of its own."""
    settings = {"EUTILS_URL": pubmed.url, "NCBI_API_KEY": "invented"}
    return start(["sync"], Subject("sync", ["sync"], settings, str).environment(url), log)[0]


def until(what: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def fetches(pubmed: LocalPubMed) -> int:
    return sum(row["tool"] == "efetch" for row in pubmed.journal())


def age(engine: Engine, **by: float) -> None:
    """The lease as if its holder had not been heard of for so long."""
    with writing(engine) as session:
        session.get_one(Lease, "harvest").heartbeat_at -= timedelta(**by)
        session.commit()


def both_at_once(url: str, records: Path, folder: Path) -> list[tuple[int, str]]:
    with LocalPubMed([records], faults=[SLOW]) as pubmed:
        logs = [folder / "1.log", folder / "2.log"]
        processes = [begun(url, pubmed, log) for log in logs]
        for process in processes:
            process.join(120)
    return sorted((process.exitcode, log.read_text()) for process, log in zip(processes, logs, strict=True))


def test_of_two_syncs_at_once_one_is_done_and_the_other_told(
    database_url: str, records: Path, tmp_path: Path, clean: list[dict[str, Any]]
) -> None:
    (done, _), (refused, told) = both_at_once(database_url, records, tmp_path)
    assert (done, refused) == (0, 1)
    assert "harvest: a harvest is already running: " in told
    assert "wait for it to end, or stop it" in told
    engine = open_engine(database_url)
    assert library(engine) == clean
    assert loose_ends(engine) == []
    engine.dispose()


def test_two_that_both_find_no_library_make_one_and_one_of_them_syncs(
    records: Path, tmp_path: Path, clean: list[dict[str, Any]]
) -> None:
    url = f"sqlite:///{tmp_path}/deep/library.db"
    ended = both_at_once(url, records, tmp_path)
    assert [code for code, _ in ended] == [0, 1], ended
    assert "a harvest is already running" in ended[1][1]
    engine = open_engine(url)
    assert library(engine) == clean
    engine.dispose()


def test_a_sync_that_was_stopped_past_its_lease_and_continued_writes_nothing_more(
    sqlite_engine: Engine, records: Path, tmp_path: Path, clean: list[dict[str, Any]]
) -> None:
    url = sqlite_engine.url.render_as_string()
    with LocalPubMed([records], faults=[SLOWER]) as pubmed, LocalPubMed([records]) as other:
        stopped = begun(url, pubmed, tmp_path / "log")
        until(lambda: fetches(pubmed) >= 2)
        os.kill(stopped.pid, signal.SIGSTOP)
        with pytest.raises(LeaseHeld):
            sync(sqlite_engine, other.url, TOPIC)
        age(sqlite_engine, minutes=16)
        assert sync(sqlite_engine, other.url, TOPIC).status is RunStatus.COMPLETE
        before = canonical(sqlite_engine)
        os.kill(stopped.pid, signal.SIGCONT)
        stopped.join(60)
    assert stopped.exitcode == 1
    assert (
        (tmp_path / "log")
        .read_text()
        .endswith("another harvest has taken over; this one has stopped and lost nothing\n")
    )
    assert canonical(sqlite_engine) == before
    assert library(sqlite_engine) == clean
    assert loose_ends(sqlite_engine) == []


def test_a_killed_sync_is_gone_on_with_at_once(
    sqlite_engine: Engine, records: Path, tmp_path: Path, clean: list[dict[str, Any]]
) -> None:
    url = sqlite_engine.url.render_as_string()
    with LocalPubMed([records], faults=[SLOWER]) as pubmed:
        killed = begun(url, pubmed, tmp_path / "log")
        until(lambda: fetches(pubmed) >= 2)
        with reading(sqlite_engine) as session:
            assert library_status(session)["running"]["process"] == killed.pid
        killed.kill()
        killed.join()
        with reading(sqlite_engine) as session:
            assert library_status(session)["running"] is None
            (run,) = session.exec(select(HarvestRun)).all()
        assert sync(sqlite_engine, pubmed.url, TOPIC).id == run.id
    assert library(sqlite_engine) == clean


def overtaken(engine: Engine, url: str, at: int, then: Callable[[], None] = lambda: None) -> Callable[[Progress], None]:
    """A report during which another sync takes the lease over and ends well."""

    def report(progress: Progress) -> None:
        if (progress.phase, progress.done) == ("fetching", at):
            age(engine, minutes=16)
            assert sync(engine, url).status is RunStatus.COMPLETE
            then()

    return report


def only_run(engine: Engine) -> HarvestRun:
    with reading(engine) as session:
        assert harvesting.lease(session) is None
        return session.exec(select(HarvestRun)).one()


def test_a_sync_that_was_overtaken_and_then_fails_leaves_the_run_as_the_other_ended_it(
    engine: Engine, records: Path
) -> None:
    def fail() -> None:
        raise ZeroDivisionError("invented")

    with LocalPubMed([records]) as pubmed, pytest.raises(ZeroDivisionError):
        sync(engine, pubmed.url, report=overtaken(engine, pubmed.url, 200, fail))
    assert (only_run(engine).status, only_run(engine).message) == (RunStatus.COMPLETE, None)


@pytest.mark.parametrize("at", [400, 450])
def test_a_sync_that_was_overtaken_does_not_say_that_it_is_complete(engine: Engine, records: Path, at: int) -> None:
    ended: list[Any] = []

    def remember() -> None:
        ended.append((only_run(engine).finished_at, canonical(engine)))

    with LocalPubMed([records]) as pubmed, pytest.raises(LeaseHeld, match="taken over"):
        sync(engine, pubmed.url, report=overtaken(engine, pubmed.url, at, remember))
    assert [(only_run(engine).finished_at, canonical(engine))] == ended


@pytest.mark.parametrize("hours", [-5, 5])
def test_a_clock_that_jumps_costs_a_lonely_sync_nothing(
    sqlite_engine: Engine, records: Path, clock: Callable[..., None], clean: list[dict[str, Any]], hours: int
) -> None:
    def jump(progress: Progress) -> None:
        if progress.done == 200:
            clock(hours=hours)

    with LocalPubMed([records]) as pubmed:
        run = sync(sqlite_engine, pubmed.url, report=jump)
    assert run.status is RunStatus.COMPLETE
    assert library(sqlite_engine) == clean


def test_after_a_jump_back_the_heart_beats_on(sqlite_engine: Engine, clock: Callable[..., None]) -> None:
    with writing(sqlite_engine) as session:
        run = HarvestRun(kind=RunKind.IMPORT, started_at=config.now())
        session.add(run)
        session.flush()
        mine = acquire(session, sqlite_engine, run.id or 0)
        session.commit()
    clock(hours=-5)
    mine.beat()
    with reading(sqlite_engine) as session:
        held = harvesting.lease(session)
    assert held is not None
    assert held.heartbeat_at == config.now(), "others on this clock would take a living harvest for dead"


def test_of_two_on_a_clock_that_jumped_one_goes_on_and_the_other_stops(
    sqlite_engine: Engine, records: Path, clock: Callable[..., None], clean: list[dict[str, Any]]
) -> None:
    def jump(progress: Progress) -> None:
        if (progress.phase, progress.done) == ("fetching", 200):
            clock(hours=3)
            assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE

    with LocalPubMed([records]) as pubmed, pytest.raises(LeaseHeld, match="taken over"):
        sync(sqlite_engine, pubmed.url, report=jump)
    assert library(sqlite_engine) == clean
    with reading(sqlite_engine) as session:
        assert session.get_one(Topic, "ketamine").watermark is not None


def test_the_one_refused_leaves_no_trace(sqlite_engine: Engine, records: Path) -> None:
    seen: list[dict[str, Any]] = []

    def meanwhile(progress: Progress) -> None:
        if progress.done == 200:
            before = canonical(sqlite_engine)
            with pytest.raises(LeaseHeld):
                sync(sqlite_engine, pubmed.url)
            seen.append(before)
            assert canonical(sqlite_engine) == before

    with LocalPubMed([records]) as pubmed:
        run = sync(sqlite_engine, pubmed.url, report=meanwhile)
    assert len(seen) == 1
    assert (only_run(sqlite_engine).id, len(pmids(sqlite_engine))) == (run.id, 450)


def test_an_import_that_was_overtaken_does_not_say_that_it_is_complete(engine: Engine, records: Path) -> None:
    def report(done: int, total: int) -> None:
        if done == total:
            age(engine, minutes=16)
            import_file(engine, records, TOPIC)

    with pytest.raises(LeaseHeld, match="taken over"):
        import_file(engine, records, TOPIC, report=report)
    with reading(engine) as session:
        first, second = session.exec(select(HarvestRun).order_by(col(HarvestRun.id))).all()
    assert (first.status, first.message) == (RunStatus.FAILED, "it ended without a word")
    assert second.status is RunStatus.COMPLETE
