"""`make torture`: harvests killed at random moments, and damaged PubMed XML, until the asked number.

Options: `--kills N` of the sync (a refresh gets half, the others a tenth), `--seed S`, `--only sync,import,fuzz,...`,
`--seconds N` of the XML. Exit code 1 when anything is wrong.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

from torture import subjects
from torture.fuzz_xml import fuzz
from torture.kills import Subject, Tally, torture
from torture.phases import PHASES

KILLED: dict[str, Callable[[Path], AbstractContextManager[Subject]]] = {
    "sync": subjects.sync,
    "refresh": subjects.refresh,
    "import": subjects.import_,
    "reparse": subjects.reparse,
    "baseline": subjects.baseline,
    "postgresql": subjects.sync_on_postgresql,
}
# The part of the asked number of kills that each gets; the others get a tenth.
PARTS = {"sync": 1, "refresh": 2}
FUZZ = "fuzz"
NAMES = (*KILLED, FUZZ)


def main() -> int:
    chosen = _arguments()
    names = chosen.only.split(",") if chosen.only else list(NAMES)
    if unknown := set(names) - set(NAMES):
        sys.stderr.write(f"torture: {', '.join(sorted(unknown))} is not among {', '.join(NAMES)}\n")
        return 2
    _say(f"# Torture, seed {chosen.seed}\n")
    wrong = 0
    for name in names:
        if name == FUZZ:
            wrong += _fuzzed(chosen.seed, chosen.seconds)
            continue
        kills = max(20, chosen.kills // PARTS.get(name, 10))
        wrong += _killed(name, kills if len(names) > 1 else chosen.kills, chosen.seed)
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="torture", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200, help="of the sync; a refresh gets half, the others a tenth")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", metavar="NAME,...", help=", ".join(NAMES))
    parser.add_argument("--seconds", type=float, default=60, help="of damaged XML")
    return parser.parse_args()


def _killed(name: str, kills: int, seed: int) -> int:
    _say(f"## {name}: killed {kills} times\n")
    with tempfile.TemporaryDirectory(prefix="footnote-torture-") as folder:
        try:
            with KILLED[name](Path(folder)) as subject:
                tally = _last(torture(subject, Path(folder), kills=kills, seed=seed))
        except LookupError as error:
            _say(f"could not be run: {error}\n")
            return 0
    return _shown(tally)


def _last(tallies: Iterator[Tally]) -> Tally:
    tally = Tally()
    for tally in tallies:
        if sys.stderr.isatty() or os.environ.get("TORTURE_VERBOSE"):
            sys.stderr.write(f"\r{tally.kills} kills, {len(tally.wrong)} wrong")
    return tally


def _shown(tally: Tally) -> int:
    _say("| killed | times |\n|---|---:|")
    for phase in PHASES:
        if tally.phases[phase]:
            _say(f"| {phase} | {tally.phases[phase]} |")
    _say(f"| **in all** | **{tally.kills}** |")
    _say(f"\nMoments after the end, which killed nothing: {tally.late}. Wrong: {len(tally.wrong)}.\n")
    for line in tally.wrong:
        _say(f"- {line}")
    return len(tally.wrong)


def _fuzzed(seed: int, seconds: float) -> int:
    _say(f"## {FUZZ}: damaged PubMed XML for {seconds:g} s\n")
    found = fuzz(seed, seconds=seconds)
    told = ", ".join(f"{number:,} {outcome}" for outcome, number in sorted(found.outcomes.items()))
    _say(f"{found.documents:,} documents: {told}; the slowest took {found.slowest:.3f} s CPU.")
    _say(f"Wrong: {len(found.wrong)}.\n")
    for line in found.wrong[:50]:
        _say(f"- {line}")
    return len(found.wrong)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
