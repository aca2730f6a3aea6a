"""What a calibration round is drawn from, and how far each member has come in it. Never commits."""

from collections.abc import Sequence

from sqlalchemy import exists
from sqlmodel import Session, col, func, select

from db.models import Article, Record, Review, ScreeningDecision
from db.queries.literature import present
from db.queries.screening_rules import stands
from db.types import Stage


def untouched_records(session: Session, *, review: Review, stage: Stage) -> list[int]:
    """The ids of records that nobody has voted on at the stage."""
    voted = exists().where(col(ScreeningDecision.record_id) == col(Record.id), col(ScreeningDecision.stage) == stage)
    rows = select(Record.id).join(Article, col(Article.id) == col(Record.article_id))
    return list(session.exec(rows.where(Record.review_id == review.id, present(), ~voted).order_by(col(Record.id))))


def votes_by_member(session: Session, *, stage: Stage, record_ids: Sequence[int]) -> dict[int, int]:
    """How many of these records each member has voted on, which all who screen may know; not how."""
    rows = select(ScreeningDecision.member_id, func.count()).where(
        col(ScreeningDecision.record_id).in_(record_ids), ScreeningDecision.stage == stage, stands(ScreeningDecision)
    )
    return dict(session.exec(rows.group_by(col(ScreeningDecision.member_id))).all())
