from dataclasses import replace

import pytest
from factcheck.factcheck_copy import Ranking, check, claim, only, study

from review_app.factcheck.model import CheckedSentence, Verdict, Wording
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
        ("Ketamine is safe and effective in pregnancy.", "insufficient_evidence"),
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


def near(wording: Wording, text: str, topics: tuple[str, ...] = ("onset", "efficacy")) -> CheckedSentence:
    """The check of a sentence against one claim on these topics with this single wording."""
    one = replace(claim(), statement="Nothing like it at all.", wordings=(wording,), overstatements=(), qualifiers=())
    one = replace(one, topics=topics)
    return only(check(text, one))


@pytest.mark.parametrize(
    ("wording", "text", "rule", "verdict"),
    [
        (
            "In a trial 64% responded to a ketamine infusion within hours.",
            "In a trial 85% responded to a ketamine infusion within hours.",
            "higher-figure-than-the-claim",
            "overstated",
        ),
        (
            "In a trial 64% responded to a ketamine infusion within hours.",
            "In a trial 41% responded to a ketamine infusion within hours.",
            "figure-not-in-the-claim",
            "needs_qualification",
        ),
        (
            "Some patients may respond to a ketamine infusion within hours.",
            "Most patients often respond to a ketamine infusion within a few hours of the first session.",
            "many-where-the-claim-says-some",
            "needs_qualification",
        ),
        (
            "Ketamine infusions are given in a controlled setting by professionals.",
            "Ketamine infusions are given safely in a controlled setting by professionals.",
            "safety-added",
            "needs_qualification",
        ),
        (
            "Ketamine infusions ease depression within a day.",
            "Ketamine infusions ease depression within a day, faster than every tablet.",
            "comparison-added",
            "needs_qualification",
        ),
        (
            "Ketamine acts on glutamate receptors of the brain within hours.",
            "Ketamine acts on glutamate receptors of the brain and rewires synapses within hours.",
            "preclinical-unsaid",
            "needs_qualification",
        ),
    ],
)
def test_what_the_wording_does_not_cover_is_not_supported(wording: str, text: str, rule: str, verdict: Verdict) -> None:
    found = near(Wording(wording, "supported"), text)
    assert rule in found.rules
    assert found.verdict == verdict


def test_a_sentence_without_the_strong_word_of_a_wording_that_goes_too_far_needs_qualification() -> None:
    wording = Wording("Ketamine infusions are the best way to ease depression within hours.", "overstated")
    milder = near(wording, "Ketamine infusions are one way to ease depression within hours.")
    assert milder.verdict == "needs_qualification"
    assert "milder-than-a-wording-that-goes-too-far" in milder.rules
    as_strong = near(wording, "Ketamine infusions are surely the best way to ease low mood within hours.")
    assert as_strong.verdict == "overstated"


def test_most_antidepressants_are_not_most_patients() -> None:
    wording = Wording("Ketamine brings relief within hours.", "needs_qualification")
    text = "Most antidepressants take weeks, whereas ketamine can bring relief within hours on average."
    blunt = replace(claim(), wordings=(wording,), overstatements=())
    assert only(check(text, blunt)).verdict == "supported"


def test_a_finding_said_to_be_from_animals_needs_no_further_qualification() -> None:
    wording = Wording("Ketamine promotes new synapses between neurons.", "needs_qualification")
    blunt = near(wording, "Ketamine promotes many new synapses between neurons.")
    assert blunt.verdict == "needs_qualification"
    said = near(
        wording,
        "Studies in mice suggest that ketamine promotes new synapses between neurons.",
        ("mechanism_plasticity",),
    )
    assert said.verdict == "supported"
    assert "said-to-be-preclinical" in said.rules


def test_another_treatment_is_never_supported_by_this_library() -> None:
    found = only(
        check("Psilocybin may ease depression in some people.", studies=[study()], ranking=Ranking("supports"))
    )
    assert found.verdict == "insufficient_evidence"
    assert found.rules == ("another-treatment",)


def test_a_claim_that_is_not_on_the_main_point_of_a_sentence_only_suggests() -> None:
    wording = Wording("Ketamine acts on the glutamate system of the brain.", "needs_qualification")
    found = near(wording, "Ketamine acts on the glutamate system of the brain within minutes of a dose.", ("safety",))
    assert found.match is not None
    assert found.topics[0] != "safety"
    assert found.basis == "suggested"
    assert "beside-the-main-point" in found.rules


def test_what_is_said_of_depression_is_not_judged_by_a_claim_on_ketamine() -> None:
    wording = Wording("Ketamine comes in various forms.", "needs_qualification")
    assert near(wording, "Ketamine comes in various forms.", ("administration",)).match is not None
    told = check(
        "Depression comes in various forms. Ketamine is given for depression.", replace(claim(), wordings=(wording,))
    )
    assert told.sentences[0].match is None
