"""How far a member has come in a stage of screening. Never commits.

To count all one's votes takes longer the more one has voted. Votes and rulings are appended with rising ids, so who
counted before only looks at what came since.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, and_, bindparam, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from db.models import Adjudication, Record, Review, ScreeningDecision
from db.queries.screening_rules import (
    CALIBRATION,
    REVIEW,
    VIEWER,
    came_to,
    made_once,
    of,
    of_id,
    on_hold,
    stage_before,
    stands,
)
from db.types import Actor, Decision, Stage

RECENT = 50  # of one's own votes that are kept at hand
_KINDS: Any = (ScreeningDecision, Adjudication, Record)
_NEWEST = select(*(select(func.max(kind.id)).scalar_subquery() for kind in _KINDS))


class OwnVote(NamedTuple):
    """What the viewer said of a record, as `ScreeningDecision` keeps it; without the note, which may be long."""

    id: int
    record_id: int
    member_id: int
    decision: Decision
    exclusion_reason: str | None
    labels: list[str]


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
    until it ends. `votes` are the viewer's last ones in the review that stand, the newest first."""

    mine: int
    records: int
    votes: tuple[OwnVote, ...]
    counted: Counted


def progress(
    session: Session, *, viewer: Actor, review: Review, stage: Stage, before: Progress | None = None
) -> Progress:
    """Counts on from `before` where that was the same member, review and stage, else from the beginning."""
    now = _moment(session, viewer, review, stage)
    if before is None or before.counted.what != now.what:
        mine = _votes(session, viewer, review, stage)
        votes = tuple(own_votes(session, viewer=viewer, review=review, stage=stage, limit=RECENT))
        return Progress(mine, _records(session, review, stage), votes, now)
    then = before.counted
    mine, votes = _since(session, viewer, review, stage, before)
    same = now.record == then.record and not _came_since(session, review, stage, then, now)
    return Progress(mine, before.records if same else _records(session, review, stage), votes, now)


def own_votes(session: Session, *, viewer: Actor, review: Review, stage: Stage, limit: int) -> list[OwnVote]:
    """The viewer's standing votes, the newest first: what to undo."""
    rows = _own().where(ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage)
    rows = rows.where(of(review), stands(ScreeningDecision)).order_by(col(ScreeningDecision.id).desc())
    return [OwnVote(*row) for row in session.exec(rows.limit(limit))]


def _own(*more: Any) -> Any:
    rows: Any = select(*(getattr(ScreeningDecision, name) for name in OwnVote._fields), *more)
    return rows.join(Record, col(Record.id) == col(ScreeningDecision.record_id))


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
    what = (viewer.id, review.id, stage, review.dual, tuple(review.stages), str(review.settings))
    return Counted(what, *(number or 0 for number in session.exec(_NEWEST).one()))


def _votes(session: Session, viewer: Actor, review: Review, stage: Stage) -> int:
    own = select(func.count()).select_from(ScreeningDecision)
    own = own.join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    own = own.where(ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage)
    return session.exec(own.where(_counts(review, stage), stands(ScreeningDecision))).one()


@made_once
def _on_touched(review: Review, stage: Stage) -> Any:
    """All that the viewer ever said of the records on which they said something after a vote, and whether it counts."""
    later = aliased(ScreeningDecision)
    touched = select(later.record_id).where(col(later.id) > bindparam("vote", type_=Integer))
    touched = touched.where(later.member_id == VIEWER, later.stage == stage)
    counts = col(Record.calibration) if _is_round(review, stage) else true()
    rows = _own(counts).where(col(ScreeningDecision.record_id).in_(touched), ScreeningDecision.stage == stage)
    # The sum keeps SQLite from going through all of one's votes.
    rows = rows.where(col(ScreeningDecision.member_id) + 0 == VIEWER, of_id(REVIEW))
    return rows.order_by(col(ScreeningDecision.id))


def _since(
    session: Session, viewer: Actor, review: Review, stage: Stage, before: Progress
) -> tuple[int, tuple[OwnVote, ...]]:
    """How many records the viewer has voted on now, and their last votes."""
    ids = {"viewer": viewer.id, "review": review.id, "vote": before.counted.vote}
    then: dict[int, bool] = {}
    now: dict[int, bool] = {}
    last: dict[int, OwnVote] = {}
    for *given, counts in session.exec(_on_touched(review, stage), params=ids):
        vote = OwnVote(*given)
        last[vote.record_id] = vote
        now[vote.record_id] = counts and vote.decision is not Decision.WITHDRAWN
        if vote.id <= before.counted.vote:
            then[vote.record_id] = now[vote.record_id]
    mine = before.mine + sum(now.values()) - sum(then.values())
    newest = sorted(last.values(), reverse=True)
    votes = [each for each in newest if each.decision is not Decision.WITHDRAWN]
    votes += [each for each in before.votes if each.record_id not in last]
    if len(votes) < RECENT == len(before.votes):
        votes = own_votes(session, viewer=viewer, review=review, stage=stage, limit=RECENT)
    return mine, tuple(votes[:RECENT])


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
