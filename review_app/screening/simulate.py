"""Prioritised screening replayed on a finished review: what it would have saved.

As `asreview simulate` does it: the records of the file are screened from its top until there is an inclusion and an
exclusion, then the best-ranked ones, and of equals the first in the file. Measures are those of asreview-insights 1.6,
https://github.com/asreview/asreview-insights: work saved over sampling after Cohen et al., J Am Med Inform Assoc
2006;13:206-219, average time to discovery after Ferdinands et al., Syst Rev 2023;12:100.
"""

import csv
import gzip
import io
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from review_app.screening.prioritise import Ranker, RecordText, renewed_after

COLUMNS = ("title", "abstract", "label_included")
LABELS = {"1": True, "1.0": True, "0": False, "0.0": False}


class BadReview(ValueError):
    """A file that is no finished review; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FinishedReview:
    """`included[i]`: whether `records[i]` was; the id of a record is its place."""

    records: tuple[RecordText, ...]
    included: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Simulation:
    """`recall[i]`: share of the inclusions found after i + 1 records. `wss95`: the share of records that need not be
    read to find 95% of the inclusions, against reading in random order. `atd`: the average place of an inclusion as a
    share of the records. Records given beforehand count in none of them. `seconds`: of the replay, on the clock."""

    records: int
    included: int
    wss95: float
    atd: float
    recall: tuple[float, ...]
    trainings: int
    seconds: float


def read_review(body: bytes) -> FinishedReview:
    """CSV in UTF-8, also as .gz, with `title`, `abstract` and `label_included` (0 or 1). Raises BadReview."""
    try:
        text = (gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError):
        raise BadReview("it is not UTF-8 text; save it as CSV in UTF-8") from None
    try:
        rows = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        missing = [name for name in COLUMNS if name not in (rows.fieldnames or ())]
        if missing:
            raise BadReview(f"it has no column {', '.join(missing)}; it needs {', '.join(COLUMNS)}")
        found = [(row["title"] or "", row["abstract"] or "", _label(row, rows.line_num)) for row in rows]
    except csv.Error as error:
        raise BadReview(f"it is not CSV: {error}; save it as CSV in UTF-8") from None
    review = FinishedReview(
        tuple(RecordText(place, title, abstract) for place, (title, abstract, _) in enumerate(found)),
        tuple(label for _, _, label in found),
    )
    if len(set(review.included)) < 2:
        none = "inclusion" if not any(review.included) else "exclusion"
        raise BadReview(f"none of its {len(found)} records is an {none}; there is nothing to rank")
    return review


def _label(row: dict[str, str | None], line: int) -> bool:
    given = (row["label_included"] or "").strip()
    if given not in LABELS:
        raise BadReview(f"line {line}: label_included is {given[:20]!r}; write 1 for included, 0 for excluded")
    return LABELS[given]


def simulate(
    review: FinishedReview, *, seed: int = 0, batch: int | None = None, priors: Sequence[int] = ()
) -> Simulation:
    """Screens all records of a finished review. `batch`: decisions between two trainings, otherwise a tenth of those
    given. `priors`: places of records that are decided before it begins."""
    started = time.perf_counter()
    order = list(_screened(review, seed, batch, priors))
    trainings = sum(trained for _, trained in order)
    wss95, atd, recall = measures([review.included[place] for place, _ in order])
    included = sum(review.included[place] for place, _ in order)
    return Simulation(len(order), included, wss95, atd, recall, trainings, time.perf_counter() - started)


def measures(labels: Sequence[bool]) -> tuple[float, float, tuple[float, ...]]:
    """`wss95`, `atd` and `recall` of a Simulation, from what the records were in the order of screening."""
    places = [place for place, label in enumerate(labels, 1) if label]
    recall = tuple(found / len(places) for found in itertools.accumulate(labels))
    return _work_saved(places, len(labels)), sum(places) / len(places) / len(labels), recall


def _screened(
    review: FinishedReview, seed: int, batch: int | None, priors: Sequence[int]
) -> Iterator[tuple[int, bool]]:
    """The places in the order of screening, each with whether a training came before it."""
    ranker = Ranker(review.records, seed=seed)
    decisions = {place: review.included[place] for place in priors}
    left = sum(review.included) - sum(decisions.values())
    while len(decisions) < len(review.included):
        ranking = ranker.fit(decisions)
        # What follows the last inclusion changes no measure, so that it is screened as it stands.
        last = renewed_after(len(decisions), batch) if ranking.trained else 1
        for at, place in enumerate(ranking.ids[: last if left else None]):
            decisions[place] = review.included[place]
            left -= review.included[place]
            yield place, ranking.trained and at == 0


def _work_saved(places: Sequence[int], records: int) -> float:
    """How many records earlier than in an even spread 95% of the inclusions were found, over `records`."""
    last = 95 * len(places) // 100 or len(places)
    return (_place_by_chance(last, len(places), records) - places[last - 1]) / records


def _place_by_chance(found: int, included: int, records: int) -> int:
    """The first place at which an even spread of the inclusions, rounded to even as numpy does, reaches `found`."""
    step = included / (records - 1)
    return next(place + 1 for place in range(records) if round(place * step) >= found)
