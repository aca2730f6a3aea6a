import pytest

from review_app.tagging.model import StudyText
from review_app.tagging.numerals import spelled_value
from review_app.tagging.passages import read
from review_app.tagging.sample_size import suggest_sample_size


def size(abstract: str, design: str | None = "rct", label: str | None = "METHODS") -> int | None:
    return suggest_sample_size(read(StudyText("Ketamine for depression", ((label, abstract),))), design)[0]


@pytest.mark.parametrize(
    ("abstract", "people"),
    [
        ("Adults with depression (N = 73) were randomly assigned.", 73),
        ("A total of 1,234 patients were enrolled.", 1234),
        ("Seventy-one patients were randomized to ketamine or placebo.", 71),
        ("One hundred and twenty-six adults were included.", 126),
        ("Patients (n = 41) received ketamine infusions.", 41),
        ("Of 435 patients screened, 227 underwent randomization.", 227),
        ("502 subjects were screened and 330 were randomly allocated.", 330),
        ("In total, 67 (45 women) of 68 randomized patients received treatment.", 68),
        ("We enrolled 24 volunteers (n = 11 males).", 24),
        ("Between 2 May 2019 and 15 July 2020, 88 patients were enrolled.", 88),
    ],
)
def test_those_randomised_or_enrolled_are_counted(abstract: str, people: int) -> None:
    assert size(abstract) == people


@pytest.mark.parametrize(
    ("abstract", "people"),
    [
        ("Patients were randomized to ketamine (n = 20) or midazolam (n = 22).", 42),
        ("Overall, 33 patients were assigned to the ketamine group and 34 to the quetiapine group.", 67),
        ("Twenty current users, 21 former users, and 40 healthy controls were recruited.", 81),
        ("We scanned 30 patients (ketamine, n = 18; placebo, n = 12).", 30),
    ],
)
def test_arms_are_added_up_unless_the_total_is_given(abstract: str, people: int) -> None:
    assert size(abstract) == people


def test_healthy_controls_are_participants() -> None:
    assert size("We enrolled 33 patients with depression and 25 healthy controls.", "post_hoc_analysis") == 58
    assert size("Patients (N = 44) were enrolled; healthy controls (N = 31) were scanned once.") == 75


def test_a_total_that_includes_the_controls_is_not_raised() -> None:
    assert size("We enrolled 58 participants (33 with depression and 25 healthy controls).") == 58


def test_a_single_case_is_one_person() -> None:
    assert size("We present the case of a 64-year-old woman who received 56 mg twice.", "case_report") == 1


def test_the_planned_number_of_a_protocol_counts() -> None:
    assert size("Approximately 198 participants will be randomized.", "protocol") == 198


def test_animals_do_not_count() -> None:
    assert size("Forty rats were randomized to ketamine (n = 20) or saline.", "nonclinical") is None


def test_people_studied_beside_animals_do() -> None:
    assert size("Ketamine was given to 9 healthy volunteers and to mice.", "nonclinical") == 9


@pytest.mark.parametrize(
    "abstract",
    [
        "We included 36 studies and 1850 records.",
        "Of 19 trials, 9 were randomized controlled trials (N = 9).",
        "Two patients in one study had an event.",
    ],
)
def test_studies_and_records_of_a_review_are_no_participants(abstract: str) -> None:
    assert size(abstract, "systematic_review", "RESULTS") is None


def test_participants_of_a_review_are() -> None:
    assert size("Six trials comprising 655 patients were included.", "meta_analysis", "RESULTS") == 655
    assert size("Nine studies (n = 281) were included.", "systematic_review", "RESULTS") == 281


def test_how_many_suffer_worldwide_is_not_the_sample() -> None:
    assert size("Depression affects 350 million people and 30 patients in 100 resist.", label="BACKGROUND") is None


def test_a_number_too_long_to_be_people_is_passed_over() -> None:
    digits = "9" * 5000
    assert (
        size(f"Patients (n = {digits}) and healthy controls (n = {digits}) were enrolled, then {digits} more.") is None
    )


def test_days_items_and_doses_are_not_people() -> None:
    assert size("On day 2 patients rated 17 items after 40 minutes of 0.5 mg/kg.") is None


@pytest.mark.parametrize(("words", "value"), [("twelve", 12), ("one hundred and five", 105), ("two hundred", 200)])
def test_numbers_in_words_have_a_value(words: str, value: int) -> None:
    assert spelled_value(words) == value
