"""Copy as editors meet it, in words that no wording of the library has; all sentences are invented."""

from dataclasses import replace

import pytest
from factcheck.factcheck_copy import TOPIC, check, claim, shipped

from review_app.factcheck import denial
from review_app.factcheck.model import CheckedSentence, Verdict, Wording
from review_app.factcheck.reading import readings
from review_app.factcheck.topic_data import load

PAGE = "Ketamine for depression\n\nKetamine and Spravato are discussed here. Ketamine is an anaesthetic.\n\n"


def on_page(text: str) -> CheckedSentence:
    """The last sentence of a page on ketamine and esketamine, by the claims that ship."""
    return check(PAGE + text, *shipped()).sentences[-1]


def test_what_may_not_be_so_turns_nothing_round_and_what_one_may_not_do_does() -> None:
    assert not denial.turned("insurance may not cover ketamine.", "insurance covers ketamine.")
    assert not denial.turned("insurance may not cover ketamine.", "insurance does not cover ketamine.")
    assert denial.turned("patients may not drive home.", "patients drive home.")
    assert on_page("Doctors may not prescribe ketamine for depression.").verdict != "supported"
    assert on_page("Some plans pay for Spravato, others may not.").verdict == "supported"


def test_a_leading_cause_is_not_the_leading_cause() -> None:
    assert on_page("Depression is a leading cause of disability worldwide.").verdict == "supported"
    assert on_page("Depression is one of the leading causes of disability in the world.").verdict == "supported"
    assert on_page("Depression is the leading cause of disability in the world.").verdict == "needs_qualification"
    assert on_page("Depression is the single biggest cause of disability worldwide.").verdict == "needs_qualification"


@pytest.mark.parametrize(
    "text",
    [
        '"We can retire the ECT machine," says the owner of one clinic.',
        "Ketamine makes antidepressants obsolete.",
        "With ketamine you can throw away your pills.",
        "Ketamine is replacing ECT for good.",
        "With Spravato there is no more need for psychotherapy.",
    ],
)
def test_to_do_away_with_another_treatment_goes_too_far(text: str) -> None:
    assert on_page(text).verdict == "overstated"


def test_what_does_not_replace_another_treatment_promises_nothing() -> None:
    assert "absolute" not in {flag.flag for flag in on_page("Ketamine does not replace antidepressants.").flags}


@pytest.mark.parametrize(
    "text",
    [
        "With ketamine the risk of relapse may be lower than with antidepressants.",
        "Ketamine might keep people well for longer than other medicines.",
        "Lozenges could be gentler on the body than other medicines, and less tiring than antidepressants.",
    ],
)
def test_a_hedge_does_not_make_a_comparison_that_nobody_tested_supported(text: str) -> None:
    assert on_page(text).verdict not in {"supported", "needs_qualification"}


def test_a_comparison_with_placebo_is_a_result_and_no_advertisement() -> None:
    found = on_page("In veterans with PTSD ketamine was no better than placebo on the main outcome of a large trial.")
    assert "comparison-added" not in found.rules


def test_one_patients_price_is_no_claim_on_coverage() -> None:
    assert not on_page("She pays $525 a visit.").checkable
    assert not on_page("Each session is $480.").checkable
    assert on_page("Ketamine infusions usually cost $400 to $800 each.").verdict == "supported"


def test_coverage_with_its_condition_needs_no_other_qualifier() -> None:
    assert on_page("Many health plans pay for Spravato once two other drugs have failed.").verdict == "supported"
    assert on_page("Spravato is covered by every insurance plan.").verdict in {"overstated", "contradicted"}


@pytest.mark.parametrize(
    "text",
    [
        "Ketamine erases depression.",
        "Ketamine puts an end to depression.",
        "No patient has ever become hooked on our ketamine programme.",
        "With ketamine your depression will not come back.",
        "Six ketamine infusions and you're set for years.",
    ],
)
def test_an_end_to_the_illness_is_promised_in_many_words(text: str) -> None:
    assert on_page(text).verdict == "overstated"


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("In adults with treatment-resistant depression 64% responded to ketamine.", "trd_efficacy"),
        ("If two drugs have not helped, doctors call it treatment-resistant depression.", "conventional_nonresponse"),
        ("Spravato is approved for adults with treatment-resistant depression.", "regulatory"),
        ("Taken at home with a telehealth doctor, ketamine is highly safe.", "safety"),
        ("People who misuse ketamine for years can end up with a scarred bladder.", "adverse_effects"),
        ("Most people slid back into depression within weeks of the last infusion.", "relapse"),
        ("Trials of ketamine tablets that release slowly are in progress.", "prospects"),
        ("About one adult in five will live through a bout of major depression.", "disease_burden"),
    ],
)
def test_of_two_topics_the_more_central_comes_first(text: str, topic: str) -> None:
    assert on_page(text).topics[0] == topic


@pytest.mark.parametrize(
    "text",
    [
        "Nothing else in medicine comes close.",
        "With the odd booster you can expect to stay well for years.",
        "Lozenges work every bit as well as a drip.",
    ],
)
def test_a_promise_without_the_drugs_name_is_checked(text: str) -> None:
    assert on_page(text).checkable


def test_what_is_only_said_to_be_studied_claims_no_effect() -> None:
    found = on_page("Ketamine has been studied for treatment-resistant depression at several universities.")
    assert "said-only-to-be-studied" in found.rules


