"""Documents, their versions and checks: reads. Never commits."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, func, select

from db.models import (
    Article,
    Claim,
    Dismissal,
    Document,
    DocumentCheck,
    DocumentVersion,
    Report,
    Sentence,
    SentenceEvidence,
    SentenceLink,
    StoredFile,
)
from db.types import Actor, Integrity, LinkState


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """A document at its newest version with the newest answer about it.

    Of each pair of sentence and claim, `links` has the newest row, `decided` the newest that a person made.
    """

    document: Document
    version: DocumentVersion
    check: DocumentCheck
    sentences: tuple[Sentence, ...]
    links: tuple[SentenceLink, ...]
    decided: tuple[SentenceLink, ...]
    dismissals: tuple[Dismissal, ...]


def documents(session: Session, *, viewer: Actor, limit: int = 50) -> list[Document]:
    """Documents that are not withdrawn, the newest first. Every member sees every document of the library."""
    rows = select(Document).where(col(Document.withdrawn_at).is_(None))
    return list(session.exec(rows.order_by(col(Document.id).desc()).limit(limit)))


def document_count(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Document).where(col(Document.withdrawn_at).is_(None))).one()


def document(session: Session, *, viewer: Actor, document_id: int) -> DocumentPage | None:
    found = session.get(Document, document_id)
    if found is None:
        return None
    newest = select(DocumentVersion).where(DocumentVersion.document_id == document_id)
    version = session.exec(newest.order_by(col(DocumentVersion.number).desc()).limit(1)).one()
    checks = select(DocumentCheck).where(DocumentCheck.version_id == version.id)
    check = session.exec(checks.order_by(col(DocumentCheck.id).desc()).limit(1)).one()
    rows = select(Sentence).where(Sentence.version_id == version.id).order_by(col(Sentence.position))
    sentences = tuple(session.exec(rows))
    ids = [row.id for row in sentences]
    return DocumentPage(
        found,
        version,
        check,
        sentences,
        _links(session, ids),
        _links(session, ids, by_people=True),
        dismissals(session, viewer=viewer, document_id=document_id),
    )


def dismissals(session: Session, *, viewer: Actor, document_id: int) -> tuple[Dismissal, ...]:
    rows = select(Dismissal).where(Dismissal.document_id == document_id, col(Dismissal.withdrawn_at).is_(None))
    return tuple(session.exec(rows.order_by(col(Dismissal.id))))


def reports(session: Session, *, check_id: int) -> dict[str, bytes]:
    """The reports that were kept with a check, by format."""
    rows = select(Report.format, StoredFile.body).join(StoredFile, col(StoredFile.sha256) == col(Report.sha256))
    rows = rows.where(Report.check_id == check_id).order_by(col(Report.id))
    return dict(session.exec(rows).all())


def changed_evidence(session: Session, *, check_id: int, noticed: Collection[int]) -> dict[int, Article]:
    """Of the articles that a check offered, those that may be other than they were, by id.

    They say something else since, are gone, a notice is about them, or one was when they were checked (`noticed`).
    """
    offered = select(SentenceEvidence.article_id).where(SentenceEvidence.check_id == check_id)
    other = offered.where(col(SentenceEvidence.content_hash) != col(Article.content_hash))
    known = (col(Article.integrity) != Integrity.NONE_KNOWN) | col(Article.id).in_(noticed)
    changed = (
        known
        | col(Article.tombstoned_at).is_not(None)
        | other.where(col(SentenceEvidence.article_id) == col(Article.id)).exists()
    )
    rows = select(Article).where(col(Article.id).in_(offered), changed)
    return {row.id: row for row in session.exec(rows)}


def _links(session: Session, sentence_ids: Sequence[int], *, by_people: bool = False) -> tuple[SentenceLink, ...]:
    newest = select(func.max(SentenceLink.id)).where(col(SentenceLink.sentence_id).in_(sentence_ids))
    if by_people:
        newest = newest.where(col(SentenceLink.member_id).is_not(None))
    newest = newest.group_by(col(SentenceLink.sentence_id), col(SentenceLink.claim_id))
    rows = select(SentenceLink).where(col(SentenceLink.id).in_(newest)).order_by(col(SentenceLink.id))
    return tuple(session.exec(rows))


def sentence_ids(session: Session, *, version_id: int) -> dict[int, int]:
    """The ids of a version's sentences, by their position."""
    rows = select(Sentence.position, Sentence.id).where(Sentence.version_id == version_id)
    return dict(session.exec(rows).all())


def rejections(
    session: Session, *, viewer: Actor, topic_id: str, as_of: datetime | None = None, besides: int | None = None
) -> frozenset[tuple[str, str]]:
    """Texts of sentences with the id of a claim that people said they do not make, in documents `besides` one.

    Of decisions on the same words and claim the last one counts; with `as_of` those taken by then. Every member sees
    every document of the library.
    """
    rows = select(Sentence.text_hash, Sentence.text, SentenceLink.claim_id, SentenceLink.state)
    rows = rows.join(SentenceLink, col(SentenceLink.sentence_id) == col(Sentence.id))
    rows = rows.join(Claim, col(Claim.id) == col(SentenceLink.claim_id)).where(Claim.topic_id == topic_id)
    rows = rows.where(col(SentenceLink.state).in_([LinkState.ACCEPTED, LinkState.REJECTED]))
    rows = rows.join(DocumentVersion, col(DocumentVersion.id) == col(Sentence.version_id))
    rows = rows.where(col(DocumentVersion.document_id) != besides) if besides is not None else rows
    rows = rows.where(col(SentenceLink.at) <= as_of) if as_of is not None else rows
    decided = session.exec(rows.order_by(col(SentenceLink.id))).all()
    newest = {(digest, claim): (text, state) for digest, text, claim, state in decided}
    return frozenset((text, claim) for (_, claim), (text, state) in newest.items() if state is LinkState.REJECTED)


def newest_link(session: Session, *, viewer: Actor, sentence_id: int, claim_id: str) -> SentenceLink | None:
    """What was last suggested or decided about a sentence and a claim."""
    rows = select(SentenceLink).where(SentenceLink.sentence_id == sentence_id, SentenceLink.claim_id == claim_id)
    return session.exec(rows.order_by(col(SentenceLink.id).desc()).limit(1)).first()
