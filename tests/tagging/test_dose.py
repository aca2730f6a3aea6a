"""Doses and registrations, read from what a record says."""

import pytest

from review_app.tagging.model import Basis, StudyText
from review_app.tagging.suggest import suggest


def study(methods: str, title: str = "Intravenous ketamine for depression: a randomised trial") -> StudyText:
    return StudyText(title, (("METHODS", methods),))


@pytest.mark.parametrize(
    ("methods", "dose"),
    [
        ("Adults received one infusion of ketamine (0.5 mg/kg) over 40 minutes.", "0.5 mg/kg"),
        ("Adults received ketamine 0.5mg/kg or midazolam 0.045 mg/kg.", "0.5mg/kg"),
        ("Adults received ketamine at 0.1, 0.2 or 0.5 mg/kg.", "0.1, 0.2 or 0.5 mg/kg"),
        ("Ketamine 0.5 mg/kg was given twice; later, ketamine 1 mg/kg.", "0.5 mg/kg; 1 mg/kg"),
        ("Adults received ketamine after sertraline 50 mg.", None),
        ("Adults received ketamine. Glucose was 90 mg/dL.", None),
        ("All had taken lithium at 900 mg before.", None),
    ],
)
def test_a_dose_belongs_to_the_drug_it_stands_nearest_to(methods: str, dose: str | None) -> None:
    assert suggest(study(methods)).dose == dose


def test_a_dose_stands_with_the_words_of_its_intervention() -> None:
    tags = suggest(study("Adults received one infusion of ketamine (0.5 mg/kg)."))
    assert "0.5 mg/kg" in [basis.words for basis in tags.basis["interventions:ketamine/iv"]]


def test_where_several_drugs_or_studies_are_compared_no_dose_is_guessed() -> None:
    both = "Adults received intravenous ketamine 0.5 mg/kg or intranasal esketamine 84 mg."
    assert suggest(study(both, "Ketamine or esketamine nasal spray")).dose is None
    assert suggest(study("Trials of ketamine 0.5 mg/kg were pooled.", "Ketamine: a meta-analysis")).dose is None


@pytest.mark.parametrize(
    "number",
    ["NCT90000001", "ISRCTN90000002", "ChiCTR2000090000", "2019-900000-12", "UMIN000090000", "CRD42020900001"],
)
def test_a_registration_is_read_where_the_abstract_names_it(number: str) -> None:
    tags = suggest(study(f"Adults received ketamine. Trial registration: {number}."))
    assert tags.registration == number
    (basis,) = tags.basis["registration"]
    assert (basis.source, basis.words) == ("abstract", number)


def test_the_records_own_registration_comes_first_and_once() -> None:
    text = StudyText("Ketamine", ((None, "See NCT90000001 and NCT90000003."),), registry_ids=("NCT90000001",))
    tags = suggest(text)
    assert tags.registration == "NCT90000001, NCT90000003"
    assert tags.basis["registration"][0] == Basis("registry_id", "NCT90000001")


def test_without_one_nothing_is_suggested() -> None:
    tags = suggest(study("Adults received ketamine for 2019 days."))
    assert tags.registration is None
    assert "registration" not in tags.basis
