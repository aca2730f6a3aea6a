"""The rules of screening as conditions: whose vote a record wants, which votes stand, and who may see them.

A record holds at most as many assigned members as it needs votes, the first two places of `assigned_to`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, exists, or_, true
from sqlalchemy.orm import aliased
from sqlmodel import col, func, select

from db.models import Adjudication, Record, Review, ScreeningDecision
from db.queries.blinding import is_blinded, visible
from db.queries.literature import present
from db.types import Actor, Decision, Role, Stage

ADJUDICATORS = frozenset({Role.LEAD, Role.ADJUDICATOR})
SUBJECT = "screening"
ASSIGNED, CALIBRATION = "assigned", "calibration"  # keys of a review's settings

VIEWER, REVIEW = bindparam("viewer", type_=Integer), bindparam("review", type_=Integer)  # their ids
Made = TypeVar("Made")


def votes_needed(review: Review) -> int:
    return 2 if review.dual else 1


def stages(review: Review) -> tuple[Stage, ...]:
    return tuple(stage for stage in Stage if stage.value in review.stages)


def stage_before(review: Review, stage: Stage) -> Stage | None:
    """The stage that a record must have passed to come to this one."""
    earlier = [each for each in stages(review) if each is not stage]
    return earlier[0] if stage is Stage.FULL_TEXT and earlier else None


def on_hold(review: Review) -> bool:
    """Whether everything but the open calibration round waits."""
    return bool(review.settings.get(CALIBRATION, {}).get("hold"))


def of(review: Review) -> ColumnElement[bool]:
    return of_id(review.id)


def of_id(review_id: Any) -> ColumnElement[bool]:
    """That a record is in the review. The sum keeps SQLite from starting with all of its records and sorting them."""
    same: ColumnElement[bool] = col(Record.review_id) + 0 == review_id
    return same


def stands(vote: Any) -> ColumnElement[bool]:
    """That it is its member's last word on the record, and not withdrawn."""
    later = aliased(ScreeningDecision)
    superseded = exists().where(
        col(later.record_id) == vote.record_id,
        col(later.stage) == vote.stage,
        col(later.member_id) == vote.member_id,
        col(later.id) > vote.id,
    )
    return and_(vote.decision != Decision.WITHDRAWN, ~superseded)


def settles(stage: Stage, ruling: Any = Adjudication) -> ColumnElement[bool]:
    return and_(col(ruling.subject) == SUBJECT, col(ruling.stage) == stage)


def assigned_places() -> tuple[Any, Any]:
    """The members that a record is assigned to, NULL where nobody is."""
    assigned: Any = col(Record.assigned_to)
    return assigned[0].as_integer(), assigned[1].as_integer()


def counts(review: Review, vote: Any = ScreeningDecision) -> ColumnElement[bool]:
    """That the vote decides, or differs: where one vote is enough, a Maybe does neither, and parks the record."""
    return true() if review.dual else col(vote.decision) != Decision.MAYBE


def holds(member: Any) -> ColumnElement[bool]:
    """That the record is assigned to the member of this id."""
    first, second = assigned_places()
    return or_(first == member, second == member)


def made_once(make: Callable[[Review, Stage], Made]) -> Callable[[Review, Stage], Made]:
    """What `make` puts together, once for each kind of review: that takes longer than to ask the library. So it names
    `VIEWER` and `REVIEW`, and nothing else of the review than how it is done."""
    made: dict[tuple[Any, ...], Made] = {}

    @wraps(make)
    def find(review: Review, stage: Stage) -> Made:
        kind = (stage, review.dual, tuple(review.stages), bool(review.settings.get(ASSIGNED)), on_hold(review))
        if kind not in made:
            made[kind] = make(review, stage)
        return made[kind]

    return find


@made_once
def asked(review: Review, stage: Stage) -> ColumnElement[bool]:
    """That the record has come to the stage, and wants a vote that `VIEWER` has not given and nobody else holds."""
    given = aliased(ScreeningDecision)
    of_record = _standing_on_record(given, stage)
    mine = exists().where(of_record, col(given.member_id) == VIEWER)
    wants = or_(_number(given, of_record) < votes_needed(review), col(Record.calibration))
    conditions: list[Any] = [present(), came_to(review, stage), ~mine, wants, ~_settled(stage)]
    if review.settings.get(ASSIGNED):
        conditions.append(or_(holds(VIEWER), _free(review, stage), col(Record.calibration)))
    if on_hold(review):
        conditions.append(col(Record.calibration))
    return and_(*conditions)


def came_to(review: Review, stage: Stage) -> ColumnElement[bool]:
    """That the record was included at the stage before, where there is one."""
    before = stage_before(review, stage)
    return true() if before is None else decided_at(review, before, Decision.INCLUDE)


