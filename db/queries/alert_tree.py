"""What rests on a changed article: claims with their quotes, sentences and documents, findings. Never commits.

Verdicts and findings are those that the viewer may see.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from sqlmodel import Session, col, select

from db.models import Alert, Document, Finding, Member, Quote, QuoteAnchor, Sentence, SentenceLink
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


def branches(session: Session, *, viewer: Actor, changes: Sequence[Sequence[Alert]]) -> list[Branches]:
    """The tree of each change, which is given as its alerts."""
    reader = _Reader(session, viewer, list(chain.from_iterable(changes)))
    return [reader.tree(rows) for rows in changes]


class _Reader:
    """Reads the claims of all these alerts at once."""

    def __init__(self, session: Session, viewer: Actor, rows: Sequence[Alert]) -> None:
        self.session, self.viewer, self.reviews = session, viewer, open_reviews(session)
        self.names = dict(session.exec(select(col(Member.id), Member.name)).all())
        ids = sorted({row.claim_id for row in rows if row.claim_id is not None})
        self.pages = claims.claims_by_id(session, viewer=viewer, ids=ids)
        self.quotes = review.quotes(session, ids=sorted({each for row in rows for each in _quoted(row)}))
        self.uses: dict[str, list[SentenceBranch]] = defaultdict(list)
        for link, sentence, document in claims.uses(session, viewer=viewer, claim_ids=ids):
            self.uses[link.claim_id].append(SentenceBranch(sentence, document, link))

    def tree(self, rows: Sequence[Alert]) -> Branches:
        found = tuple(self._claim(row, self.pages[row.claim_id]) for row in rows if row.claim_id in self.pages)
        reached = {each.sentence.id for claim in found for each in claim.sentences}
        documents = (self._document(row, reached) for row in rows if row.document_id is not None)
        return Branches(
            claims=found,
            documents=tuple(each for each in documents if each.sentences),
            findings=tuple(self._findings(rows[0].article_id)),
        )

    def _claim(self, row: Alert, page: ClaimPage) -> ClaimBranch:
        return ClaimBranch(
            page=page,
            owner=self.names.get(page.claim.owner_id or 0),
            quotes=tuple(self.quotes[each] for each in sorted(_quoted(row)) if each in self.quotes),
            sentences=tuple(self.uses[page.claim.id]),
        )

    def _document(self, row: Alert, reached: set[int]) -> DocumentBranch:
        """With the sentences that no claim reaches."""
        document = self.session.get_one(Document, row.document_id)
        wanted = [each for each in row.detail.get("sentences", ()) if each not in reached]
        rows = select(Sentence).where(col(Sentence.id).in_(wanted)).order_by(col(Sentence.position))
        sentences = self.session.exec(rows) if wanted else ()
        under = tuple(SentenceBranch(sentence, document, None) for sentence in sentences)
        return DocumentBranch(document, self.names[document.owner_id], under)

    def _findings(self, article_id: int | None) -> Iterator[Finding]:
        if article_id is not None:
            for each in self.reviews:
                yield from review.findings(self.session, viewer=self.viewer, review=each, article_ids=[article_id])


def _quoted(row: Alert) -> list[int]:
    return [int(quote_id) for quote_id in row.detail.get("quotes", {})] if row.claim_id is not None else []
