"""What a reviewer quotes from a full text for their vote on a record: seen by others as the vote is."""

from typing import Any

from sqlmodel import Session

from db import audit
from db.models import Quote, Record, Review
from db.queries import full_texts as queries
from db.queries import screening
from db.queries.parked import is_parked
from db.types import Actor, Stage
from review_app.services import drafts, quotes
from review_app.services.errors import Conflict, Invalid, NotFound
from review_app.services.permissions import May, require

MAX_QUOTES = 50


def add(
    session: Session, *, actor: Actor, record_id: int, stage: Stage, attachment_id: int, page: int, words: str
) -> Quote:
    """Keep words of a page (counted from 1) of the record's full text. Raises Invalid when they do not stand there."""
    record = _open(session, actor, record_id, stage)
    attachment = queries.attachment(session, attachment_id=attachment_id)
    if attachment is None or attachment.article_id != record.article_id:
        raise NotFound("This full text was removed meanwhile.")
    ids = _kept(session, actor, record_id, stage)
    if len(ids) >= MAX_QUOTES:
        raise Invalid(f"A vote takes up to {MAX_QUOTES} quotes.")
    quote = quotes.add_from_page(session, actor=actor, attachment=attachment, page=page, words=words)
    before = [session.get_one(Quote, each) for each in ids]
    if any((each.exact, each.prefix, each.suffix) == (quote.exact, quote.prefix, quote.suffix) for each in before):
        raise Conflict("You have quoted these words already.")
    _keep(session, actor, record_id, stage, [*ids, quote.id], "full_text_quoted", quote.id)
    session.commit()
    return quote


def drop(session: Session, *, actor: Actor, record_id: int, stage: Stage, quote_id: int) -> None:
    """Take one's quote out of one's judgement again; what was quoted stays on record."""
    _open(session, actor, record_id, stage)
    ids = _kept(session, actor, record_id, stage)
    if quote_id not in ids:
        raise NotFound("This is none of your quotes for the record.")
    left = [each for each in ids if each != quote_id]
    _keep(session, actor, record_id, stage, left, "full_text_quote_dropped", quote_id)
    session.commit()


def _open(session: Session, actor: Actor, record_id: int, stage: Stage) -> Record:
    """The record, while the actor's vote on it is wanted: with the vote its quotes stand."""
    require(actor, May.SCREEN)
    record = session.get(Record, record_id)
    if record is None:
        raise NotFound("This record is not in the review any more.")
    review = session.get_one(Review, record.review_id)
    of: dict[str, Any] = {"viewer": actor, "review": review, "stage": stage, "record_id": record_id}
    if not (screening.asked_of(session, **of) or is_parked(session, **of)):
        raise Conflict("Your vote on this record is given. Take it back to change its quotes.")
    return record


def _kept(session: Session, actor: Actor, record_id: int, stage: Stage) -> list[int]:
    key = queries.quotes_key(record_id, stage)
    return list(screening.draft(session, viewer=actor, key=key).get("ids", []))


def _keep(
    session: Session, actor: Actor, record_id: int, stage: Stage, ids: list[int], action: str, quote_id: int
) -> None:
    key = queries.quotes_key(record_id, stage)
    drafts.keep(session, actor, key, {"ids": ids})
    detail = {"quote": quote_id, "stage": stage.value}
    audit.record(session, actor=actor, action=action, subject_kind="record", subject_id=record_id, detail=detail)
