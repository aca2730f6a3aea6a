"""How often two members said the same of one record, as far as the viewer may see both votes. Never commits."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from db.models import Record, Review, ScreeningDecision
from db.queries.screening_rules import of, sees_votes, stands
from db.types import Actor, Decision, Stage


@dataclass(frozen=True, slots=True)
class VotePairs:
    """On `number` records member `one` said `first` and member `two` said `second`."""

    one: int
    two: int
    first: Decision
    second: Decision
    number: int


def vote_pairs(session: Session, *, viewer: Actor, review: Review, stage: Stage) -> list[VotePairs]:
    """Of each two members who both have a standing vote; without a record on which the viewer may not see both."""
    one, two = aliased(ScreeningDecision), aliased(ScreeningDecision)
    together = and_(
        col(one.record_id) == col(two.record_id),
        col(one.stage) == col(two.stage),
        col(one.member_id) < col(two.member_id),
    )
    said: Any = (col(one.member_id), col(two.member_id), col(one.decision), col(two.decision))
    rows: Any = select(*said).add_columns(func.count()).select_from(one).join(two, together)
    rows = rows.join(Record, col(Record.id) == col(one.record_id))
    rows = rows.where(of(review), col(one.stage) == stage, stands(one), stands(two))
    for vote in (one, two):
        seen = sees_votes(
            viewer,
            review,
            record=col(one.record_id),
            stage=col(one.stage),
            author=col(vote.member_id),
            everybody=col(Record.calibration).is_(True),
        )
        rows = rows.where(seen)
    return [VotePairs(*row) for row in session.exec(rows.group_by(*said).order_by(*said[:2]))]
