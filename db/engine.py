"""Engines for SQLite and PostgreSQL, and the two units of work: `reading()` and `writing()`."""

import fcntl
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlmodel import Session, create_engine

# One number for every Footnote library: whoever writes on PostgreSQL holds it until the transaction ends.
ADVISORY_LOCK = 0x466F6F74
# Seconds: SQLite's own busy timeout, and how long a writer waits for the file lock, or on PostgreSQL for any lock.
LONGEST_WAIT = 30
# Kibibytes of pages that a connection keeps; SQLite's own default when it reads.
WRITING_CACHE, READING_CACHE = 65_536, 2_000
# Bytes, in a library that is made now. SQLite's own 4,096 would tear every article apart and write an eighth more.
PAGE = 16_384
_thread = threading.local()


class DatabaseUnavailable(RuntimeError):
    """The database cannot be used; the message says what happened and what to do."""


def open_engine(url: str) -> Engine:
    """An engine for the library at `url`. The folder of a SQLite file is made when it is missing."""
    if url.startswith("sqlite"):
        return _open_sqlite(url)
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def _open_sqlite(url: str) -> Engine:
    options = {"timeout": LONGEST_WAIT, "check_same_thread": False}
    engine = create_engine(url, hide_parameters=True, connect_args=options)
    path = sqlite_path(engine)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnavailable(
            f"the folder {path.parent} cannot be made: {error.strerror}; set DATABASE_URL to a place you can write"
        ) from error
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    file = _SameFile(path)
    event.listen(engine, "do_connect", file.look)  # before SQLite would make an empty file in its place
    event.listen(engine, "connect", file.remember)
    event.listen(engine, "checkout", file.look)
    event.listen(engine, "commit", file.look)
    event.listen(engine, "engine_disposed", file.forget)
    return engine


class _SameFile:
    """Refuses a library whose file was taken away or replaced: SQLite would go on in the file that nobody finds."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.known: tuple[int, int] | None = None

    def look(self, *_: object) -> None:
        if self.known is not None and self._found() != self.known:
            what = "is gone" if self._found() is None else "was replaced while in use"
            advice = "put it back, or restore a backup with `python -m db restore FILE`; then restart"
            raise DatabaseUnavailable(f"{self.path} {what}; {advice}")

    def remember(self, *_: object) -> None:
        self.look()
        self.known = self.known or self._found()

    def forget(self, *_: object) -> None:
        self.known = None

    def _found(self) -> tuple[int, int] | None:
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"page_size={PAGE}",
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=FULL",
        "busy_timeout=30000",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
    # What one transaction writes has to fit, or SQLite writes pages twice.
    connection.exec_driver_sql(f"PRAGMA cache_size=-{WRITING_CACHE if writes else READING_CACHE}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgresql(connection: Connection) -> None:
    if connection.get_execution_options().get("writes", False):
        # In milliseconds. A writer that was stopped in the middle of its transaction holds everybody up.
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LONGEST_WAIT * 1000:.0f}")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


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
        session.connection()  # every transaction of a writing connection begins with the lock
        yield session


@contextmanager
def write_lock(engine: Engine) -> Iterator[None]:
    """One writer at a time in this thread; on SQLite, one at a time on this machine.

    A file lock before BEGIN IMMEDIATE wakes the next writer at once, where SQLite's own wait polls.
    """
    library = engine.url.set(password=None).render_as_string()
    if library in _held():
        raise RuntimeError("writing() inside writing() would wait for itself")
    with _file_lock(engine):
        _held().add(library)
        try:
            yield
        finally:
            _held().discard(library)


@contextmanager
def _file_lock(engine: Engine) -> Iterator[None]:
    if not is_sqlite(engine):
        yield
        return
    path = sqlite_path(engine)
    try:
        handle = path.with_name(path.name + ".lock").open("a")
    except OSError as error:
        advice = "make the folder writable, or set DATABASE_URL to a place that is"
        raise DatabaseUnavailable(f"{error.filename}: {error.strerror}; {advice}") from error
    with handle:  # closing the file lets go of it
        if not _locked(handle):
            advice = "is busy with another writer; wait for it and try again"
            raise DatabaseUnavailable(f"{path} {advice}: {handle.name} was locked for {LONGEST_WAIT:g} s")
        yield


def _locked(handle: IO[str]) -> bool:
    """Whether we got the lock in time.

    flock(2) knows no deadline, and asking again and again would let others pass by, so a thread of its own stands in
    the queue. One that we stop waiting for lives until its turn comes; its lock ends then, as the file is closed.
    """
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        got = threading.Event()
        threading.Thread(target=_wait_for_lock, args=(handle.fileno(), got), daemon=True).start()
        return got.wait(LONGEST_WAIT)
    return True


def _wait_for_lock(number: int, got: threading.Event) -> None:
    with suppress(OSError):
        fcntl.flock(number, fcntl.LOCK_EX)
        got.set()


def _held() -> set[str]:
    """The libraries that this thread writes to."""
    if not hasattr(_thread, "held"):
        _thread.held = set()
    held: set[str] = _thread.held
    return held


def copy_sqlite(engine: Engine, target: Path) -> None:
    """SQLite's own online backup: a whole state, also while others write. `target` appears whole or not at all."""
    partial = target.with_name(target.name + ".partial")
    try:
        with closing(sqlite3.connect(sqlite_path(engine))) as source, closing(sqlite3.connect(partial)) as copy:
            source.backup(copy)
        partial.rename(target)
    finally:
        partial.unlink(missing_ok=True)


