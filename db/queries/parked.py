"""Where one vote is enough, a Maybe decides nothing: the record is parked until its voter, or who settles conflicts,
decides on it. Where two votes are needed, Maybe is a vote that is settled like any other. While all but a calibration
round waits, nothing is parked. Never commits.
"""

from typing import Any

from sqlmodel import Session, col, func, select

from db.models import Adjudication, Article, Record, Review, ScreeningDecision
from db.queries.literature import present
from db.queries.screening import Queued
from db.queries.screening_rules import ADJUDICATORS, on_hold, settles, stands
from db.types import Actor, Decision, Stage


def parked(session: Session, *, viewer: Actor, review: Review, stage: Stage, limit: int) -> list[Queued]:
    """The records that are parked by the viewer, or by anybody for who settles; what was put off last comes last."""
    ids = [row[0] for row in session.exec(_parked(viewer, review, stage).limit(limit))]
    rows = select(Record, Article).join(Article, col(Article.id) == col(Record.article_id))
    found = {record.id: (record, article) for record, article in session.exec(rows.where(col(Record.id).in_(ids)))}
    return [Queued(*found[each], None, "parked") for each in ids]


def parked_count(session: Session, *, viewer: Actor, review: Review, stage: Stage) -> int:
    """How many there are."""
    return session.exec(select(func.count()).select_from(_parked(viewer, review, stage).subquery())).one()


def is_parked(session: Session, *, viewer: Actor, review: Review, stage: Stage, record_id: int) -> bool:
    """Whether this record is one of them."""
    rows = _parked(viewer, review, stage).where(col(ScreeningDecision.record_id) == record_id)
    return session.exec(rows).first() is not None


def _parked(viewer: Actor, review: Review, stage: Stage) -> Any:
    vote, decision = ScreeningDecision, col(ScreeningDecision.decision)
    settled = select(Adjudication.record_id).where(settles(stage), col(Adjudication.record_id).is_not(None))
    rows = select(vote.record_id, func.max(vote.id)).join(Record, col(Record.id) == col(vote.record_id))
    rows = rows.join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(not (review.dual or on_hold(review)), Record.review_id == review.id, vote.stage == stage)
    rows = rows.where(stands(vote), present(), col(Record.calibration).is_(False), col(vote.record_id).not_in(settled))
    if viewer.role not in ADJUDICATORS:
        own = select(vote.record_id).where(vote.member_id == viewer.id, vote.stage == stage, stands(vote))
        rows = rows.where(col(vote.record_id).in_(own))
    only_maybe = rows.group_by(col(vote.record_id)).having(
        func.min(decision) == Decision.MAYBE, func.max(decision) == Decision.MAYBE
    )
    return only_maybe.order_by(func.max(vote.id))
