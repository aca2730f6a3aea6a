"""The process that ranks a review's records: its largest memory, and the CPU seconds of the first ranking and of each
that follows, by the number of records."""

import resource
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench import crowded_queue
from sqlalchemy import Engine, update
from sqlmodel import col

from db import config, migrate
from db.engine import open_engine, writing
from db.models import ScreeningDecision
from db.types import Decision

RECORDS, DECIDED, MORE = (10_000, 30_000, 100_000), 1_000, 4
ASKED = '{"review": 1, "kind": "prioritised", "seed": 1}\n'
# Some minutes.
LONG = True


@dataclass(frozen=True, slots=True)
class Ranked:
    first: float
    next: float
    megabytes: float


def main() -> None:
    print("## Ranking what is undecided\n")
    print(f"Invented records of 230 words, {DECIDED:,} of them decided, one in twenty included.\n")
    print("| records | first ranking, CPU s | each that follows, CPU s | peak MB |\n|---:|---:|---:|---:|")
    for records in RECORDS:  # the largest last: the system tells the peak of all that ended so far
        with tempfile.TemporaryDirectory() as place:
            found = ranked(f"sqlite:///{Path(place) / 'library.db'}", records)
        print(f"| {records:,} | {found.first:.1f} | {found.next:.2f} | {found.megabytes:.0f} |", flush=True)


def ranked(url: str, records: int) -> Ranked:
    engine = open_engine(url)
    migrate.ensure(engine)
    crowded_queue.fill(engine, records=records, decided=DECIDED, screeners=2)
    _include_some(engine)
    engine.dispose()
    first = _asked(url, 1)
    return Ranked(first, (_asked(url, 1 + MORE) - first) / MORE, _largest())


def _include_some(engine: Engine) -> None:
    some = update(ScreeningDecision).where(col(ScreeningDecision.record_id) % 20 == 0)
    with writing(engine) as session:
        session.connection().execute(some.values(decision=Decision.INCLUDE))
        session.commit()


def _asked(url: str, times: int) -> float:
    """CPU seconds of a process that is asked so many times."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "review_app.services.queue_order_process"]
    environment = config.child_environment(DATABASE_URL=url)
    done = subprocess.run(command, input=ASKED * times, env=environment, capture_output=True, text=True, check=True)
    if done.stdout.count('"trained": true') != times:
        raise SystemExit("the process did not rank")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _largest() -> float:
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return peak / (1024**2 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main()
