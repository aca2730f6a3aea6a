"""What somebody has typed and not yet saved, in the caller's transaction."""

from typing import Any

from sqlmodel import Session

from db import config
from db.models import Draft
from db.types import Actor


def keep(session: Session, actor: Actor, key: str, value: dict[str, Any]) -> None:
    session.merge(Draft(member_id=actor.member_id, key=key, value=value, saved_at=config.now()))


def forget(session: Session, actor: Actor, key: str) -> None:
    row = session.get(Draft, (actor.member_id, key))
    if row is not None:
        session.delete(row)
