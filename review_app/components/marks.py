"""How a verdict, a basis and a standing look and sound: the table of marks, once for badges and marked text."""

from dataclasses import dataclass

from review_app.factcheck.model import Basis, Standing, Verdict


@dataclass(frozen=True, slots=True)
class Mark:
    """`sign` stands in front of the sentence, `line` under it (a CSS underline style), `words` are read aloud."""

    sign: str
    line: str
    words: str


VERDICTS: dict[Verdict, Mark] = {
    "supported": Mark("✓", "solid", "supported"),
    "needs_qualification": Mark("◐", "dashed", "needs qualification"),
    "overstated": Mark("▲", "heavy", "overstated"),
    "insufficient_evidence": Mark("?", "dotted", "insufficient evidence"),
    "contradicted": Mark("✕", "double", "contradicted"),
}

BASES: dict[Basis, str] = {
    "reviewed": "reviewed",
    "library": "library",
    "suggested": "suggested",
    "none": "not checked",
}

# A sign in front of the verdict's own; a current standing has none.
STANDINGS: dict[Standing, tuple[str, str]] = {
    "current": ("", ""),
    "stale": ("↻", "stale"),
    "overdue": ("↻", "overdue"),
    "orphaned": ("⚠", "orphaned quote"),
}


def spoken(verdict: Verdict | None, basis: Basis, standing: Standing) -> str:
    """What a screen reader says before the sentence, such as `overstated, library, stale`; empty without a verdict."""
    if verdict is None:
        return STANDINGS[standing][1]
    parts = (VERDICTS[verdict].words, BASES[basis], STANDINGS[standing][1])
    return ", ".join(part for part in parts if part)
