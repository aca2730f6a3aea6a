"""What a record costs as the library grows, in CPU seconds of a load in one process; a figure each tenth of the way.

`PYTHONPATH=tests python -m bench.growth 300000`; expat's time for the same file says how busy the machine was.
"""

import sys
import tempfile
import time
from pathlib import Path

from baseline_folder import sign
from bench.invented_pubmed_file import write
from bench.load import cpu, tokenise

from db import migrate
from db.engine import open_engine
from harvester.baseline import Baseline, BaselineReport
from harvester.reader_process import ReadHere

RECORDS, STEP = 50_000, 10_000
# Several minutes of CPU.
LONG = True


class Steps:
    """Hears the load; (articles, CPU seconds so far, expat's seconds for a sample) at each step."""

    def __init__(self, sample: Path) -> None:
        self.sample = sample
        self.told: list[tuple[int, float, float]] = []
        self.aside = 0.0
        self.start = time.process_time()

    def __call__(self, _name: str, found: BaselineReport, _last: bool) -> None:
        if found.new >= STEP * (len(self.told) + 1):
            spent = time.process_time() - self.start - self.aside
            before = time.process_time()
            # The quickest of three: what the machine can do just now.
            quickest = min(cpu(lambda: tokenise(self.sample)) for _ in range(3))
            self.aside += time.process_time() - before
            self.told.append((found.new, spent, quickest))


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "files"
        folder.mkdir()
        sample = write(Path(place) / "sample.xml.gz", 1_000)
        sign(write(folder / "pubmed26n0001.xml.gz", count))
        path = Path(place) / "library.db"
        engine = open_engine(f"sqlite:///{path}")
        migrate.ensure(engine)
        steps = Steps(sample)
        Baseline(engine, folder, None, reader=ReadHere, report=steps).load()
        engine.dispose()
        size = path.stat().st_size / 1e6
    print("## A record's cost as the library grows\n")
    print(f"{count:,} invented records of 7 KB in one process; the library is {size:,.0f} MB at the end.\n")
    print("| articles | microseconds of CPU a record | the same, by the speed of the machine at that moment |")
    print("|---|---|---|")
    first, before, usual = 0.0, (0, 0.0), min(quick for *_, quick in steps.told)
    for articles, spent, quick in steps.told:
        each = (spent - before[1]) / (articles - before[0]) * 1e6
        even = each * usual / quick
        first, before = first or even, (articles, spent)
        if articles in {STEP, count} or articles % max(STEP, count // 10 // STEP * STEP) == 0:
            print(f"| {articles:,} | {each:,.0f} | {even:,.0f} ({even / first:.2f} of the first) |")


if __name__ == "__main__":
    main()
