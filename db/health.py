"""Is the library whole: schema, foreign keys, search index, audit chain."""

from collections.abc import Iterator

from sqlalchemy import Engine, text

from db import audit, migrate, search
from db.engine import is_sqlite, reading


def problems(engine: Engine, head: audit.Head | None = None) -> list[str]:
    """What is wrong, one line each; empty when all is well. `head` is an audit head that was kept elsewhere."""
    current = migrate.current_revision(engine)
    if current != migrate.latest_revision():
        return [
            f"the schema is at {current or 'nothing'}, not at {migrate.latest_revision()}: run python -m db upgrade"
        ]
    return [*_file_problems(engine), *_index_problems(engine), *_chain_problems(engine, head)]


def _file_problems(engine: Engine) -> Iterator[str]:
    if not is_sqlite(engine):  # PostgreSQL never lets a row break a foreign key
        return
    with reading(engine) as session:
        for row in session.connection().execute(text("PRAGMA integrity_check")):
            if row[0] != "ok":
                yield f"the file is damaged: {row[0]}"
        for table, row_id, parent, _ in session.connection().execute(text("PRAGMA foreign_key_check")):
            yield f"row {row_id} of {table} points at a {parent} that is not there"


def _index_problems(engine: Engine) -> list[str]:
    # FTS5's integrity check is an INSERT, which a reading session refuses; it changes nothing.
    with engine.execution_options(writes=True).connect() as connection:
        found = search.check(connection)
        connection.rollback()
    return [f"the search index: {line}; run python -m db reindex" for line in found]


def _chain_problems(engine: Engine, head: audit.Head | None) -> list[str]:
    with reading(engine) as session:
        return audit.problems(session, head)
