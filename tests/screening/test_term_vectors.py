"""Texts as vectors: alike when they share words, pairs of words, or words with the same parts."""

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from review_app.screening import term_vectors as module
from review_app.screening.simulate import FinishedReview
from review_app.screening.term_vectors import TermVectors, term_vectors

TEXTS = [
    "Ketamine infusion, ketamine infusion",
    "",
    "Esketamine nasal spray",
    "An infusion. Ketamine infusion of 0.5 mg",
]


def made(texts: list[str]) -> TermVectors:
    found = term_vectors(iter(texts))
    assert found is not None
    return found


def test_the_likeness_of_texts_is_that_of_scikit_learn(invented_review: FinishedReview) -> None:
    texts = ["", *(f"{each.title} {each.abstract}" for each in invented_review.records)]
    most = int(0.95 * len(texts))
    theirs = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, max_df=most).fit_transform(texts)
    ours = made(texts)
    alike = (ours.shared @ ours.shared.T).toarray() + np.diag(ours.alone)
    assert np.allclose(alike, (theirs @ theirs.T).toarray(), atol=1e-5)


def test_columns_are_words_and_the_pairs_that_occur_again() -> None:
    found = made(TEXTS)
    of_first = {found.term(column) for column in found.shared[0].indices}
    assert of_first == {"ketamine", "infusion", "ketamine infusion", "infusion ketamine"}
    assert {found.term(column) for column in found.shared[3].indices} == of_first | {"an", "of", "mg"}


def test_a_pair_of_one_text_is_told_by_its_length_alone() -> None:
    assert [bool(each) for each in made(TEXTS).alone] == [False, False, True, True]


def test_no_pair_reaches_over_the_end_of_a_text() -> None:
    found = made(["knee hip", "knee", "hip", "knee", "hip"])
    assert {found.term(column) for column in found.shared.indices} == {"knee", "hip"}


def test_words_that_share_parts_weigh_for_each_other() -> None:
    found = made(TEXTS)
    place = {found.term(column): column for column in range(found.shared.shape[1])}
    weights = np.zeros(len(place), dtype=np.float32)
    weights[place["ketamine"]] = 1
    spread = found.with_alike(weights)
    assert spread[place["ketamine"]] > 1
    assert 0 < spread[place["esketamine"]] < 1
    assert spread[place["spray"]] == spread[place["ketamine infusion"]] == 0


@pytest.mark.parametrize("batch", [1, 2, 3])
def test_how_many_texts_are_counted_at_a_time_changes_nothing(batch: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = made(TEXTS)
    monkeypatch.setattr(module, "BATCH", batch)
    parted = made(TEXTS)
    assert np.allclose(parted.shared.toarray(), whole.shared.toarray())
    assert np.allclose(parted.alone, whole.alone)


@pytest.mark.parametrize("texts", [[], [""], ["", "a 1 ."]])
def test_without_a_word_there_are_no_vectors(texts: list[str]) -> None:
    assert term_vectors(texts) is None
