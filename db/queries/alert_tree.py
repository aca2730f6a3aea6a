"""What rests on a changed article: claims with their quotes, sentences and documents, findings. Never commits.

Verdicts and findings are those that the viewer may see.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from db.models import Alert, Article, Document, Finding, Member, Quote, QuoteAnchor, Sentence, SentenceLink
from db.queries import claims, review
from db.queries.blinding import open_reviews
from db.queries.claims import ClaimPage
from db.types import Actor


@dataclass(frozen=True, slots=True)
class SentenceBranch:
    """A sentence of a document; `link` is None where a check offered the article without a claim."""

    sentence: Sentence
    document: Document
    link: SentenceLink | None


@dataclass(frozen=True, slots=True)
class ClaimBranch:
    """A claim with its quotes of the article as they stand now, and the sentences that make it."""

    page: ClaimPage
    owner: str | None
    quotes: tuple[tuple[Quote, QuoteAnchor], ...]
    sentences: tuple[SentenceBranch, ...]


@dataclass(frozen=True, slots=True)
class DocumentBranch:
    """A document in which a check offered the article, with the sentences for which it did."""

    document: Document
    owner: str
    sentences: tuple[SentenceBranch, ...]


@dataclass(frozen=True, slots=True)
class Branches:
    """The tree of a change. `documents` are those reached past every claim."""

    claims: tuple[ClaimBranch, ...] = ()
    documents: tuple[DocumentBranch, ...] = ()
    findings: tuple[Finding, ...] = ()


def branches(session: Session, *, viewer: Actor, rows: Sequence[Alert], article: Article | None) -> Branches:
    """The tree under the alerts of one change."""
    names = dict(session.exec(select(col(Member.id), Member.name)).all())
    found = _claims(session, viewer, rows, names)
    reached = {each.sentence.id for claim in found for each in claim.sentences}
    return Branches(found, _documents(session, rows, names, reached), _findings(session, viewer, article))


def _claims(session: Session, viewer: Actor, rows: Sequence[Alert], names: dict[int, str]) -> tuple[ClaimBranch, ...]:
    found = []
    for row in rows:
        page = row.claim_id and claims.claim(session, viewer=viewer, claim_id=row.claim_id)
        if not page:
            continue
        quotes = review.quotes(session, ids=[int(quote_id) for quote_id in row.detail.get("quotes", {})])
        used = claims.uses(session, viewer=viewer, claim_ids=[page.claim.id])
        found.append(
            ClaimBranch(
                page=page,
                owner=names.get(page.claim.owner_id or 0),
                quotes=tuple(quotes[each] for each in sorted(quotes)),
                sentences=tuple(SentenceBranch(sentence, document, link) for link, sentence, document in used),
            )
        )
    return tuple(found)


def _documents(
    session: Session, rows: Iterable[Alert], names: dict[int, str], reached: set[int]
) -> tuple[DocumentBranch, ...]:
    found = []
    for row in rows:
        if row.document_id is None:
            continue
        document = session.get_one(Document, row.document_id)
        wanted = [each for each in row.detail.get("sentences", ()) if each not in reached]
        sentences = session.exec(select(Sentence).where(col(Sentence.id).in_(wanted)).order_by(col(Sentence.position)))
        under = tuple(SentenceBranch(sentence, document, None) for sentence in sentences)
        if under:
            found.append(DocumentBranch(document, names[document.owner_id], under))
    return tuple(found)


def _findings(session: Session, viewer: Actor, article: Article | None) -> tuple[Finding, ...]:
    if article is None:
        return ()
    return tuple(
        finding
        for each in open_reviews(session)
        for finding in review.findings(session, viewer=viewer, review=each, article_id=article.id)
    )
