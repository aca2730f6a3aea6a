"""What the home page says: my next act, what waits, what was done."""

from dataclasses import dataclass

from sqlmodel import Session

from db.queries import claims, documents, harvesting
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.types import Actor


@dataclass(frozen=True, slots=True)
class HomeView:
    """Figures for the tiles; `next_article` is the next study that the viewer has not tagged."""

    articles: int
    tagged_by_me: int
    tagged: int
    next_article: int | None
    claims: int
    claims_decided: int
    documents: int
    harvested: bool


def home_view(session: Session, *, viewer: Actor, topic_id: str) -> HomeView:
    pages = claims.claims(session, viewer=viewer, topic_id=topic_id)
    review = default_review(session, topic_id=topic_id)
    mine, anybody = review_queries.tagged_count(session, viewer=viewer, review=review) if review else (0, 0)
    return HomeView(
        articles=harvesting.library_size(session),
        tagged_by_me=mine,
        tagged=anybody,
        next_article=review_queries.next_untagged(session, viewer=viewer, review=review) if review else None,
        claims=len(pages),
        claims_decided=sum(page.verdict is not None for page in pages),
        documents=documents.document_count(session),
        harvested=harvesting.last_refresh(session) is not None,
    )
