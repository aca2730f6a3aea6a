"""The audit trail as a member may read it. Never commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, or_, select

from db.models import Article, AuditEvent, Record
from db.queries.blinding import is_blinded, open_reviews
from db.types import Actor, Role

# Events about these say nothing of how somebody judged a study or a claim; every other kind may.
OPEN_KINDS = ("member", "topic", "run", "setting", "document", "review", "form")
# Who comes and goes is for who leads.
OF_PEOPLE = "member"


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An event as somebody may see it: `detail` is None where it would say how another judged."""

    id: int
    at: datetime
    actor_name: str
    action: str
    subject_kind: str
    subject_id: str
    detail: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for; None is any. From `since` on, and before `until`."""

    actor_name: str | None = None
    subject_kind: str | None = None
    subject_id: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def events(
    session: Session, *, viewer: Actor, wanted: Wanted = Wanted(), before: int | None = None, limit: int = 50
) -> list[AuditLine]:
    """What was done, the newest first, `before` an event where the list goes on.

    While a blinded review is open nobody reads here how another judged.
    """
    blinded = any(is_blinded(review) for review in open_reviews(session))
    rows = select(AuditEvent).order_by(col(AuditEvent.id).desc()).limit(limit)
    for column, value in (
        (AuditEvent.actor_name, wanted.actor_name),
        (AuditEvent.subject_kind, wanted.subject_kind),
        (AuditEvent.subject_id, wanted.subject_id),
    ):
        rows = rows.where(column == value) if value is not None else rows
    rows = rows.where(AuditEvent.at >= wanted.since) if wanted.since else rows
    rows = rows.where(AuditEvent.at < wanted.until) if wanted.until else rows
    rows = rows.where(AuditEvent.id < before) if before else rows
    if viewer.role is not Role.LEAD:
        rows = rows.where(or_(AuditEvent.subject_kind != OF_PEOPLE, AuditEvent.actor_id == viewer.id))
    return [
        _line(event, blinded and (viewer.id is None or event.actor_id != viewer.id)) for event in session.exec(rows)
    ]


def actors_and_kinds(session: Session) -> tuple[list[str], list[str]]:
    """Everybody who ever did something, and everything it was done to, for a choice."""
    names = session.exec(select(AuditEvent.actor_name).distinct()).all()
    kinds = session.exec(select(AuditEvent.subject_kind).distinct()).all()
    return sorted(names, key=str.casefold), sorted(kinds)


def articles_of_records(session: Session, *, record_ids: list[int]) -> dict[int, tuple[int, str]]:
    """The id and the title of the article, by record."""
    rows = select(Record.id, Article.id, Article.title).join(Article, col(Article.id) == col(Record.article_id))
    found = session.exec(rows.where(col(Record.id).in_(record_ids)))
    return {record_id: (article_id, title) for record_id, article_id, title in found}


def _line(event: AuditEvent, blinded: bool) -> AuditLine:
    detail = None if blinded and event.subject_kind not in OPEN_KINDS else event.detail
    return AuditLine(event.id, event.at, event.actor_name, event.action, event.subject_kind, event.subject_id, detail)
