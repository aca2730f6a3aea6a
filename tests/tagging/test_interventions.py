import pytest

from review_app.tagging.interventions import suggest_interventions
from review_app.tagging.model import StudyText
from review_app.tagging.passages import read


def given(title: str, abstract: str = "", design: str = "rct") -> set[tuple[str, str]]:
    study = StudyText(title, (("METHODS", abstract),))
    return {(i.molecule, i.route) for i in suggest_interventions(study, read(study), design)}


@pytest.mark.parametrize(
    ("title", "pair"),
    [
        ("Intravenous ketamine for depression", ("ketamine", "iv")),
        ("Esketamine nasal spray for depression", ("esketamine", "intranasal")),
        ("S-ketamine infusions for depression", ("esketamine", "iv")),
        ("Oral ketamine for depression", ("ketamine", "oral")),
        ("Sublingual ketamine lozenges for depression", ("ketamine", "sublingual")),
        ("Subcutaneous ketamine for depression", ("ketamine", "sc")),
        ("Intramuscular ketamine for depression", ("ketamine", "im")),
        ("Arketamine infusion for depression", ("arketamine", "iv")),
        ("Intraperitoneal ketamine in stressed rats", ("ketamine", "other")),
        ("Ketamine for depression", ("ketamine", "not_stated")),
    ],
)
def test_molecule_and_route_are_read_together(title: str, pair: tuple[str, str]) -> None:
    assert given(title) == {pair}


def test_an_infusion_without_a_route_is_intravenous() -> None:
    assert given("Ketamine for depression", "Patients received one ketamine infusion.") == {("ketamine", "iv")}


def test_anaesthesia_with_ketamine_states_no_route() -> None:
    assert given("Ketamine anesthesia for ECT", "Ketamine 1 mg/kg was the anesthetic.") == {("ketamine", "not_stated")}


def test_each_route_goes_to_the_nearest_molecule() -> None:
    found = given("Intravenous ketamine and intranasal esketamine compared")
    assert found == {("ketamine", "iv"), ("esketamine", "intranasal")}


def test_the_manual_of_diagnoses_is_not_an_intravenous_route() -> None:
    assert given("Ketamine for depression", "Diagnoses followed DSM-IV-TR criteria.") == {("ketamine", "not_stated")}


def test_another_drug_in_the_title_is_the_intervention() -> None:
    found = given("Psilocybin for depression", "Psilocybin was compared with ketamine infusions.")
    assert found == {("other", "not_stated")}


def test_a_pretreatment_is_another_drug_beside_ketamine() -> None:
    found = given("Ketamine and blood flow", "Pretreatment with lamotrigine came before intravenous ketamine.")
    assert found == {("ketamine", "iv"), ("other", "not_stated")}


def test_a_record_without_a_molecule_has_no_intervention() -> None:
    assert given("Exercise for depression", "Patients ran.") == set()
