import pytest
from factcheck.factcheck_copy import check, claim, only
from hypothesis import given
from hypothesis import strategies as st

from review_app.factcheck import topic_data
from review_app.factcheck.folding import fold
from review_app.factcheck.matching import ClaimIndex
from review_app.factcheck.model import Claim, ClaimMatch, Wording

DATA = topic_data.load("ketamine-depression")


def library(*texts: str) -> ClaimIndex:
    claims = [
        Claim(f"claim-{number}", text, ("efficacy",), (), (), (Wording(text, "overstated"),), "q", "low")
        for number, text in enumerate(texts)
    ]
    return ClaimIndex(claims, DATA)


def match(index: ClaimIndex, text: str) -> ClaimMatch | None:
    folded = fold(text).text
    return index.match(folded, index.likest(folded, {"efficacy": 3.0}))


FEW = library(
    "Ketamine lowers suicidal thoughts within a day.",
    "Lozenges have a low bioavailability.",
    "Ketamine is not addictive.",
    "Six infusions in two weeks help 70% of patients.",
    "Insurance rarely covers infusions.",
    "Dizziness and nausea are common.",
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ketamine lowers suicidal thoughts within a day.", "exact"),
        ("KETAMINE lowers suicidal thoughts, within a day!", "exact"),
        ("Within a day ketamine reduces suicidal ideation.", "variant"),
        ("Suicidal thinking is eased by infusions of ketamine.", "near"),
    ],
)
def test_likeness_has_three_degrees(text: str, kind: str) -> None:
    found = match(FEW, text)
    assert found is not None
    assert (found.claim.id, found.match) == ("claim-0", kind)


@pytest.mark.parametrize("text", ["Ketamine.", "Ketamine was synthesised in 1962.", "Esketamine and ketamine."])
def test_the_name_of_the_drug_alone_matches_nothing(text: str) -> None:
    assert match(FEW, text) is None


def test_a_negation_on_one_side_only_is_no_variant() -> None:
    found = match(FEW, "Ketamine is addictive.")
    assert found is None or found.match == "near"


def test_another_figure_is_no_variant() -> None:
    found = match(FEW, "Six infusions in two weeks help 90% of patients.")
    assert found is not None
    assert found.match == "near"


def test_more_and_less_of_the_same_thing_are_not_alike() -> None:
    less = match(FEW, "Ketamine reduces suicidal thoughts within a day.")
    more = match(FEW, "Ketamine increases suicidal thoughts within a day.")
    assert less is not None
    assert less.match == "variant"
    assert more is None or more.match == "near"


def test_differing_words_are_those_that_the_wording_lacks() -> None:
    found = match(FEW, "Dizziness, nausea and vomiting are common.")
    assert found is not None
    assert found.differing == ("vomiting",)


def test_a_sentence_on_another_treatment_matches_no_claim() -> None:
    assert only(check("Psilocybin may ease depression within hours in some patients.", claim())).match is None


def test_what_something_is_contrasted_with_is_not_said_of_it() -> None:
    index = library("Ketamine acts on glutamate rather than on serotonin.", "Dizziness is common.", "Costs vary.")
    same = match(index, "Ketamine acts on glutamate.")
    other = match(index, "Ketamine acts on serotonin.")
    assert same is not None
    assert other is None or other.score < same.score


def test_a_claim_on_adults_is_less_like_one_on_children() -> None:
    index = library("Ketamine lowers suicidal thoughts.", "Dizziness is common.", "Costs vary.")
    adults = match(index, "Ketamine lowers suicidal thoughts.")
    children = match(index, "Ketamine lowers suicidal thoughts in children.")
    assert adults is not None
    assert children is None or children.match == "near"


def test_an_empty_library_matches_nothing() -> None:
    assert match(library(), "Ketamine eases depression.") is None


@given(st.text(max_size=150))
def test_scores_stay_between_nought_and_one(text: str) -> None:
    found = match(FEW, text)
    assert found is None or 0 <= found.score <= 1
