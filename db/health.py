"""Is the library whole: schema, nothing foreign in it, foreign keys, search index, audit chain."""

from sqlalchemy import Engine

from db import audit, migrate, schema, search
from db.engine import file_problems, reading, writing


def problems(engine: Engine, head: audit.Head | None = None) -> list[str]:
    """What is wrong, one line each; empty when all is well. `head` is an audit head that was kept elsewhere."""
    current, latest = migrate.current_revision(engine), migrate.latest_revision()
    if current != latest:
        return [f"the schema is at {current or 'nothing'}, not at {latest}: run python -m db upgrade"]
    with reading(engine) as session:
        if missing := schema.missing(session.connection()):
            return [f"{line}: restore a backup with python -m db restore FILE" for line in missing]
        broken = [*schema.foreign(session.connection()), *file_problems(session)]
    with reading(engine) as session:
        chain = audit.problems(session, head)
    return [*broken, *_index_problems(engine), *chain]


def _index_problems(engine: Engine) -> list[str]:
    # FTS5's integrity check is an INSERT, which a reading session refuses; it changes nothing.
    with writing(engine) as session:
        found = search.check(session.connection())
    return [f"the search index: {line}; run python -m db reindex" for line in found]
