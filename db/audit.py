"""The audit chain: append-only, each event hashed together with the hash before it.

Canonical form, fixed with the first migration: UTF-8 JSON of `FIELDS` and `at`, keys sorted, no spaces, times as ISO
8601 in UTC with microseconds. The hash is SHA-256 of it in hexadecimal; the first event follows 64 zeros.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from sqlmodel import Session, col, func, select

from db import config
from db.models import AuditEvent
from db.types import Actor

GENESIS = "0" * 64
_LAST = select(AuditEvent.id, AuditEvent.hash).order_by(col(AuditEvent.id).desc()).limit(1)
# Named one by one: a column that is added later must not change what was hashed before.
FIELDS = ("id", "actor_id", "actor_name", "action", "subject_kind", "subject_id", "detail", "previous_hash")


@dataclass(frozen=True, slots=True)
class Head:
    """How long the chain is and what it ends in; kept elsewhere, it shows a cut tail."""

    count: int
    hash: str

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Head":
        """Raises ValueError when the text is no head."""
        try:
            value = json.loads(text)
            return cls(int(value["count"]), str(value["hash"]))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError("a head is JSON with `count` and `hash`") from error


def record(
    session: Session,
    *,
    actor: Actor,
    action: str,
    subject_kind: str,
    subject_id: object,
    detail: dict[str, Any] | None = None,
) -> AuditEvent:
    """Append an event in the caller's transaction; `writing()` makes sure that nobody appends beside us."""
    before = head(session)
    event = AuditEvent(
        id=before.count + 1,
        at=config.now(),
        actor_id=actor.id,
        actor_name=actor.name,
        action=action,
        subject_kind=subject_kind,
        subject_id=str(subject_id),
        detail=json.loads(json.dumps(detail or {}, default=str)),
        previous_hash=before.hash,
        hash="",
    )
    event.hash = digest(event)
    session.add(event)
    session.flush()
    return event


def head(session: Session) -> Head:
    last = session.execute(_LAST).first()
    return Head(*last) if last else Head(0, GENESIS)


def digest(event: AuditEvent) -> str:
    return hashlib.sha256(canonical(event).encode()).hexdigest()


def canonical(event: AuditEvent) -> str:
    value = {name: getattr(event, name) for name in FIELDS} | {"at": _moment(event.at)}
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def problems(session: Session, known: Head | None = None) -> list[str]:
    """What is wrong with the chain, one line each; `known` is a head that was kept elsewhere."""
    found = list(_breaks(session))
    if known is not None and known.count:
        kept = session.get(AuditEvent, known.count)
        total = session.exec(select(func.count()).select_from(AuditEvent)).one()
        if kept is None:
            found.append(f"the audit chain has {total} events where the head kept elsewhere counts {known.count}")
        elif kept.hash != known.hash:
            found.append(f"audit event {known.count} is not the one that the head kept elsewhere names")
    return found


def _breaks(session: Session) -> Iterator[str]:
    expected, previous = 1, GENESIS
    for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).yield_per(1000):
        if event.id != expected:
            yield f"audit event {expected} is missing"
        if event.previous_hash != previous:
            yield f"audit event {event.id} does not follow the event before it"
        if event.hash != digest(event):
            yield f"audit event {event.id} was altered"
        expected, previous = event.id + 1, event.hash
