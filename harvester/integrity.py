"""Whether an article still stands, from what PubMed and others say of it.

PubMed marks the article itself: publication type D016441, or a CommentsCorrections link whose RefType ends in "In"
(NLM, "Errata, Retractions, and Other Linked Citations in PubMed"). A link that ends in "Of" or "For" makes an article
the notice, and says nothing against it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from db.types import Integrity

RETRACTED_PUBLICATION = "D016441"

# The gravest first. "Retracted and republished" says more than "retracted", so it comes before.
GRAVITY: tuple[tuple[str, Integrity], ...] = (
    ("retracted_and_republished", Integrity.RETRACTED_AND_REPLACED),
    ("retraction", Integrity.RETRACTED),
    ("withdrawal", Integrity.WITHDRAWN),
    ("partial_retraction", Integrity.PARTIALLY_RETRACTED),
    ("expression_of_concern", Integrity.CONCERN),
    ("erratum", Integrity.CORRECTED),
    ("corrected_and_republished", Integrity.CORRECTED),
)


def is_retraction_mark(ui: str | None, name: str) -> bool:
    return ui == RETRACTED_PUBLICATION or name == "Retracted Publication"


def integrity_of(publication_types: Iterable[Mapping[str, Any]], kinds: Collection[str]) -> Integrity:
    """`publication_types` have `ui` and `name`; `kinds` are those of standing notices about this article."""
    marked = any(is_retraction_mark(t["ui"], t["name"]) for t in publication_types)
    return integrity_where(marked, kinds)


def integrity_where(marked: bool, kinds: Collection[str]) -> Integrity:
    """The same, where it is known whether the article is marked as retracted."""
    said = {*kinds, "retraction"} if marked else set(kinds)
    return next((integrity for kind, integrity in GRAVITY if kind in said), Integrity.NONE_KNOWN)
