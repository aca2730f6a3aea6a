"""From a change up the chain: articles → findings, quotes, claims, sentences, documents; and whom to tell.

All of it happens in the caller's transaction, which is that of the change itself. It is safe to repeat: an alert has
its key, and a change that was walked raises nothing twice.
"""

from collections.abc import Callable, Mapping, Sequence

from sqlmodel import Session, col, select

from db.impact_alerts import Impact, night_trouble
from db.models import ChangeLog
from db.types import Stance

__all__ = ["Impact", "Stances", "label_revised", "mark", "night_trouble", "offer_new", "walk"]

Stances = Callable[[str, Sequence[int]], Mapping[int, Stance]]


def mark(session: Session) -> int:
    """The id of the newest row of the change log; 0 while there is none."""
    return session.exec(select(ChangeLog.id).order_by(col(ChangeLog.id).desc()).limit(1)).first() or 0


def walk(session: Session, *, run_id: int | None, after: int) -> Impact:
    """Tell everybody concerned of the rows of the change log after `after`, and mark what rests on them."""
    return Impact()


def label_revised(session: Session, *, run_id: int | None, label_id: int) -> Impact:
    """A new version of a label: claims whose evidence points at an older version are re-opened."""
    return Impact()


def offer_new(session: Session, *, run_id: int | None, article_ids: Sequence[int], stances: Stances | None) -> Impact:
    """Offer new articles that match a claim's own search query to its owner."""
    return Impact()
