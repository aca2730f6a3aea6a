"""What studies that are new in the library suggest about its claims, by the rules of the fact-check."""

from collections.abc import Callable, Sequence

from sqlmodel import Session

from db.queries import claims as claim_queries
from db.types import Actor, Role
from review_app.factcheck.evidence import rank, widen
from review_app.services import studies
from review_app.services.searching import CANDIDATES

NIGHT = Actor(None, "night", Role.READ_ONLY)


def bearing_on_claims(session: Session, *, topic_id: str) -> Callable[[str, Sequence[int]], dict[int, str]]:
    """Asked for a claim and the ids of articles: the stance that each suggests, `related` where the rules are not sure.

    The articles are weighed among what the library finds for the claim, so that rare words are rare here too. A claim
    that is not in the library is borne on by nothing.
    """
    find = studies.finder(session, viewer=NIGHT, topic_id=topic_id)

    def bearing(claim_id: str, article_ids: Sequence[int]) -> dict[int, str]:
        page = claim_queries.claim(session, viewer=NIGHT, claim_id=claim_id)
        if page is None:
            return {}
        statement, topics = page.version.statement, page.version.topics
        new = studies.studies(session, viewer=NIGHT, topic_id=topic_id, ids=article_ids)
        candidates = [*new.values(), *find(widen(statement, topics=topics, topic=topic_id), CANDIDATES)]
        ranked = rank(statement, candidates, topics=topics, limit=len(candidates), topic=topic_id)
        return {item.id: item.stance for item in ranked if item.id in new}

    return bearing
