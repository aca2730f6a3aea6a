import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.tagging.model import StudyText
from review_app.tagging.passages import plain, read


@given(st.text())
def test_plain_text_is_as_long_as_the_text_it_came_from(text: str) -> None:
    assert len(plain(text)) == len(text)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("Montgomery–Åsberg", "montgomery asberg"),
        ("Treatment-Resistant", "treatment resistant"),
        ("İstanbul", "istanbul"),
    ],
)
def test_plain_text_knows_no_case_accent_or_dash(written: str, read_as: str) -> None:
    assert plain(written) == read_as


def roles(*sections: tuple[str | None, str]) -> list[str]:
    return [s.role for s in read(StudyText("A title", sections)).sentences][1:]


def test_a_label_gives_its_sentences_their_role() -> None:
    assert roles(("METHODS", "We gave it. They took it."), ("RESULTS", "It worked.")) == [
        "methods",
        "methods",
        "results",
    ]


def test_labels_inside_a_running_abstract_are_read_too() -> None:
    text = "Background: Much is unknown.Methods: We gave ketamine to 12 patients.Results: Scores fell."
    assert roles((None, text)) == ["background", "methods", "results"]


def test_an_aim_told_in_the_background_section_is_an_aim() -> None:
    assert roles(("BACKGROUND", "Little is known. We aimed to test it.")) == ["background", "aim"]


def test_an_abstract_without_labels_is_told_apart_by_how_it_speaks() -> None:
    text = (
        "Depression is common. This study evaluated ketamine. Twelve patients were enrolled. Scores fell (p < .01). "
        "These findings suggest benefit."
    )
    assert roles((None, text)) == ["background", "aim", "methods", "results", "conclusions"]


def test_a_sentence_does_not_end_at_an_abbreviation_or_a_decimal() -> None:
    text = "Ketamine vs. midazolam was given at 0.5 mg/kg, i.e. slowly. Scores fell."
    assert len(roles(("RESULTS", text))) == 2


def test_a_study_without_abstract_has_its_title_only() -> None:
    assert [s.role for s in read(StudyText("A title")).sentences] == ["title"]
