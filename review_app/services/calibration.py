"""A calibration round: everybody votes alone on a random sample, they talk, and the criteria are locked.

Cochrane Handbook 6.5, section 4.6.4: try the criteria out on a sample of records before screening the rest, so that all
apply them alike. The open round stands in the review's settings under `calibration`, those before it under
`calibrations`, each with the seed that draws the same sample from the same records again.
"""

import secrets
from typing import Any

from sqlmodel import Session

from db import audit, config
from db.models import Record, Review
from db.queries import calibration as queries
from db.queries.screening_rules import CALIBRATION
from db.types import Actor, Stage
from review_app.screening.prioritise import random_order
from review_app.services.errors import Conflict, Invalid, NotFound
from review_app.services.permissions import May, require
from review_app.services.review_settings import current_criteria, open_review

ROUNDS = "calibrations"
STAGE = Stage.TITLE_ABSTRACT
FEWEST, MOST = 5, 200


def draw(
    session: Session, *, actor: Actor, review_id: int, number: int, hold: bool, seed: int | None = None
) -> list[int]:
    """Open a round with `number` records that nobody has voted on; their ids. `hold`: the rest waits until it ends."""
    require(actor, May.MANAGE_REVIEW)
    review = open_review(session, review_id)
    if CALIBRATION in review.settings:
        raise Conflict("A calibration round is open. End it before another is drawn.")
    criteria = current_criteria(session, review_id=review_id)
    if criteria is None or not criteria.content["text"]:
        raise Invalid("Write the criteria first: a calibration round tries them out.")
    if not FEWEST <= number <= MOST:
        raise Invalid(f"A calibration round has {FEWEST} to {MOST} records.")
    untouched = queries.untouched_records(session, review=review, stage=STAGE)
    if len(untouched) < number:
        raise Invalid(f"Records without a vote: {len(untouched):,}. Draw at most as many.")
    seed = secrets.randbelow(2**31) if seed is None else seed
    drawn = sorted(random_order(untouched, seed=seed)[:number])
    _mark(session, drawn, calibration=True)
    opened = {"seed": seed, "record_ids": drawn, "hold": hold, "criteria_version": criteria.version}
    opened |= {"drawn_by": actor.name, "drawn_at": config.now().isoformat()}
    _keep(session, review, {**review.settings, CALIBRATION: opened})
    _log(session, actor, "calibration_drawn", review, {"seed": seed, "records": number, "hold": hold})
    session.commit()
    return drawn


def end(session: Session, *, actor: Actor, review_id: int, lock: bool) -> None:
    """Close the round: its records go on like all others. `lock`: the criteria change only by amendments then."""
    require(actor, May.MANAGE_REVIEW)
    review = open_review(session, review_id)
    criteria = current_criteria(session, review_id=review_id)
    if CALIBRATION not in review.settings or criteria is None:
        raise NotFound("No calibration round is open.")
    now = config.now()
    closed = {**review.settings[CALIBRATION], "ended_at": now.isoformat(), "criteria_after": criteria.version}
    _mark(session, closed["record_ids"], calibration=False)
    if lock and criteria.locked_at is None:
        criteria.locked_at = now
        session.add(criteria)
    rest = {key: value for key, value in review.settings.items() if key != CALIBRATION}
    _keep(session, review, {**rest, ROUNDS: [*rest.get(ROUNDS, []), closed]})
    _log(session, actor, "calibration_ended", review, {"locked": lock, "criteria_version": criteria.version})
    session.commit()


def _mark(session: Session, record_ids: list[int], *, calibration: bool) -> None:
    for record_id in record_ids:
        record = session.get_one(Record, record_id)
        record.calibration = calibration
        session.add(record)


def _keep(session: Session, review: Review, settings: dict[str, Any]) -> None:
    review.settings = settings
    session.add(review)


def _log(session: Session, actor: Actor, action: str, review: Review, detail: dict[str, Any]) -> None:
    audit.record(session, actor=actor, action=action, subject_kind="review", subject_id=review.id, detail=detail)
