"""When to stop, held to the figures that the authors of the rule published for their own program."""

from dataclasses import replace

import numpy as np
import pytest

from review_app.screening import stopping as module
from review_app.screening.stopping import stopping


@pytest.fixture(scope="module")
def screening() -> list[bool]:
    """buscarpy's documented example: 20,000 records, 200 inclusions, each ten times as likely to come next."""
    records = np.zeros(20_000, dtype=np.int8)
    records[:200] = 1
    chances = np.where(records == 1, 10.0, 1.0)
    drawn = np.random.default_rng(seed=12345).choice(records, records.shape, replace=False, p=chances / chances.sum())
    return [bool(each) for each in drawn]


@pytest.mark.parametrize(
    ("screened", "target", "published"),
    [
        (10_000, 0.95, 0.10980177863883214),
        (12_000, 0.95, 0.009418930806106517),
        (12_000, 0.99, 0.2803368882417732),
        (12_000, 0.97, 0.051403320783917274),
        (5_000, 0.95, 0.97048041),
        (1_000, 0.95, 0.99606155),
    ],
)
def test_the_probability_is_that_of_the_published_example(
    screening: list[bool], screened: int, target: float, published: float
) -> None:
    found = stopping(screening[:screened], 20_000, target=target)
    assert found.probability == pytest.approx(published, rel=1e-6)
    assert found.may_stop == (published < 0.05)


def test_ninety_five_found_at_95_percent_means_that_six_would_have_to_be_missing() -> None:
    # Without an inclusion among the last hundred: (200 - j) / (300 - j) for each of the six, multiplied.
    by_hand = 1.0
    for j in range(6):
        by_hand *= (200 - j) / (300 - j)
    assert stopping([True] * 95 + [False] * 100, 395).probability == pytest.approx(by_hand)


def test_the_lower_end_of_the_recall_is_where_the_probability_crosses_five_percent(screening: list[bool]) -> None:
    # Published: .0514 at a target of .97 and .0336 at .965.
    found = stopping(screening[:12_000], 20_000)
    assert found.recall is not None
    assert 0.965 < found.recall.low < 0.97
    assert found.recall.low <= found.recall.value <= found.recall.high == 1.0
    assert found.recall.low == 200 / (200 + found.missing)


def test_screening_that_finds_goes_on() -> None:
    found = stopping([True, False] * 50, 1_000)
    assert not found.may_stop
    assert found.recall is not None
    assert found.recall.low < 0.2
    assert found.in_a_row == 1


def test_without_an_inclusion_there_is_no_recall_and_no_advice_to_stop() -> None:
    found = stopping([False] * 990, 1_000)
    assert (found.recall, found.may_stop, found.in_a_row) == (None, False, 990)


def test_when_all_is_screened_nothing_is_missing() -> None:
    found = stopping([False, True, False], 3)
    assert found.recall is not None
    assert (found.missing, found.unseen, found.may_stop) == (0, 0, True)
    assert (found.recall.low, found.recall.value) == (1.0, 1.0)


def test_before_the_first_decision_anything_may_be_missing() -> None:
    found = stopping([], 40)
    assert (found.missing, found.recall, found.may_stop) == (40, None, False)


def test_who_stops_when_told_to_has_found_the_share_as_often_as_promised() -> None:
    missed = 0
    for seed in range(40):
        records = np.zeros(300, dtype=np.int8)
        records[:30] = 1
        chances = np.where(records == 1, 5.0, 1.0)
        order = np.random.default_rng(seed).choice(records, 300, replace=False, p=chances / chances.sum()).tolist()
        stopped = next(at for at in range(20, 301, 10) if stopping(list(map(bool, order[:at])), 300).may_stop)
        missed += sum(order[:stopped]) / 30 < 0.95
    assert missed <= 2


def at_random(seed: int) -> list[bool]:
    """300 records, of which 60 are inclusions."""
    return [bool(number < 60) for number in np.random.default_rng(seed).permutation(300)]


def test_in_random_order_the_recall_is_above_its_lower_end_as_often_as_promised_and_near_the_estimate() -> None:
    above, misses = 0, []
    for seed in range(100):
        records, screened = at_random(seed), 60 + 2 * seed
        found = stopping(records[:screened], 300, at_random=True).recall
        assert found is not None
        recall = sum(records[:screened]) / 60
        above += recall >= found.low
        misses.append(found.value - recall)
    assert above >= 92
    assert abs(np.mean(misses)) < 0.02


def test_in_random_order_the_luckiest_moment_does_not_count() -> None:
    seen = at_random(1)[:200]
    lucky = [*(each for each in seen if each), *(each for each in seen if not each)]
    assert stopping(lucky, 300).probability < 0.06
    assert stopping(lucky, 300, at_random=True).probability > 0.9
    assert stopping(lucky, 300, at_random=True) == replace(stopping(seen, 300, at_random=True), in_a_row=160)


def test_of_thousands_of_inclusions_some_moments_stand_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    chances = np.where(np.arange(8_000) < 1_000, 10.0, 1.0)
    order = np.random.default_rng(3).choice(8_000, 4_000, replace=False, p=chances / chances.sum())
    decisions = [bool(each < 1_000) for each in order]
    some = stopping(decisions, 8_000)
    monkeypatch.setattr(module, "STEP", 1.0)
    every = stopping(decisions, 8_000)
    assert 0 < every.probability < 1
    assert every.probability <= some.probability <= 1.05 * every.probability
    assert some.missing == pytest.approx(every.missing, abs=1)


def test_more_decisions_than_records_and_shares_outside_0_and_1_are_refused() -> None:
    with pytest.raises(ValueError, match="4 decisions on 3 records"):
        stopping([True] * 4, 3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        stopping([True], 3, target=1.0)
