"""Online backup and restore. A backup carries the audit chain's head beside it, so that a cut tail shows."""

import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine, NullPool
from sqlmodel import create_engine, func, select

from db import audit, config, migrate, schema
from db.engine import copy_sqlite, is_sqlite, reading, sqlite_path, write_lock

SQLITE_MAGIC = b"SQLite format 3\x00"


class BackupFailed(RuntimeError):
    """The backup or restore did not happen; the message says why and what to do."""


def backup(engine: Engine, target: Path) -> audit.Head:
    """Copy the library to `target` while it is in use, and its audit head to `target.head.json`."""
    if target.exists():
        raise BackupFailed(f"{target} is there already; name another file")
    try:
        head = _copy_sqlite(engine, target) if is_sqlite(engine) else _dump(engine, target)
        head_file(target).write_text(head.to_json() + "\n", encoding="utf-8")
    except (OSError, sqlite3.Error) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise BackupFailed(f"{target} cannot be written: {why}; name a place you can write") from error
    return head


def head_file(target: Path) -> Path:
    return target.with_name(target.name + ".head.json")


def restore(engine: Engine, source: Path) -> Path | None:
    """Put a backup in the place of the library and bring it to this version.

    Returns where the library as it was is kept (SQLite). PostgreSQL takes the whole backup or none of it.
    """
    if not source.is_file():
        raise BackupFailed(f"{source} is not a file; name a backup made with `python -m db backup FILE`")
    kept = None
    if is_sqlite(engine):
        kept = _restore_sqlite(engine, source)
    else:
        _restore_postgresql(engine, source)
    migrate.upgrade(engine)
    return kept


def _copy_sqlite(engine: Engine, target: Path) -> audit.Head:
    with reading(engine) as session:
        audit.head(session)  # before an empty file is copied: is this a library?
    copy_sqlite(engine, target)
    with closing(_opened(target)) as copy:
        last = copy.execute("SELECT id, hash FROM audit_event ORDER BY id DESC LIMIT 1").fetchone()
    return audit.Head(*last) if last else audit.Head(0, audit.GENESIS)


def _dump(engine: Engine, target: Path) -> audit.Head:
    partial = target.with_name(target.name + ".partial")
    try:
        with reading(engine) as session:  # the head and the dump are of one snapshot
            head = audit.head(session)
            snapshot = session.exec(select(func.pg_export_snapshot())).one()
            _run(engine, ["pg_dump", "--format=custom", f"--snapshot={snapshot}", f"--file={partial}"])
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)
    return head


def _restore_postgresql(engine: Engine, source: Path) -> None:
    options = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction"]
    _run(engine, ["pg_restore", *options, source])


def _restore_sqlite(engine: Engine, source: Path) -> Path | None:
    _refuse_unfit(source)
    path = sqlite_path(engine)
    engine.dispose()
    with write_lock(engine), closing(_opened(source)) as backup_file:
        kept = _keep_aside(engine, path)
        with closing(sqlite3.connect(path)) as library:
            backup_file.backup(library)
    return kept


def _refuse_unfit(source: Path) -> None:
    """A file is looked at before it takes the place of a library."""
    with source.open("rb") as file:
        if file.read(len(SQLITE_MAGIC)) != SQLITE_MAGIC:
            raise BackupFailed(f"{source} is not a backup of a SQLite library")
    try:
        with closing(_opened(source)) as copy:
            whole = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            tables = {row[0] for row in copy.execute("SELECT name FROM sqlite_master")}
            is_ours = {"alembic_version", "audit_event"} <= tables
            at = copy.execute("SELECT version_num FROM alembic_version").fetchone() if is_ours else None
    except sqlite3.Error:
        whole, at = False, None
    if not whole:
        raise BackupFailed(f"{source} is damaged; use an older backup")
    if at is None:
        raise BackupFailed(f"{source} holds no Footnote library; name a backup made with `python -m db backup FILE`")
    if at[0] not in migrate.known_revisions():
        raise BackupFailed(f"{source} was made by a newer version ({at[0]}); update Footnote to restore it")
    if problems := _schema_problems(source, at[0]):
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise BackupFailed(f"{source} is not as Footnote wrote it: {problems[0]}{more}; use another backup")


def _schema_problems(source: Path, revision: str) -> list[str]:
    engine = create_engine("sqlite://", creator=lambda: _opened(source), poolclass=NullPool)
    with engine.connect() as connection:
        # What an older version lacks, the upgrade brings.
        lacking = schema.missing(connection) if revision == migrate.latest_revision() else []
        return [*schema.foreign(connection), *lacking]


def _keep_aside(engine: Engine, path: Path) -> Path | None:
    """A copy of the library as it is; a file too damaged to be copied is moved away whole."""
    if not path.exists() or not path.stat().st_size:
        return None
    kept = path.with_name(f"{path.name}.before-restore-{config.now():%Y%m%dT%H%M%S}.bak")
    try:
        copy_sqlite(engine, kept)
    except sqlite3.DatabaseError:
        for ending in ("", "-wal", "-shm"):
            part = path.with_name(path.name + ending)
            if part.exists():
                part.rename(kept.with_name(kept.name + ending))
    return kept


def _opened(file: Path) -> sqlite3.Connection:
    """A backup as it lies there: nothing is written beside it, so that it may be on a read-only disk."""
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True)


def _run(engine: Engine, command: Sequence[str | Path]) -> None:
    # The password goes through the environment: everybody on the machine can read a command line.
    environment = config.child_environment(**({"PGPASSWORD": engine.url.password} if engine.url.password else {}))
    address = engine.url.set(drivername="postgresql", password=None).render_as_string()
    try:
        done = subprocess.run(  # noqa: S603
            [*command, f"--dbname={address}"], capture_output=True, text=True, check=False, env=environment
        )
    except FileNotFoundError:
        raise BackupFailed(f"{command[0]} is not installed; install PostgreSQL's client programs") from None
    if done.returncode:
        lines = done.stderr.strip().splitlines() or ["it did not say why"]
        raise BackupFailed(next((line for line in lines if "error:" in line), lines[-1]))
