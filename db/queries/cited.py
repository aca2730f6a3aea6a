"""Articles that something in the library rests on: a claim, a reviewer's judgement, a sentence of a document."""

from sqlalchemy import ColumnElement, CompoundSelect, union
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from db.models import (
    Article,
    ClaimEvidence,
    ClaimVerdict,
    Document,
    DocumentCheck,
    DocumentVersion,
    Finding,
    SentenceEvidence,
    Tagging,
)


def cited_articles(session: Session) -> frozenset[int]:
    """Ids of the articles in the library that something rests on, those that are gone among them.

    What was withdrawn rests on nothing, but for the evidence that somebody was shown before they decided on a claim.
    Of a document that is not withdrawn the newest version counts.
    """
    return frozenset(session.execute(_cited(_stands(session))).scalars())


def cited_pmids(session: Session) -> frozenset[int]:
    """Their PMIDs, and those that a claim names and the library does not hold yet."""
    stands = _stands(session)
    named = select(ClaimEvidence.pmid).where(stands)
    held = select(Article.pmid).where(col(Article.id).in_(_cited(stands)))
    return frozenset(pmid for rows in (named, held) for pmid in session.exec(rows) if pmid is not None)


def _cited(stands: ColumnElement[bool]) -> CompoundSelect[tuple[int]]:
    linked = select(col(ClaimEvidence.article_id)).where(stands, col(ClaimEvidence.article_id).is_not(None))
    named = select(col(Article.id)).join(ClaimEvidence, col(ClaimEvidence.pmid) == col(Article.pmid))
    found = select(col(Finding.article_id)).where(col(Finding.withdrawn_at).is_(None))
    tagged = select(col(Tagging.article_id))
    return union(linked, named.where(stands), found, tagged, _offered())


def _stands(session: Session) -> ColumnElement[bool]:
    seen = {row_id for rows in session.exec(select(ClaimVerdict.contradicting_seen)) for row_id in rows}
    return col(ClaimEvidence.withdrawn_at).is_(None) | col(ClaimEvidence.id).in_(sorted(seen))


def _offered() -> SelectOfScalar[int]:
    """What checks offered for the sentences of the documents as they are now."""
    newest = select(func.max(DocumentVersion.id)).join(Document).where(col(Document.withdrawn_at).is_(None))
    checks = select(DocumentCheck.id).where(
        col(DocumentCheck.version_id).in_(newest.group_by(col(DocumentVersion.document_id)))
    )
    return select(SentenceEvidence.article_id).where(col(SentenceEvidence.check_id).in_(checks))
