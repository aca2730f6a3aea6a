"""`factcheck simulate`: prioritised screening replayed on a finished review."""

import argparse
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from review_app.output_file import write
from review_app.source_file import Failed, read_source

if TYPE_CHECKING:
    from review_app.screening.simulate import Simulation


def simulate_command(chosen: argparse.Namespace) -> int:
    """Exit code 0. Raises Failed for a file that is no finished review."""
    from review_app.screening.simulate import BadReview, read_review, simulate

    try:
        review = read_review(read_source(chosen.file).body)
    except BadReview as problem:
        raise Failed(f"{chosen.file}: {problem}") from None
    done = simulate(review, seed=chosen.seed, batch=chosen.batch)
    answer = json.dumps(asdict(done) | {"seed": chosen.seed, "batch": chosen.batch}) if chosen.json else _told(done)
    write(None, [answer, "\n"])
    return 0


def _told(done: "Simulation") -> str:
    return (
        f"{done.records:,} records, {done.included:,} included; {done.trainings:,} trainings in {done.seconds:.1f} s\n"
        f"work saved over sampling at 95% recall: {done.wss95:.1%} of the records\n"
        f"average time to discovery: {done.atd:.1%} of the records"
    )
