"""Backups are whole while others write; a restore looks at the file before it touches the library."""

import shutil
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from db import audit, backup, config, health
from db.audit import Head
from db.backup import BackupFailed
from db.engine import open_engine, reading, sqlite_path, writing
from db.models import Article, Setting
from db.types import Actor, Role

NIGHTLY = Actor(None, "nightly", Role.READ_ONLY)


def write_pair(engine: Engine, number: int) -> None:
    """A setting and an event that belong together."""
    with writing(engine) as session:
        session.merge(Setting(key="pairs", value={"n": number}, changed_at=config.now()))
        audit.record(session, actor=NIGHTLY, action="paired", subject_kind="setting", subject_id=number)
        session.commit()


def pairs(engine: Engine) -> tuple[int, int]:
    with reading(engine) as session:
        return session.get_one(Setting, "pairs").value["n"], audit.head(session).count


def titles(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.connection().execute(text("SELECT title FROM article ORDER BY id")).scalars())


def drop_articles(engine: Engine) -> None:
    with writing(engine) as session:
        for number in (1, 2, 3):
            session.delete(session.get_one(Article, number))
        session.commit()


def test_a_backup_holds_what_the_library_held(library: Engine, tmp_path: Path) -> None:
    before = titles(library)
    head = backup.backup(library, tmp_path / "copy")
    drop_articles(library)
    assert titles(library) == []
    backup.restore(library, tmp_path / "copy")
    assert titles(library) == before
    assert head.count == 1
    assert health.problems(library, head) == []


def test_the_head_beside_a_backup_is_the_one_of_the_copy(library: Engine, tmp_path: Path) -> None:
    head = backup.backup(library, tmp_path / "copy")
    with reading(library) as session:
        assert head == audit.head(session)
    assert Head.from_json(backup.head_file(tmp_path / "copy").read_text()) == head
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy", "copy.head.json"]


def test_a_backup_while_another_writes_is_one_state_of_the_library(library: Engine, tmp_path: Path) -> None:
    write_pair(library, 1)
    stop = threading.Event()

    def write() -> None:
        number = 1
        while not stop.is_set():
            number += 1
            write_pair(library, number)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        head = backup.backup(library, tmp_path / "copy")
    finally:
        stop.set()
        writer.join()
    backup.restore(library, tmp_path / "copy")
    number, events = pairs(library)
    assert events == number + 1 == head.count
    assert health.problems(library, head) == []


