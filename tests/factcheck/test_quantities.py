import pytest

from review_app.factcheck.quantities import not_in, quantities, times


def values(text: str) -> list[tuple[float, str]]:
    return [(one.value, one.unit) for one in quantities(text)]


def test_figures_are_read_with_their_units() -> None:
    assert values("70.5% of 1,200 patients within 24 hours at 0.5 mg/kg") == [
        (70.5, "%"),
        (1200, "n"),
        (24, "h"),
        (0.5, "mg/kg"),
    ]


def test_both_ends_of_a_range_count() -> None:
    assert values("50\u201370 percent") == [(50, "%"), (70, "%")]


def test_a_figure_with_another_unit_is_not_the_same_figure() -> None:
    assert [one.value for one in not_in("24% in 24 hours", ("after 24 hours",))] == [24]


def test_a_figure_in_no_quote_points_at_its_words() -> None:
    text = "About 83% improved."
    (missing,) = not_in(text, ("64% improved",))
    assert text[missing.start : missing.end] == "83%"


def test_times_are_read_in_figures_and_in_words() -> None:
    said = "Two weeks of 40-minute sessions, half an hour of rest, home in an hour; 5% of 30 people."
    assert sorted(times(said)) == pytest.approx([0.5, 2 / 3, 1, 336])
    assert times("One to two weeks.") == times("7-14 days.") == {168, 336}
