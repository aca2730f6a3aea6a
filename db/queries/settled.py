"""What is settled at a stage of screening: adjudicated, or voted alike by as many as the review asks for.

Blinded, a single vote of a dual review leaves nowhere, and who is still to vote on a record does not learn how others
agreed on it. Never commits.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlmodel import Session, col, func, select

from db.models import Adjudication, Record, Review, ScreeningDecision
from db.queries.blinding import is_blinded
from db.queries.screening_rules import settles, votes_needed
from db.types import Actor, Decision, Stage

Word = tuple[Decision, datetime]  # and when it was said
Final = tuple[Decision, datetime, str | None]  # and why it was excluded, where somebody who settled it says so
FINAL = frozenset({Decision.INCLUDE, Decision.EXCLUDE})


@dataclass(frozen=True, slots=True)
class Settled:
    """The final decision on a record, and when the last word on it was said. `ruled_out`: why it was excluded, where
    that was settled."""

    record_id: int
    article_id: int
    included: bool
    at: datetime
    ruled_out: str | None = None


def settled_decisions(session: Session, *, viewer: Actor, review: Review, stage: Stage) -> list[Settled]:
    """In the order in which they were settled, as far as `viewer` may know."""
    ruled, votes = _adjudicated(session, review, stage), dict(_votes(session, review, stage))
    found = []
    records = select(Record.id, Record.article_id, Record.calibration, Record.assigned_to)
    for record_id, article_id, calibration, assigned_to in session.exec(records.where(Record.review_id == review.id)):
        given = votes.get(record_id, {})
        final = ruled.get(record_id) or _agreed(review, given)
        waits = viewer.id is not None and (calibration or viewer.id in assigned_to)
        hidden = is_blinded(review) and waits and viewer.id not in given and record_id not in ruled
        if final is not None and not hidden:
            found.append(Settled(record_id, article_id, final[0] is Decision.INCLUDE, *final[1:]))
    return sorted(found, key=lambda each: (each.at, each.record_id))


def _adjudicated(session: Session, review: Review, stage: Stage) -> dict[int, Final]:
    rows = select(Adjudication).where(settles(stage), Adjudication.review_id == review.id)
    rulings = session.exec(rows.order_by(col(Adjudication.id)))
    final = {row.record_id: _ruling(row) for row in rulings if row.record_id}
    return {record_id: ruling for record_id, ruling in final.items() if ruling[0] in FINAL}


def _ruling(row: Adjudication) -> Final:
    return Decision(row.decision["decision"]), row.decided_at, row.decision.get("exclusion_reason")


def _votes(session: Session, review: Review, stage: Stage) -> Iterator[tuple[int, dict[int, Word]]]:
    """Each member's standing vote, by record."""
    own = select(Record.id).where(Record.review_id == review.id)
    newest = select(func.max(ScreeningDecision.id)).where(
        col(ScreeningDecision.record_id).in_(own), ScreeningDecision.stage == stage
    )
    newest = newest.group_by(col(ScreeningDecision.record_id), col(ScreeningDecision.member_id))
    rows = select(
        ScreeningDecision.record_id,
        ScreeningDecision.member_id,
        ScreeningDecision.decision,
        ScreeningDecision.decided_at,
    )
    stands = col(ScreeningDecision.decision) != Decision.WITHDRAWN
    rows = rows.where(col(ScreeningDecision.id).in_(newest), stands).order_by(col(ScreeningDecision.record_id))
    for record_id, votes in groupby(session.exec(rows), key=lambda row: row[0]):
        yield record_id, {row[1]: (Decision(row[2]), row[3]) for row in votes}


def _agreed(review: Review, given: dict[int, Word]) -> Final | None:
    said = [word for word in given.values() if review.dual or word[0] is not Decision.MAYBE]
    decisions = {decision for decision, _ in said}
    if len(said) < votes_needed(review) or len(decisions) != 1 or not decisions <= FINAL:
        return None
    return decisions.pop(), max(at for _, at in said), None
