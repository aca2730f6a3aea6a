"""Who may see whose judgement. Every query that returns one builds its condition here.

In a dual, blinded review nobody sees another's judgement on a thing before giving their own on it; who does not judge
(a command, the nightly job) sees only what is settled. Everywhere else judgements are open to all members.
"""

from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, bindparam, exists, false, func, or_, true
from sqlmodel import Session, col, select

from db.models import Review
from db.types import Actor

_DEFAULT = (
    select(Review)
    .where(Review.topic_id == bindparam("topic"), col(Review.closed_at).is_(None))
    .order_by(col(Review.id))
    .limit(1)
)


def default_review(session: Session, *, topic_id: str) -> Review | None:
    """The topic's first open review: the one that tags and verdicts belong to unless another is chosen."""
    return session.exec(_DEFAULT, params={"topic": topic_id}).first()


def open_reviews(session: Session) -> list[Review]:
    return list(session.exec(select(Review).where(col(Review.closed_at).is_(None)).order_by(col(Review.id))))


def is_blinded(review: Review | None) -> bool:
    return review is not None and review.dual and review.blinded


def visible(
    *, viewer: Actor, blinded: bool, author: SQLColumnExpression[int], given: ColumnElement[bool]
) -> ColumnElement[bool]:
    """The condition under which `viewer` sees a judgement by `author`; `given`: the viewer gave theirs."""
    if not blinded:
        return true()
    if viewer.id is None:
        return false()
    return or_(author == viewer.id, given)


def gave(viewer: Actor, *, of: Any, author: Any, same: ColumnElement[bool], settles: bool) -> ColumnElement[bool]:
    """That the viewer gave one of the `same` judgements; or that two did, for who `settles` differences.

    `of` is the alias of the judgements that are counted, `author` who gave them.
    """
    given = exists().where(same, author == viewer.id)
    if not settles:
        return given
    authors = select(func.count(func.distinct(author))).where(same).correlate_except(of)
    return or_(given, authors.scalar_subquery() > 1)
