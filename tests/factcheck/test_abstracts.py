"""How a sentence of an abstract is read."""

from review_app.factcheck.abstracts import read
from review_app.factcheck.model import AbstractSection, Study

TOPIC = "ketamine-depression"


def effect_of(label: str | None, text: str) -> float:
    (passage,) = read(Study(1, None, "", (AbstractSection(label, text),), ""), TOPIC).passages
    return passage.effect


def test_cues_that_cancel_out_leave_exactly_nothing() -> None:
    # Result 1, conclusion 0.6, aim -1 under a heading of -0.6: in tenths of a computer they leave a little over 0.
    said = "We aimed to test whether scores decreased, and conclude that they did."
    assert effect_of("BACKGROUND", said) == 0.0
