"""What the home page says: my next act, what waits, what was done."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import Session

from db import config
from db.models import Review
from db.queries import alert_places, alerts, claims, documents, harvesting
from db.queries import review as review_queries
from db.queries import screening as screening_queries
from db.queries.blinding import default_review
from db.queries.nights import NightState, night_state
from db.queries.parked import parked_count
from db.queries.screening_progress import Progress, progress
from db.types import Actor, Stage
from review_app.services.permissions import May, allows
from review_app.services.screening_view import waits_for
from review_app.services.waiting_consensus import waiting

TOLD = 5


@dataclass(frozen=True, slots=True)
class HomeView:
    """Figures for the tiles; `next_article` is the next study for the viewer to tag, once no record waits for a vote.

    `screening` is how far the viewer has come at the stage at which records wait for their vote. `conflicts` wait at a
    stage, `parked` records are kept as Maybe there, and `to_settle` dual extractions wait for who settles them. `told`
    are the newest of the viewer's open alerts, one a change, as (id, summary).
    """

    articles: int
    tagged_by_me: int
    tagged: int
    next_article: int | None
    screening: tuple[Stage, Progress] | None
    conflicts: dict[Stage, int]
    parked: dict[Stage, int]
    to_settle: int
    claims: int
    claims_decided: int
    documents: int
    harvested: bool
    alerts: int
    told: tuple[tuple[int, str], ...]
    night: NightState


def home_view(session: Session, *, viewer: Actor, topic_id: str) -> HomeView:
    pages = claims.claims(session, viewer=viewer, topic_id=topic_id)
    review = default_review(session, topic_id=topic_id)
    screening = _screening(session, viewer, review)
    mine, anybody = review_queries.tagged_count(session, viewer=viewer, review=review) if review else (0, 0)
    return HomeView(
        articles=harvesting.library_size(session),
        tagged_by_me=mine,
        tagged=anybody,
        next_article=review_queries.next_untagged(session, viewer=viewer, review=review)
        if review and screening is None
        else None,
        screening=screening,
        conflicts=_at_stages(session, viewer, review, screening_queries.conflict_count),
        parked=_at_stages(session, viewer, review, parked_count),
        to_settle=len(waiting(session, viewer=viewer, topic_id=topic_id)) if allows(viewer, May.ADJUDICATE) else 0,
        claims=len(pages),
        claims_decided=sum(page.verdict is not None for page in pages),
        documents=documents.document_count(session),
        harvested=harvesting.last_refresh(session) is not None,
        alerts=alerts.open_count(session, viewer=viewer),
        told=tuple((row.id, row.summary) for row in alert_places.newest_open(session, viewer=viewer, limit=TOLD)),
        night=night_state(session, now=config.now()),
    )


def _screening(session: Session, viewer: Actor, review: Review | None) -> tuple[Stage, Progress] | None:
    """Of the first stage at which a vote is wanted."""
    if review is None or not allows(viewer, May.SCREEN):
        return None
    for stage in screening_queries.stages(review):
        if waits_for(session, viewer=viewer, review=review, stage=stage):
            return stage, progress(session, viewer=viewer, review=review, stage=stage)
    return None


def _at_stages(session: Session, viewer: Actor, review: Review | None, count: Callable[..., int]) -> dict[Stage, int]:
    if review is None or not allows(viewer, May.SCREEN):
        return {}
    stages = screening_queries.stages(review)
    numbers = {each: count(session, viewer=viewer, review=review, stage=each) for each in stages}
    return {stage: number for stage, number in numbers.items() if number}
