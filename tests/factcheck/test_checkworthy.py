"""Which sentences are checked, and which are left alone. All sentences are invented."""

import pytest
from factcheck.factcheck_copy import check, shipped

ABOUT = "Ketamine is used in clinics. Ketamine came late to psychiatry."


def checkable(text: str) -> bool:
    return check(f"{ABOUT}\n\n{text}", *shipped()).sentences[-1].checkable


@pytest.mark.parametrize(
    "text",
    [
        "About one in twelve feels queasy during the drip.",
        "Nobody who takes the lozenges gets hooked.",
        "In rats, the drug made worn-out neurons sprout new branches.",
        "Our tablets cannot be misused.",
        "By one US estimate, every third adult with depression meets that definition.",
        "The monthly drip has no bearing on the bladder.",
        "In that trial, 31% of those given saline felt better after a week.",
        "It is not suitable if you have schizophrenia.",
        "Do not use it if you have ever had an aneurysm.",
        "Talk therapy makes the gains last.",
    ],
)
def test_what_evidence_could_bear_out_is_checked_though_it_names_no_drug(text: str) -> None:
    assert checkable(text)


@pytest.mark.parametrize(
    "text",
    [
        "We know how hard this has been.",
        "Book your first drip today.",
        "He brings his dog along every time.",
        "I was back in the garden by the weekend.",
        "You do not need a referral for the drip.",
        "Do you pay for the drip?",
        "What people say about the drip:",
        "Drips in the old town",
        "How the drip is thought to work",
        "Who can have the drip",
        "Our nurses have trained for years.",
    ],
)
def test_calls_stories_and_furniture_stay_unchecked(text: str) -> None:
    assert not checkable(text)


def test_a_drip_is_not_a_doctor_and_the_united_states_are_not_the_practice() -> None:
    assert checkable("In one US survey the drip has a mild taste.")
    assert not checkable("Dr. Marlow has a mild manner.")


def test_the_reasons_are_those_of_the_side_that_won() -> None:
    left_alone = check(f"{ABOUT}\n\nOur nurses have trained for years.").sentences[-1]
    assert left_alone.checkability_reasons == ("about the practice or the page",)
    assert "about the practice or the page" not in check(ABOUT).sentences[0].checkability_reasons
    assert "names the drug" in check(ABOUT).sentences[0].checkability_reasons
