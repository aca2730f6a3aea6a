"""One harvest at a time per library.

Whoever harvests holds a row with a heartbeat. It lapses when the heartbeat is old, and at once when the process that
took it has died on this machine, so that a crash locks nobody out. Every batch proves in its own transaction that the
lease is still held: a harvest that was overtaken writes nothing.
"""

import os
import pwd
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, update
from sqlmodel import Session, col

from db import config, demonstration
from db.engine import DatabaseUnavailable, writing
from db.models import HarvestRun
from db.models import Lease as LeaseRow
from db.queries.harvesting import library_size
from db.types import RunStatus
from harvester.errors import HarvestError, Stopped
from harvester.store import HARVESTER

NAME = "harvest"
# Longer than the longest answer a transport waits for.
LAPSE = timedelta(minutes=15)
HEARTBEAT = timedelta(seconds=15)


class LeaseHeld(HarvestError):
    """Somebody else harvests, or took over."""


@dataclass(slots=True)
class Lease:
    """A lease this process holds."""

    engine: Engine
    run_id: int
    acquired_at: datetime
    heard_at: datetime
    ended: bool = False

    def confirm(self, session: Session) -> None:
        """Beat, in the caller's transaction. Raises `LeaseHeld` when overtaken, `Stopped` when asked to stop."""
        now, held = config.now(), self.prove(session)
        if held.cancel_requested_at is not None:
            raise Stopped(f"stopped by {held.cancel_requested_by or 'somebody'}; run it again to go on")
        beat = update(LeaseRow).where(col(LeaseRow.name) == NAME).values(heartbeat_at=now)
        session.connection().execute(beat)
        self.heard_at = now

    def prove(self, session: Session) -> LeaseRow:
        """The row, which is still ours. Raises `LeaseHeld` when overtaken: whoever ends a run asks this first."""
        held = session.get(LeaseRow, NAME, populate_existing=True)
        if held is None or (held.run_id, held.acquired_at) != (self.run_id, self.acquired_at):
            raise LeaseHeld("another harvest has taken over; this one has stopped and lost nothing")
        return held

    def beat(self) -> None:
        """Confirm in a transaction of its own, when the last time is long enough ago, or ahead on a clock set back."""
        if abs(config.now() - self.heard_at) < HEARTBEAT:
            return
        with writing(self.engine) as session:
            self.confirm(session)
            session.commit()

    def end(
        self,
        status: RunStatus,
        message: str | None = None,
        also: Callable[[Session, HarvestRun], None] = lambda session, run: None,
    ) -> HarvestRun:
        """Say of the run how it ended, and `also` what belongs to that, in one transaction. Raises `LeaseHeld`."""
        with writing(self.engine) as session:
            self.prove(session)
            run = session.get_one(HarvestRun, self.run_id)
            run.status, run.message = status, message
            also(session, run)
            run.finished_at = config.now()  # after what was told of it: the next digest tells what came later
            session.commit()
        self.ended = True
        return run

    @contextmanager
    def ending(self, also: Callable[[Session, HarvestRun], None] = lambda session, run: None) -> Iterator[None]:
        """What is done within is the run: however it ends, that is said of it, and the lease is given back.

        The first error is the one that is raised: a disk that is full keeps even the end from being written, and who
        took the run over says how it ended.
        """
        try:
            yield
            if not self.ended:
                self.end(RunStatus.COMPLETE, None, also)
        except BaseException as error:
            status = RunStatus.PARTIAL if isinstance(error, Stopped | KeyboardInterrupt) else RunStatus.FAILED
            if not self.ended:
                with suppress(DatabaseUnavailable, LeaseHeld):
                    self.end(status, str(error) or "interrupted; run it again to go on", also)
            raise
        finally:
            with suppress(DatabaseUnavailable):
                self.release()

    def release(self) -> None:
        with writing(self.engine) as session:
            held = session.get(LeaseRow, NAME)
            if held is not None and (held.run_id, held.acquired_at) == (self.run_id, self.acquired_at):
                session.delete(held)
                session.commit()


def begin(session: Session, engine: Engine, run: HarvestRun) -> Lease:
    """Store a new run and take the lease for it, in the caller's transaction. Raises what `acquire` raises."""
    session.add(run)
    session.flush()
    return acquire(session, engine, run.id)


def acquire(session: Session, engine: Engine, run_id: int, holder: str | None = None) -> Lease:
    """Take the lease in the caller's transaction. Raises `LeaseHeld`, which says who has it and since when.

    Raises `HarvestError` when the run would mix demonstration data with real studies.
    """
    now = config.now()
    _keep_apart(session, session.get_one(HarvestRun, run_id))
    held = session.get(LeaseRow, NAME)
    if held is not None:
        if is_alive(held):
            raise LeaseHeld(_who(held, now))
        _bury(session, held, run_id)
    session.add(
        LeaseRow(
            name=NAME,
            holder=holder or _user(),
            host=machine(),
            pid=os.getpid(),
            run_id=run_id,
            acquired_at=now,
            heartbeat_at=now,
        )
    )
    session.flush()
    return Lease(engine, run_id, now, now)


def _keep_apart(session: Session, run: HarvestRun) -> None:
    """Demonstration data goes into a library of nothing else, and nothing else into that."""
    invented, marked = bool(run.options.get(demonstration.KEY)), demonstration.is_demonstration(session)
    if marked and not invented:
        raise HarvestError(
            "this library holds demonstration data, which never mixes with real studies; set DATABASE_URL to another"
        )
    if invented and not marked:
        if library_size(session):
            raise HarvestError("demonstration data needs an empty library; set DATABASE_URL to another")
        demonstration.mark(session, actor=HARVESTER)


def _bury(session: Session, held: LeaseRow, run_id: int) -> None:
    """Take a dead holder's lease away, and say of its run that it ended, unless that run goes on now."""
    run = session.get(HarvestRun, held.run_id) if held.run_id not in (None, run_id) else None
    if run is not None and run.status is RunStatus.RUNNING:
        run.status, run.finished_at, run.message = RunStatus.FAILED, config.now(), "it ended without a word"
        session.add(run)
    session.delete(held)
    session.flush()


def machine() -> str:
    """This host, and its process namespace: a PID of another container says nothing here."""
    namespace = Path("/proc/self/ns/pid")
    inside = namespace.readlink().name if namespace.is_symlink() else ""
    return f"{socket.gethostname()} {inside}".strip()


def is_alive(held: LeaseRow) -> bool:
    """Whether its holder still harvests, as far as can be told from here."""
    if abs(config.now() - held.heartbeat_at) > LAPSE:
        return False
    return held.host != machine() or _runs(held.pid)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Dead, but its parent has not asked for its exit code, so that it still answers to a signal (proc(5), `stat`)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] in (["Z"], ["X"])


def _who(held: LeaseRow, now: datetime) -> str:
    heard = max(0, round((now - held.heartbeat_at).total_seconds()))
    return (
        f"a harvest is already running: {held.holder} on {held.host.split(' ')[0]} (process {held.pid}) since"
        f" {held.acquired_at:%Y-%m-%d %H:%M} UTC, last heard of {heard} s ago; wait for it to end, or stop it"
    )


def _user() -> str:
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())