def file_problems(session: Session) -> Iterator[str]:
    """What is wrong with the file of a SQLite library, one line each; PostgreSQL keeps its own in order."""
    connection = session.connection()
    if connection.dialect.name != "sqlite":
        return
    for row in connection.exec_driver_sql("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"the file is damaged: {row[0]}"
    for table, row_id, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"row {row_id} of {table} points at a {parent} that is not there"


def triggers(connection: Connection) -> list[tuple[str, str]]:
    """The table and the name of every trigger that somebody made."""
    if connection.dialect.name == "sqlite":
        made = "SELECT tbl_name, name FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
    else:
        made = (
            "SELECT relname, tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid) ORDER BY tgname"
        )
    return [(table, name) for table, name in connection.execute(text(made))]


@contextmanager
def explained(engine: Engine) -> Iterator[None]:
    """Turn what a driver says of a broken database into one line that says what to do."""
    try:
        yield
    except IntegrityError:
        raise  # what people wrote stands in its text, and might look like a sign
    except (DBAPIError, sqlite3.Error, NoConnection) as error:
        said = " ".join(str(getattr(error, "orig", None) or error).split())
        if advice := _advice(said, is_sqlite(engine)):
            where = engine.url.render_as_string(hide_password=True)
            raise DatabaseUnavailable(f"{where} {advice}") from error
        raise


_SQLITE = {
    "disk is full": "is on a disk that is full; nothing was written. Free some space and run it again",
    "disk I/O error": "could not be read or written: the disk is full or failing. Check it, then run it again",
    "not a database": "is not a Footnote library; set DATABASE_URL to another file, or restore a backup",
    "malformed": "is damaged; restore a backup with `python -m db restore FILE`",
    "readonly database": "cannot be written; make the file and its folder writable",
    "unable to open": "cannot be opened; check DATABASE_URL and that the file can be read and written",
    "database is locked": "is busy with another writer; wait for it and try again",
    "no such table": "holds no Footnote library yet; run `python -m db upgrade`",
}
_POSTGRESQL = {
    "lock timeout": "is busy with another writer; wait for it and try again",
    "password authentication": "refuses the user or password; check DATABASE_URL",
    "no password supplied": "asks for a password; put it into DATABASE_URL",
    "resolve host": "names a host that is not known; check DATABASE_URL",
    "relation": "holds no Footnote library yet, or one that is not whole; run `python -m db upgrade`",
    "does not exist": "{said}; create it, or check DATABASE_URL",
    "connection": "cannot be reached: {said}. Check DATABASE_URL and that PostgreSQL runs",
    "No space left": "is on a disk that is full; nothing was written. Free some space and run it again",
    "permission denied": "does not let this user in: {said}. Grant it, or name another user in DATABASE_URL",
    "QueuePool limit": "is busy: every connection is in use. Wait a moment and try again",
}


def _advice(said: str, sqlite: bool) -> str | None:
    known = _SQLITE if sqlite else _POSTGRESQL
    return next((advice.format(said=said[:200]) for sign, advice in known.items() if sign in said), None)
