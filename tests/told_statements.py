"""What a library is asked, whatever else the machine does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

_ABOUT_TRANSACTIONS = ("PRAGMA", "BEGIN", "SET LOCAL", "SELECT pg_advisory_xact_lock")


@contextmanager
def statements(engine: Engine) -> Iterator[list[str]]:
    """Gives a list that grows with each statement, those about transactions left out."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(_ABOUT_TRANSACTIONS):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
