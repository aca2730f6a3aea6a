"""Whether a library is whole: what is broken is found and named, what is whole is left in peace."""

import sqlite3
from contextlib import closing

from sqlalchemy import Engine, text

from db import audit, health, migrate, search
from db.audit import Head
from db.engine import open_engine, reading, sqlite_path, writing


def change(engine: Engine, statement: str) -> None:
    with writing(engine) as session:
        session.connection().execute(text(statement))
        session.commit()


def test_a_whole_library_has_no_problems(library: Engine) -> None:
    assert health.problems(library) == []


def test_looking_changes_nothing(sqlite_library: Engine) -> None:
    with reading(sqlite_library) as session:
        before = audit.head(session)
    health.problems(sqlite_library)
    health.problems(sqlite_library)
    with reading(sqlite_library) as session:
        assert audit.head(session) == before


def test_an_article_that_was_changed_behind_the_index_is_found_and_mended(library: Engine) -> None:
    change(library, "UPDATE article SET title = 'Something else entirely' WHERE id = 2")
    found = health.problems(library)
    assert len(found) == 1
    assert found[0].startswith("the search index: ")
    assert found[0].endswith("run python -m db reindex")
    with writing(library) as session:
        search.reindex(session.connection())
        session.commit()
    assert health.problems(library) == []
    with reading(library) as session:
        assert [hit.article_id for hit in search.search(session, "entirely", limit=5)] == [2]


def test_a_schema_that_is_behind_is_the_first_thing_to_say(sqlite_library: Engine) -> None:
    change(sqlite_library, "UPDATE alembic_version SET version_num = '0000_before'")
    assert health.problems(sqlite_library) == [
        f"the schema is at 0000_before, not at {migrate.latest_revision()}: run python -m db upgrade"
    ]


def test_an_empty_database_has_no_schema(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url.replace("library.db", "empty.db"))
    assert health.problems(engine)[0].startswith("the schema is at nothing")
    engine.dispose()


def test_a_missing_table_or_column_is_named_before_anything_else(library: Engine) -> None:
    change(library, "ALTER TABLE quote DROP COLUMN prefix")
    change(library, "DROP TABLE setting")
    assert health.problems(library) == [
        "the column prefix of quote is missing: restore a backup with python -m db restore FILE",
        "the table setting is missing: restore a backup with python -m db restore FILE",
    ]


def test_a_trigger_and_a_view_that_are_not_ours_are_named(library: Engine) -> None:
    change(library, "CREATE VIEW tale AS SELECT title FROM article")
    if library.dialect.name == "sqlite":
        change(library, "CREATE TRIGGER twist AFTER INSERT ON claim BEGIN UPDATE claim SET statement = 'x'; END")
    else:
        change(library, "CREATE FUNCTION twist() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'")
        change(library, "CREATE TRIGGER twist BEFORE INSERT ON claim FOR EACH ROW EXECUTE FUNCTION twist()")
    assert health.problems(library) == [
        "the trigger twist on claim is not Footnote's",
        "the view tale is not Footnote's",
    ]


def test_a_broken_foreign_key_is_named(sqlite_engine: Engine) -> None:
    with closing(sqlite3.connect(sqlite_path(sqlite_engine))) as connection:  # foreign keys are off here
        connection.execute(
            "INSERT INTO sign_in_session (token_hash, member_id, created_at, last_seen_at, expires_at) "
            "VALUES ('x', 99, '2026-01-01', '2026-01-01', '2026-01-01')"
        )
        connection.commit()
    assert health.problems(sqlite_engine) == ["row 1 of sign_in_session points at a member that is not there"]


def test_an_altered_audit_event_is_named(sqlite_library: Engine) -> None:
    change(sqlite_library, "UPDATE audit_event SET actor_name = 'Eve' WHERE id = 1")
    assert health.problems(sqlite_library) == ["audit event 1 was altered"]


def test_a_cut_tail_shows_against_a_head(sqlite_library: Engine) -> None:
    found = health.problems(sqlite_library, Head(5, "f" * 64))
    assert found == ["the audit chain has 1 events where the head kept elsewhere counts 5"]
