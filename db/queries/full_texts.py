"""Full texts of articles, and the quotes that reviewers took from them. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists
from sqlmodel import Session, col, select

from db.models import Attachment, Draft, Quote, QuoteAnchor, Record, Review, StoredFile
from db.queries.review import quotes
from db.queries.screening_rules import sees_votes
from db.types import Actor, Stage


@dataclass(frozen=True, slots=True)
class FullTextQuote:
    """Words of a page (counted from 1) that a member took into their judgement of a record."""

    member_id: int
    quote: Quote
    anchor: QuoteAnchor


def attachments(session: Session, *, article_id: int) -> list[Attachment]:
    """The full texts of an article, the oldest first, without those that were removed."""
    rows = select(Attachment).where(Attachment.article_id == article_id, col(Attachment.removed_at).is_(None))
    return list(session.exec(rows.order_by(col(Attachment.id))))


def full_text_names(session: Session, *, article_ids: Sequence[int]) -> dict[int, str]:
    """The full texts of these articles by id, the oldest first, without those that were removed."""
    rows = select(Attachment.id, Attachment.name).where(col(Attachment.article_id).in_(article_ids))
    return dict(session.exec(rows.where(col(Attachment.removed_at).is_(None)).order_by(col(Attachment.id))).all())


def attachment(session: Session, *, attachment_id: int) -> Attachment | None:
    """A full text that was not removed."""
    found = session.get(Attachment, attachment_id)
    return found if found is not None and found.removed_at is None else None


def stored_file(session: Session, *, attachment_id: int) -> tuple[Attachment, StoredFile] | None:
    """A full text that was not removed, with its bytes."""
    rows = select(Attachment, StoredFile).join(StoredFile)
    return session.exec(rows.where(Attachment.id == attachment_id, col(Attachment.removed_at).is_(None))).first()


def quotes_key(record_id: int, stage: Stage) -> str:
    """Under which a member's quotes for a record are kept."""
    return f"quotes:{stage.value}:{record_id}"


def full_text_quotes(
    session: Session, *, viewer: Actor, review: Review, stage: Stage, record_id: int
) -> list[FullTextQuote]:
    """What reviewers quoted for their vote on a record, as far as `viewer` may see it: as they see the votes."""
    everybody = exists().where(col(Record.id) == record_id, col(Record.calibration))
    author = col(Draft.member_id)
    rows = select(Draft).where(Draft.key == quotes_key(record_id, stage))
    rows = rows.where(sees_votes(viewer, review, record=record_id, stage=stage, author=author, everybody=everybody))
    kept = {row.member_id: row.value["ids"] for row in session.exec(rows.order_by(author))}
    found = quotes(session, ids=[quote_id for ids in kept.values() for quote_id in ids])
    return [FullTextQuote(member, *found[quote_id]) for member, ids in kept.items() for quote_id in ids]
