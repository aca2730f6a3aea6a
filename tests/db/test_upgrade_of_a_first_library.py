"""A library of the first release, opened by this one."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, inspect, select, text
from sqlmodel import Session

from db import health, migrate
from db.engine import is_sqlite, open_engine, reading
from db.models import Article
from db.queries import duplicates, literature

FIRST = "0001_first_library"
ADDED = {"article": "ix_article_gone", "topic_article": "ix_topic_article_topic_id_last_fetched_at"}


def set_back(engine: Engine) -> None:
    """Takes away what later migrations added."""
    with engine.execution_options(writes=True).begin() as connection:
        for name in ADDED.values():
            connection.execute(text(f"DROP INDEX {name}"))
        connection.execute(text("UPDATE alembic_version SET version_num = :first"), {"first": FIRST})


def indexes(engine: Engine) -> set[str | None]:
    return {index["name"] for table in ADDED for index in inspect(engine).get_indexes(table)}


def titles(engine: Engine) -> list[str]:
    with reading(engine) as session:
        return list(session.scalars(select(Article.title).order_by(Article.id)))  # type: ignore[call-overload]


@pytest.fixture
def first_library(library: Engine) -> Engine:
    """On both engines, with three articles in it."""
    set_back(library)
    return library


def test_the_upgrade_adds_the_indexes_and_leaves_the_articles(first_library: Engine) -> None:
    before = titles(first_library)
    copy = migrate.upgrade(first_library)
    assert migrate.current_revision(first_library) == migrate.latest_revision()
    assert set(ADDED.values()) <= indexes(first_library)
    assert titles(first_library) == before
    assert health.problems(first_library) == []
    assert (copy is not None) == is_sqlite(first_library)


def test_the_copy_made_before_is_the_library_as_it_was(sqlite_library: Engine) -> None:
    set_back(sqlite_library)
    copy = migrate.upgrade(sqlite_library)
    assert copy is not None
    kept = open_engine(f"sqlite:///{copy}")
    assert migrate.current_revision(kept) == FIRST
    assert titles(kept) == titles(sqlite_library)
    assert not set(ADDED.values()) & indexes(kept)
    kept.dispose()


def test_a_command_upgrades_a_sqlite_library_and_the_next_one_has_nothing_to_do(sqlite_library: Engine) -> None:
    set_back(sqlite_library)
    for _ in range(2):
        migrate.ensure(sqlite_library)
        folder = Path(sqlite_library.url.database or "").parent
        assert len(list(folder.glob("*.bak"))) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_an_older_postgresql_library_waits_for_a_person(engine: Engine) -> None:
    set_back(engine)
    with pytest.raises(migrate.UpgradeNeeded, match="python -m db upgrade"):
        migrate.ensure(engine)
    assert migrate.current_revision(engine) == FIRST


@pytest.mark.parametrize("asks", [literature.gone_ids, lambda session: duplicates.kept(session, ids=[1])])
def test_who_is_gone_is_asked_of_the_index_and_not_of_every_article(
    sqlite_library: Engine, asks: Callable[[Session], object]
) -> None:
    said: list[str] = []
    event.listen(sqlite_library, "before_cursor_execute", lambda *given: said.append(given[2]))
    with reading(sqlite_library) as session:
        asks(session)
        plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {said[-1]}").all()
    assert [row.detail for row in plan if "ix_article_gone" not in row.detail] == []


def upgrade_killed_at(url: str, statement: str) -> None:
    """Upgrades in a child that is killed as it begins the first statement of these words."""
    child = os.fork()
    if child:
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        return
    engine = open_engine(url)

    def kill(_connection: object, _cursor: object, said: str, *_: object) -> None:
        if statement in said:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", kill)
    try:
        migrate.upgrade(engine)
    finally:
        os._exit(1)


@pytest.mark.parametrize("statement", ["CREATE INDEX ix_article_gone", "CREATE INDEX ix_topic", "UPDATE alembic"])
def test_killed_while_it_is_upgraded_the_next_command_upgrades_it(sqlite_library: Engine, statement: str) -> None:
    set_back(sqlite_library)
    before = titles(sqlite_library)
    sqlite_library.dispose()
    url = sqlite_library.url.render_as_string()
    upgrade_killed_at(url, statement)
    engine = open_engine(url)
    assert migrate.current_revision(engine) == FIRST
    assert not set(ADDED.values()) & indexes(engine)
    migrate.ensure(engine)
    assert (titles(engine), health.problems(engine)) == (before, [])
    engine.dispose()
