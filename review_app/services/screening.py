"""Reviewers vote on records, alone; who settles conflicts has the last word. Votes are appended, never changed."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session

from db import audit, config
from db.models import Adjudication, Record, Review, ScreeningDecision
from db.queries import screening as queries
from db.queries.parked import is_parked
from db.queries.screening import Position
from db.queries.screening_desk import own_last
from db.types import Actor, Decision, Stage
from review_app.screening.exclusion_reasons import is_reason_required, offered
from review_app.services import drafts
from review_app.services.errors import Conflict, Invalid, NotFound
from review_app.services.permissions import May, require
from review_app.services.review_settings import Criteria, criteria_of

MAX_LABELS, MAX_LABEL, MAX_NOTE = 20, 60, 10_000
_GIVE = insert(ScreeningDecision)


def start(session: Session, *, actor: Actor, review_id: int) -> int:
    """Put every standing article of the topic that is not in the review yet into it; how many came. Safe to repeat."""
    require(actor, May.SCREEN)
    review = _review(session, review_id)
    ids, now = session.exec(queries.new_articles(review=review)).all(), config.now()
    session.add_all(
        Record(review_id=review.id, article_id=article_id, added_at=now, added_by=actor.id) for article_id in ids
    )
    session.flush()
    if ids:
        _log(session, actor, "records_added", "review", review.id, {"records": len(ids)})
    session.commit()
    return len(ids)


def vote(
    session: Session,
    *,
    actor: Actor,
    record_id: int,
    stage: Stage,
    decision: Decision,
    content_hash: str,
    reason: str | None = None,
    labels: list[str] | None = None,
    note: str = "",
    position: Position | None = None,
) -> None:
    """Append the actor's vote. `content_hash` is what the reader saw; `position` is the place in the queue after it.
    A vote that stands just so already, given in another browser, is done.

    Conflict when the vote is not asked for any more or the article changed; Invalid without a reason where one is due.
    """
    require(actor, May.SCREEN)
    review, newest_hash = _open(session, record_id)
    criteria, labels, note = criteria_of(session, review_id=review.id), clean_labels(labels or []), clean_note(note)
    of: dict[str, Any] = {"viewer": actor, "review": review, "stage": stage, "record_id": record_id}
    is_asked = queries.asked_of(session, **of) or is_parked(session, **of)
    said = None if is_asked else own_last(session, viewer=actor, stage=stage, record_ids=[record_id]).get(record_id)
    if said is not None and _same(said, decision, reason, labels, note):
        return
    if stage not in queries.stages(review):
        raise Invalid("This review does not screen in full text. A lead decides that it does.")
    _check_reason(criteria, stage, decision, reason)
    if newest_hash != content_hash:
        raise Conflict("The record changed while you read it. Read it again, then decide.")
    if not is_asked:
        raise Conflict("This record was decided meanwhile, or others hold it now; your vote is not counted.")
    vote_id = _append(session, actor, record_id, stage, decision, reason, labels, note, criteria.version)
    _log(session, actor, "screened", "record", record_id, {"decision": vote_id, "stage": stage.value})
    drafts.forget(session, actor, draft_key(record_id, stage))
    if position is not None:
        drafts.keep(session, actor, position_key(review.id, stage), asdict(position))
    session.commit()


def undo(session: Session, *, actor: Actor, record_id: int, stage: Stage) -> None:
    """Take back the actor's standing vote on this record. Its labels and note stay. The vote stays too; one that was
    taken back already is done."""
    require(actor, May.SCREEN)
    _open(session, record_id)
    last = own_last(session, viewer=actor, stage=stage, record_ids=[record_id]).get(record_id)
    if last is None:
        raise NotFound("You have no vote on this record to take back.")
    if last.decision is Decision.WITHDRAWN:
        return
    if queries.is_settled(session, stage=stage, record_id=record_id):
        raise Conflict("Your vote was settled by somebody else meanwhile and cannot be taken back.")
    if stage is Stage.TITLE_ABSTRACT and queries.is_read_on(session, record_id=record_id):
        raise Conflict("Somebody judged this record in full text meanwhile, so that your vote cannot be taken back.")
    vote_id = _append(session, actor, record_id, stage, Decision.WITHDRAWN, None, last.labels, last.note or "", 0)
    _log(session, actor, "vote_withdrawn", "record", record_id, {"decision": vote_id, "stage": stage.value})
    session.commit()


def keep_draft(
    session: Session,
    *,
    actor: Actor,
    record_id: int,
    stage: Stage,
    note: str | None = None,
    labels: list[str] | None = None,
) -> None:
    """Keep what is typed before the vote. What is not given stays as it was: a note never wipes labels."""
    require(actor, May.SCREEN)
    _open(session, record_id)
    key = draft_key(record_id, stage)
    value = queries.draft(session, viewer=actor, key=key)
    value |= {"note": clean_note(note)} if note is not None else {}
    value |= {"labels": clean_labels(labels)} if labels is not None else {}
    drafts.keep(session, actor, key, value)
    session.commit()


def adjudicate(
    session: Session,
    *,
    actor: Actor,
    record_id: int,
    stage: Stage,
    decision: Decision,
    reason: str,
    exclusion_reason: str | None = None,
) -> Adjudication:
    """Settle what the voters disagree on, or are unsure of. Their votes stay as they are."""
    require(actor, May.ADJUDICATE)
    review, _ = _open(session, record_id)
    if decision not in {Decision.INCLUDE, Decision.EXCLUDE}:
        raise Invalid("Settle the record as included or as excluded.")
    if not reason.strip():
        raise Invalid("Say why: the reason is kept with the decision.")
    _check_reason(criteria_of(session, review_id=review.id), stage, decision, exclusion_reason)
    if not queries.in_conflict(session, viewer=actor, review=review, stage=stage, record_id=record_id):
        raise Conflict("This record is not in conflict any more. Look at the next one.")
    given = queries.votes(session, viewer=actor, review=review, stage=stage, record_ids=[record_id])
    row = Adjudication(
        subject=queries.SUBJECT,
        review_id=review.id,
        record_id=record_id,
        stage=stage,
        decision={"decision": decision.value, "exclusion_reason": exclusion_reason},
        settles=[each.id for each in given.get(record_id, ())],
        reason=reason.strip(),
        member_id=actor.member_id,
        decided_at=config.now(),
    )
    session.add(row)
    session.flush()
    _log(session, actor, "conflict_settled", "record", record_id, {"adjudication": row.id, "stage": stage.value})
    session.commit()
    return row


def draft_key(record_id: int, stage: Stage) -> str:
    return f"screening:{stage.value}:{record_id}"


def position_key(review_id: int, stage: Stage) -> str:
    return f"queue:{stage.value}:{review_id}"


def clean_labels(labels: list[str]) -> list[str]:
    """Labels as they are kept: trimmed, each once. Raises Invalid when there are too many or one is too long."""
    cleaned = list(dict.fromkeys(label for label in (" ".join(each.split()) for each in labels) if label))
    if len(cleaned) > MAX_LABELS or any(len(label) > MAX_LABEL for label in cleaned):
        raise Invalid(f"A record takes up to {MAX_LABELS} labels of up to {MAX_LABEL} characters.")
    return cleaned


def clean_note(note: str) -> str:
    """The note as it is kept. Raises Invalid when it is too long: nothing of it is cut off silently."""
    if len(note) > MAX_NOTE:
        raise Invalid(f"A note takes up to {MAX_NOTE:,} characters; this one has {len(note):,}.")
    return note.strip()


def _same(said: ScreeningDecision, decision: Decision, reason: str | None, labels: list[str], note: str) -> bool:
    given = (said.decision, said.exclusion_reason, said.labels, said.note or "")
    return given == (decision, reason, labels, note) and decision is not Decision.WITHDRAWN


def _check_reason(criteria: Criteria, stage: Stage, decision: Decision, reason: str | None) -> None:
    if reason is not None and reason not in {each.id for each in offered(criteria.reasons[stage.value])}:
        raise Invalid(f"{reason} is not a reason of this stage. Choose one from the list.")
    if reason is not None and decision is not Decision.EXCLUDE:
        raise Invalid("Only who excludes a record gives a reason for excluding it.")
    if reason is None and decision is Decision.EXCLUDE and is_reason_required(stage.value):
        raise Invalid("Choose the reason: in full text each exclusion has one.")


def _append(
    session: Session,
    actor: Actor,
    record_id: int,
    stage: Stage,
    decision: Decision,
    reason: str | None,
    labels: list[str],
    note: str,
    criteria: int,
) -> int:
    row = {
        "record_id": record_id,
        "stage": stage,
        "member_id": actor.member_id,
        "decision": decision,
        "exclusion_reason": reason,
        "labels": labels,
        "note": note or None,
        "criteria_version": criteria or None,
        "decided_at": config.now(),
    }
    kept: Any = session.connection().execute(_GIVE, row)
    vote_id: int = kept.inserted_primary_key[0]
    return vote_id


def _open(session: Session, record_id: int) -> tuple[Review, str]:
    """The review of the record, and the content hash of its article now."""
    found = queries.review_of_record(session, record_id=record_id)
    if found is None:
        raise NotFound("This record is not in the review any more.")
    review, content_hash = found
    return _still_open(review), content_hash


def _review(session: Session, review_id: int) -> Review:
    return _still_open(session.get(Review, review_id))


def _still_open(review: Review | None) -> Review:
    if review is None or review.closed_at is not None:
        raise NotFound("This review is closed. Ask a lead to open one.")
    return review


def _log(session: Session, actor: Actor, action: str, kind: str, subject_id: int, detail: dict[str, Any]) -> None:
    audit.record(session, actor=actor, action=action, subject_kind=kind, subject_id=subject_id, detail=detail)
