"""The rows of the change log that may concern somebody. One query, made once: every batch of every harvest asks it."""

from collections import defaultdict
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, or_, select

from db.impact_standing import GRAVE
from db.models import (
    Article,
    ArticlePublicationType,
    ChangeLog,
    ClaimEvidence,
    Finding,
    Notice,
    Quote,
    SentenceEvidence,
    Tagging,
)
from db.types import ChangeEvent

WORDS = {"title", "sections"}
MARKS = {"notices", "publication_types"}
_TELLING = {ChangeEvent.NEW, ChangeEvent.NOTICE, ChangeEvent.TOMBSTONED, ChangeEvent.RETURNED}


class LoggedChange(NamedTuple):
    """A row of the change log."""

    id: int
    article_id: int
    event: ChangeEvent
    fields: list[str]
    old_hash: str | None
    new_hash: str | None
    at: datetime


def logged(session: Session, *, after: int) -> dict[int, list[LoggedChange]]:
    """The rows after `after` on whose articles, or those merged with them, anything rests; by article.

    What is only indexed anew concerns nobody, nor does a new article, unless it comes with a grave mark: claims may
    name studies that the library did not hold.
    """
    found: dict[int, list[LoggedChange]] = defaultdict(list)
    for values in session.execute(_LOGGED, {"after": after}):
        row = LoggedChange(*values)
        if row.event in _TELLING or (WORDS | MARKS).intersection(row.fields):
            found[row.article_id].append(row)
    return found


def _is_rested_on() -> ColumnElement[bool]:
    changed = col(ChangeLog.article_id)
    rests: tuple[Any, ...] = (ClaimEvidence, Quote, Finding, Tagging, SentenceEvidence)
    named = exists().where(col(Article.id) == changed, col(Article.pmid) == col(ClaimEvidence.pmid))
    merged = aliased(Article)
    goes = select(merged.id).where(col(merged.merged_into_id).is_not(None))
    kept = select(merged.merged_into_id).where(col(merged.merged_into_id).is_not(None))
    return or_(
        *(exists().where(each.article_id == changed) for each in rests),
        named,
        changed.in_(goes),
        changed.in_(kept),
    )


_COLUMNS: Any = [getattr(ChangeLog, name) for name in LoggedChange._fields]
_RETRACTED = select(ArticlePublicationType.article_id).where(ArticlePublicationType.name == "Retracted Publication")
_MARKED = select(Notice.article_id).where(col(Notice.kind).in_(GRAVE), col(Notice.is_subject))
_CAME_WITH_A_MARK = or_(col(ChangeLog.article_id).in_(_RETRACTED), col(ChangeLog.article_id).in_(_MARKED))
_LOGGED = (
    select(*_COLUMNS)
    .where(col(ChangeLog.id) > bindparam("after"), ChangeLog.event != ChangeEvent.VANISHED)
    .where(or_(col(ChangeLog.event) != ChangeEvent.NEW, _CAME_WITH_A_MARK), _is_rested_on())
    .order_by(col(ChangeLog.id))
)
