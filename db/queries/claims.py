"""The claims library: reads that keep the blinding of verdicts. Never commits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, true
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from db.models import (
    Alert,
    Article,
    Claim,
    ClaimEvidence,
    ClaimState,
    ClaimVerdict,
    ClaimVersion,
    Document,
    DocumentVersion,
    Sentence,
    SentenceLink,
    Wording,
)
from db.queries.blinding import default_review, is_blinded, visible
from db.queries.earlier import stood
from db.queries.open_alerts import reopening
from db.types import Actor, ClaimStatus, LinkState


@dataclass(frozen=True, slots=True)
class ClaimPage:
    """A claim with everything that hangs on it; `verdicts` are those that the viewer may see, the newest last.

    `reopened_by` are the alerts on changes that re-open it and that nobody has answered, the oldest first.
    """

    claim: Claim
    version: ClaimVersion
    status: ClaimStatus
    wordings: tuple[Wording, ...]
    evidence: tuple[ClaimEvidence, ...]
    verdicts: tuple[ClaimVerdict, ...]
    reopened_by: tuple[Alert, ...] = ()

    @property
    def verdict(self) -> ClaimVerdict | None:
        """The newest verdict on the statement as it stands now."""
        current = [v for v in self.verdicts if v.version_number == self.version.number]
        return current[-1] if current else None

    @property
    def stale(self) -> tuple[datetime, str] | None:
        """Since when, and why, it has to be looked at again. A verdict says so itself; where nobody gave one, as for a
        claim that ships, the open alerts do."""
        if self.verdict is not None and self.verdict.stale_since is not None:
            why = self.verdict.stale_reason or "A source changed since the verdict was given."
            return self.verdict.stale_since, why
        if self.verdict is not None or not self.reopened_by:
            return None
        return self.reopened_by[0].raised_at, " ".join(dict.fromkeys(each.summary for each in self.reopened_by))


def claim(session: Session, *, viewer: Actor, claim_id: str) -> ClaimPage | None:
    return claims_by_id(session, viewer=viewer, ids=[claim_id]).get(claim_id)


def claims_by_id(session: Session, *, viewer: Actor, ids: Sequence[str]) -> dict[str, ClaimPage]:
    """Those of these claims that there are, withdrawn ones among them."""
    found = session.exec(select(Claim).where(col(Claim.id).in_(ids))).all() if ids else ()
    return {page.claim.id: page for page in _pages(session, viewer, found)}


def claims(session: Session, *, viewer: Actor, topic_id: str, as_of: datetime | None = None) -> list[ClaimPage]:
    """Every claim of a topic that was not withdrawn, by id; with `as_of` as they all stood at that moment."""
    rows = select(Claim).where(Claim.topic_id == topic_id, _by(Claim.created_at, as_of)).order_by(Claim.id)
    found = list(session.exec(rows))
    return [page for page in _pages(session, viewer, found, as_of) if page.status is not ClaimStatus.WITHDRAWN]


def claims_on_article(session: Session, *, article: Article) -> list[tuple[ClaimEvidence, str]]:
    """The evidence rows that point at an article, by id or by PMID, with the claim's current statement."""
    mine = col(ClaimEvidence.article_id) == article.id
    if article.pmid is not None:
        mine = mine | (col(ClaimEvidence.pmid) == article.pmid)
    rows = select(ClaimEvidence).where(mine, col(ClaimEvidence.withdrawn_at).is_(None)).order_by(col(ClaimEvidence.id))
    evidence = list(session.exec(rows))
    versions = _current_versions(session, sorted({row.claim_id for row in evidence}))
    return [(row, versions[row.claim_id].statement) for row in evidence]


def withdrawn_ids(session: Session) -> frozenset[str]:
    """Claims that were taken back."""
    newest = select(func.max(ClaimState.id)).group_by(col(ClaimState.claim_id))
    rows = select(ClaimState.claim_id).where(col(ClaimState.id).in_(newest), ClaimState.status == ClaimStatus.WITHDRAWN)
    return frozenset(session.exec(rows))


def versions(session: Session, *, claim_id: str) -> list[ClaimVersion]:
    """What the claim said, the newest first."""
    rows = select(ClaimVersion).where(ClaimVersion.claim_id == claim_id)
    return list(session.exec(rows.order_by(col(ClaimVersion.number).desc())))


def uses(session: Session, *, viewer: Actor, claim_ids: Sequence[str]) -> list[tuple[SentenceLink, Sentence, Document]]:
    """Where copy makes these claims: sentences of the newest versions whose link nobody rejected, newest copy first."""
    newest_link = select(func.max(SentenceLink.id)).where(col(SentenceLink.claim_id).in_(claim_ids))
    newest_link = newest_link.group_by(col(SentenceLink.sentence_id), col(SentenceLink.claim_id))
    newest_version = select(func.max(DocumentVersion.id)).group_by(col(DocumentVersion.document_id))
    rows = (
        select(SentenceLink, Sentence, Document)
        .join(Sentence, col(Sentence.id) == col(SentenceLink.sentence_id))
        .join(DocumentVersion, col(DocumentVersion.id) == col(Sentence.version_id))
        .join(Document, col(Document.id) == col(DocumentVersion.document_id))
        .where(col(SentenceLink.id).in_(newest_link), col(DocumentVersion.id).in_(newest_version))
        .where(SentenceLink.state != LinkState.REJECTED, col(Document.withdrawn_at).is_(None))
    )
    return list(session.exec(rows.order_by(col(Document.id).desc(), col(Sentence.position))))


