"""Which alerts nobody has answered, now or at an earlier moment."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, true
from sqlmodel import Session, col, func, select

from db.models import Alert, AlertResolution
from db.types import AlertState


def still_open(as_of: datetime | None = None) -> ColumnElement[bool]:
    """Of the alerts that were raised by then: those whose newest answer of that time, if any, opened them again."""
    by_then = true() if as_of is None else col(AlertResolution.at) <= as_of
    newest = select(func.max(AlertResolution.id)).where(by_then).group_by(col(AlertResolution.alert_id))
    settled = select(AlertResolution.alert_id).where(
        col(AlertResolution.id).in_(newest), AlertResolution.state != AlertState.OPEN
    )
    return col(Alert.id).not_in(settled)


def reopening(session: Session, *, claim_ids: Sequence[str], as_of: datetime | None = None) -> dict[str, list[Alert]]:
    """By claim, the open alerts on changes that re-open it, the oldest first."""
    found: dict[str, list[Alert]] = defaultdict(list)
    raised = true() if as_of is None else col(Alert.raised_at) <= as_of
    rows = select(Alert).where(col(Alert.claim_id).in_(claim_ids), raised, still_open(as_of)).order_by(col(Alert.id))
    for row in session.exec(rows):
        if row.claim_id is not None and row.detail.get("stale"):
            found[row.claim_id].append(row)
    return found
