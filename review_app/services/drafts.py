"""What somebody has typed and not yet saved, in the caller's transaction."""

from typing import Any

from sqlalchemy import bindparam, delete, update
from sqlmodel import Session, col

from db import config
from db.models import Draft
from db.types import Actor

_THAT = (col(Draft.member_id) == bindparam("member"), col(Draft.key) == bindparam("name"))
_KEEP = update(Draft).where(*_THAT).values(value=bindparam("kept"), saved_at=bindparam("now"))
_FORGET = delete(Draft).where(*_THAT)
_ASIDE = {"synchronize_session": False}  # nobody who keeps a draft has it in hand as a row


def keep(session: Session, actor: Actor, key: str, value: dict[str, Any]) -> None:
    now = config.now()
    kept = {"member": actor.member_id, "name": key, "kept": value, "now": now}
    if not session.exec(_KEEP, params=kept, execution_options=_ASIDE).rowcount:
        session.add(Draft(member_id=actor.member_id, key=key, value=value, saved_at=now))


def forget(session: Session, actor: Actor, key: str) -> None:
    session.exec(_FORGET, params={"member": actor.member_id, "name": key}, execution_options=_ASIDE)
