"""Raising alerts: one row for each thing that a change affects, once, for somebody who can act on it."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from db import config
from db.models import Alert, Member

# SQLite takes at most 32,766 variables in a statement.
KEYS_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Impact:
    """What a walk raised: the number of alerts, and the claims and documents that they are about."""

    alerts: int = 0
    claims: frozenset[str] = frozenset()
    documents: frozenset[int] = frozenset()

    def __add__(self, other: "Impact") -> "Impact":
        return Impact(self.alerts + other.alerts, self.claims | other.claims, self.documents | other.documents)


def impact_of(alerts: Collection[Alert]) -> Impact:
    return Impact(
        alerts=len(alerts),
        claims=frozenset(row.claim_id for row in alerts if row.claim_id is not None),
        documents=frozenset(row.document_id for row in alerts if row.document_id is not None),
    )


def known(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of these keys under which an alert was raised before."""
    found: set[str] = set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        found.update(session.exec(select(Alert.key).where(col(Alert.key).in_(some))))
    return found


class Telling:
    """Whom to tell: members who left are told nothing, the leads are instead (None)."""

    def __init__(self, session: Session, *, run_id: int | None) -> None:
        self.session, self.run_id = session, run_id
        here = select(Member.id).where(col(Member.left_at).is_(None))
        self.here = frozenset(session.exec(here))
        self.raised: list[Alert] = []

    def tell(self, key: str, member_id: int | None, *, kind: str, summary: str, **about: Any) -> None:
        """Add an alert; the caller knows that there is none under this key."""
        self.raised.append(
            Alert(
                key=key,
                kind=kind,
                run_id=self.run_id,
                member_id=member_id if member_id in self.here else None,
                summary=summary,
                raised_at=config.now(),
                **about,
            )
        )

    def close(self) -> Impact:
        self.session.add_all(self.raised)
        self.session.flush()
        return impact_of(self.raised)


def night_trouble(session: Session, *, run_id: int | None, kind: str, summary: str, detail: Mapping[str, Any]) -> None:
    """Tell the leads of a night that went wrong; the same words are said once a day."""
    digest = hashlib.sha256(summary.encode()).hexdigest()[:12]
    key = f"night:{config.today().isoformat()}:{kind}:{digest}|library"
    if not known(session, [key]):
        telling = Telling(session, run_id=run_id)
        telling.tell(key, None, kind=kind, summary=summary, detail=dict(detail))
        telling.close()
