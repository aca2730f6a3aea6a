"""PubMed XML to records: ours against NCBI's compiled xtract, pubmed_parser, Biopython and a plain use of lxml.

CPU seconds of the whole process, unpacking and start included, the best of some runs; what all give is compared.
"""

import importlib.util
import shlex
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from bench.invented_pubmed_file import write
from bench.measured import measured
from bench.parse_ways import FIELDS, WAYS, XTRACT

RECORDS = 6_000
RUNS = {"footnote": 4, "xtract": 4}
NEEDS = {"pubmed_parser": "pubmed_parser", "biopython": "Bio"}
SAYS = {
    "footnote": "Footnote `read_records`",
    "xtract": "EDirect `xtract -mixed`, the same fields as text",
    "iterparse": "`lxml.iterparse` and `find`, most of the fields",
    "pubmed_parser": "`pubmed_parser.parse_medline_xml`",
    "biopython": "`Bio.Entrez.read`",
}


@dataclass(frozen=True, slots=True)
class Row:
    """`same`: "yes", which of the shared fields are other than ours, or why the way was skipped."""

    way: str
    records_per_cpu_second: float | None
    peak_megabytes: float | None
    same: str


def rows(count: int = RECORDS) -> list[Row]:
    """One for each way; a way that is not installed says so."""
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "invented.xml.gz", count)
        missing = {way: _missing(way) for way in WAYS}
        there = [way for way in WAYS if not missing[way]]
        best: dict[str, tuple[float, float]] = {}
        for run in range(max(RUNS.values())):
            for way in there:
                if run < RUNS.get(way, 1):
                    done = measured(_command(way, path))
                    best[way] = min(best.get(way, (1e9, 0.0)), (done.cpu, done.peak))
        said = {way: measured([*_python(way, path), "--digest"]).said.strip() for way in there}
    found = []
    for way in WAYS:
        if way in best:
            same = _same(said["footnote"].split(), said[way].split())
            found.append(Row(SAYS[way], count / best[way][0], best[way][1], same))
        else:
            found.append(Row(SAYS[way], None, None, f"skipped: {missing[way]}"))
    return found


def _same(ours: list[str], theirs: list[str]) -> str:
    other = [name for name, one, two in zip(FIELDS, ours, theirs, strict=True) if one != two]
    return f"other {', '.join(other)}" if other else "yes"


def _missing(way: str) -> str:
    if way == "xtract":
        return "" if shutil.which("xtract") else "xtract is not installed (Debian: ncbi-entrez-direct)"
    module = NEEDS.get(way)
    return "" if module is None or importlib.util.find_spec(module) else f"{module} is not installed"


def _python(way: str, path: Path) -> list[str]:
    return [sys.executable, "-m", "bench.parse_ways", way, str(path)]


def _command(way: str, path: Path) -> list[str]:
    if way != "xtract":
        return _python(way, path)
    return ["sh", "-c", f"gzip -cd {shlex.quote(str(path))} | {XTRACT} | wc -l"]


def main() -> None:
    found = rows()
    print("## PubMed XML to records\n")
    print(f"{RECORDS:,} invented records of about 7 KB, compressed; a fifth with up to 40 references.")
    print(f"Compared by hash: {', '.join(FIELDS)}.\n")
    print("| | records per CPU-second | peak MB | the five shared fields |\n|---|---:|---:|---|")
    for row in found:
        if row.records_per_cpu_second is None or row.peak_megabytes is None:
            print(f"| {row.way} | | | {row.same} |")
        else:
            print(f"| {row.way} | {row.records_per_cpu_second:,.0f} | {row.peak_megabytes:,.0f} | {row.same} |")


if __name__ == "__main__":
    main()
