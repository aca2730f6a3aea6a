"""Which records are assigned to whom, and how far each has come with theirs. Never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import case, exists, update
from sqlmodel import Session, col, func, select

from db.models import Article, Draft, Record, Review, ScreeningDecision
from db.queries.literature import present
from db.queries.screening_rules import assigned_places, of, stands
from db.types import Stage


@dataclass(frozen=True, slots=True)
class Assigned:
    """Of the records that a member was given: how many, and how many they have voted on at the first stage."""

    records: int
    voted: int


def unassigned_records(session: Session, *, review: Review) -> list[int]:
    """The ids of records that nobody holds and nobody has voted on."""
    voted = exists().where(col(ScreeningDecision.record_id) == col(Record.id), stands(ScreeningDecision))
    rows = select(Record.id).join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(Record.review_id == review.id, present(), assigned_places()[0].is_(None), ~voted)
    return list(session.exec(rows.order_by(col(Record.id))))


def assigned_by_member(session: Session, *, review: Review) -> dict[int, Assigned]:
    """How many, not how they voted."""
    found: dict[int, Assigned] = {}
    for place in assigned_places():
        given = exists().where(
            col(ScreeningDecision.record_id) == col(Record.id),
            col(ScreeningDecision.stage) == Stage.TITLE_ABSTRACT,
            col(ScreeningDecision.member_id) == place,
            stands(ScreeningDecision),
        )
        rows = select(place, func.count(), func.sum(case((given, 1), else_=0)))
        for member, records, voted in session.exec(rows.where(of(review), place.is_not(None)).group_by(place)):
            before = found.get(member, Assigned(0, 0))
            found[member] = Assigned(before.records + records, before.voted + voted)
    return found


def keep_assignments(session: Session, *, assigned: Mapping[int, Sequence[int]]) -> None:
    """`assigned` is, by record, who holds it from now on."""
    rows = [{"id": record_id, "assigned_to": list(members)} for record_id, members in assigned.items()]
    if rows:
        session.execute(update(Record), rows)


def release(session: Session, *, member_id: int, review: Review | None = None) -> int:
    """Give back what a member holds, in one review or in all; how many records. Their votes stay."""
    first, second = assigned_places()
    rows = select(Record.id, Record.assigned_to).where((first == member_id) | (second == member_id))
    if review is not None:
        rows = rows.where(of(review))
    held = {record_id: [each for each in members if each != member_id] for record_id, members in session.exec(rows)}
    keep_assignments(session, assigned=held)
    return len(held)


def from_the_beginning(session: Session, *, member_id: int, key: str) -> None:
    """What is assigned to a member is looked for anew among all records: `key` is that of their place in a queue."""
    row = session.get(Draft, (member_id, key))
    if row is not None:
        row.value = {**row.value, "mine": 0}
        session.add(row)
