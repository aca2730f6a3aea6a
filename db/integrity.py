"""Whether an article still stands, from what PubMed and others say of it.

PubMed marks the article itself: publication type D016441, or a CommentsCorrections link whose RefType ends in "In"
(NLM, "Errata, Retractions, and Other Linked Citations in PubMed"). A link that ends in "Of" or "For" makes an article
the notice, and says nothing against it.

Every source speaks for itself: a reinstatement ends what its own source said before, and no other's. What is left of
all of them together counts, the gravest first: one source's silence never outweighs what another says.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any, Protocol, TypeVar

from db.types import Integrity

REINSTATEMENT = "reinstatement"
SOURCE_NAMES = {"pubmed": "PubMed", "retraction_watch": "Retraction Watch", "crossref": "Crossref"}

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
    (REINSTATEMENT, Integrity.REINSTATED),
)
RETRACTIONS = frozenset({"retracted_and_republished", "retraction", "withdrawal", "partial_retraction"})
# A concern that led to the retraction went with it.
ENDED = RETRACTIONS | {"expression_of_concern"}


class Said(Protocol):
    """What is asked of a notice; `dated` is its own date, where its source gives one."""

    source: str
    kind: str
    is_subject: bool
    dated: date | None
    withdrawn_at: Any


N = TypeVar("N", bound=Said)


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


def standing(notices: Iterable[N]) -> list[N]:
    """Of the notices on one article those that are about it and hold now: neither withdrawn, nor ended by their own
    source's reinstatement. One that bears no date counts as older than one that does."""
    about = [notice for notice in notices if notice.is_subject and notice.withdrawn_at is None]
    reinstated: dict[str, date] = {}
    for notice in about:
        if notice.kind == REINSTATEMENT:
            reinstated[notice.source] = max(_dated(notice), reinstated.get(notice.source, date.min))
    return [n for n in about if n.kind not in ENDED or n.source not in reinstated or _dated(n) > reinstated[n.source]]


def _dated(notice: Said) -> date:
    return notice.dated or date.min


def disagreement(
    notices: Iterable[Said], *, marked: bool = False, asked: Collection[str] = ("pubmed", "retraction_watch")
) -> str | None:
    """One sentence when one source says that an article was retracted and another does not; None when they agree.

    `marked`: PubMed's publication type says so. `asked`: the sources that would say it, were it so to their knowledge.
    """
    said = standing(notices)
    retracting = {n.source for n in said if n.kind in RETRACTIONS} | ({"pubmed"} if marked else set())
    ended = {n.source for n in said if n.kind == REINSTATEMENT} - retracting
    silent = set(asked) - retracting - ended
    if not retracting or not ended | silent:
        return None
    parts = [f"{_names(retracting)} that this article was retracted"]
    parts += [f"{_names(ended)} that it was reinstated"] if ended else []
    parts += [f"{_names(silent, 'does', 'do')} not say so"] if silent else []
    return "; ".join(parts) + "."


def _names(sources: Collection[str], one: str = "says", more: str = "say") -> str:
    names = [SOURCE_NAMES.get(source, source) for source in sorted(sources)]
    return " and ".join(names) + f" {one if len(names) == 1 else more}"
