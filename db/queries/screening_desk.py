"""What lies beside records on a desk: what the viewer said of them and typed, and their publication types."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from db.models import ArticlePublicationType, Draft, ScreeningDecision
from db.types import Actor, Stage

_IDS: Any = bindparam("ids", expanding=True)
_LAST = (
    select(func.max(ScreeningDecision.id))
    .where(col(ScreeningDecision.record_id).in_(_IDS), ScreeningDecision.stage == bindparam("stage"))
    .where(ScreeningDecision.member_id == bindparam("viewer"))
    .group_by(col(ScreeningDecision.record_id))
)
_OWN_LAST = select(ScreeningDecision).where(col(ScreeningDecision.id).in_(_LAST))
_DRAFTS = select(Draft.key, Draft.value).where(Draft.member_id == bindparam("viewer"), col(Draft.key).in_(_IDS))
_TYPES = (
    select(ArticlePublicationType.article_id, ArticlePublicationType.name)
    .where(col(ArticlePublicationType.article_id).in_(_IDS))
    .order_by(col(ArticlePublicationType.position))
)


def own_last(
    session: Session, *, viewer: Actor, stage: Stage, record_ids: Iterable[int]
) -> dict[int, ScreeningDecision]:
    """What the viewer last said of each of these records, withdrawn or not."""
    given = {"viewer": viewer.id, "stage": stage, "ids": list(record_ids)}
    return {row.record_id: row for row in session.exec(_OWN_LAST, params=given)}


def drafts(session: Session, *, viewer: Actor, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the viewer has kept under these keys, where anything is."""
    given = {"viewer": viewer.id, "ids": keys}
    return {key: dict(value) for key, value in session.exec(_DRAFTS, params=given)}


def publication_types(session: Session, *, article_ids: Iterable[int]) -> dict[int, list[str]]:
    """By article, in their order."""
    found: dict[int, list[str]] = defaultdict(list)
    for article_id, name in session.exec(_TYPES, params={"ids": list(article_ids)}):
        found[article_id].append(name)
    return dict(found)
