"""Agreement in words: what a formula cannot tell is not told."""

import pytest
from streamlit.testing.v1 import AppTest

from review_app.screening.agreement import agreement

VARIED = [("include", "include"), ("exclude", "exclude"), ("include", "exclude"), ("exclude", "exclude")]
ONE_NEVER_VARIED = [("include", "exclude"), ("exclude", "exclude")]
ALL_ALIKE = [("include", "include"), ("exclude", "exclude")]
ONE_ANSWER = [("exclude", "exclude"), ("exclude", "exclude")]


def lines(pairs: list[tuple[str, str]]) -> str:
    found = agreement(pairs)
    assert found is not None

    def script(found: object) -> None:
        from review_app.components.agreement_table import agreement_lines

        agreement_lines("Pair", "Records", [("Ben and Cleo", found, True)])  # type: ignore[list-item]

    (drawn,) = AppTest.from_function(script, args=(found,)).run().get("html")
    return str(drawn.proto.body)


@pytest.mark.parametrize(
    ("pairs", "kappa"),
    [
        (VARIED, "<td>0.50 (-0.23 to 1.00)</td>"),
        (ONE_NEVER_VARIED, "<td>0.00 (no interval)</td>"),
        (ALL_ALIKE, "<td>1.00 (no interval)</td>"),
        (ONE_ANSWER, "<td>not defined</td>"),
    ],
)
def test_kappa_is_told_with_no_more_than_its_formula_gives(pairs: list[tuple[str, str]], kappa: str) -> None:
    assert kappa in lines(pairs)
