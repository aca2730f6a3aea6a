"""A database that cannot be used: one line that says what happened, to what, and what to do; nothing half-written."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import scripted_postgresql
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from db import config
from db.engine import DatabaseUnavailable, open_engine, reading, sqlite_path, writing
from db.models import Setting

WRITER = Path(__file__).parent / "a_writer.py"
ROOT = Path(__file__).parent.parent.parent


def setting(key: str, value: object = 0) -> Setting:
    return Setting(key=key, value={"n": value}, changed_at=config.now())


def keep(engine: Engine, key: str) -> None:
    with writing(engine) as session:
        session.merge(setting(key))
        session.commit()


def has(engine: Engine, key: str) -> bool:
    with reading(engine) as session:
        return session.get(Setting, key) is not None


def one_line(raised: "pytest.ExceptionInfo[DatabaseUnavailable]", *parts: str) -> None:
    message = str(raised.value)
    assert "\n" not in message
    for part in parts:
        assert part in message


def test_a_full_disk_is_one_line_and_leaves_nothing_half_written(sqlite_engine: Engine) -> None:
    with pytest.raises(DatabaseUnavailable) as raised, writing(sqlite_engine) as session:  # noqa: PT012
        connection = session.connection()
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 3}")
        session.add(setting("small", 1))
        session.flush()
        session.add(setting("large", "x" * 100_000))
        session.commit()
    one_line(raised, str(sqlite_path(sqlite_engine)), "disk that is full; nothing was written")
    assert not has(sqlite_engine, "small")


def test_a_file_that_may_not_grow_is_one_line_and_leaves_nothing_half_written(
    sqlite_engine: Engine, sqlite_url: str
) -> None:
    keep(sqlite_engine, "before")
    limit = sqlite_path(sqlite_engine).stat().st_size
    environment = config.child_environment(DATABASE_URL=sqlite_url, PYTHONPATH=str(ROOT))
    done = subprocess.run(
        [sys.executable, WRITER, "fill"],
        env=environment,
        capture_output=True,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert "the disk is full or failing" in done.stdout
    assert (has(sqlite_engine, "before"), has(sqlite_engine, "large")) == (True, False)


def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "letter.db"
    path.write_text("Dear Ada, this is no database at all, only a long enough letter.\n" * 40)
    engine = open_engine(f"sqlite:///{path}")
    with pytest.raises(DatabaseUnavailable) as raised, reading(engine) as session:
        session.get(Setting, "a")
    one_line(raised, str(path), "not a Footnote library", "restore a backup")
    assert path.read_text().startswith("Dear Ada")
    engine.dispose()


def test_a_library_that_was_never_made_is_one_line(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'new.db'}")
    with pytest.raises(DatabaseUnavailable) as raised, reading(engine) as session:
        session.get(Setting, "a")
    one_line(raised, "holds no Footnote library yet", "python -m db upgrade")
    engine.dispose()


def test_a_damaged_library_is_one_line(sqlite_engine: Engine) -> None:
    path = sqlite_path(sqlite_engine)
    sqlite_engine.dispose()
    body = path.read_bytes()
    path.write_bytes(body[:4096] + b"\xff" * (len(body) - 4096))
    with pytest.raises(DatabaseUnavailable) as raised, reading(sqlite_engine) as session:
        session.get(Setting, "a")
    one_line(raised, "is damaged", "python -m db restore FILE")


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(DatabaseUnavailable) as raised:
        open_engine(f"sqlite:///{tmp_path / 'file' / 'library.db'}")
    one_line(raised, "cannot be made", "set DATABASE_URL to a place you can write")


@pytest.fixture
def without_privileges() -> Iterator[Callable[[Path], None]]:
    """Root writes everywhere; these tests act as somebody who does not."""
    if os.geteuid() != 0:
        yield lambda path: None
        return
    given: list[Path] = []

    def become(path: Path) -> None:
        for each in [path, *path.parents]:
            if each != Path("/") and not each.stat().st_mode & 0o005:
                each.chmod(each.stat().st_mode | 0o055)
        os.seteuid(65534)
        given.append(path)

    yield become
    os.seteuid(0)


def test_a_folder_that_cannot_be_written_is_one_line(
    sqlite_engine: Engine, without_privileges: Callable[[Path], None]
) -> None:
    sqlite_engine.dispose()
    folder = sqlite_path(sqlite_engine).parent
    folder.chmod(0o555)
    without_privileges(folder)
    try:
        with pytest.raises(DatabaseUnavailable) as raised, writing(sqlite_engine):
            pass
    finally:
        if os.getuid() == 0:
            os.seteuid(0)
        folder.chmod(0o755)
    one_line(raised, "library.db.lock", "make the folder writable")


def test_a_host_that_is_not_known_is_one_line() -> None:
    engine = open_engine("postgresql+psycopg://ada:swordfish@no-such-host.invalid/footnote")
    with pytest.raises(DatabaseUnavailable) as raised, reading(engine) as session:
        session.get(Setting, "a")
    one_line(raised, "no-such-host.invalid", "check DATABASE_URL")
    assert "swordfish" not in str(raised.value)


def test_a_server_that_does_not_run_is_one_line() -> None:
    port = scripted_postgresql.closed_port()
    engine = open_engine(f"postgresql+psycopg://ada:swordfish@127.0.0.1:{port}/footnote")
    with pytest.raises(DatabaseUnavailable) as raised, reading(engine) as session:
        session.get(Setting, "a")
    one_line(raised, "cannot be reached", "Check DATABASE_URL and that PostgreSQL runs")


def test_a_wrong_password_is_one_line() -> None:
    with scripted_postgresql.refusing_passwords() as port:
        engine = open_engine(f"postgresql+psycopg://ada:swordfish@127.0.0.1:{port}/footnote")
        with pytest.raises(DatabaseUnavailable) as raised, reading(engine) as session:
            session.get(Setting, "a")
    one_line(raised, "refuses the user or password; check DATABASE_URL")
    assert "swordfish" not in str(raised.value)


def test_a_database_that_is_not_there_is_one_line(postgresql_server: str) -> None:
    engine = open_engine(postgresql_server.rsplit("/", 1)[0] + "/no_such_database")
    with pytest.raises(DatabaseUnavailable) as raised, reading(engine) as session:
        session.get(Setting, "a")
    one_line(raised, 'database "no_such_database" does not exist', "create it, or check DATABASE_URL")


def test_a_postgresql_database_without_a_library_is_one_line(postgresql_server: str) -> None:
    engine = open_engine(postgresql_server.rsplit("/", 1)[0] + "/postgres")
    with pytest.raises(DatabaseUnavailable) as raised, reading(engine) as session:
        session.get(Setting, "a")
    one_line(raised, "holds no Footnote library yet", "python -m db upgrade")
    engine.dispose()


def test_what_people_wrote_is_never_taken_for_a_broken_database(engine: Engine) -> None:
    with pytest.raises(IntegrityError), writing(engine) as session:  # noqa: PT012
        for _ in range(2):
            statement = text(
                "INSERT INTO setting (key, value, changed_at) VALUES ('disk is full, connection', '{}', 0)"
            )
            if engine.dialect.name == "postgresql":
                statement = text(str(statement).replace(", 0)", ", now())"))
            session.connection().execute(statement)
