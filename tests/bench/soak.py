"""Thirty minutes of steady voting at the queue by ten people: what the server holds in memory, every five minutes."""

import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import crowded_queue
from bench.desk import Server, serving
from bench.desk_client import Person, together

from db import migrate
from db.engine import open_engine
from review_app import app

RECORDS, DECIDED, PEOPLE, PAUSE = 30_000, 1_000, 10, 2.0
MINUTES, STEP = 30, 5
LONG = True


def main() -> None:
    minutes = int(sys.argv[1]) if len(sys.argv) > 1 else MINUTES
    with tempfile.TemporaryDirectory() as place:
        engine = open_engine(f"sqlite:///{place}/library.db")
        migrate.ensure(engine)
        names = crowded_queue.fill(engine, records=RECORDS, decided=DECIDED, screeners=PEOPLE)
        with serving(Path(app.__file__), str(engine.url)) as desk:
            people = [Person(desk.url, crowded_queue.enter(engine, name), "queue") for name in names]
            print(f"## {minutes} minutes at the queue: {PEOPLE} people, a vote every {PAUSE:.0f} s each\n")
            print("| minute | votes | MB |\n|---|---|---|")
            with ThreadPoolExecutor(1) as meter:
                watched = meter.submit(_watch, desk, people, minutes)
                together(people, times=round(minutes * 60 / PAUSE), pause=PAUSE)
                watched.result()
        engine.dispose()


def _watch(desk: Server, people: list[Person], minutes: int) -> None:
    begun = time.monotonic()
    for minute in range(0, minutes, STEP):
        time.sleep(max(0.0, begun + 60 * minute + 30 - time.monotonic()))
        print(f"| {minute + 0.5:g} | {sum(len(each.took) for each in people):,} | {desk.megabytes():.0f} |", flush=True)


if __name__ == "__main__":
    main()
