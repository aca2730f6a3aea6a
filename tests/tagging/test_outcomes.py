import pytest

from review_app.tagging.model import Outcome, StudyText
from review_app.tagging.outcomes import suggest_outcomes
from review_app.tagging.passages import read

METHODS = "The primary outcome was the MADRS score. Secondary outcomes were suicidality (SSI) and anxiety (HAM-A)."


def told(
    results: str, design: str | None = "rct", methods: str = "", compared: bool = True, title: str = "Ketamine"
) -> dict[str, Outcome]:
    study = StudyText(title, (("METHODS", methods), ("RESULTS", results)))
    return {o.domain: o for o in suggest_outcomes(read(study), design, compared)}


def test_only_outcomes_with_a_result_are_suggested() -> None:
    assert set(told("Depressive symptoms fell more with ketamine.", methods=METHODS)) == {"depression_severity"}


def test_an_instrument_named_in_the_methods_rates_the_result() -> None:
    found = told("Depressive symptoms fell more with ketamine.", methods=METHODS)
    assert found["depression_severity"].instrument == "MADRS"


def test_response_names_the_scale_when_severity_itself_is_not_told() -> None:
    assert told("The response rate was 64% and 28%.", methods=METHODS)["response"].instrument == "MADRS"


def test_an_item_of_a_list_of_adverse_events_is_no_outcome_of_its_own() -> None:
    found = told("The most common adverse events were nausea, dissociation and anxiety.")
    assert set(found) == {"adverse_events"}


def test_a_protocol_reports_no_result() -> None:
    assert told("Depressive symptoms will fall by week 4, we expect.", "protocol") == {}


@pytest.mark.parametrize(
    ("results", "direction"),
    [
        ("Depressive symptoms improved more with ketamine than with midazolam.", "favours_intervention"),
        ("Depressive symptoms did not differ between the groups.", "no_difference"),
        ("Depressive symptoms were worse with ketamine than with placebo.", "favours_comparator"),
        ("Effects on depressive symptoms were inconsistent.", "mixed"),
    ],
)
def test_a_trial_says_which_arm_did_better(results: str, direction: str) -> None:
    assert told(results)["depression_severity"].direction == direction


def test_before_and_after_in_one_arm_is_not_comparative() -> None:
    found = told("Depressive symptoms fell by half.", "open_label_single_arm", compared=False)
    assert found["depression_severity"].direction == "not_comparative"


def test_predictors_are_associations() -> None:
    found = told("Body weight predicted lower depressive symptoms.", "open_label_single_arm", compared=False)
    assert found["depression_severity"].direction == "association"
    titled = told(
        "Depressive symptoms fell more with ketamine than placebo.", "post_hoc_analysis", title="Predictors of mood"
    )
    assert titled["depression_severity"].direction == "association"


def test_biomarkers_are_associations_unless_nothing_changed() -> None:
    assert told("Plasma levels of cortisol fell.")["biomarker"].direction == "association"
    assert told("There were no significant changes in BDNF levels.")["biomarker"].direction == "no_difference"


@pytest.mark.parametrize("design", ["rct", "open_label_single_arm"])
def test_an_increase_of_an_adverse_effect_is_harm_in_any_design(design: str) -> None:
    assert told("Dissociative symptoms increased after ketamine.", design)["dissociation"].direction == "harm"


def test_adverse_events_that_are_only_described_are_not_comparative() -> None:
    assert told("Ketamine was well tolerated.", "cohort_retrospective")["adverse_events"].direction == "not_comparative"


def test_adverse_events_that_were_denied_to_rise_are_no_harm() -> None:
    assert (
        told("There was no increase in blood pressure.", "case_series")["blood_pressure"].direction == "not_comparative"
    )
