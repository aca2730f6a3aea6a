"""When to stop a prioritised screening: how much of what matters was found, how sure that is, and what follows.

Callaghan and Müller-Hansen, Syst Rev 2020;9:273, https://doi.org/10.1186/s13643-020-01521-4: suppose so many
inclusions are still unseen that the recall misses its target. Whatever was screened since some moment is then taken as
a random sample of what was unseen at that moment, and the hypergeometric distribution says how probable it is to have
met so few inclusions in it. A ranking that works meets more of them than a random sample, so that the rule errs on the
side of screening on. As in the authors' own program, every moment is tried and the lowest probability is taken.

Records that come at random are no better than a random sample, and the luckiest of many moments would say too much:
then all that was screened is the one sample.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from review_app.screening.agreement import Estimate

TARGET, CONFIDENCE = 0.95, 0.95
STEP = 1.01  # between the inclusions of two samples, where there are more than a hundred


@dataclass(frozen=True, slots=True)
class Stopping:
    """`recall`: share of all inclusions that is found, None before the first one. Its `low` is what the recall reaches
    with the asked confidence, its `value` with even odds or, likeliest first, with better ones, and its `high` is 1:
    nothing rules out that all are found.

    `missing`: at most so many inclusions are unseen, with the same confidence. `in_a_row`: exclusions since the last
    inclusion. `probability`: of what was seen, had the recall missed `target`; `may_stop` when it is small enough.
    """

    screened: int
    included: int
    unseen: int
    in_a_row: int
    target: float
    confidence: float
    recall: Estimate | None
    missing: int
    probability: float
    may_stop: bool


def stopping(
    decisions: Sequence[bool],
    records: int,
    *,
    at_random: bool = False,
    target: float = TARGET,
    confidence: float = CONFIDENCE,
) -> Stopping:
    """The advice after `decisions` (included or not, in the order of screening) on a review of so many `records`.
    `at_random`: that order is by chance, otherwise the likeliest came first.

    Raises ValueError for more decisions than records, or a target or confidence that is not between 0 and 1.
    """
    if len(decisions) > records:
        raise ValueError(f"{len(decisions)} decisions on {records} records")
    if not (0 < target < 1 and 0 < confidence < 1):
        raise ValueError("target and confidence are shares between 0 and 1")
    unseen, found = records - len(decisions), sum(decisions)
    samples = [(len(decisions), found)] if at_random else _samples(decisions)
    missing = _most_missing(samples, unseen, 1 - confidence)
    probability = _probability(samples, unseen, _too_many(found, target))
    return Stopping(
        screened=len(decisions),
        included=found,
        unseen=unseen,
        in_a_row=next((at for at, included in enumerate(reversed(decisions)) if included), len(decisions)),
        target=target,
        confidence=confidence,
        recall=_recall(found, _most_missing(samples, unseen, 0.5), missing),
        missing=missing,
        probability=probability,
        may_stop=not unseen or (found > 0 and probability < 1 - confidence),
    )


def _too_many(found: int, target: float) -> int:
    """The fewest unseen inclusions with which the recall is below the target."""
    return math.floor(found / target - found + 1e-9) + 1


def _recall(found: int, even: int, most: int) -> Estimate | None:
    return Estimate(found / (found + even), found / (found + most), 1.0) if found else None


def _samples(decisions: Sequence[bool]) -> list[tuple[int, int]]:
    """(records, inclusions) of what was screened last: for each number of inclusions the largest such sample, which
    is the one that says most; of hundreds that are nearly alike, some."""
    samples, met, due = [], 0, 0.0
    for size, included in enumerate(reversed(decisions)):
        if included:
            if met >= due:
                samples.append((size, met))
                due = met * STEP
            met += 1
    return [*samples, (len(decisions), met)]


def _most_missing(samples: Sequence[tuple[int, int]], unseen: int, probability: float) -> int:
    """The largest number of unseen inclusions that is not yet too improbable; it falls as the number grows."""
    low, high = 0, unseen
    while low < high:
        middle = (low + high + 1) // 2
        if _probability(samples, unseen, middle) < probability:
            high = middle - 1
        else:
            low = middle
    return low


def _probability(samples: Sequence[tuple[int, int]], unseen: int, missing: int) -> float:
    """Of samples with as few inclusions as these or fewer, when `missing` or more inclusions are unseen."""
    return min(_as_few(size, met, unseen, missing) for size, met in samples)


def _as_few(size: int, met: int, unseen: int, missing: int) -> float:
    """P(X <= met), X hypergeometric: drawing `size` of `size + unseen` records, `met + missing` of them inclusions."""
    inclusions, pool = met + missing, size + unseen
    if missing > unseen:
        return 0.0
    if missing == 0 or met == size:
        return 1.0
    if met * pool < size * inclusions:
        return _lower_tail(met, inclusions, size, pool)
    return 1 - _lower_tail(size - met - 1, pool - inclusions, size, pool)


def _lower_tail(most: int, marked: int, size: int, pool: int) -> float:
    """P(X <= most) for a `most` below what is expected of `size` out of a `pool` with so many `marked`: from there on
    each probability follows from the one before, smaller and smaller."""
    logarithm = _log_choose(marked, most) + _log_choose(pool - marked, size - most) - _log_choose(pool, size)
    term, total = math.exp(logarithm), 0.0
    while term > total * 1e-16:
        total += term
        term *= most * (pool - marked - size + most) / ((marked - most + 1) * (size - most + 1))
        most -= 1
    return total


def _log_choose(number: int, of: int) -> float:
    return math.lgamma(number + 1) - math.lgamma(of + 1) - math.lgamma(number - of + 1)
