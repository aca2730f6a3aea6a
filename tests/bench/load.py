"""From compressed PubMed XML to a searchable library with its raw records: records a second of CPU, in one process and
in two. The machine's own speed is measured beside it, for a busy one is slower in CPU seconds too."""

import gzip
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.parsers import expat

from baseline_folder import sign
from bench.invented_pubmed_file import write

from db import migrate
from db.engine import open_engine
from harvester.baseline import Baseline
from harvester.reader_process import ReaderProcess, ReadHere

# As many as a file of PubMed has.
RECORDS = 30_000


@dataclass(frozen=True, slots=True)
class Load:
    """Seconds: of the process that writes (and reads, when there is one), of the one that reads, of the clock."""

    records: int
    here: float
    beside: float
    wall: float
    megabytes: float

    @property
    def busiest(self) -> float:
        return max(self.here, self.beside)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else RECORDS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        published(folder, count)
        one, two = load(folder, ReadHere), load(folder, ReadProcess)
        tokens = count / cpu(lambda: tokenise(folder / "pubmed26n0001.xml.gz"))
    print("## Baseline files into a library\n")
    print(f"{count:,} invented records of 7 KB; compressed XML to articles, search index and raw records.\n")
    print("| | records per CPU-second | records per second of the busier process | records per second of the clock |")
    print("|---|---|---|---|")
    for name, done in (("one process", one), ("two processes", two)):
        total = done.here + done.beside
        print(f"| {name} | {count / total:,.0f} | {count / done.busiest:,.0f} | {count / done.wall:,.0f} |")
    print(f"| expat reads the same XML and keeps nothing | {tokens:,.0f} | | |")
    print(f"\n{one.megabytes / count * 1000:.1f} KB of library a record; the largest process: {peak():,.0f} MB.")


ReadProcess = ReaderProcess


def published(folder: Path, count: int) -> None:
    sign(write(folder / "pubmed26n0001.xml.gz", count))


def load(folder: Path, reader: type[ReaderProcess] | type[ReadHere]) -> Load:
    path = folder / "library" / "library.db"
    shutil.rmtree(path.parent, ignore_errors=True)
    engine = open_engine(f"sqlite:///{path}")
    migrate.ensure(engine)
    here, beside, wall = time.process_time(), children(), time.perf_counter()
    found = Baseline(engine, folder, None, reader=reader).load()
    spent = time.process_time() - here, children() - beside, time.perf_counter() - wall
    engine.dispose()
    return Load(found.new, *spent, path.stat().st_size / 1e6)


def children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def peak() -> float:
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) / 1024


def cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def tokenise(path: Path) -> None:
    parser = expat.ParserCreate()
    with gzip.open(path) as stream:
        while block := stream.read(1 << 18):
            parser.Parse(block)


if __name__ == "__main__":
    main()
