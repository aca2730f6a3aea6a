"""The two units of work on both engines: what they promise while others write, crash or run out of disk."""

import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlmodel import Session

from db import config
from db.engine import DatabaseUnavailable, open_engine, reading, write_lock, writing
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
    entered = False
    with writing(engine), write_lock(open_engine(f"sqlite:///{tmp_path / 'other.db'}")):
        entered = True
    assert entered


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
