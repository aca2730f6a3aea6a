"""Wordings that lie one word away from one that holds: what the shipped claims make of them, without any study."""

import pytest
from factcheck.factcheck_copy import check, shipped

from review_app.factcheck.model import CheckedSentence

ATTENTION = {"contradicted", "overstated", "insufficient_evidence"}


def checked(text: str) -> CheckedSentence:
    (found,) = check(text, *shipped()).sentences
    return found


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (
            "Spravato is a nasal spray of esketamine.",
            "Ketamine nasal spray is Spravato.",
        ),
        ("Ketamine is not FDA-approved for depression.", "Ketamine is not FDA-approved for anaesthesia."),
        ("Ketamine is not approved for anxiety or PTSD.", "Ketamine is approved for anxiety or PTSD."),
        ("Ketamine is not a treatment for ADHD.", "Ketamine is a treatment for ADHD."),
        ("Spravato is not approved for children.", "Spravato is approved for children and teenagers."),
        (
            "Spravato is contraindicated in people with an arteriovenous malformation.",
            "Spravato can be used in people with an arteriovenous malformation.",
        ),
        ("Spravato is not recommended in pregnancy.", "Spravato is recommended in pregnancy."),
        ("Do not drive until the day after Spravato.", "Drive as usual after Spravato."),
        ("Spravato has not been shown to prevent suicide.", "Spravato has been shown to prevent suicide."),
        ("Spravato does not replace hospital care.", "Spravato replaces hospital care."),
        ("Ketamine and esketamine block the NMDA receptor.", "Ketamine is an agonist of the NMDA receptor."),
        ("Spravato is a controlled substance.", "Spravato is not a controlled substance."),
        (
            "Esketamine received FDA breakthrough therapy designation.",
            "Ketamine received FDA breakthrough therapy designation.",
        ),
    ],
)
def test_what_is_one_word_away_from_what_holds_is_not_supported(right: str, wrong: str) -> None:
    assert checked(right).verdict == "supported"
    assert checked(wrong).verdict in ATTENTION


@pytest.mark.parametrize(
    "text",
    [
        "Spravato is not FDA-approved.",
        "Ketamine is a magic bullet, and not everyone improves.",
        "Spravato is not given in a REMS-certified healthcare setting.",
        "Spravato is not contraindicated in aneurysmal vascular disease and intracerebral haemorrhage.",
        "Trials of ketamine in adolescents are not few and small.",
        "At-home ketamine is FDA-approved and is not monitored on site.",
        "Ketamine is not FDA-approved for anaesthesia.",
        "Spravato is not approved for use without an oral antidepressant.",
        "Ketamine does not cause dissociation.",
        "Ketamine does not treat OCD.",
        "Ketamine does not work within hours.",
        "Ketamine is not better than ECT.",
        "Ketamine increases suicidal thoughts.",
        "Spravato does not interact with other medications.",
        "Spravato is safe in pregnancy.",
    ],
)
def test_a_denial_is_not_judged_by_what_it_denies(text: str) -> None:
    assert checked(text).verdict in ATTENTION


@pytest.mark.parametrize(
    "text",
    [
        "After the first month on Spravato most people can be let go after 30 minutes.",
        "After a session you can be back on a work call or behind the wheel an hour later.",
        "Spravato is taken once every ten weeks after the first month.",
    ],
)
def test_a_time_that_a_claim_does_not_give_is_not_supported_by_it(text: str) -> None:
    assert checked(text).verdict in ATTENTION


def test_the_opposite_of_a_claim_is_only_suggested() -> None:
    found = checked("Spravato can be used in people with aneurysmal vascular disease.")
    assert (found.verdict, found.basis) == ("contradicted", "suggested")
    assert "opposite-of-what-holds" in found.rules


def test_patients_who_have_not_responded_do_not_turn_a_claim_round() -> None:
    found = checked("For people whose depression has not responded to tablets, ketamine may ease it within hours.")
    assert not {rule for rule in found.rules if rule.startswith("opposite")}


def test_a_breakthrough_designation_is_a_matter_of_law_and_a_breakthrough_is_hype() -> None:
    designated = checked("Esketamine received FDA breakthrough therapy designation.")
    assert designated.topics[0] == "regulatory"
    assert "promotional" not in {flag.flag for flag in designated.flags}
    hyped = checked("Ketamine is a breakthrough therapy for depression.")
    assert hyped.verdict == "overstated"
    assert "promotional" in {flag.flag for flag in hyped.flags}


def test_a_use_that_is_denied_is_not_flagged_as_off_label() -> None:
    assert "off_label" not in {flag.flag for flag in checked("Ketamine is not a treatment for ADHD.").flags}
    assert "off_label" in {flag.flag for flag in checked("Ketamine is a treatment for ADHD.").flags}
