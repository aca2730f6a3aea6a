"""Is the library made of our tables, and of nothing that acts in them on its own."""

from collections.abc import Iterator

from sqlalchemy import Connection, inspect
from sqlmodel import SQLModel

import db.models  # noqa: F401 -- the tables
from db.engine import triggers


def missing(connection: Connection) -> list[str]:
    """Tables and columns that this version expects and does not find, one line each."""
    found = {table: columns for (_, table), columns in inspect(connection).get_multi_columns().items()}
    lines = []
    for name, table in sorted(SQLModel.metadata.tables.items()):
        if name not in found:
            lines.append(f"the table {name} is missing")
            continue
        present = {column["name"] for column in found[name]}
        lines += [f"the column {each.name} of {name} is missing" for each in table.columns if each.name not in present]
    return lines


def foreign(connection: Connection) -> Iterator[str]:
    """Triggers and views: Footnote has none, so one that is there changes or shows what nobody of ours wrote."""
    for table, name in triggers(connection):
        yield f"the trigger {name} on {table} is not Footnote's"
    for name in inspect(connection).get_view_names():
        yield f"the view {name} is not Footnote's"
