"""Likeness that hangs on no equal word: to the best ones, by parts of words, in meaning. The studies are invented."""

from dataclasses import replace

import pytest

from review_app.factcheck.abstracts import Abstract, read
from review_app.factcheck.consensus import likeness
from review_app.factcheck.evidence import TOPIC, rank
from review_app.factcheck.model import AbstractSection, Study
from review_app.factcheck.terms import stems
from review_app.factcheck.word_parts import shared_parts


def _study(number: int, title: str, text: str, sample_size: int | None = None) -> Study:
    sections = (AbstractSection("RESULTS", text),)
    return Study(number, 90000000 + number, title, sections, "Nobody 2020", sample_size=sample_size)


def _abstract(text: str) -> Abstract:
    return read(_study(1, "", text), TOPIC)


def test_an_item_is_as_alike_as_what_it_has_in_common_with_the_best() -> None:
    best, near, far = {"mood": 1.0, "score": 1.0}, {"mood": 1.0, "pain": 1.0}, {"bladder": 1.0, "pain": 1.0}
    alike = likeness([best, dict(best), near, far], [2.0, 2.0, 0.5, 0.0], 2)
    assert alike[0] == pytest.approx(1.0)
    assert alike[0] > alike[2] > alike[3] == 0.0


def test_being_among_the_best_alone_makes_nothing_alike() -> None:
    assert likeness([{"mood": 1.0}, {"pain": 1.0}], [1.0, 0.0], 1) == [0.0, 0.0]
    assert likeness([], [], 10) == []


def test_the_better_one_ranks_the_more_it_speaks_for_the_rest() -> None:
    items = [{"mood": 1.0, "sleep": 1.0}, {"pain": 1.0, "age": 1.0}, {"mood": 1.0, "age": 1.0}, {"pain": 1.0}]
    alike = likeness(items, [2.0, 1.0, 0.0, 0.0], 2)
    assert alike[2] == 1.0 > alike[3] > 0.0


def test_a_name_that_is_spelt_in_one_word_or_two_is_alike_by_its_parts() -> None:
    spelt, other = _abstract("Immunodeficiencies were seen."), _abstract("Seedlings were seen.")
    alike = shared_parts(stems("immunodeficient"), [spelt, other])
    assert alike[0] == 1.0
    assert alike[1] < 0.2


def test_parts_of_no_abstract_or_of_no_word_are_nothing() -> None:
    assert shared_parts(stems("zinc"), []) == []
    assert shared_parts((), [_abstract("Zinc."), _abstract("")]) == [0.0, 0.0]


def test_a_study_that_spells_a_name_otherwise_comes_before_one_that_lacks_it() -> None:
    lacking = _study(1, "Mice", "Mice of other litters lived shorter lives.")
    other_spelling = _study(2, "Mice", "Mice of immunodeficiency lived shorter lives.")
    found = rank("Immunodeficient mice live shorter lives.", [lacking, other_spelling])
    assert [item.id for item in found] == [2, 1]


def test_what_a_model_says_is_nearer_in_meaning_comes_first() -> None:
    far, near = (replace(_study(n, "Immunity in mice", "Mice fell ill."), likeness=n / 10) for n in (3, 8))
    assert [item.id for item in rank("Immunodeficient mice live shorter lives.", [far, near])] == [8, 3]


def test_the_study_whose_size_the_sentence_names_comes_first() -> None:
    claim = "In a study of 73 patients ketamine eased depressive symptoms."
    said = "Depressive symptoms improved significantly with ketamine."
    other, named = _study(1, "Ketamine in depression", said, 40), _study(2, "Ketamine in depression", said, 73)
    assert [item.id for item in rank(claim, [other, named])] == [2, 1]
    told = _study(3, "Ketamine in depression", f"{said} All 73 were analysed.")
    assert [item.id for item in rank(claim, [other, told])] == [3, 1]


def test_a_number_that_counts_no_patients_is_no_size() -> None:
    claim = "Within 40 hours ketamine eased depressive symptoms."
    said = "Depressive symptoms improved significantly with ketamine."
    small, large = _study(1, "Ketamine in depression", said, 40), _study(2, "Ketamine in depression", said, 400)
    assert [item.id for item in rank(claim, [small, large])] == [2, 1]


def test_a_study_that_names_the_drug_in_its_title_comes_before_one_that_mentions_it() -> None:
    said = "Depressive symptoms improved significantly with ketamine."
    aside, named = _study(1, "Mood in hospital", said), _study(2, "Ketamine in hospital", said)
    assert [item.id for item in rank("Ketamine eases depressive symptoms.", [aside, named])] == [2, 1]


def test_of_two_equals_the_one_that_is_like_the_other_good_answers_comes_first() -> None:
    claim = "Ketamine eases depressive symptoms."
    good = [
        _study(
            number, "Ketamine in depression", f"Depressive symptoms on the MADRS improved with ketamine, arm {number}."
        )
        for number in range(10, 16)
    ]
    apart = _study(1, "Ketamine in depression", "Depressive symptoms improved with ketamine, and rodents slept longer.")
    alike = _study(2, "Ketamine in depression", "Depressive symptoms improved with ketamine on the MADRS in one arm.")
    ranked = [item.id for item in rank(claim, [*good, apart, alike], limit=10)]
    assert ranked.index(2) < ranked.index(1)


def test_concepts_make_studies_alike_that_share_no_more_words() -> None:
    said = "Depressive symptoms improved with ketamine, and {} too."
    good = [_study(number, "Ketamine in depression", said.format("suicidal ideation")) for number in range(10, 16)]
    apart = _study(1, "Ketamine in depression", said.format("seedlings"))
    alike = _study(2, "Ketamine in depression", said.format("antisuicidal"))
    ranked = [item.id for item in rank("Ketamine eases depressive symptoms.", [*good, apart, alike], limit=10)]
    assert ranked.index(2) < ranked.index(1)
