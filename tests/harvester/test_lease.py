"""One harvest at a time, and a crash that locks nobody out."""

import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from db import config
from db.engine import reading, writing
from db.models import HarvestRun, Lease
from db.queries import harvesting
from db.types import RunKind, RunStatus
from harvester import lease
from harvester.errors import Stopped
from harvester.lease import LeaseHeld, acquire, machine


def take(engine: Engine, holder: str = "Ada") -> lease.Lease:
    with writing(engine) as session:
        run = HarvestRun(kind=RunKind.IMPORT, started_at=config.now())
        session.add(run)
        session.flush()
        taken = acquire(session, engine, run.id or 0, holder)
        session.commit()
    return taken


def alter(engine: Engine, **values: object) -> None:
    with writing(engine) as session:
        held = session.get_one(Lease, "harvest")
        for name, value in values.items():
            setattr(held, name, value)
        session.add(held)
        session.commit()


def a_dead_process() -> int:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitpid(child, 0)
    return child


def test_the_second_harvest_is_refused_and_told_who_and_since_when(engine: Engine, clock: Callable[..., None]) -> None:
    take(engine)
    clock(minutes=2)
    with pytest.raises(LeaseHeld) as refused:
        take(engine, "Ben")
    assert str(refused.value).startswith("a harvest is already running: Ada on ")
    assert f"(process {os.getpid()}) since 2026-03-01 09:00 UTC, last heard of 120 s ago" in str(refused.value)


def test_a_released_lease_is_free(engine: Engine) -> None:
    take(engine).release()
    take(engine, "Ben")
    with reading(engine) as session:
        held = harvesting.lease(session)
        assert held is not None
        assert held.holder == "Ben"


def test_a_process_that_died_on_this_machine_holds_nobody_up(sqlite_engine: Engine) -> None:
    take(sqlite_engine)
    alter(sqlite_engine, pid=a_dead_process())
    take(sqlite_engine, "Ben")
    with reading(sqlite_engine) as session:
        runs = session.exec(select(HarvestRun.status, HarvestRun.message).order_by(col(HarvestRun.id))).all()
    assert runs == [(RunStatus.FAILED, "it ended without a word"), (RunStatus.RUNNING, None)]


def test_a_process_that_died_but_was_not_waited_for_holds_nobody_up(sqlite_engine: Engine) -> None:
    take(sqlite_engine)
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)  # dead, and left a zombie
    try:
        alter(sqlite_engine, pid=child)
        assert take(sqlite_engine, "Ben") is not None
    finally:
        os.waitpid(child, 0)


def test_what_died_on_another_machine_lapses_with_its_heartbeat(
    sqlite_engine: Engine, clock: Callable[..., None]
) -> None:
    take(sqlite_engine)
    alter(sqlite_engine, pid=a_dead_process(), host="another")
    clock(minutes=14)
    with pytest.raises(LeaseHeld):
        take(sqlite_engine, "Ben")
    clock(minutes=2)
    take(sqlite_engine, "Ben")


def test_a_heartbeat_from_the_future_lapses_too(sqlite_engine: Engine, clock: Callable[..., None]) -> None:
    take(sqlite_engine)
    alter(sqlite_engine, heartbeat_at=config.now() + timedelta(days=400))
    assert take(sqlite_engine, "Ben") is not None


def test_a_heartbeat_keeps_a_long_harvest_alive(sqlite_engine: Engine, clock: Callable[..., None]) -> None:
    mine = take(sqlite_engine)
    alter(sqlite_engine, host="another")
    for _ in range(4):
        clock(minutes=10)
        mine.beat()
    with pytest.raises(LeaseHeld):
        take(sqlite_engine, "Ben")


def test_whoever_was_overtaken_cannot_release_the_lease_of_another(
    sqlite_engine: Engine, clock: Callable[..., None]
) -> None:
    mine = take(sqlite_engine)
    clock(minutes=16)
    take(sqlite_engine, "Ben")
    with pytest.raises(LeaseHeld, match="taken over"):
        mine.beat()
    mine.release()
    with reading(sqlite_engine) as session:
        assert harvesting.lease(session) is not None


def test_a_container_is_a_machine_of_its_own() -> None:
    namespace = Path("/proc/self/ns/pid")
    if not namespace.is_symlink():
        pytest.skip("this system has no process namespaces")
    assert namespace.readlink().name in machine()


def ended(engine: Engine) -> tuple[RunStatus, str | None]:
    with reading(engine) as session:
        assert harvesting.lease(session) is None
        run = session.exec(select(HarvestRun)).one()
        return run.status, run.message


def test_a_run_that_is_not_ended_otherwise_is_complete_at_the_end(engine: Engine) -> None:
    with take(engine).ending():
        pass
    assert ended(engine) == (RunStatus.COMPLETE, None)


def test_a_run_that_said_how_it_ended_is_left_so(engine: Engine) -> None:
    mine = take(engine)
    with mine.ending():
        mine.end(RunStatus.PARTIAL, "two are left")
    assert ended(engine) == (RunStatus.PARTIAL, "two are left")


@pytest.mark.parametrize(
    ("error", "status", "message"),
    [
        (Stopped("stopped as asked"), RunStatus.PARTIAL, "stopped as asked"),
        (KeyboardInterrupt(), RunStatus.PARTIAL, "interrupted; run it again to go on"),
        (ZeroDivisionError("invented"), RunStatus.FAILED, "invented"),
    ],
)
def test_an_error_ends_the_run_and_is_raised(
    sqlite_engine: Engine, error: BaseException, status: RunStatus, message: str
) -> None:
    with pytest.raises(type(error)), take(sqlite_engine).ending():
        raise error
    assert ended(sqlite_engine) == (status, message)


def test_the_first_error_is_the_one_that_is_raised_when_the_library_cannot_be_written(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    def fail() -> None:
        (tmp_path / "library.db").rename(tmp_path / "away.db")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), take(sqlite_engine).ending():
        fail()
