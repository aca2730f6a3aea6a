"""How a review is done: alone or by two, blinded or open, and by which criteria. A lead decides, and all see it."""

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from db import audit, config
from db.models import Member, Review, ReviewCriteria
from db.types import Actor, Stage
from review_app.screening.exclusion_reasons import Reasons, reasons_from_json, shipped_reasons
from review_app.screening.highlights import KINDS, Terms, default_terms, in_order
from review_app.services.errors import Conflict, Invalid, NotFound
from review_app.services.permissions import May, require

MAX_TEXT, MAX_TERMS = 20_000, 300
_CURRENT = select(ReviewCriteria).where(ReviewCriteria.review_id == bindparam("review"))
_CURRENT = _CURRENT.order_by(col(ReviewCriteria.version).desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What a review goes by now. Version 0 is what holds before anybody wrote criteria. `reasons` for excluding are by
    stage, with those that are retired."""

    version: int
    text: str
    terms: Terms
    reasons: Reasons
    is_locked: bool


@dataclass(frozen=True, slots=True)
class CriteriaVersion:
    """One version with who wrote it and, where the criteria were locked, why they changed."""

    criteria: Criteria
    amendment: str | None
    author: str
    at: datetime


def current_criteria(session: Session, *, review_id: int) -> ReviewCriteria | None:
    return session.exec(_CURRENT, params={"review": review_id}).first()


def criteria_of(session: Session, *, review_id: int) -> Criteria:
    row = current_criteria(session, review_id=review_id)
    return _criteria(row) if row else Criteria(0, "", default_terms(), shipped_reasons(), is_locked=False)


def _criteria(row: ReviewCriteria) -> Criteria:
    terms = Terms(**{kind: tuple(row.content["terms"][kind]) for kind in KINDS})
    kept = row.content.get("reasons")  # versions from before reasons could be changed have none
    reasons = reasons_from_json(kept) if kept else shipped_reasons()
    return Criteria(row.version, row.content["text"], terms, reasons, is_locked=row.locked_at is not None)


def criteria_versions(session: Session, *, review_id: int) -> list[CriteriaVersion]:
    """The newest first."""
    rows = select(ReviewCriteria, Member.name).join(Member, isouter=True).where(ReviewCriteria.review_id == review_id)
    found = session.exec(rows.order_by(col(ReviewCriteria.version).desc()))
    return [
        CriteriaVersion(_criteria(row), row.content["amendment"], name or "", row.created_at) for row, name in found
    ]


def change_settings(session: Session, *, actor: Actor, review_id: int, dual: bool, blinded: bool) -> None:
    """Votes that were given stay; a record that now wants a second vote waits for one."""
    require(actor, May.MANAGE_REVIEW)
    review = open_review(session, review_id)
    review.dual, review.blinded = dual, blinded
    session.add(review)
    _log(session, actor, "review_changed", review_id, {"dual": dual, "blinded": blinded})
    session.commit()


def change_stages(session: Session, *, actor: Actor, review_id: int, full_text: bool) -> None:
    """Read what was included in full text as well, or no longer. Votes that were given there stay."""
    require(actor, May.MANAGE_REVIEW)
    review = open_review(session, review_id)
    stages = [Stage.TITLE_ABSTRACT, *([Stage.FULL_TEXT] if full_text else [])]
    review.stages = [stage.value for stage in stages]
    session.add(review)
    _log(session, actor, "review_changed", review_id, {"stages": review.stages})
    session.commit()


def save_criteria(
    session: Session, *, actor: Actor, review_id: int, text: str, terms: Terms, amendment: str = ""
) -> ReviewCriteria:
    """Append a version with this text and these words."""
    require(actor, May.MANAGE_REVIEW)
    kept = Terms(**{kind: in_order(getattr(terms, kind)) for kind in KINDS})
    if len(text) > MAX_TEXT or any(len(getattr(kept, kind)) > MAX_TERMS for kind in KINDS):
        raise Invalid(f"Criteria take up to {MAX_TEXT:,} characters, and a list up to {MAX_TERMS} words.")
    changed = replace(criteria_of(session, review_id=review_id), text=text.strip(), terms=kept)
    return append_criteria(session, actor=actor, review_id=review_id, criteria=changed, amendment=amendment)


def append_criteria(
    session: Session, *, actor: Actor, review_id: int, criteria: Criteria, amendment: str
) -> ReviewCriteria:
    """Append the version after that of `criteria`, which are the current ones with something changed in them. Locked
    criteria change only by an amendment, which says why and is locked as well."""
    require(actor, May.MANAGE_REVIEW)
    open_review(session, review_id)
    if criteria.is_locked and not amendment.strip():
        raise Conflict("These criteria are locked. Say why they change: the reason is kept with the new version.")
    now = config.now()
    row = ReviewCriteria(
        review_id=review_id,
        version=criteria.version + 1,
        content=_content(criteria) | {"amendment": amendment.strip() or None},
        author_id=actor.id,
        created_at=now,
        locked_at=now if criteria.is_locked else None,
    )
    session.add(row)
    session.flush()
    _log(session, actor, "criteria_saved", review_id, {"version": row.version, "amendment": row.content["amendment"]})
    session.commit()
    return row


def _content(criteria: Criteria) -> dict[str, Any]:
    reasons = {stage: [asdict(each) for each in listed] for stage, listed in criteria.reasons.items()}
    return {"text": criteria.text, "terms": asdict(criteria.terms), "reasons": reasons}


def lock_criteria(session: Session, *, actor: Actor, review_id: int) -> None:
    """From now on the criteria change only by amendments."""
    require(actor, May.MANAGE_REVIEW)
    row = current_criteria(session, review_id=review_id)
    if row is None:
        raise NotFound("There are no criteria to lock yet. Write them first.")
    if row.locked_at is not None:
        raise Conflict("These criteria are locked already.")
    row.locked_at = config.now()
    session.add(row)
    _log(session, actor, "criteria_locked", review_id, {"version": row.version})
    session.commit()


def open_review(session: Session, review_id: int) -> Review:
    """Raises NotFound once it is closed."""
    review = session.get(Review, review_id)
    if review is None or review.closed_at is not None:
        raise NotFound("This review is closed. Open another one first.")
    return review


def _log(session: Session, actor: Actor, action: str, review_id: int, detail: dict[str, Any]) -> None:
    audit.record(session, actor=actor, action=action, subject_kind="review", subject_id=review_id, detail=detail)