def _by(moment: datetime, as_of: datetime | None) -> ColumnElement[bool]:
    """What had happened by then; everything when no moment is given."""
    return true() if as_of is None else col(moment) <= as_of


def _pages(session: Session, viewer: Actor, found: Sequence[Claim], as_of: datetime | None = None) -> list[ClaimPage]:
    ids = [item.id for item in found]
    current = _current_versions(session, ids, as_of)
    status = _statuses(session, ids, as_of)
    wordings, evidence = _wordings(session, ids, as_of), _evidence(session, ids, as_of)
    verdicts = _verdicts(session, viewer, found, as_of)
    reopened = reopening(session, claim_ids=ids, as_of=as_of)
    return [
        ClaimPage(
            claim=item,
            version=current[item.id],
            status=status.get(item.id, ClaimStatus.DRAFT),
            wordings=tuple(wordings[item.id]),
            evidence=tuple(evidence[item.id]),
            verdicts=tuple(verdicts[item.id]),
            reopened_by=tuple(reopened[item.id]),
        )
        for item in found
    ]


def _current_versions(session: Session, ids: Sequence[str], as_of: datetime | None = None) -> dict[str, ClaimVersion]:
    newest = select(func.max(ClaimVersion.id)).where(col(ClaimVersion.claim_id).in_(ids))
    newest = newest.where(_by(ClaimVersion.created_at, as_of))
    newest = newest.group_by(col(ClaimVersion.claim_id))
    rows = session.exec(select(ClaimVersion).where(col(ClaimVersion.id).in_(newest)))
    return {row.claim_id: row for row in rows}


def _statuses(session: Session, ids: Sequence[str], as_of: datetime | None = None) -> dict[str, ClaimStatus]:
    newest = select(func.max(ClaimState.id)).where(col(ClaimState.claim_id).in_(ids), _by(ClaimState.at, as_of))
    newest = newest.group_by(col(ClaimState.claim_id))
    rows = session.exec(select(ClaimState).where(col(ClaimState.id).in_(newest)))
    return {row.claim_id: row.status for row in rows}


def _wordings(session: Session, ids: Sequence[str], as_of: datetime | None = None) -> dict[str, list[Wording]]:
    found: dict[str, list[Wording]] = defaultdict(list)
    rows = select(Wording).where(
        col(Wording.claim_id).in_(ids), _by(Wording.added_at, as_of), stood(Wording.withdrawn_at, as_of)
    )
    for row in session.exec(rows.order_by(col(Wording.id))):
        found[row.claim_id].append(row)
    return found


def _evidence(session: Session, ids: Sequence[str], as_of: datetime | None = None) -> dict[str, list[ClaimEvidence]]:
    found: dict[str, list[ClaimEvidence]] = defaultdict(list)
    rows = select(ClaimEvidence).where(
        col(ClaimEvidence.claim_id).in_(ids),
        _by(ClaimEvidence.linked_at, as_of),
        stood(ClaimEvidence.withdrawn_at, as_of),
    )
    for row in session.exec(rows.order_by(col(ClaimEvidence.id))):
        found[row.claim_id].append(row)
    return found


def _verdicts(
    session: Session, viewer: Actor, found: Sequence[Claim], as_of: datetime | None
) -> dict[str, list[ClaimVerdict]]:
    grouped: dict[str, list[ClaimVerdict]] = defaultdict(list)
    for topic_id in sorted({item.topic_id for item in found}):
        ids = [item.id for item in found if item.topic_id == topic_id]
        seen = _sees_verdict(viewer, is_blinded(default_review(session, topic_id=topic_id)))
        rows = select(ClaimVerdict).where(col(ClaimVerdict.claim_id).in_(ids), seen)
        for row in session.exec(rows.where(_by(ClaimVerdict.decided_at, as_of)).order_by(col(ClaimVerdict.id))):
            grouped[row.claim_id].append(row)
    return grouped


def _sees_verdict(viewer: Actor, blinded: bool) -> ColumnElement[bool]:
    own = aliased(ClaimVerdict)
    given = exists().where(
        col(own.claim_id) == col(ClaimVerdict.claim_id),
        col(own.version_number) == col(ClaimVerdict.version_number),
        col(own.member_id) == viewer.id,
    )
    return visible(viewer=viewer, blinded=blinded, author=col(ClaimVerdict.member_id), given=given)
