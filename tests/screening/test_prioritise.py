"""The ranking of undecided records, and why each is where it is."""

import random
import subprocess
import sys

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from review_app.screening import prioritise
from review_app.screening.prioritise import Ranker, RecordText, random_order, renewed_after
from review_app.screening.simulate import FinishedReview
from review_app.screening.term_vectors import term_vectors

TEXTS = [
    RecordText(11, "Ketamine infusion in depression", "Mood improved after one ketamine infusion."),
    RecordText(12, "Knee surgery in sport", "Fracture of the knee healed."),
    RecordText(13, "Esketamine and mood", "Depression and mood after esketamine infusion."),
    RecordText(14, "Hip fracture", "Surgery of the hip and of the knee."),
    RecordText(15, "Knee fracture", ""),
]


def test_what_resembles_the_inclusions_comes_first() -> None:
    ranking = Ranker(TEXTS).fit({11: True, 12: False})
    assert ranking.trained
    assert ranking.ids[0] == 13
    assert sorted(ranking.ids) == [13, 14, 15]


def test_a_record_names_the_terms_that_put_it_where_it_is() -> None:
    ranking = Ranker(TEXTS).fit({11: True, 12: False})
    first, last = ranking.why(13), ranking.why(14)
    assert {"depression", "mood", "infusion"} & {reason.term for reason in first if reason.weight > 0}
    assert "knee" in {reason.term for reason in last if reason.weight < 0}
    assert [abs(reason.weight) for reason in first] == sorted((abs(r.weight) for r in first), reverse=True)
    assert len(ranking.why(13, limit=2)) == 2


@pytest.mark.parametrize("decisions", [{}, {12: False}, {11: True}, {11: True, 13: True}])
def test_until_both_kinds_are_known_records_stay_in_their_order(decisions: dict[int, bool]) -> None:
    ranking = Ranker(TEXTS).fit(decisions)
    assert not ranking.trained
    assert list(ranking.ids) == [record.id for record in TEXTS if record.id not in decisions]
    assert ranking.why(14) == ()


def test_the_order_of_decisions_and_what_was_ranked_before_change_nothing(invented_review: FinishedReview) -> None:
    decisions = dict(enumerate(invented_review.included[:60]))
    used, fresh = Ranker(invented_review.records, seed=3), Ranker(invented_review.records, seed=3)
    used.fit({0: False, 4: True})
    assert used.fit(decisions).ids == fresh.fit(decisions).ids


def test_the_scores_are_those_of_ridge_regression_by_scikit_learn(
    invented_review: FinishedReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prioritise, "PRECISION", 1e-5)
    decisions = dict(enumerate(invented_review.included[:60]))
    included, excluded = sum(decisions.values()), 60 - sum(decisions.values())
    ranking = Ranker(invented_review.records).fit(decisions)

    vectors = term_vectors([f"{each.title} {each.abstract}" for each in invented_review.records])
    assert vectors is not None
    parts = vectors.shared[:, : vectors._parts.shape[0]] @ vectors._parts
    alone, ones = np.diag(np.sqrt(vectors.alone)), np.ones((200, 1))
    terms = np.hstack([vectors.shared.toarray(), parts.toarray(), alone, ones])
    unit = 60 / (prioritise.INCLUSIONS_WEIGH + 1)
    weights = [
        unit * (prioritise.INCLUSIONS_WEIGH / included if decisions[row] else 1 / excluded)
        if row in decisions
        else unit * prioritise.UNDECIDED_WEIGH / 140
        for row in range(200)
    ]
    targets = [1 if decisions.get(row) else -1 for row in range(200)]
    ridge = Ridge(1 / (2 * prioritise.C), fit_intercept=False).fit(terms, targets, sample_weight=weights)
    scores = ridge.predict(terms)
    found = scores[list(ranking.ids)]
    assert found[0] - found[-1] > 0.1
    assert np.all(np.diff(found) < 1e-4)


def test_a_changed_decision_changes_the_ranking() -> None:
    ranker = Ranker(TEXTS)
    assert ranker.fit({11: True, 12: False}).ids[0] != ranker.fit({11: False, 12: True}).ids[0]


def test_equals_stay_in_the_order_of_the_records() -> None:
    same = [RecordText(number, "Knee fracture", "") for number in (9, 3, 7, 1)]
    assert Ranker([*TEXTS, *same]).fit({11: True, 12: False, 13: True, 14: False, 15: False}).ids == (9, 3, 7, 1)


def test_when_all_is_decided_nothing_is_left() -> None:
    assert Ranker(TEXTS).fit({record.id: record.id == 11 for record in TEXTS}).ids == ()


def test_records_without_a_word_are_left_in_their_order() -> None:
    empty = [RecordText(number, "", "") for number in range(3)]
    ranking = Ranker(empty).fit({0: True, 1: False})
    assert (ranking.ids, ranking.trained) == ((2,), False)


def test_ids_are_told_apart_and_known() -> None:
    with pytest.raises(ValueError, match="same id"):
        Ranker([TEXTS[0], TEXTS[0]])
    with pytest.raises(KeyError):
        Ranker(TEXTS).fit({99: True})


def test_a_ranking_lasts_a_tenth_of_the_decisions_behind_it_or_as_long_as_asked() -> None:
    assert [renewed_after(decided) for decided in (2, 19, 20, 345)] == [1, 1, 2, 34]
    assert renewed_after(345, batch=5) == 5


def test_a_random_order_is_the_same_for_a_seed_whatever_order_it_was_given() -> None:
    ids = list(range(50))
    shuffled = random.Random(1).sample(ids, 50)
    assert random_order(ids, seed=4) == random_order(shuffled, seed=4) != random_order(ids, seed=5)
    assert sorted(random_order(ids, seed=4)) == ids


def test_nobody_waits_for_scipy_before_the_first_ranking() -> None:
    code = "import sys, review_app.screening.simulate; print({'numpy', 'scipy'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "set()\n"
