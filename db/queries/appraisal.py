"""Risk of bias and GRADE: reads that keep the blinding. Never commits."""

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from db.models import Grade, Review, RiskOfBias
from db.queries.blinding import is_blinded, visible
from db.types import Actor


def risk_of_bias(session: Session, *, viewer: Actor, review: Review, article_id: int) -> list[RiskOfBias]:
    """The judgements of an article that stand, as far as `viewer` may see them: others' once theirs are given."""
    later, own = aliased(RiskOfBias), aliased(RiskOfBias)
    superseded = exists().where(col(later.supersedes_id) == col(RiskOfBias.id))
    given = exists().where(
        col(own.review_id) == col(RiskOfBias.review_id),
        col(own.article_id) == col(RiskOfBias.article_id),
        col(own.tool) == col(RiskOfBias.tool),
        col(own.member_id) == viewer.id,
    )
    rows = select(RiskOfBias).where(RiskOfBias.review_id == review.id, RiskOfBias.article_id == article_id)
    seen = visible(viewer=viewer, blinded=is_blinded(review), author=col(RiskOfBias.member_id), given=given)
    return list(session.exec(rows.where(~superseded, seen).order_by(col(RiskOfBias.id))))


def grades(
    session: Session, *, viewer: Actor, review: Review, outcome: str | None = None, claim_id: str | None = None
) -> list[Grade]:
    """Each member's newest grade of an outcome or of a claim, as far as `viewer` may see them, the newest last."""
    of = (col(Grade.claim_id) == claim_id) if claim_id is not None else (col(Grade.outcome) == outcome)
    newest = select(func.max(Grade.id)).where(Grade.review_id == review.id, of).group_by(col(Grade.member_id))
    mine = select(Grade.id).where(Grade.review_id == review.id, of, Grade.member_id == viewer.id).limit(1)
    seen = visible(viewer=viewer, blinded=is_blinded(review), author=col(Grade.member_id), given=mine.exists())
    return list(session.exec(select(Grade).where(col(Grade.id).in_(newest), seen).order_by(col(Grade.id))))
