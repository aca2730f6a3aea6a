"""Articles by what a review decided on them, as far as the viewer may know. Never commits."""

from collections.abc import Collection
from typing import Literal, get_args

from sqlalchemy import ColumnElement, or_, true
from sqlmodel import col, select

from db.models import Article, Record, Review
from db.queries.screening_rules import came_to, decided_for, stages
from db.types import Actor, Decision

Outcome = Literal["included", "excluded", "undecided"]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)


def judged(*, viewer: Actor, review: Review | None, outcomes: Collection[Outcome]) -> ColumnElement[bool]:
    """That an article has one of these outcomes. It is included when its record was at the last stage, excluded when it
    was at any, else undecided: also where it is not in the review, or the viewer may not know yet."""
    if review is None:
        return true() if "undecided" in outcomes else ~true()
    last = stages(review)[-1]
    included = came_to(review, last) & decided_for(viewer, review, last, Decision.INCLUDE)
    excluded = or_(*(decided_for(viewer, review, stage, Decision.EXCLUDE) for stage in stages(review)))
    wanted = {"included": _has(review, included), "excluded": _has(review, excluded)}
    wanted["undecided"] = ~or_(*wanted.values())
    return or_(*(wanted[outcome] for outcome in outcomes))


def _has(review: Review, decided: ColumnElement[bool]) -> ColumnElement[bool]:
    return col(Article.id).in_(select(Record.article_id).where(Record.review_id == review.id, decided))
