"""Marks that a judgement rests on something that changed. What a person decided stays as it is and readable."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlmodel import Session, col, func, select

from db.models import ClaimVerdict, ClaimVersion, SentenceLink
from db.types import LinkState


def mark_verdicts(session: Session, reasons: Mapping[str, str], *, at: datetime) -> list[int]:
    """Each member's standing verdict on these claims is stale from now on; the ids. One that is stale already keeps
    its time, and gets the new reason beside the old."""
    current = select(ClaimVersion.claim_id, func.max(ClaimVersion.number)).group_by(col(ClaimVersion.claim_id))
    numbers = dict(session.exec(current.where(col(ClaimVersion.claim_id).in_(reasons))).all())
    newest = select(func.max(ClaimVerdict.id)).where(col(ClaimVerdict.claim_id).in_(reasons))
    newest = newest.group_by(col(ClaimVerdict.claim_id), col(ClaimVerdict.member_id))
    rows = select(ClaimVerdict).where(col(ClaimVerdict.id).in_(newest)).order_by(col(ClaimVerdict.id))
    marked = []
    for row in session.exec(rows):
        if row.version_number == numbers[row.claim_id]:
            row.stale_since = row.stale_since or at
            row.stale_reason = " ".join(filter(None, (row.stale_reason, reasons[row.claim_id])))
            session.add(row)
            marked.append(row.id)
    return marked


def mark_links(
    session: Session, links: Iterable[SentenceLink], reasons: Mapping[str, str], *, at: datetime
) -> list[int]:
    """Accepted links of sentences to these claims become stale, as a new row; the ids of the sentences."""
    marked = []
    for link in links:
        if link.state is LinkState.ACCEPTED and link.claim_id in reasons:
            stale = SentenceLink(
                sentence_id=link.sentence_id,
                claim_id=link.claim_id,
                state=LinkState.STALE,
                match=link.match,
                score=link.score,
                verdict=link.verdict,
                reason=reasons[link.claim_id],
                at=at,
            )
            session.add(stale)
            marked.append(link.sentence_id)
    return marked
