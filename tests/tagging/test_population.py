import pytest

from review_app.tagging.model import StudyText
from review_app.tagging.passages import read
from review_app.tagging.population import suggest_population


def population(title: str, abstract: str = "", design: str | None = "rct", **more: tuple[str, ...]) -> set[str]:
    study = StudyText(title, (("METHODS", abstract),), **more)
    return set(suggest_population(study, read(study), design))


@pytest.mark.parametrize(
    ("title", "terms"),
    [
        ("Ketamine in treatment-resistant depression", {"trd"}),
        ("Ketamine in major depressive disorder", {"mdd"}),
        ("Ketamine for patients with major depression and active suicidal ideation", {"mdd_acute_suicidality"}),
        ("Ketamine in bipolar depression", {"bipolar_depression"}),
        ("Esketamine and postpartum depression after cesarean section", {"postpartum", "perioperative"}),
        ("Ketamine in adolescents with treatment-resistant depression", {"adolescent", "trd"}),
        ("Ketamine in late-life treatment-resistant depression", {"geriatric", "trd"}),
        ("Ketamine and connectivity in healthy volunteers", {"healthy"}),
        ("Ketamine for obsessive-compulsive disorder", {"other_psychiatric"}),
        ("Ketamine in patients with breast cancer in palliative care", {"medical"}),
        ("Ketamine and despair in mice", {"animals"}),
    ],
)
def test_the_title_names_the_population(title: str, terms: set[str]) -> None:
    assert population(title) == terms


def test_resistant_depression_takes_the_place_of_major_depression() -> None:
    assert population("Ketamine in major depression", "Patients had failed two antidepressants (TRD).") == {"trd"}


def test_antidepressant_resistant_ptsd_is_not_resistant_depression() -> None:
    assert population("Ketamine for antidepressant-resistant PTSD") == {"other_psychiatric"}


def test_those_who_were_left_out_were_not_studied() -> None:
    found = population("Ketamine in major depression", "Adolescents and people with schizophrenia were excluded.")
    assert found == {"mdd"}


def test_the_diagnostic_manual_is_not_a_population() -> None:
    abstract = "Diagnoses followed the Statistical Manual of Mental Disorders."
    assert population("Ketamine in major depression", abstract) == {"mdd"}


def test_healthy_controls_stand_beside_the_patients() -> None:
    abstract = "Patients with major depressive disorder and healthy controls were scanned."
    assert population("Ketamine and the insula", abstract) == {"mdd", "healthy"}


def test_what_only_the_background_names_was_not_studied() -> None:
    study = StudyText("Ketamine in mania", (("BACKGROUND", "Ketamine helps in treatment-resistant depression."),))
    assert "trd" not in suggest_population(study, read(study), "rct")


def test_a_mesh_heading_counts_and_is_shown() -> None:
    study = StudyText("Ketamine for a low mood", (), mesh=("Humans", "Depressive Disorder, Treatment-Resistant"))
    (basis,) = suggest_population(study, read(study), None)["trd"]
    assert (basis.source, basis.words) == ("mesh", "Depressive Disorder, Treatment-Resistant")


def test_nobody_named_gives_nothing() -> None:
    assert population("Ketamine and water") == set()
