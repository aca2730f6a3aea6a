"""A process that writes to the library of DATABASE_URL, for tests that watch from outside or kill it."""

import sys

from db import config
from db.engine import DatabaseUnavailable, open_engine, writing
from db.models import Setting


def add(times: int) -> None:
    engine = open_engine(config.settings().database_url)
    for _ in range(times):
        with writing(engine) as session:
            row = session.get_one(Setting, "count")
            row.value = {"n": row.value["n"] + 1}
            session.add(row)
            session.commit()
    engine.dispose()


def hang() -> None:
    """Writes, says so, and waits to be killed before the commit."""
    with writing(open_engine(config.settings().database_url)) as session:
        session.add(Setting(key="half", value={"n": 1}, changed_at=config.now()))
        session.flush()
        sys.stdout.write("written, not committed\n")
        sys.stdout.flush()
        sys.stdin.read()


def fill() -> None:
    """Writes more than the file may hold."""
    try:
        with writing(open_engine(config.settings().database_url)) as session:
            session.add(Setting(key="large", value={"n": "x" * 5_000_000}, changed_at=config.now()))
            session.commit()
    except DatabaseUnavailable as error:
        sys.stdout.write(str(error))


if __name__ == "__main__":
    {"add": lambda: add(int(sys.argv[2])), "hang": hang, "fill": fill}[sys.argv[1]]()
