"""The file of a SQLite library that is taken away, replaced or locked while it is in use."""

import fcntl
import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from db import config, migrate
from db import engine as engines
from db.engine import DatabaseUnavailable, open_engine, reading, sqlite_path, writing
from db.models import Setting


def keep(engine: Engine, key: str) -> None:
    with writing(engine) as session:
        session.merge(Setting(key=key, value={}, changed_at=config.now()))
        session.commit()


def has(engine: Engine, key: str) -> bool:
    with reading(engine) as session:
        return session.get(Setting, key) is not None


def test_a_library_that_was_removed_is_neither_read_nor_written_nor_made_anew(sqlite_engine: Engine) -> None:
    keep(sqlite_engine, "before")
    path = sqlite_path(sqlite_engine)
    path.unlink()
    for _ in range(2):  # the first closes the old connection, the second would open a new one
        with pytest.raises(DatabaseUnavailable, match=r"is gone; put it back, or restore a backup"):
            keep(sqlite_engine, "lost")
        with pytest.raises(DatabaseUnavailable, match="is gone"):
            has(sqlite_engine, "before")
    assert not path.exists()


def test_a_library_that_is_removed_within_a_transaction_is_not_said_to_be_written(sqlite_engine: Engine) -> None:
    with pytest.raises(DatabaseUnavailable, match="is gone"), writing(sqlite_engine) as session:  # noqa: PT012
        session.merge(Setting(key="lost", value={}, changed_at=config.now()))
        session.flush()
        sqlite_path(sqlite_engine).unlink()
        session.commit()


def test_another_file_in_the_place_of_the_library_is_refused(sqlite_engine: Engine, tmp_path: Path) -> None:
    keep(sqlite_engine, "before")
    other = tmp_path / "other.db"
    shutil.copy(sqlite_path(sqlite_engine), other)
    other.rename(sqlite_path(sqlite_engine))
    with pytest.raises(DatabaseUnavailable, match=r"was replaced while in use; .*then restart"):
        keep(sqlite_engine, "lost")


def test_a_library_that_was_put_back_goes_on(sqlite_engine: Engine, tmp_path: Path) -> None:
    keep(sqlite_engine, "before")
    path = sqlite_path(sqlite_engine)
    path.rename(tmp_path / "away.db")
    with pytest.raises(DatabaseUnavailable, match="is gone"):
        has(sqlite_engine, "before")
    (tmp_path / "away.db").rename(path)
    keep(sqlite_engine, "after")
    assert (has(sqlite_engine, "before"), has(sqlite_engine, "after")) == (True, True)


def test_a_removed_library_has_no_revision_to_be_ready_at(sqlite_engine: Engine) -> None:
    assert migrate.current_revision(sqlite_engine) == migrate.latest_revision()
    sqlite_path(sqlite_engine).unlink()
    with pytest.raises(DatabaseUnavailable, match="is gone"):
        migrate.current_revision(sqlite_engine)


def test_a_writer_waits_for_a_lock_held_elsewhere_but_not_for_ever(
    sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "LONGEST_WAIT", 0.1)
    path = sqlite_path(sqlite_engine)
    with path.with_name(path.name + ".lock").open("a") as elsewhere:
        fcntl.flock(elsewhere, fcntl.LOCK_EX)
        with pytest.raises(DatabaseUnavailable, match="is busy with another writer; wait for it and try again"):
            keep(sqlite_engine, "never")
        assert not has(sqlite_engine, "never")
    # Who gave up does not keep the lock when its turn comes.
    monkeypatch.setattr(engines, "LONGEST_WAIT", 30)
    keep(sqlite_engine, "after")
    assert has(sqlite_engine, "after")


def test_a_writer_that_stands_still_holds_up_nobody_for_ever(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines, "LONGEST_WAIT", 0.1)
    writes, may_end = threading.Event(), threading.Event()

    def stand_still() -> None:
        with writing(engine):
            writes.set()
            may_end.wait(60)

    writer = threading.Thread(target=stand_still)
    writer.start()
    assert writes.wait(60)
    with pytest.raises(DatabaseUnavailable, match="is busy with another writer; wait for it and try again"):
        keep(engine, "never")
    may_end.set()
    writer.join()
    keep(engine, "after")
    assert has(engine, "after")
    assert not has(engine, "never")


def test_what_people_wrote_stays_out_of_the_errors_of_the_driver(sqlite_engine: Engine) -> None:
    with pytest.raises(DBAPIError) as raised, reading(sqlite_engine) as session:
        session.connection().execute(text("SELECT no_such_column FROM setting WHERE key = :key"), {"key": "swordfish"})
    assert "swordfish" not in str(raised.value)
    assert open_engine("postgresql+psycopg://ada@localhost/footnote").hide_parameters
