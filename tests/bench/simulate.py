"""Prioritised screening replayed on finished reviews, against `asreview simulate` where ASReview is installed.

Give the folder of the reviews (CSV or .csv.gz with `title`, `abstract`, `label_included`) as the argument, otherwise
the real data beside the checkout; ASReview is looked for on the PATH. Its measures are taken as ours are. CPU seconds
are those of a whole process, from its start to its end.
"""

import csv
import shutil
import sqlite3
import statistics
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.measured import measured
from conftest import SHARED_DATA

from review_app.screening.simulate import FinishedReview, measures, read_review

SEEDS = range(1, 6)
# `factcheck simulate`, which takes no priors.
REPLAY = """
import sys, pathlib
from review_app.screening.simulate import read_review, simulate
path, seed, *priors = sys.argv[1:]
done = simulate(read_review(pathlib.Path(path).read_bytes()), seed=int(seed), priors=[int(each) for each in priors])
print(done.wss95, done.atd)
"""


@dataclass(frozen=True, slots=True)
class Run:
    wss95: float
    atd: float
    cpu: float


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED_DATA / "screening"
    program = shutil.which("asreview")
    print("## Prioritised screening\n")
    print(f"Priors: none, from the top of the file; or an inclusion and an exclusion, seeds {SEEDS[0]} to {SEEDS[-1]}.")
    if not program:
        print("ASReview is not installed (`pip install asreview`, in an environment of its own).")
    print("\n| review | priors | by | WSS@95 | ATD | CPU s |\n|---|---|---|---:|---:|---:|")
    for path in sorted(folder.glob("*.csv*")) if folder.is_dir() else ():
        review = read_review(path.read_bytes())
        for what, seeds in (("none", [None]), ("two", list(SEEDS))):
            _print_row(path, what, "Footnote", [ours(path, review, seed) for seed in seeds])
            if program:
                _print_row(path, what, "ASReview", list(theirs(program, review, seeds)))


def ours(path: Path, review: FinishedReview, seed: int | None) -> Run:
    known = () if seed is None else priors(review, seed)
    done = measured([sys.executable, "-c", REPLAY, str(path), str(seed or 0), *map(str, known)])
    wss95, atd = map(float, done.said.split())
    return Run(wss95, atd, done.cpu)


def priors(review: FinishedReview, seed: int) -> tuple[int, ...]:
    """Those that `asreview simulate --n-prior-included 1 --n-prior-excluded 1 --prior-seed SEED` draws."""
    import numpy as np

    included = np.array(review.included)
    kinds = (np.flatnonzero(included), np.flatnonzero(~included))
    return tuple(int(np.random.RandomState(seed).choice(kind, 1, replace=False)[0]) for kind in kinds)


def theirs(program: str, review: FinishedReview, seeds: Sequence[int | None]) -> Iterator[Run]:
    with tempfile.TemporaryDirectory() as place:
        data = Path(place) / "review.csv"
        with data.open("w", encoding="utf-8", newline="") as file:
            rows = csv.writer(file)
            rows.writerow(("title", "abstract", "label_included"))
            rows.writerows(
                (each.title, each.abstract, int(kept))
                for each, kept in zip(review.records, review.included, strict=True)
            )
        for seed in seeds:
            project = Path(place) / f"{seed}.asreview"
            command = [program, "simulate", str(data), "--seed", str(seed or 0), "--output", str(project)]
            if seed is not None:
                command += ["--n-prior-included", "1", "--n-prior-excluded", "1", "--prior-seed", str(seed)]
            done = measured(command)
            if done.code:
                raise SystemExit(f"asreview failed with exit code {done.code}")
            yield _read(project, review, done.cpu)


def _read(project: Path, review: FinishedReview, cpu: float) -> Run:
    with tempfile.TemporaryDirectory() as place, zipfile.ZipFile(project) as archive:
        results = sqlite3.connect(archive.extract("results.db", place))
        rows = results.execute("SELECT label, querier FROM results ORDER BY rowid").fetchall()
        results.close()
    labels = [bool(label) for label, querier in rows if querier]
    labels += [False] * (len(review.included) - len(rows))
    wss95, atd, _ = measures(labels)
    return Run(wss95, atd, cpu)


def _print_row(path: Path, what: str, by: str, runs: Sequence[Run]) -> None:
    wss95, atd, cpu = (statistics.fmean(getattr(run, name) for run in runs) for name in ("wss95", "atd", "cpu"))
    print(f"| {path.name.split('.')[0]} | {what} | {by} | {wss95:.4f} | {atd:.4f} | {cpu:.1f} |", flush=True)


if __name__ == "__main__":
    main()
