"""A reviewer tags studies while baseline files are loaded: how long a save takes, and whether one fails.

The load runs in processes of its own; the save is `services.tags.save`, with everything that it reads and writes.
"""

import multiprocessing
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from baseline_folder import sign
from bench import invented_pubmed_file
from bench.invented_pubmed_file import write
from bench.tagging_desk import Desk

from db import migrate
from db.engine import open_engine
from harvester.baseline import Baseline

RECORDS, SAVES, BETWEEN = 20_000, 300, 0.05


@dataclass(frozen=True, slots=True)
class Saves:
    """Milliseconds each took, sorted; what failed."""

    took: list[float]
    failed: list[str]

    def row(self) -> str:
        def part(share: float) -> str:
            return f"{self.took[min(len(self.took) - 1, int(share * len(self.took)))]:.0f}"

        return f"{len(self.took)} | {part(0.5)} | {part(0.95)} | {self.took[-1]:.0f} | {len(self.failed)}"


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        invented_pubmed_file.FIRST_PMID = 95_000_001  # none of these is the study that Ben tags
        sign(write(folder / "pubmed26n0001.xml.gz", count))
        url = f"sqlite:///{folder}/library/library.db"
        engine = open_engine(url)
        migrate.ensure(engine)
        desk = Desk(engine)
        alone = saves(desk, None)
        loading = multiprocessing.get_context("spawn").Process(target=load, args=(url, folder))
        loading.start()
        during = saves(desk, loading)
        loading.join()
        engine.dispose()
    print("## A reviewer's save while files are loaded\n")
    print("| | saves | p50 ms | p95 ms | longest ms | failed |")
    print("|---|---|---|---|---|---|")
    print(f"| nothing else happens | {alone.row()} |")
    print(f"| {count:,} records are loaded | {during.row()} |")
    for line in during.failed[:3]:
        print(f"\nfailed: {line}")


def saves(desk: Desk, loading: "multiprocessing.process.BaseProcess | None") -> Saves:
    """A save and a pause, while the load goes on; a number of them when there is none."""
    took, failed, number = [], [], 0
    while (loading.is_alive() if loading else number < SAVES) and number < 20 * SAVES:
        number += 1
        start = time.perf_counter()
        try:
            desk.save(number)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the reviewer sees it
            failed.append(f"{type(error).__name__}: {error}")
        took.append((time.perf_counter() - start) * 1000)
        time.sleep(BETWEEN)
    return Saves(sorted(took), failed)


def load(url: str, folder: Path) -> None:
    engine = open_engine(url)
    Baseline(engine, folder, None).load()
    engine.dispose()


if __name__ == "__main__":
    main()