def test_a_target_that_is_there_is_not_overwritten(sqlite_library: Engine, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("precious")
    with pytest.raises(BackupFailed, match="is there already"):
        backup.backup(sqlite_library, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "precious"


def test_a_place_that_cannot_be_written_is_named(sqlite_library: Engine, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed) as raised:
        backup.backup(sqlite_library, tmp_path / "no such folder" / "copy")
    assert "no such folder/copy" in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there_is_named(sqlite_library: Engine, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match=r"missing is not a file; name a backup"):
        backup.restore(sqlite_library, tmp_path / "missing")


def test_a_file_that_is_no_backup_changes_nothing(library: Engine, tmp_path: Path) -> None:
    (tmp_path / "letter").write_text("Dear Ada")
    before = titles(library)
    with pytest.raises(BackupFailed):
        backup.restore(library, tmp_path / "letter")
    assert titles(library) == before


def test_a_damaged_backup_changes_nothing(library: Engine, tmp_path: Path) -> None:
    backup.backup(library, tmp_path / "copy")
    body = (tmp_path / "copy").read_bytes()
    half = len(body) // 2
    (tmp_path / "copy").write_bytes(body[:half] + b"\xff" * 2000 + body[half + 2000 :][: -len(body) // 4])
    drop_articles(library)
    with pytest.raises(BackupFailed) as raised:
        backup.restore(library, tmp_path / "copy")
    assert "\n" not in str(raised.value)
    assert titles(library) == []


def test_a_restore_over_a_library_in_use_is_seen_by_who_uses_it(library: Engine, tmp_path: Path) -> None:
    write_pair(library, 1)
    backup.backup(library, tmp_path / "copy")
    write_pair(library, 2)
    other = open_engine(library.url.render_as_string(hide_password=False))
    assert pairs(other) == (2, 3)
    backup.restore(library, tmp_path / "copy")
    assert pairs(other) == (1, 2)
    other.dispose()


def test_the_library_as_it_was_is_kept_beside_it_with_its_newest_writes(sqlite_engine: Engine, tmp_path: Path) -> None:
    write_pair(sqlite_engine, 1)
    backup.backup(sqlite_engine, tmp_path / "copy")
    write_pair(sqlite_engine, 2)
    kept = backup.restore(sqlite_engine, tmp_path / "copy")
    assert kept is not None
    old = open_engine(f"sqlite:///{kept}")
    assert pairs(old) == (2, 2)
    assert pairs(sqlite_engine) == (1, 1)
    old.dispose()


def test_two_restores_keep_two_copies(sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    backup.backup(sqlite_engine, tmp_path / "copy")
    first = backup.restore(sqlite_engine, tmp_path / "copy")
    now = config.now()
    monkeypatch.setattr(config, "now", lambda: now.replace(year=now.year + 1))
    assert first != backup.restore(sqlite_engine, tmp_path / "copy")


def test_a_library_beyond_reading_can_be_restored_over(sqlite_engine: Engine, tmp_path: Path) -> None:
    write_pair(sqlite_engine, 1)
    backup.backup(sqlite_engine, tmp_path / "copy")
    sqlite_engine.dispose()
    path = sqlite_path(sqlite_engine)
    path.write_bytes(b"rubbish" * 10_000)
    kept = backup.restore(sqlite_engine, tmp_path / "copy")
    assert pairs(sqlite_engine) == (1, 1)
    assert kept is not None
    assert kept.read_bytes().startswith(b"rubbish")


def test_a_backup_restores_where_there_was_no_library(sqlite_engine: Engine, tmp_path: Path) -> None:
    write_pair(sqlite_engine, 1)
    backup.backup(sqlite_engine, tmp_path / "copy")
    fresh = open_engine(f"sqlite:///{tmp_path / 'fresh' / 'library.db'}")
    assert backup.restore(fresh, tmp_path / "copy") is None
    assert pairs(fresh) == (1, 1)
    fresh.dispose()


def test_a_database_of_another_program_is_no_backup(sqlite_engine: Engine, tmp_path: Path) -> None:
    write_pair(sqlite_engine, 1)
    with closing(sqlite3.connect(tmp_path / "songs.db")) as other:
        other.execute("CREATE TABLE songs (id INTEGER)")
        other.commit()
    with pytest.raises(BackupFailed, match="holds no Footnote library"):
        backup.restore(sqlite_engine, tmp_path / "songs.db")
    assert pairs(sqlite_engine) == (1, 1)


def test_a_backup_of_a_newer_version_is_left_alone(sqlite_engine: Engine, tmp_path: Path) -> None:
    write_pair(sqlite_engine, 1)
    backup.backup(sqlite_engine, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999_future'")
        copy.commit()
    with pytest.raises(BackupFailed, match="newer version"):
        backup.restore(sqlite_engine, tmp_path / "copy")
    assert pairs(sqlite_engine) == (1, 1)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            "CREATE TRIGGER twist AFTER INSERT ON claim BEGIN DELETE FROM claim; END",
            "the trigger twist on claim is not",
        ),
        ("CREATE VIEW tale AS SELECT 1", "the view tale is not Footnote's"),
        ("DROP TABLE setting", "the table setting is missing"),
    ],
)
def test_a_backup_that_somebody_altered_is_left_alone(
    sqlite_engine: Engine, tmp_path: Path, change: str, says: str
) -> None:
    write_pair(sqlite_engine, 1)
    backup.backup(sqlite_engine, tmp_path / "copy")
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        copy.execute(change)
        copy.commit()
    write_pair(sqlite_engine, 2)
    with pytest.raises(BackupFailed, match=f"is not as Footnote wrote it: {says}"):
        backup.restore(sqlite_engine, tmp_path / "copy")
    assert pairs(sqlite_engine) == (2, 2)


def test_reading_a_backup_leaves_nothing_beside_it(sqlite_engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "kept elsewhere, 100%"
    folder.mkdir()
    backup.backup(sqlite_engine, folder / "copy #1?")
    backup.restore(sqlite_engine, folder / "copy #1?")
    assert sorted(path.name for path in folder.iterdir()) == ["copy #1?", "copy #1?.head.json"]


def test_a_missing_library_is_not_backed_up(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'nothing.db'}")
    with pytest.raises(RuntimeError, match="holds no Footnote library yet"):
        backup.backup(engine, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    engine.dispose()


def test_postgresql_without_its_programs_says_what_to_install(
    postgresql_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    engine = open_engine(postgresql_server)
    with pytest.raises(BackupFailed, match="pg_dump is not installed; install PostgreSQL's client programs"):
        backup.backup(engine, tmp_path / "copy")
    assert shutil.which("pg_dump") is None
    engine.dispose()
