"""The words and signs under which verdicts, bases and standings are shown, the same in every report."""

from typing import Final

from review_app.factcheck.model import Basis, Evidence, Match, Stance, Standing, Verdict

VERDICT_SIGNS: Final[dict[Verdict, str]] = {
    "supported": "✓",
    "needs_qualification": "◐",
    "overstated": "▲",
    "insufficient_evidence": "?",
    "contradicted": "✕",
}
VERDICT_WORDS: Final[dict[Verdict, str]] = {
    "supported": "supported",
    "needs_qualification": "needs qualification",
    "overstated": "overstated",
    "insufficient_evidence": "insufficient evidence",
    "contradicted": "contradicted",
}
BASIS_WORDS: Final[dict[Basis, str]] = {
    "reviewed": "reviewed: people decided this in this library",
    "library": "library: a claim of the library, not yet reviewed here",
    "suggested": "suggestion only: written rules over ranked evidence, decided by nobody",
    "none": "nothing found",
}
STANDING_WORDS: Final[dict[Standing, str]] = {
    "current": "current",
    "stale": "↻ stale: a source changed",
    "overdue": "↻ overdue: the review-by date has passed",
    "orphaned": "⚠ orphaned quote: its text is no longer in the source",
}
MATCH_WORDS: Final[dict[Match, str]] = {"exact": "exactly", "variant": "in other words", "near": "nearly"}
STANCE_WORDS: Final[dict[Stance, str]] = {
    "supports": "supports",
    "qualifies": "qualifies",
    "contradicts": "contradicts",
    "related": "related, says nothing decisive",
}
FOUND_BESIDE: Final = "Also found by search, says nothing decisive"
NOT_AN_APPROVAL: Final = (
    "Footnote gives evidence to people who decide. It does not approve documents, and this report is not an approval."
)


def origin(evidence: Evidence) -> str:
    """Who says that this evidence has this stance."""
    if evidence.reviewed:
        return "reviewed here, linked by a person"
    return "ships with the claim, not reviewed here" if evidence.linked else "suggested by search, decided by nobody"
