"""What two reviewers gave and nobody has settled: tags, findings, risk of bias, grades; and where each is settled."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from sqlmodel import Session

from db.models import Review
from db.queries import claims, literature
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.queries.dual_extraction import GRADE
from db.types import Actor
from review_app.services.compared import Compared
from review_app.services.dual_extraction import everything_compared
from review_app.services.tag_forms import library_words
from review_app.services.tool_choice import compared_tools

LISTED = 200


@dataclass(frozen=True, slots=True)
class Waits:
    """A study, an outcome or a claim, `what` of it waits, and the address at which it is settled."""

    title: str
    what: tuple[str, ...]
    address: str


def waiting(session: Session, *, viewer: Actor, topic_id: str) -> list[Waits]:
    """As far as the viewer may see both sides: studies, the one first added first, then outcomes and claims."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return []
    tools = compared_tools(session, viewer=viewer, review=review)
    found = [each for each in (*tools, *everything_compared(session, viewer=viewer, review=review)) if each.open]
    studies = _studies(session, viewer, review, [each for each in found if each.subject != GRADE])
    return studies + [_graded(session, viewer, each) for each in found if each.subject == GRADE]


def _studies(session: Session, viewer: Actor, review: Review, found: Iterable[Compared]) -> list[Waits]:
    what: dict[int, list[str]] = defaultdict(list)
    for article_id in review_queries.without_consensus(session, viewer=viewer, review=review, limit=LISTED):
        what[article_id].append("Tags")
    for each in found:
        what[each.about["article"]].append(each.title)
    articles = literature.articles_by_id(session, ids=sorted(what))
    return [
        Waits(row.title or "Untitled", tuple(what[key]), f"/study?id={key}&tab=Consensus")
        for key, row in sorted(articles.items())
    ]


def _graded(session: Session, viewer: Actor, compared: Compared) -> Waits:
    if "outcome" in compared.about:
        outcome = compared.about["outcome"]
        label = library_words(session).label("outcome_domain", outcome)
        return Waits(label, (compared.title,), f"/grade?outcome={quote(label)}")
    claim_id = compared.about["claim"]
    page = claims.claim(session, viewer=viewer, claim_id=claim_id)
    return Waits(page.version.statement if page else claim_id, (compared.title,), f"/claims?claim={quote(claim_id)}")
