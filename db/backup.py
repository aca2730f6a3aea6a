"""Online backup and restore. A backup carries the audit chain's head beside it, so that a cut tail shows."""

import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from db import audit
from db.engine import is_sqlite, reading, sqlite_path, write_lock

SQLITE_MAGIC = b"SQLite format 3\x00"


class BackupFailed(RuntimeError):
    """The backup or restore did not happen; the message says why and what to do."""


def backup(engine: Engine, target: Path) -> audit.Head:
    """Copy the library to `target` while it is in use, and its audit head to `target.head.json`."""
    if target.exists():
        raise BackupFailed(f"{target} is there already; name another file")
    with reading(engine) as session:
        head = audit.head(session)
    partial = target.with_name(target.name + ".partial")
    try:
        if is_sqlite(engine):
            copy_sqlite(engine, partial)
        else:
            _run(["pg_dump", "--format=custom", f"--file={partial}", _libpq_url(engine)])
        partial.rename(target)
        head_file(target).write_text(head.to_json() + "\n")
    except OSError as error:
        raise BackupFailed(f"{target} cannot be written: {error.strerror}; name a place you can write") from error
    finally:
        partial.unlink(missing_ok=True)
    return head


def head_file(target: Path) -> Path:
    return target.with_name(target.name + ".head.json")


def restore(engine: Engine, source: Path) -> None:
    """Put a backup in the place of the library. The library as it was is kept beside it (SQLite)."""
    if not source.is_file():
        raise BackupFailed(f"{source} is not a file; name a backup made with `python -m db backup FILE`")
    if is_sqlite(engine):
        _restore_sqlite(engine, source)
    else:
        _run(["pg_restore", "--clean", "--if-exists", "--single-transaction", f"--dbname={_libpq_url(engine)}", source])


def copy_sqlite(engine: Engine, target: Path) -> None:
    """SQLite's own online backup: a whole state, also while others write."""
    with closing(sqlite3.connect(sqlite_path(engine))) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)


def _restore_sqlite(engine: Engine, source: Path) -> None:
    if source.read_bytes()[: len(SQLITE_MAGIC)] != SQLITE_MAGIC:
        raise BackupFailed(f"{source} is not a backup of a SQLite library")
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as backup_file:
        if backup_file.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise BackupFailed(f"{source} is damaged; use an older backup")
        path = sqlite_path(engine)
        engine.dispose()
        with write_lock(engine), closing(sqlite3.connect(path)) as library:
            if path.stat().st_size:
                shutil.copy2(path, path.with_name(path.name + ".before-restore.bak"))
            backup_file.backup(library)


def _libpq_url(engine: Engine) -> str:
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


def _run(command: Sequence[str | Path]) -> None:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    except FileNotFoundError:
        raise BackupFailed(f"{command[0]} is not installed; install PostgreSQL's client programs") from None
    if done.returncode:
        raise BackupFailed(f"{command[0]} failed: {done.stderr.strip().splitlines()[-1]}")
