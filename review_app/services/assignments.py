"""The lead shares the records out: equally, or a number for each. What nobody holds is for whoever comes first."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from db import audit
from db.models import Member, Review
from db.queries import accounts
from db.queries import assignments as queries
from db.queries.assignments import Assigned
from db.queries.blinding import default_review
from db.queries.screening_rules import ASSIGNED, votes_needed
from db.types import Actor, Stage
from review_app.screening.allotment import allot, equal_counts
from review_app.services.errors import Invalid
from review_app.services.permissions import May, allows, require
from review_app.services.review_settings import open_review
from review_app.services.screening import position_key


@dataclass(frozen=True, slots=True)
class AssignmentPage:
    """`screeners` may be given records; `assigned` is what each member has, `unassigned` how many records are free."""

    review_id: int
    votes: int
    screeners: tuple[Member, ...]
    assigned: Mapping[int, Assigned]
    unassigned: int


def assignment_page(session: Session, *, topic_id: str) -> AssignmentPage | None:
    """None when the topic has no open review."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        return None
    return AssignmentPage(
        review_id=review.id,
        votes=votes_needed(review),
        screeners=tuple(screeners(session)),
        assigned=queries.assigned_by_member(session, review=review),
        unassigned=len(queries.unassigned_records(session, review=review)),
    )


def assign_equally(session: Session, *, actor: Actor, review_id: int, members: Sequence[int]) -> int:
    """Share all records that nobody holds and nobody voted on among these members; how many records."""
    require(actor, May.MANAGE_REVIEW)
    review = open_review(session, review_id)
    free = queries.unassigned_records(session, review=review)
    counts = equal_counts(sorted(set(members)), records=len(free), votes=votes_needed(review))
    number = _assign(session, actor, review, free, counts)
    session.commit()
    return number


def assign_counts(session: Session, *, actor: Actor, review_id: int, counts: Mapping[int, int]) -> int:
    """Give each member so many of the records that nobody holds and nobody voted on; how many records."""
    require(actor, May.MANAGE_REVIEW)
    review = open_review(session, review_id)
    free = queries.unassigned_records(session, review=review)
    most = max(counts.values(), default=0)
    if most > len(free):
        raise Invalid(f"Free records: {len(free):,}. Nobody can be given {most:,}.")
    number = _assign(session, actor, review, free, counts)
    session.commit()
    return number


def give_back(session: Session, *, actor: Actor, review_id: int, member_id: int) -> int:
    """Take a member's records back for whoever comes first; how many. Votes stay."""
    require(actor, May.MANAGE_REVIEW)
    review = open_review(session, review_id)
    number = queries.release(session, member_id=member_id, review=review)
    detail = {"member": member_id, "records": number}
    audit.record(
        session, actor=actor, action="records_given_back", subject_kind="review", subject_id=review.id, detail=detail
    )
    session.commit()
    return number


def _assign(session: Session, actor: Actor, review: Review, free: Sequence[int], counts: Mapping[int, int]) -> int:
    wanted = {member: number for member, number in counts.items() if number}
    if not wanted or not free:
        raise Invalid("There is nothing to assign. Choose who screens, and add records that nobody holds yet.")
    if not set(wanted) <= {member.id for member in screeners(session)}:
        raise Invalid("Records are assigned to members who may screen and have not left.")
    seed = secrets.randbelow(2**31)
    allotted = allot(free, wanted, votes=votes_needed(review), seed=seed)
    queries.keep_assignments(session, assigned=allotted)
    review.settings = {**review.settings, ASSIGNED: True}
    session.add(review)
    for member_id in wanted:
        for stage in Stage:
            queries.from_the_beginning(session, member_id=member_id, key=position_key(review.id, stage))
    detail = {"seed": seed, "records": len(allotted), "counts": {str(each): wanted[each] for each in wanted}}
    audit.record(
        session, actor=actor, action="records_assigned", subject_kind="review", subject_id=review.id, detail=detail
    )
    return len(allotted)


def screeners(session: Session) -> list[Member]:
    """Members who may screen and have not left."""
    present = (member for member in accounts.members(session) if member.left_at is None)
    return [member for member in present if allows(accounts.actor_of(member), May.SCREEN)]
