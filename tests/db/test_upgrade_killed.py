"""A library that is being made when its maker is killed: nothing is there, or all of it."""

import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, inspect

from db import health, migrate, search
from db.engine import open_engine, writing


def statements_of_an_upgrade(engine: Engine) -> tuple[int, int]:
    """How many statements and how many commits it takes."""
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *_: seen.append("statement"))
    event.listen(engine, "commit", lambda *_: seen.append("commit"))
    migrate.upgrade(engine)
    return seen.count("statement"), seen.count("commit")


def killed_at(url: str, statement: int) -> None:
    """Upgrades in a child that is killed as it begins its n-th statement."""
    child = os.fork()
    if child:
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        return
    engine, left = open_engine(url), [statement]

    def count(*_: object) -> None:
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "before_cursor_execute", count)
    try:
        migrate.upgrade(engine)
    finally:
        os._exit(1)


def test_a_library_is_made_in_one_transaction(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/library.db")
    assert statements_of_an_upgrade(engine)[1] == 1
    assert health.problems(engine) == []
    engine.dispose()


def test_killed_while_a_library_is_made_the_next_one_makes_it(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/whole.db")
    last, _ = statements_of_an_upgrade(engine)
    engine.dispose()
    for statement in sorted({2, last // 3, *range(last - 9, last + 1)}):
        url = f"sqlite:///{tmp_path}/{statement}.db"
        killed_at(url, statement)
        engine = open_engine(url)
        assert inspect(engine).get_table_names() == [], f"killed at statement {statement} of {last}"
        migrate.ensure(engine)
        assert health.problems(engine) == []
        engine.dispose()


@pytest.mark.parametrize("table", ["article_fts"])
def test_a_search_index_that_is_missing_is_made_by_reindex(sqlite_engine: Engine, table: str) -> None:
    with writing(sqlite_engine) as session:
        session.connection().exec_driver_sql(f"DROP TABLE {table}")
        session.commit()
    assert [line for line in health.problems(sqlite_engine) if line.endswith("run python -m db reindex")]
    with writing(sqlite_engine) as session:
        search.reindex(session.connection())
        session.commit()
    assert health.problems(sqlite_engine) == []
