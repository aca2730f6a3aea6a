import pytest
from factcheck.factcheck_copy import check, claim, only

from review_app.factcheck.model import Verdict
from review_app.factcheck.verdicts import missing_qualifiers


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("In some patients depression may ease within hours of ketamine.", "supported"),
        ("Ketamine infusions ease depression within hours, guaranteed.", "overstated"),
        ("Ketamine always eases depression within hours in all patients.", "overstated"),
    ],
)
def test_what_a_sentence_adds_to_a_wording_counts_against_it(text: str, verdict: Verdict) -> None:
    found = only(check(text, claim()))
    assert found.match is not None
    assert found.verdict == verdict


def test_a_blunt_sentence_near_a_cautious_wording_needs_qualification() -> None:
    found = only(check("Depression is eased within hours by infusions of ketamine at our centres.", claim()))
    assert found.verdict in {"needs_qualification", None}


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Ketamine, also called esketamine, eases the symptoms of depression.", "contradicted"),
        ("Ketamine is proven to relieve depression permanently.", "overstated"),
        ("Over 80% of patients respond to ketamine.", "overstated"),
        ("Ketamine promotes new connections between neurons.", "needs_qualification"),
        ("Ketamine relieves fibromyalgia.", "needs_qualification"),
    ],
)
def test_without_a_claim_the_written_rules_suggest(text: str, verdict: Verdict) -> None:
    found = only(check(text))
    assert (found.verdict, found.basis) == (verdict, "suggested")
    assert found.rules


def test_qualifiers_are_said_by_whole_words_only() -> None:
    one = claim()
    assert missing_qualifiers(one, "It works.") == one.qualifiers
    assert missing_qualifiers(one, "It works in some patients.") == ()
    assert missing_qualifiers(one, "It works in handsome patients.") == one.qualifiers