@pytest.mark.parametrize(
    "text",
    [
        "Blood pressure usually goes up for an hour or two after ketamine.",
        "Whether talking therapy adds anything to ketamine has barely been tested.",
        "For OCD there is little more than one small crossover trial of ketamine.",
    ],
)
def test_a_harm_said_to_be_usual_and_a_limit_in_plain_words_need_no_hedge(text: str) -> None:
    assert on_page(text).verdict == "supported"


def test_it_speaks_of_the_drug_last_named_over_a_sentence_between() -> None:
    page = "Spravato was approved in 2019 for resistant depression. Critics called the trials short. "
    assert check(page + "Since January 2025 it may also be given alone, with no pill alongside.", *shipped()).sentences[
        -1
    ].verdict == ("supported")
    page = "Spravato is a spray. Ketamine is an infusion. "
    found = check(page + "It is approved for depression by the FDA.", *shipped()).sentences[-1]
    assert found.verdict == "contradicted"


def test_it_does_not_point_over_a_heading() -> None:
    page = "Spravato is a spray. Critics called the trials short.\n\n# Infusions\n\nIt runs into a vein."
    assert "carried.esketamine" not in readings(check(page).document, load(TOPIC))[-1].signals


def test_the_name_of_the_other_drug_alone_is_no_word_for_word_likeness() -> None:
    one = replace(claim(), wordings=(Wording("Esketamine eases depression within hours.", "supported"),))
    match = check("Ketamine eases depression within hours.", one).sentences[0].match
    assert match is None or match.score < 1


@pytest.mark.parametrize(
    "text",
    [
        "In one published study most people who took ketamine at home said that their anxiety had eased.",
        "Anyone who is pregnant or has had a psychotic episode is not a candidate for ketamine.",
    ],
)
def test_what_is_reported_or_ruled_out_promotes_no_unapproved_use(text: str) -> None:
    assert "off_label" not in {flag.flag for flag in on_page(text).flags}


def test_an_unapproved_use_that_is_offered_is_flagged() -> None:
    assert "off_label" in {flag.flag for flag in on_page("Ketamine relieves PTSD and panic disorder.").flags}


def test_side_effects_said_to_be_rare_balance_no_benefit() -> None:
    text = "Ketamine inevitably lifts depression. Side effects are rare."
    assert "risk_omission" in {flag.flag for flag in check(text, *shipped()).sentences[0].flags}


def test_a_hedge_is_credited_where_only_the_blunt_wording_is_known() -> None:
    blunt = replace(claim(), wordings=(Wording("Ketamine lowers suicidal ideation.", "needs_qualification"),))
    blunt = replace(blunt, statement="Nothing like it at all.", overstatements=(), topics=("suicidality",))
    assert check("Ketamine may also lower suicidal ideation.", blunt).sentences[0].verdict == "supported"
    assert check("Ketamine surely lowers suicidal ideation.", blunt).sentences[0].verdict == "needs_qualification"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Ketamine works by topping up the brain's serotonin.", "contradicted"),
        ("Esketamine and ketamine are simply two names for the same thing.", "contradicted"),
        ("NICE did not recommend esketamine for the NHS in England.", "supported"),
        ("Swallowed ketamine is mostly broken down in the liver before it gets into the blood.", "supported"),
        ("In early studies most people slid back into depression within weeks of their last infusion.", "supported"),
    ],
)
def test_facts_of_the_field_are_known_in_plain_words(text: str, verdict: Verdict) -> None:
    assert on_page(text).verdict == verdict


def test_what_points_back_to_another_treatment_carries_no_product() -> None:
    page = "Spravato works within days. SSRIs are the usual first step. They take weeks."
    assert "carried.esketamine" not in readings(check(page).document, load(TOPIC))[-1].signals


def test_a_time_is_the_same_in_other_units_and_another_one_is_not() -> None:
    same = on_page("After one infusion the benefit usually fades within 7 to 14 days.")
    other = on_page("After one infusion the benefit usually fades within six months.")
    assert "another-time-than-the-claim" not in same.rules
    assert other.rules[-1] == "another-time-than-the-claim"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("Ketamine is not an opioid.", "supported"),
        ("Spravato is not approved for anxiety.", "supported"),
        ("Spravato can't be mailed to your home.", "supported"),
        ("Spravato is not approved only together with an oral antidepressant.", "insufficient_evidence"),
    ],
)
def test_that_something_wrong_is_not_so_holds_where_nothing_else_is_said(text: str, verdict: Verdict) -> None:
    assert on_page(text).verdict == verdict


@pytest.mark.parametrize(
    "text",
    [
        "The spray may be used without an SSRI in Britain.",
        "In Britain adults with resistant depression may take Spravato alone or with a tablet.",
        "In Canada Spravato is approved as monotherapy for treatment-resistant depression in adults.",
        "In the US the spray is licensed only alongside an SSRI or SNRI.",
    ],
)
def test_what_is_approved_in_one_country_says_nothing_about_another(text: str) -> None:
    assert on_page(text).verdict != "supported"


def test_britain_is_the_united_kingdom() -> None:
    found = on_page("In the United Kingdom ketamine is a controlled drug.")
    assert found.match is not None
    assert found.match.matched_text == "In Britain ketamine is a controlled drug."


def test_coverage_for_the_asking_is_no_condition() -> None:
    assert on_page("Insurance covers ketamine infusions if you ask.").verdict != "supported"
