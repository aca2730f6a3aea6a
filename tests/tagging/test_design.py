import pytest

from review_app.tagging.design import Design, suggest_design
from review_app.tagging.model import StudyText
from review_app.tagging.passages import read

TEXTS = {
    "rct": ("Ketamine or midazolam for low mood: a randomised controlled trial", "We gave it."),
    "post_hoc_analysis": ("Early change and later outcome: a post hoc analysis of two trials", "We looked again."),
    "network_meta_analysis": ("Five augmentations compared: a network meta-analysis", "We searched PubMed."),
    "meta_analysis": ("Ketamine for low mood: a systematic review and meta-analysis", "We searched PubMed."),
    "systematic_review": ("Ketamine in bipolar depression: a systematic review", "We searched PubMed."),
    "protocol": (
        "Ketamine in the emergency room: study protocol of a randomised trial",
        "Participants will receive it.",
    ),
    "pharmacovigilance": ("Bladder signals of esketamine in the FAERS database", "Reports were mined."),
    "economic_evaluation": ("Cost-effectiveness of esketamine in Utopia", "A Markov model was built."),
    "guideline": ("Ketamine in clinics: an expert consensus", "A panel met."),
    "narrative_review": ("Ketamine and sleep: a narrative review", "Much was written."),
    "case_report": ("Elated after ketamine: a case report", "We present the case of a 40-year-old woman."),
    "case_series": ("Ketamine lozenges in three cases", "Three patients took lozenges."),
    "nonclinical": ("Ketamine reverses despair in stressed mice", "Mice received ketamine."),
    "cross_sectional": ("What psychiatrists think of ketamine: a cross-sectional survey", "A form was sent out."),
    "cohort_retrospective": (
        "Ketamine in one clinic: a retrospective chart review",
        "Charts of 40 patients were read.",
    ),
    "commentary": ("Ketamine at home: a letter to the editor", "We disagree."),
    "other": ("Living with ketamine: a qualitative study", "Interviews were held."),
}


def design_of(title: str, abstract: str, *types: str, mesh: tuple[str, ...] = ()) -> Design:
    study = StudyText(title, ((None, abstract),), publication_types=types, mesh=mesh)
    return suggest_design(study, read(study))


@pytest.mark.parametrize("design", TEXTS)
def test_a_design_that_names_itself_is_read_from_the_text(design: str) -> None:
    found = design_of(*TEXTS[design])
    assert (found.design, found.by) == (design, "text")


@pytest.mark.parametrize("kind", ["An umbrella review", "A scoping review", "An overview of systematic reviews"])
def test_umbrella_and_scoping_reviews_are_systematic_reviews(kind: str) -> None:
    assert design_of(f"Ketamine and mood: {kind.lower()}", "We searched Embase.").design == "systematic_review"


@pytest.mark.parametrize(
    "abstract",
    [
        "This is a secondary analysis of a randomized trial of ketamine.",
        "Data were pooled from three trials of ketamine in 90 adults.",
        "We studied 30 adults who participated in a randomized crossover trial of ketamine.",
    ],
)
def test_secondary_analyses_of_trials_are_post_hoc_analyses(abstract: str) -> None:
    assert design_of("Mood after ketamine", abstract).design == "post_hoc_analysis"


def test_a_predictor_sought_among_randomised_patients_is_a_post_hoc_analysis() -> None:
    abstract = "Sixty patients were randomized to ketamine or saline placebo. Baseline weight was tested."
    assert design_of("Body weight predicts response to ketamine", abstract).design == "post_hoc_analysis"


def test_a_secondary_analysis_of_an_observational_study_is_no_analysis_of_a_trial() -> None:
    abstract = "This is a post-hoc analysis of a naturalistic observational study of 40 inpatients given ketamine."
    assert design_of("Who gets better", abstract).design == "cohort_prospective"


@pytest.mark.parametrize(
    "abstract",
    [
        "Forty patients were randomly assigned to ketamine or placebo.",
        "Forty patients received ketamine or placebo in a double-blind crossover design.",
        "In this 4-week trial patients (N = 40) were randomized to one of two doses of ketamine.",
    ],
)
def test_random_allocation_or_blinding_makes_an_rct(abstract: str) -> None:
    assert design_of("Ketamine and mood", abstract).design == "rct"


def test_wishing_for_a_randomised_trial_does_not_make_one() -> None:
    abstract = (
        "Twelve patients received ketamine infusions. Scores fell. Larger randomized controlled trials are needed."
    )
    assert design_of("Ketamine and mood", abstract).design == "open_label_single_arm"


def test_a_plan_told_in_the_future_is_a_protocol() -> None:
    abstract = "Ketamine is promising. Ninety participants will be randomized to ketamine or midazolam."
    assert design_of("Ketamine for grief", abstract).design == "protocol"


def test_choosing_the_arm_by_preference_is_not_random() -> None:
    abstract = (
        "We compared two drugs. Thirty patients were assigned to ketamine or propofol according to the wish they told."
    )
    assert design_of("Ketamine and propofol", abstract).design == "controlled_nonrandomised"


def test_fertilisation_in_vitro_is_not_laboratory_work() -> None:
    assert design_of("In vitro fertilization: a randomized trial", "Women were randomized to A or B.").design == "rct"


def test_a_publication_type_wins_over_the_text() -> None:
    found = design_of(
        "Ketamine and mood", "Twelve patients received it.", "Journal Article", "Randomized Controlled Trial"
    )
    assert (found.design, found.by) == ("rct", "publication_type")
    assert found.basis[0].words == "Randomized Controlled Trial"


def test_a_post_hoc_analysis_is_more_specific_than_the_trial_type_it_inherits() -> None:
    found = design_of(*TEXTS["post_hoc_analysis"], "Randomized Controlled Trial")
    assert (found.design, found.by) == ("post_hoc_analysis", "text")


def test_the_oldest_types_yield_to_pooling_and_networks() -> None:
    assert design_of(*TEXTS["network_meta_analysis"], "Meta-Analysis").design == "network_meta_analysis"
    assert design_of(*TEXTS["systematic_review"], "Review").design == "systematic_review"


def test_a_phase_of_a_clinical_trial_leaves_the_design_to_the_text() -> None:
    assert design_of(*TEXTS["rct"], "Clinical Trial, Phase III").by == "text"
    assert design_of("Ketamine", "Nothing else.", "Clinical Trial, Phase II").design == "open_label_single_arm"


def test_animals_without_humans_in_the_mesh_headings_are_nonclinical() -> None:
    found = design_of("Ketamine and despair", "It fell.", mesh=("Animals", "Ketamine"))
    assert (found.design, found.by, found.basis[0].source) == ("nonclinical", "text", "mesh")
    assert design_of("Ketamine and despair", "It fell.", mesh=("Animals", "Humans")).design != "nonclinical"


def test_nothing_to_go_by_suggests_nothing() -> None:
    assert design_of("Ketamine", "") == Design()


def test_a_cohort_that_was_not_compared_with_placebo_is_no_trial() -> None:
    denied = "We followed 40 adults. Lozenges at home have not been compared with placebo."
    assert design_of("Ketamine lozenges at home: a prospective cohort", denied).design == "cohort_prospective"
    assert design_of("Ketamine lozenges at home", denied).design != "rct"
    assert design_of("Ketamine lozenges at home", "Lozenges were compared with placebo.").design == "rct"
