"""A check as schema.org ClaimReview (JSON-LD), the markup of fact-checkers.

ClaimReview states publicly that somebody judged. So only what people decided in this library carries a rating; every
other sentence stands in it as a draft without one.
"""

import json
from typing import Any, Final

from review_app.factcheck import marks
from review_app.factcheck.model import Check, CheckedSentence, Verdict

# schema.org leaves the scale to the publisher; its guidance puts the best value highest.
_RATINGS: Final[dict[Verdict, int]] = {
    "supported": 5,
    "needs_qualification": 4,
    "insufficient_evidence": 3,
    "overstated": 2,
    "contradicted": 1,
}


def render(check: Check) -> str:
    """A graph with one ClaimReview for each checkable sentence that has a verdict."""
    graph = [_review(check, checked) for checked in check.sentences if checked.checkable and checked.verdict]
    answer = {"@context": "https://schema.org", "@graph": graph}
    return json.dumps(answer, ensure_ascii=False, indent=2) + "\n"


def _review(check: Check, checked: CheckedSentence) -> dict[str, Any]:
    place = {"url": check.source} if check.source.startswith(("http://", "https://")) else {"name": check.source}
    review: dict[str, Any] = {
        "@type": "ClaimReview",
        "claimReviewed": checked.sentence.text,
        "datePublished": f"{check.checked_at:%Y-%m-%d}",
        "itemReviewed": {"@type": "Claim", "appearance": {"@type": "CreativeWork"} | place},
        "citation": [_citation(one.reference, one.title, one.pmid) for one in checked.evidence if one.linked],
    }
    verdict = checked.verdict
    if verdict is None or checked.basis != "reviewed" or checked.standing != "current":
        return review | {"creativeWorkStatus": f"Draft, not judged: {_why_not(checked)}"}
    author = {"@type": "Organization", "name": "The people who review in this Footnote library"}
    rating = {"@type": "Rating", "ratingValue": _RATINGS[verdict], "bestRating": 5, "worstRating": 1}
    return review | {"author": author, "reviewRating": rating | {"alternateName": marks.VERDICT_WORDS[verdict]}}


def _why_not(checked: CheckedSentence) -> str:
    decided = checked.basis == "reviewed"
    return marks.STANDING_WORDS[checked.standing] if decided else marks.BASIS_WORDS[checked.basis]


def _citation(reference: str, title: str, pmid: int | None) -> dict[str, Any]:
    cited: dict[str, Any] = {"@type": "CreativeWork", "name": title, "description": reference}
    return cited | ({"sameAs": f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/"} if pmid is not None else {})
