"""How Alembic runs here: on the connection that `db.migrate` hands over, and the search index after every upgrade."""

from alembic import context
from sqlalchemy import Connection
from sqlmodel import SQLModel

import db.models  # noqa: F401
from db import search


def _ours(name: str | None, kind: str, parents: object) -> bool:
    """The search index is derived data that db.search owns."""
    return name not in search.owned_names()


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=True,
        include_name=_ours,
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()
        search.ensure_index(connection)


run(context.config.attributes["connection"])
