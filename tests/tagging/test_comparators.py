import pytest

from review_app.tagging.comparators import suggest_comparators
from review_app.tagging.model import StudyText
from review_app.tagging.passages import read


def compared(methods: str, design: str | None = "rct", title: str = "Ketamine for depression") -> set[str]:
    return set(suggest_comparators(read(StudyText(title, (("METHODS", methods),))), design))


@pytest.mark.parametrize(
    ("methods", "terms"),
    [
        ("Patients were randomized to ketamine or saline placebo.", {"placebo"}),
        ("Patients were randomized to ketamine or midazolam.", {"active_placebo"}),
        ("This placebo-controlled trial used midazolam as an active placebo.", {"active_placebo"}),
        ("Patients were randomized to ketamine, normal saline or midazolam.", {"placebo", "active_placebo"}),
        ("Patients were randomized to ketamine or electroconvulsive therapy.", {"ect"}),
        ("Patients were randomized to esketamine or extended-release quetiapine.", {"active_drug"}),
        ("Patients were randomized to 0.2 or 0.5 mg/kg.", {"dose_comparison"}),
        ("Ketamine was compared with a waiting list.", {"waitlist"}),
        ("Ketamine was compared with treatment as usual.", {"usual_care"}),
        ("Ketamine with talks was compared with psychotherapy only.", {"psychotherapy"}),
        ("Patients were randomized.", {"not_stated"}),
    ],
)
def test_the_second_arm_names_the_comparator(methods: str, terms: set[str]) -> None:
    assert compared(methods) == terms


def test_active_controlled_add_on_trials_carry_both_placebo_and_active_drug() -> None:
    methods = (
        "In this active-controlled trial adults were randomized to esketamine or placebo spray, each with a new drug."
    )
    assert compared(methods) == {"placebo", "active_drug"}


def test_a_drug_that_everybody_keeps_taking_is_no_comparator() -> None:
    methods = "Patients maintained on lithium were randomized to ketamine or placebo."
    assert compared(methods) == {"placebo"}


def test_ketamine_as_the_anaesthetic_of_ect_is_not_compared_with_ect() -> None:
    methods = "Before ECT, patients were randomized to ketamine anesthesia or propofol and ECT followed."
    assert compared(methods) == {"active_drug"}


def test_care_that_everybody_received_is_no_comparator() -> None:
    methods = "Patients were randomized to ketamine or midazolam, each beside treatment as usual."
    assert compared(methods) == {"active_placebo"}


@pytest.mark.parametrize("design", ["open_label_single_arm", "case_report", "cohort_retrospective"])
def test_a_study_with_one_arm_has_none(design: str) -> None:
    assert compared("Scores were compared with those of placebo in other trials.", design) == {"none"}


def test_doses_of_single_trials_are_not_what_a_review_compares() -> None:
    assert compared("Doses of 0.2 or 0.5 mg/kg were found.", "systematic_review") == {"not_stated"}
