"""Engines for SQLite and PostgreSQL, and the two units of work: `reading()` and `writing()`."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlmodel import Session, create_engine

# One number for every Footnote library: whoever writes on PostgreSQL holds it until the transaction ends.
ADVISORY_LOCK = 0x466F6F74
_thread = threading.local()


class DatabaseUnavailable(RuntimeError):
    """The database cannot be used; the message says what happened and what to do."""


def open_engine(url: str) -> Engine:
    """An engine for the library at `url`. The folder of a SQLite file is made when it is missing."""
    if url.startswith("sqlite"):
        return _open_sqlite(url)
    return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})


def _open_sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False})
    path = sqlite_path(engine)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"the folder {path.parent} cannot be made: {error.strerror}; set DATABASE_URL to a place you can write"
        ) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def sqlite_path(engine: Engine) -> Path:
    """The file of a SQLite library."""
    return Path(engine.url.database or "").absolute()


def is_sqlite(engine: Engine) -> bool:
    return engine.dialect.name == "sqlite"


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that sees one state of the library and cannot write."""
    options = {} if is_sqlite(engine) else {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    with explained(engine), Session(engine.execution_options(**options), expire_on_commit=False) as session:
        yield session


@contextmanager
def writing(engine: Engine) -> Iterator[Session]:
    """A session that holds the write lock from its first moment; leaving without commit rolls back."""
    writer = engine.execution_options(writes=True)
    with explained(engine), write_lock(engine), Session(writer, expire_on_commit=False) as session:
        take_write_lock(session)
        yield session


def take_write_lock(session: Session) -> None:
    """Begin the write transaction now: again after a commit in the same session."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


@contextmanager
def write_lock(engine: Engine) -> Iterator[None]:
    """A file lock before BEGIN IMMEDIATE wakes the next writer at once, where SQLite's own wait polls."""
    if not is_sqlite(engine):
        yield
        return
    path = sqlite_path(engine)
    if path in _held():
        raise RuntimeError("writing() inside writing() would wait for itself")
    with path.with_name(path.name + ".lock").open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        _held().add(path)
        try:
            yield
        finally:
            _held().discard(path)
            fcntl.flock(handle, fcntl.LOCK_UN)


def _held() -> set[Path]:
    """The libraries that this thread has locked."""
    if not hasattr(_thread, "held"):
        _thread.held = set()
    held: set[Path] = _thread.held
    return held


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turn what a driver says of a broken database into one line that says what to do."""
    try:
        yield
    except (DBAPIError, InterfaceError) as error:
        if advice := _advice(engine, str(error.orig)):
            raise DatabaseUnavailable(advice) from error
        raise
    except OSError as error:
        if error.filename and str(error.filename).endswith(".lock"):
            raise DatabaseUnavailable(f"{error.filename}: {error.strerror}; make the folder writable") from error
        raise


def _advice(engine: Engine, said: str) -> str | None:
    where = engine.url.render_as_string(hide_password=True)
    first = " ".join(said.split())[:200]
    known = {
        "disk is full": "the disk is full; nothing was written. Free some space and run it again",
        "disk I/O error": "the disk could not be read or written; check it, then run it again",
        "not a database": "is not a Footnote library; set DATABASE_URL to another file, or restore a backup",
        "malformed": "is damaged; restore a backup with `python -m db restore FILE`",
        "readonly database": "cannot be written; make the file and its folder writable",
        "unable to open": "cannot be opened; check DATABASE_URL and that the file can be read and written",
        "database is locked": "is busy with another writer; wait for it and try again",
        "connection": f"cannot be reached: {first}. Check DATABASE_URL and that PostgreSQL runs",
        "password authentication": "refuses the user or password; check DATABASE_URL",
        "could not translate host": "names a host that is not known; check DATABASE_URL",
    }
    for sign, advice in known.items():
        if sign in said and not (sign == "connection" and is_sqlite(engine)):
            return f"{where} {advice}"
    return None