def decided_at(review: Review, stage: Stage, decision: Decision, *, seen: Any = None) -> ColumnElement[bool]:
    """That the record was included, or excluded, at a stage: by adjudication, or by as many alike votes as it needs.
    `seen` is a condition under which the viewer may know how others agreed."""
    ruling = aliased(Adjudication)
    ruled: Any = col(ruling.decision)
    by_ruling = _settled(stage, ruling, ruled["decision"].as_string() == decision.value)
    given = aliased(ScreeningDecision)
    of_record = _standing_on_record(given, stage)
    other = exists().where(of_record, col(given.decision) != decision, counts(review, given))
    alike: ColumnElement[bool] = exists().where(of_record, col(given.decision) == decision)
    enough = _number(given, of_record) >= votes_needed(review) if review.dual else alike
    agreed = and_(enough, ~other, ~_settled(stage))
    return or_(by_ruling, and_(agreed, ~col(Record.calibration), true() if seen is None else seen))


def decided_for(viewer: Actor, review: Review, stage: Stage, decision: Decision) -> ColumnElement[bool]:
    """The same, as far as the viewer may know: not of a record that is assigned to them and waits for their vote."""
    own = aliased(ScreeningDecision)
    voted = exists().where(_standing_on_record(own, stage), col(own.member_id) == viewer.id)
    seen = or_(holds(viewer.id).is_not(True), voted)  # nobody's record is NULL
    return decided_at(review, stage, decision, seen=seen if is_blinded(review) else None)


def unsettled(viewer: Actor, review: Review, stage: Stage) -> Any:
    """The ids of records in conflict. Those of an open calibration round are talked about first, not settled."""
    decision = col(ScreeningDecision.decision)
    unsure = and_(func.min(decision) == Decision.MAYBE, func.max(decision) == Decision.MAYBE)
    settled = select(Adjudication.record_id).where(settles(stage), col(Adjudication.record_id).is_not(None))
    rows = _full(review, stage).having(or_(func.count(func.distinct(decision)) > 1, unsure))
    rows = rows.where(col(ScreeningDecision.record_id).not_in(settled), col(Record.calibration).is_(False))
    rows = rows.where(counts(review))
    if is_blinded(review) and viewer.role not in ADJUDICATORS:
        own = select(ScreeningDecision.record_id).where(
            ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage, stands(ScreeningDecision)
        )
        rows = rows.where(col(ScreeningDecision.record_id).in_(own))
    return rows


def sees_votes(
    viewer: Actor, review: Review, *, record: Any, stage: Any, author: Any, everybody: ColumnElement[bool]
) -> ColumnElement[bool]:
    """Own judgements on a record; others' once one's own vote stands; all of a full record for who settles conflicts.

    `everybody` is that the record is in an open calibration round, in which each first votes alone.
    """
    own = aliased(ScreeningDecision)
    same = and_(col(own.record_id) == record, col(own.stage) == stage)
    given: ColumnElement[bool] = exists().where(same, col(own.member_id) == viewer.id, stands(own))
    if viewer.role in ADJUDICATORS:
        number = select(func.count(col(own.id))).where(same, stands(own)).correlate_except(own)
        given = or_(given, and_(number.scalar_subquery() >= votes_needed(review), ~everybody))
    return visible(viewer=viewer, blinded=is_blinded(review), author=author, given=given)


def _standing_on_record(given: Any, stage: Stage) -> ColumnElement[bool]:
    return and_(col(given.record_id) == col(Record.id), col(given.stage) == stage, stands(given))


def _number(given: Any, of_record: ColumnElement[bool]) -> Any:
    return select(func.count(col(given.id))).where(of_record).correlate(Record).scalar_subquery()


def _settled(stage: Stage, ruling: Any = None, *more: ColumnElement[bool]) -> ColumnElement[bool]:
    ruling = ruling or aliased(Adjudication)
    return exists().where(settles(stage, ruling), col(ruling.record_id) == col(Record.id), *more)


def _free(review: Review, stage: Stage) -> ColumnElement[bool]:
    """That those to whom the record is assigned and those who voted on it are fewer than it needs."""
    given, (first, second) = aliased(ScreeningDecision), assigned_places()
    others = and_(
        _standing_on_record(given, stage),
        col(given.member_id) != func.coalesce(first, 0),
        col(given.member_id) != func.coalesce(second, 0),
    )
    held = case((first.is_(None), 0), (second.is_(None), 1), else_=2)
    free: ColumnElement[bool] = _number(given, others) + held < votes_needed(review)
    return free


def _full(review: Review, stage: Stage) -> Any:
    """The records of a review that have all the votes they need."""
    rows = select(ScreeningDecision.record_id).join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    rows = rows.where(Record.review_id == review.id, ScreeningDecision.stage == stage, stands(ScreeningDecision))
    return rows.group_by(col(ScreeningDecision.record_id)).having(func.count() >= votes_needed(review))
