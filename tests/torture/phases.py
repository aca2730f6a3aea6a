"""Where in its work a harvest was killed, told from what it left behind and from the locks it held."""

import os
import struct
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Engine, text
from sqlmodel import func, select

from db import migrate
from db.engine import ADVISORY_LOCK, DatabaseUnavailable, is_sqlite, reading, sqlite_path
from db.models import HarvestRun, Lease
from db.types import RunStatus

PHASES = (
    "making the library",
    "before its run",
    "listing",
    "between batches",
    "in a write transaction",
    "within a commit",
    "after the last batch",
    "after its end",
)
WAL_HEADER, FRAME_HEADER = 32, 24


@dataclass(slots=True)
class Held:
    """Whether the harvest was in a write transaction at the moment; `torn`: frames in the WAL that nothing commits."""

    lock: bool = False
    torn: bool = False


def look(engine: Engine, held: Held) -> None:
    """While the process stands still, before anybody opens its library."""
    if is_sqlite(engine):
        path = sqlite_path(engine)
        held.lock = _flock_held(path.with_name(path.name + ".lock"))
        held.torn = _torn(path.with_name(path.name + "-wal"))
    else:
        held.lock = _advisory_lock_held(engine)


def phase(engine: Engine, held: Held, pid: int, ended_before: int) -> str:
    """Opens the library, which recovers it. `ended_before`: runs that were over when the killed process began."""
    if is_sqlite(engine) and not sqlite_path(engine).exists():
        return "making the library"
    try:
        if migrate.current_revision(engine) != migrate.latest_revision():
            return "making the library"
    except DatabaseUnavailable:
        return "making the library"
    if held.torn:
        return "within a commit"
    if held.lock:
        return "in a write transaction"
    with reading(engine) as session:
        lease = session.get(Lease, "harvest")
        if lease is not None and lease.pid == pid:
            return _of_run(session.get_one(HarvestRun, lease.run_id))
    return "after its end" if runs_over(engine) > ended_before else "before its run"


def runs_over(engine: Engine) -> int:
    """Runs that are over: one that still says it runs goes on under its number."""
    with reading(engine) as session:
        over = select(func.count()).select_from(HarvestRun).where(HarvestRun.status != RunStatus.RUNNING)
        return session.exec(over).one()


def _of_run(run: HarvestRun) -> str:
    if run.phase == "starting":
        return "listing"
    return "after the last batch" if run.total is not None and run.done >= run.total else "between batches"


def _flock_held(path: Path) -> bool:
    """Asked of the kernel (proc(5), `locks`), as trying the lock would be in the way of the process."""
    try:
        found = path.stat()
    except OSError:
        return False
    place = f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
    lines = Path("/proc/locks").read_text(encoding="ascii").splitlines()
    return any(" FLOCK " in line and " -> " not in line and f" {place} " in line for line in lines)


def _torn(wal: Path) -> bool:
    """Whether the last frame of the present WAL is none that commits (fileformat2.html §4.1: commit size 0)."""
    try:
        data = wal.read_bytes()
    except OSError:
        return False
    if len(data) < WAL_HEADER + FRAME_HEADER:
        return len(data) > WAL_HEADER
    page, salt = struct.unpack(">I", data[8:12])[0], data[16:24]
    commits, at = True, WAL_HEADER
    while at + FRAME_HEADER <= len(data) and data[at + 8 : at + 16] == salt:
        commits = struct.unpack(">I", data[at + 4 : at + 8])[0] > 0 and at + FRAME_HEADER + page <= len(data)
        at += FRAME_HEADER + page
    return not commits


def _advisory_lock_held(engine: Engine) -> bool:
    held = text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :key")
    with engine.connect() as connection:
        return bool(connection.execute(held, {"key": ADVISORY_LOCK & 0xFFFFFFFF}).scalar())
