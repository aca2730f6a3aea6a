"""What two reviewers give of one study or outcome before their answers are compared, and what was settled of it.

Findings are recorded one by one, so a reviewer says when they are all; the audit trail keeps that. Never commits.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from db.models import Adjudication, AuditEvent, Finding, Grade, Review, RiskOfBias
from db.queries.blinding import gave, is_blinded
from db.queries.screening_rules import ADJUDICATORS
from db.types import Actor

FINDINGS_GIVEN = "findings_given"
FINDING, BIAS, GRADE = "finding", "risk_of_bias", "grade"  # what is settled, as adjudications name it
TOOL = "risk_of_bias_tool"  # and with which tool it is judged, where two used different ones


def gave_findings(viewer: Actor) -> ColumnElement[bool]:
    """That the viewer said that their findings of this one's article are all; or two did, for who settles."""
    said = aliased(AuditEvent)
    same = and_(
        col(said.subject_kind) == "article",
        col(said.subject_id) == cast(col(Finding.article_id), String),
        col(said.action) == FINDINGS_GIVEN,
        _review_of(said) == Finding.review_id,
    )
    return gave(viewer, of=said, author=col(said.actor_id), same=same, settles=viewer.role in ADJUDICATORS)


def findings_givers(
    session: Session,
    *,
    viewer: Actor,
    review: Review,
    article_ids: Sequence[int] | None = None,
    hidden: bool = False,
) -> dict[int, tuple[int, ...]]:
    """By article (None: of all), the members who said that their findings are all, in that order.

    Only where the viewer may see these findings; `hidden`: everywhere, since it tells nothing of what they found.
    """
    rows = select(AuditEvent.subject_id, AuditEvent.actor_id).where(
        AuditEvent.subject_kind == "article", AuditEvent.action == FINDINGS_GIVEN, _review_of(AuditEvent) == review.id
    )
    if article_ids is not None:
        rows = rows.where(col(AuditEvent.subject_id).in_([str(each) for each in article_ids]))
    found: dict[int, list[int]] = defaultdict(list)
    for subject_id, member_id in session.exec(rows.order_by(col(AuditEvent.id))):
        if member_id is not None and member_id not in found[int(subject_id)]:
            found[int(subject_id)].append(member_id)
    blinded, settles = is_blinded(review), viewer.role in ADJUDICATORS
    return {
        article_id: tuple(members)
        for article_id, members in found.items()
        if hidden or not blinded or viewer.id in members or (settles and len(members) > 1)
    }


def twice_judged(session: Session, *, review: Review) -> list[int]:
    """The articles whose risk of bias two members judged, whoever may see it."""
    rows = select(RiskOfBias.article_id).where(RiskOfBias.review_id == review.id).group_by(col(RiskOfBias.article_id))
    return list(session.exec(rows.having(func.count(func.distinct(RiskOfBias.member_id)) > 1)))


def twice_graded(session: Session, *, review: Review) -> list[tuple[str | None, str | None]]:
    """The outcomes, and the claims, that two members graded, whoever may see it."""
    rows = select(Grade.outcome, Grade.claim_id).where(Grade.review_id == review.id)
    rows = rows.group_by(col(Grade.outcome), col(Grade.claim_id))
    return list(session.exec(rows.having(func.count(func.distinct(Grade.member_id)) > 1)))


def rulings(
    session: Session, *, viewer: Actor, review: Review, subject: str, article_id: int | None = None
) -> list[Adjudication]:
    """What was settled of findings, of the risk of bias or of grades (of one article), the newest last.

    Every `viewer` sees it, as they see the consensus of tags: it is what holds.
    """
    rows = select(Adjudication).where(Adjudication.subject == subject, Adjudication.review_id == review.id)
    if article_id is not None:
        rows = rows.where(col(Adjudication.decision)["article"].as_integer() == article_id)
    return list(session.exec(rows.order_by(col(Adjudication.id))))


def _review_of(event: Any) -> Any:
    return col(event.detail)["review"].as_integer()
