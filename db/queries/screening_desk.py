"""What lies beside records on a desk: what the viewer said of them and typed, and their publication types."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from db.models import ArticlePublicationType, Draft, ScreeningDecision
from db.types import Actor, Stage


def own_last(
    session: Session, *, viewer: Actor, stage: Stage, record_ids: Iterable[int]
) -> dict[int, ScreeningDecision]:
    """What the viewer last said of each of these records, withdrawn or not."""
    last = select(func.max(ScreeningDecision.id)).where(
        col(ScreeningDecision.record_id).in_(record_ids),
        ScreeningDecision.stage == stage,
        ScreeningDecision.member_id == viewer.id,
    )
    last = last.group_by(col(ScreeningDecision.record_id))
    rows = select(ScreeningDecision).where(col(ScreeningDecision.id).in_(last))
    return {row.record_id: row for row in session.exec(rows)}


def drafts(session: Session, *, viewer: Actor, keys: Sequence[str]) -> dict[str, dict[str, Any]]:
    """What the viewer has kept under these keys, where anything is."""
    rows = select(Draft.key, Draft.value).where(Draft.member_id == viewer.id, col(Draft.key).in_(keys))
    return {key: dict(value) for key, value in session.exec(rows)}


def publication_types(session: Session, *, article_ids: Iterable[int]) -> dict[int, list[str]]:
    """By article, in their order."""
    kind = ArticlePublicationType
    rows = select(kind.article_id, kind.name).where(col(kind.article_id).in_(article_ids))
    found: dict[int, list[str]] = defaultdict(list)
    for article_id, name in session.exec(rows.order_by(col(kind.position))):
        found[article_id].append(name)
    return dict(found)
