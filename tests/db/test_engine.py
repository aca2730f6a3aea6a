"""The two units of work on both engines: what they promise while others write, crash or run out of disk."""

import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import scripted_postgresql
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from db import config
from db.engine import DatabaseUnavailable, open_engine, reading, sqlite_path, write_lock, writing
from db.models import Setting, TopicArticle

WRITER = Path(__file__).parent / "a_writer.py"
ROOT = Path(__file__).parent.parent.parent


def setting(key: str, value: int = 0) -> Setting:
    return Setting(key=key, value={"n": value}, changed_at=config.now())


def keep(engine: Engine, key: str, value: int = 0) -> None:
    with writing(engine) as session:
        session.merge(setting(key, value))
        session.commit()


def value_of(engine: Engine, key: str) -> int | None:
    with reading(engine) as session:
        row = session.get(Setting, key)
        return None if row is None else int(row.value["n"])


def add_one(session: Session) -> None:
    row = session.get_one(Setting, "count")
    row.value = {"n": row.value["n"] + 1}
    session.add(row)
    session.commit()


def start_writer(url: str, *what: str) -> "subprocess.Popen[str]":
    """A process of its own that writes to the library (a_writer.py)."""
    environment = config.child_environment(DATABASE_URL=url, PYTHONPATH=str(ROOT))
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, WRITER, *what], env=environment, **pipes)


def test_reading_cannot_write(engine: Engine) -> None:
    with pytest.raises((DatabaseUnavailable, DBAPIError)), reading(engine) as session:  # noqa: PT012
        session.add(setting("a"))
        session.commit()
    assert value_of(engine, "a") is None


def test_a_connection_that_was_read_with_can_write_afterwards(engine: Engine) -> None:
    assert value_of(engine, "a") is None
    keep(engine, "a", 1)
    assert value_of(engine, "a") == 1


def test_reading_sees_one_state_however_long_it_lasts(engine: Engine) -> None:
    keep(engine, "a", 1)
    with reading(engine) as session:
        assert session.get_one(Setting, "a").value == {"n": 1}
        keep(engine, "a", 2)
        session.expire_all()
        assert session.get_one(Setting, "a").value == {"n": 1}
    assert value_of(engine, "a") == 2


def test_writing_without_commit_rolls_back(engine: Engine) -> None:
    with writing(engine) as session:
        session.add(setting("a"))
        session.flush()
    assert value_of(engine, "a") is None


def test_an_error_within_writing_rolls_back_and_lets_go(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as session:  # noqa: PT012
        session.add(setting("a"))
        session.flush()
        raise ZeroDivisionError
    keep(engine, "b", 1)
    assert (value_of(engine, "a"), value_of(engine, "b")) == (None, 1)


def test_what_was_committed_stays_when_the_rest_of_the_session_fails(engine: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(engine) as session:  # noqa: PT012
        session.add(setting("a", 1))
        session.commit()
        session.add(setting("b", 1))
        session.flush()
        raise ZeroDivisionError
    assert (value_of(engine, "a"), value_of(engine, "b")) == (1, None)


def test_a_row_that_points_at_nothing_is_refused(engine: Engine) -> None:
    now = config.now()
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"), writing(engine) as session:  # noqa: PT012
        session.add(TopicArticle(topic_id="nowhere", article_id=99999, first_seen_at=now, last_fetched_at=now))
        session.commit()


def test_writing_inside_writing_is_refused_at_once(engine: Engine) -> None:
    with (
        writing(engine),
        pytest.raises(RuntimeError, match="would wait for itself"),
        writing(open_engine(engine.url.render_as_string(hide_password=False))),
    ):
        pass
    keep(engine, "a", 1)
    assert value_of(engine, "a") == 1


def test_two_libraries_can_be_written_at_once(engine: Engine, tmp_path: Path) -> None:
    with writing(engine), write_lock(open_engine(f"sqlite:///{tmp_path / 'other.db'}")):
        pass


def test_twenty_threads_that_read_and_write_lose_nothing(engine: Engine) -> None:
    keep(engine, "count")

    def work(_: int) -> None:
        for _ in range(30):
            with writing(engine) as session:
                add_one(session)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(work, range(20)))
    assert value_of(engine, "count") == 600


def test_two_processes_that_read_and_write_lose_nothing(engine: Engine, database_url: str) -> None:
    keep(engine, "count")
    writers = [start_writer(database_url, "add", "40") for _ in range(2)]
    for writer in writers:
        writer.communicate()
    assert [writer.returncode for writer in writers] == [0, 0]
    assert value_of(engine, "count") == 80


def test_the_lock_is_taken_again_after_a_commit_in_the_same_session(engine: Engine) -> None:
    keep(engine, "count")
    began, waits = threading.Event(), threading.Event()

    def other() -> None:
        began.wait()
        with writing(engine) as session:
            add_one(session)
        waits.set()

    thread = threading.Thread(target=other)
    thread.start()
    with writing(engine) as session:
        add_one(session)
        row = session.get_one(Setting, "count")  # the second transaction of this session
        began.set()
        assert not waits.wait(0.2)
        row.value = {"n": row.value["n"] + 1}
        session.add(row)
        session.commit()
    thread.join()
    assert value_of(engine, "count") == 3


def test_a_reader_is_never_blocked_by_a_writer(engine: Engine) -> None:
    keep(engine, "a", 1)
    with writing(engine) as session:
        session.merge(setting("a", 2))
        session.flush()
        assert value_of(engine, "a") == 1
        session.commit()
    assert value_of(engine, "a") == 2


def test_a_writer_that_is_killed_leaves_the_library_whole_and_unlocked(engine: Engine, database_url: str) -> None:
    writer = start_writer(database_url, "hang")
    assert writer.stdout is not None
    assert writer.stdin is not None
    assert writer.stdout.readline() == "written, not committed\n"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    writer.stdin.close()
    keep(engine, "after", 1)
    assert (value_of(engine, "half"), value_of(engine, "after")) == (None, 1)
    if engine.dialect.name == "sqlite":
        with reading(engine) as session:
            assert session.connection().exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


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
        session.add(Setting(key="large", value={"n": "x" * 100_000}, changed_at=config.now()))
        session.commit()
    one_line(raised, str(sqlite_path(sqlite_engine)), "disk that is full; nothing was written")
    assert value_of(sqlite_engine, "small") is None


def test_a_file_that_may_not_grow_is_one_line_and_leaves_nothing_half_written(
    sqlite_engine: Engine, sqlite_url: str
) -> None:
    keep(sqlite_engine, "before", 1)
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
    assert (value_of(sqlite_engine, "before"), value_of(sqlite_engine, "large")) == (1, None)


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
