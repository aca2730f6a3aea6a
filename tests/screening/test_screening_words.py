"""The reasons for excluding and the words that are lit: the data, and how it is found in a text."""

import tomllib
from importlib import resources

import pytest

from review_app.screening.exclusion_reasons import is_reason_required, shipped_reasons
from review_app.screening.highlights import KINDS, Terms, default_terms, in_order, lit

STAGES = ("title_abstract", "full_text")
MINE = Terms(include=("randomi*", "double blind"), exclude=("rat", "mice"), pico=("ketamine", "ketamine infusion"))


def found(text: str, terms: Terms = MINE) -> list[tuple[str, str]]:
    return [(text[each.start : each.end], each.kind) for each in lit(text, terms)]


@pytest.mark.parametrize("stage", STAGES)
def test_each_reason_has_a_number_key_a_meaning_and_a_source(stage: str) -> None:
    reasons = shipped_reasons()[stage]
    assert 1 <= len(reasons) <= 9
    assert len({each.id for each in reasons}) == len(reasons)
    text = (resources.files("review_app.screening") / "exclusion_reasons.toml").read_text(encoding="utf-8")
    rows = {row["id"]: row for row in tomllib.loads(text)["reason"]}
    assert all(each.means.endswith(".") and rows[each.id]["source"] for each in reasons)
    assert {stage for row in rows.values() for stage in row["stages"]} == set(STAGES)


def test_the_population_is_tried_first_and_only_a_full_text_can_be_missing() -> None:
    assert shipped_reasons()["title_abstract"][0].id == "population"
    assert "not_retrieved" not in {each.id for each in shipped_reasons()["title_abstract"]}
    assert "not_retrieved" in {each.id for each in shipped_reasons()["full_text"]}


def test_only_full_text_requires_a_reason() -> None:
    assert [is_reason_required(stage) for stage in STAGES] == [False, True]


def test_each_list_of_words_names_its_source_and_no_word_is_in_two() -> None:
    text = (resources.files("review_app.screening") / "highlights.toml").read_text(encoding="utf-8")
    assert all(row["source"] and row["terms"] and row["kind"] in KINDS for row in tomllib.loads(text)["words"])
    words = [word for kind in KINDS for word in getattr(default_terms(), kind)]
    assert len(words) == len(set(words)) > 20


def test_words_are_lit_whole_and_in_any_case() -> None:
    assert found("Randomised: RAT, not rate; ketamine.") == [
        ("Randomised", "include"),
        ("RAT", "exclude"),
        ("ketamine", "pico"),
    ]


def test_of_two_terms_that_begin_alike_the_longer_is_lit() -> None:
    assert found("one ketamine infusion") == [("ketamine infusion", "pico")]


def test_a_phrase_is_found_over_a_line_break() -> None:
    assert found("a double\n blind trial") == [("double\n blind", "include")]


def test_signs_in_a_term_are_signs() -> None:
    assert found("PHQ-9 and PHQ+9", Terms(pico=("PHQ-9",))) == [("PHQ-9", "pico")]
    assert found("anything", Terms(include=("*", " "))) == []


def test_terms_are_kept_once_and_trimmed() -> None:
    assert in_order([" placebo ", "placebo", "", "*", "double  blind"]) == ("placebo", "double blind")
