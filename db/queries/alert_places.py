"""Which alerts stand on a claim or a document, for the pages that show it. Reads; never commits."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlmodel import Session, col, func, or_, select

from db.models import Alert
from db.queries.alerts import is_for, may_see
from db.queries.open_alerts import still_open
from db.types import Actor


@dataclass(frozen=True, slots=True)
class Told:
    """The newest alert on each claim and each article, by id."""

    claims: Mapping[str, int] = field(default_factory=dict)
    articles: Mapping[int, int] = field(default_factory=dict)


def open_on(
    session: Session, *, viewer: Actor, claim_id: str | None = None, document_id: int | None = None
) -> tuple[Alert, ...]:
    """The viewer's own open alerts on a claim or a document."""
    on = Alert.claim_id == claim_id if claim_id is not None else Alert.document_id == document_id
    rows = select(Alert).where(on, still_open(), is_for(viewer))
    return tuple(session.exec(rows.order_by(col(Alert.id))))


def newest_open(session: Session, *, viewer: Actor, limit: int) -> tuple[Alert, ...]:
    """The viewer's own open alerts, the newest first, one for each change."""
    first = select(func.max(Alert.id)).where(still_open(), is_for(viewer))
    first = first.group_by(col(Alert.change_id), col(Alert.summary))
    rows = select(Alert).where(col(Alert.id).in_(first)).order_by(col(Alert.id).desc())
    return tuple(session.exec(rows.limit(limit)))


def told(session: Session, *, viewer: Actor, claim_ids: Collection[str], document_id: int | None = None) -> Told:
    """What was told about these claims and this document, answered or not."""
    on = or_(col(Alert.claim_id).in_(claim_ids), col(Alert.document_id) == (document_id or 0))
    rows = select(Alert.id, Alert.claim_id, Alert.article_id).where(on, may_see(session, viewer))
    found = session.exec(rows.order_by(col(Alert.id))).all()
    return Told(
        claims={claim_id: alert_id for alert_id, claim_id, _ in found if claim_id is not None},
        articles={article_id: alert_id for alert_id, _, article_id in found if article_id is not None},
    )
