"""Whether a library is the demonstration library: invented studies, labelled on every page, and nothing else."""

from sqlmodel import Session

from db import audit, config
from db.models import Setting
from db.types import Actor

KEY = "demonstration"


def is_demonstration(session: Session) -> bool:
    return session.get(Setting, KEY) is not None


def mark(session: Session, *, actor: Actor) -> None:
    """From now on, and for good. Safe to repeat."""
    if not is_demonstration(session):
        session.add(Setting(key=KEY, value={}, changed_by=actor.id, changed_at=config.now()))
        audit.record(session, actor=actor, action="marked_as_demonstration", subject_kind="library", subject_id=KEY)
        session.flush()
