"""How far a member has come in a stage of screening. Never commits.

To count all one's votes takes longer the more one has voted. Votes and rulings are appended with rising ids, so who
counted before only looks at what came since.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, func, select

from db.models import Adjudication, Record, Review, ScreeningDecision
from db.queries.screening_rules import CALIBRATION, came_to, of, on_hold, stage_before, stands
from db.types import Actor, Decision, Stage


@dataclass(frozen=True, slots=True)
class Counted:
    """What was counted, and the newest vote, ruling and record of the library at that moment."""

    what: tuple[Any, ...]
    vote: int
    ruling: int
    record: int


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a review's `records`, those that the viewer has voted on; of a calibration round alone, while all others wait
    until it ends."""

    mine: int
    records: int
    counted: Counted


def progress(
    session: Session, *, viewer: Actor, review: Review, stage: Stage, before: Progress | None = None
) -> Progress:
    """Counts on from `before` where that was the same member, review and stage, else from the beginning."""
    now = _moment(session, viewer, review, stage)
    if before is None or before.counted.what != now.what:
        mine = _votes(session, viewer, review, stage)
        return Progress(mine, _records(session, review, stage), now)
    then = before.counted
    mine = before.mine + _votes_since(session, viewer, review, stage, then.vote)
    same = now.record == then.record and not _came_since(session, review, stage, then, now)
    return Progress(mine, before.records if same else _records(session, review, stage), now)


def _is_round(review: Review, stage: Stage) -> bool:
    return on_hold(review) and stage_before(review, stage) is None


def _records(session: Session, review: Review, stage: Stage) -> int:
    if _is_round(review, stage):
        return len(review.settings[CALIBRATION]["record_ids"])
    return record_count(session, review=review, stage=stage)


def _counts(review: Review, stage: Stage) -> ColumnElement[bool]:
    """That a vote on the record counts."""
    return and_(of(review), col(Record.calibration)) if _is_round(review, stage) else of(review)


def record_count(session: Session, *, review: Review, stage: Stage) -> int:
    """How many records have come to the stage."""
    rows = select(func.count()).select_from(Record).where(Record.review_id == review.id, came_to(review, stage))
    return session.exec(rows).one()


def _moment(session: Session, viewer: Actor, review: Review, stage: Stage) -> Counted:
    kinds: Any = (ScreeningDecision, Adjudication, Record)
    newest = session.exec(select(*(select(func.max(kind.id)).scalar_subquery() for kind in kinds))).one()
    what = (viewer.id, review.id, stage, review.dual, str(review.settings))
    return Counted(what, *(number or 0 for number in newest))


def _votes(session: Session, viewer: Actor, review: Review, stage: Stage) -> int:
    own = select(func.count()).select_from(ScreeningDecision)
    own = own.join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    own = own.where(ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage)
    return session.exec(own.where(_counts(review, stage), stands(ScreeningDecision))).one()


def _votes_since(session: Session, viewer: Actor, review: Review, stage: Stage, vote: int) -> int:
    """By how many the viewer's standing votes grew after this one; negative where some were taken back."""
    own = select(ScreeningDecision.record_id, ScreeningDecision.id, ScreeningDecision.decision)
    own = own.join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    own = own.where(ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage)
    own = own.where(_counts(review, stage))
    touched = {row[0] for row in session.exec(own.where(col(ScreeningDecision.id) > vote))}
    rows = own.where(col(ScreeningDecision.record_id).in_(touched)).order_by(col(ScreeningDecision.id))
    then: dict[int, bool] = {}
    now: dict[int, bool] = {}
    for record_id, vote_id, decision in session.exec(rows):
        now[record_id] = decision is not Decision.WITHDRAWN
        if vote_id <= vote:
            then[record_id] = now[record_id]
    return sum(now.values()) - sum(then.values())


def _came_since(session: Session, review: Review, stage: Stage, then: Counted, now: Counted) -> bool:
    """Whether anything was said at the stage before, by which records come to this one."""
    earlier = stage_before(review, stage)
    if earlier is None:
        return False
    votes = select(ScreeningDecision.id).where(ScreeningDecision.stage == earlier)
    said = session.exec(votes.where(col(ScreeningDecision.id) > then.vote).limit(1)).first()
    return now.ruling != then.ruling or said is not None


def votes_by_member(session: Session, *, review: Review, stage: Stage) -> dict[int, int]:
    """How many records each member has voted on. That they voted is open to all who screen; how, only after one's own
    vote."""
    rows = select(ScreeningDecision.member_id, func.count())
    rows = rows.join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    rows = rows.where(ScreeningDecision.stage == stage, of(review), stands(ScreeningDecision))
    return dict(session.exec(rows.group_by(col(ScreeningDecision.member_id))).all())


def voters_by_record(session: Session, *, review: Review, stage: Stage) -> dict[int, int]:
    """On how many records so many members have voted, by the number of members; not how."""
    voters = select(func.count().label("voters")).select_from(ScreeningDecision)
    voters = voters.join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    voters = voters.where(ScreeningDecision.stage == stage, of(review), stands(ScreeningDecision))
    each = voters.group_by(col(ScreeningDecision.record_id)).subquery()
    return dict(session.exec(select(each.c.voters, func.count()).group_by(each.c.voters)).all())
