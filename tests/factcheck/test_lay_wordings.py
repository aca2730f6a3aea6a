"""Strength and denial in the plain speech of readers; all sentences are invented."""

import pytest
from factcheck.factcheck_copy import check, shipped

from review_app.factcheck.model import Claim, Verdict, Wording


def flags(text: str) -> set[str]:
    return {flag.flag for flag in check(text).sentences[0].flags}


def verdict(text: str) -> Verdict | None:
    return check(text).sentences[0].verdict


def verdict_with_claims(text: str) -> Verdict | None:
    """By the claims that ship."""
    return check(text, *shipped()).sentences[0].verdict


@pytest.mark.parametrize(
    "text",
    [
        "There is no danger of becoming dependent on ketamine.",
        "You cannot get addicted to our ketamine treatment.",
        "Ketamine treatment is harmless.",
        "Ketamine for depression is a risk-free therapy.",
        "With ketamine there is nothing to worry about.",
        "Ketamine has an unblemished safety record in depression.",
        "Nobody on ketamine therapy has ever been harmed.",
    ],
)
def test_a_risk_denied_outright_is_absolute_and_goes_too_far(text: str) -> None:
    assert "absolute" in flags(text)
    assert verdict_with_claims(text) in {"overstated", "contradicted"}


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine treatment is not without risks.",
        "There is no evidence that ketamine is free of addiction risk.",
        "Nobody knows whether ketamine for depression is addictive in the long run.",
        "No medicine is free of side effects.",
    ],
)
def test_a_denial_of_the_denial_is_not_absolute(text: str) -> None:
    assert "absolute" not in flags(text)
    assert verdict(text) != "overstated"


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine relieves depression, whatever your diagnosis.",
        "Ketamine works for everybody with depression.",
        "Ketamine infusions keep you well for life.",
        "You can count on ketamine for relief of depression.",
        "Nothing else comes close to ketamine for depression.",
        "Ketamine outperforms antidepressants.",
        "Ketamine inevitably lifts depression.",
        "After six infusions depression is gone for good with ketamine.",
    ],
)
def test_a_promise_to_all_or_for_good_or_beyond_compare_is_absolute_and_goes_too_far(text: str) -> None:
    assert "absolute" in flags(text)
    assert verdict_with_claims(text) in {"overstated", "contradicted"}


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine does not work for everyone with depression.",
        "Nobody can promise that ketamine will relieve your depression.",
        "Ketamine must be given under supervision every single time.",
        "Ketamine has never been approved for depression.",
        "The effect of ketamine on depression does not last forever.",
        "Ketamine doesn't work for everyone with depression.",
        "Ketamine isn't right for all people with depression.",
        "Not all of our patients respond to ketamine for depression.",
        "However the evidence on ketamine for depression is limited.",
        "There is no way of knowing who will respond to ketamine for depression.",
        "Ketamine is for people with depression and no history of substance abuse.",
        "The effect of ketamine on depression is not dependent on serotonin.",
        "With ketamine for depression serious side effects are rare.",
        "The most common treatment for depression is an antidepressant.",
        "You will be asked about your symptoms of depression before ketamine.",
    ],
)
def test_limits_and_duties_promise_nothing(text: str) -> None:
    assert "absolute" not in flags(text)
    assert verdict(text) != "overstated"


def test_a_first_antidepressant_and_a_best_studied_dose_are_no_superlatives() -> None:
    assert "superlative" not in flags("About a third of patients recover on their first antidepressant.")
    assert "superlative" not in flags("The best studied dose of ketamine is half a milligram per kilogram.")


def test_a_benefit_that_is_overstated_beside_no_risk_leaves_the_risk_out() -> None:
    assert "risk_omission" in flags("Ketamine inevitably lifts depression.")
    beside = "Ketamine inevitably lifts depression. Dissociation and raised blood pressure are risks."
    assert "risk_omission" not in {flag.flag for flag in check(beside).sentences[0].flags}


@pytest.mark.parametrize(
    "text",
    [
        "Our tablets are the same drug as Spravato.",
        "Spravato is just ketamine in a spray.",
        "Our lozenges are a cheaper version of esketamine.",
    ],
)
def test_calling_the_two_products_one_is_a_confusion_of_drugs(text: str) -> None:
    assert "drug_confusion" in flags(text)


def test_people_who_tell_of_themselves_are_testimonials() -> None:
    assert "testimonial" in flags("Ketamine gave me my mornings back.")
    assert "testimonial" in flags("One patient told us that ketamine had lifted her depression.")
    assert "testimonial" not in flags("Researchers told patients that ketamine may ease depression.")


def test_a_rate_that_a_study_reported_is_no_promise_of_it() -> None:
    reported = "In one study 60 percent of patients responded to ketamine for depression."
    assert verdict(reported) == "needs_qualification"
    assert verdict("60 percent of patients respond to ketamine for depression.") == "overstated"


def test_others_held_up_as_proof_and_first_persons_are_testimonials() -> None:
    assert "testimonial" in flags("Ketamine will do the same for you.")
    assert "testimonial" in flags("Depression no longer rules me since ketamine.")
    assert "testimonial" not in flags("Will ketamine help me?")


@pytest.mark.parametrize(
    "text", ["I.V. ketamine eases depression.", "Ketamine eases bipolar I depression.", "Ketamine came from raves."]
)
def test_a_route_a_diagnosis_and_a_dance_are_no_testimonials(text: str) -> None:
    assert "testimonial" not in flags(text)


def test_a_crisis_line_is_not_promotional() -> None:
    assert "promotional" in flags("Ketamine is a lifeline for people with depression.")
    assert "promotional" not in flags(
        "People with depression may call the 988 Suicide and Crisis Lifeline during ketamine treatment."
    )
    assert "promotional" not in flags("People with depression may call a suicide lifeline during ketamine treatment.")


def test_a_trial_of_esketamine_told_of_ketamine_is_a_confusion_of_drugs() -> None:
    assert "drug_confusion" in flags("In TRANSFORM-2 ketamine eased depression.")
    assert "drug_confusion" not in flags("In TRANSFORM-2 esketamine eased depression.")


def test_a_word_without_exception_is_absolute_where_the_verdict_is_that_it_goes_too_far() -> None:
    said = "Ketamine does the same for depression as sleep."
    claim = Claim(
        "sleep", "Ketamine eases depression.", ("efficacy",), (), (), (Wording(said, "overstated"),), "k", "low"
    )
    (judged,) = check(said, claim).sentences
    assert "absolute-in-what-goes-too-far" in {flag.rule for flag in judged.flags}
    (unjudged,) = check(said).sentences
    assert "absolute" not in {flag.flag for flag in unjudged.flags}
