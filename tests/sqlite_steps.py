"""What a query costs, whatever else the machine does: SQLite's own count of steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event


@contextmanager
def counting_steps(engine: Engine) -> Iterator[list[int]]:
    """Gives a list of one number, which grows: tens of instructions of SQLite's virtual machine."""
    counted = [0]

    def count() -> int:
        counted[0] += 1
        return 0

    def listen(connection: Any, *_: object) -> None:
        connection.connection.driver_connection.set_progress_handler(count, 10)

    event.listen(engine, "begin", listen)
    try:
        yield counted
    finally:
        event.remove(engine, "begin", listen)
