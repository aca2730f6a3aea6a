"""What rests on an article: evidence of claims, findings and tags, sentences of documents.

An article stands for all that were merged into it, and a merged one for the article it was merged into. It does not
stand for the other articles of its study: a retraction of one paper concerns the evidence that points at that paper.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, or_, select

from db.models import (
    Article,
    ClaimEvidence,
    Document,
    DocumentVersion,
    Finding,
    Quote,
    Sentence,
    SentenceEvidence,
    Tagging,
)
from db.queries import claims, duplicates


@dataclass(frozen=True, slots=True)
class Judged:
    """A finding or tagging of a reviewer that stands."""

    member_id: int
    kind: str
    id: int
    quote_id: int | None


class Rests:
    """What rests on some changed articles, each with the `family` of those that it stands for, itself among them."""

    def __init__(self, session: Session, family: Mapping[int, Collection[int]]) -> None:
        self.session, self.family = session, family
        everyone = sorted({each for family in self.family.values() for each in family})
        self.evidence = self._evidence(everyone)
        self.judged = self._judged(everyone)
        self.offered = self._offered(everyone)
        self.documents = {document_id for rows in self.offered.values() for document_id, _ in rows}
        self.quotes = self._quotes()
        quoted = select(Quote.article_id).where(col(Quote.article_id).in_(everyone))
        self.quoted = {each for each in session.exec(quoted) if each is not None}

    def concerned(self) -> set[int]:
        """Those of the changed articles on which anything rests at all."""
        used = {*self.evidence, *self.judged, *self.offered, *self.quoted}
        return {article_id for article_id, family in self.family.items() if used.intersection(family)}

    def evidence_on(self, article_id: int) -> list[ClaimEvidence]:
        return [row for each in self.family[article_id] for row in self.evidence.get(each, ())]

    def judged_on(self, article_id: int) -> list[Judged]:
        return [row for each in self.family[article_id] for row in self.judged.get(each, ())]

    def offered_on(self, article_id: int) -> list[tuple[int, int]]:
        """Documents with the sentences for which a check offered the article."""
        return [row for each in self.family[article_id] for row in self.offered.get(each, ())]

    def _evidence(self, ids: Sequence[int]) -> dict[int, list[ClaimEvidence]]:
        """Evidence by the article it points at; shipped claims name a PMID."""
        pmids = select(Article.pmid, Article.id).where(col(Article.id).in_(ids), col(Article.pmid).is_not(None))
        by_pmid = dict(self.session.exec(pmids).all())
        rows = select(ClaimEvidence).where(
            or_(col(ClaimEvidence.article_id).in_(ids), col(ClaimEvidence.pmid).in_(by_pmid)),
            col(ClaimEvidence.withdrawn_at).is_(None),
        )
        found: dict[int, list[ClaimEvidence]] = defaultdict(list)
        evidence = self.session.exec(rows.order_by(col(ClaimEvidence.id))).all()
        withdrawn = claims.withdrawn_ids(self.session) if evidence else ()
        for row in evidence:
            if row.claim_id not in withdrawn:
                found[row.article_id if row.article_id is not None else by_pmid[row.pmid]].append(row)
        return found

    def _quotes(self) -> dict[int, int | None]:
        """The quote that each piece of evidence rests on: its own, or that of its finding."""
        rows = [row for each in self.evidence.values() for row in each]
        wanted = [row.finding_id for row in rows if row.finding_id is not None]
        findings = select(col(Finding.id), Finding.quote_id).where(col(Finding.id).in_(wanted))
        found = dict(self.session.exec(findings).all()) if wanted else {}
        return {row.id: row.quote_id or found.get(row.finding_id or 0) for row in rows}

    def _judged(self, ids: Sequence[int]) -> dict[int, list[Judged]]:
        found: dict[int, list[Judged]] = defaultdict(list)
        superseded = select(Finding.supersedes_id).where(col(Finding.supersedes_id).is_not(None))
        findings = select(Finding).where(
            col(Finding.article_id).in_(ids),
            col(Finding.withdrawn_at).is_(None),
            col(Finding.id).not_in(superseded),
        )
        for finding in self.session.exec(findings.order_by(col(Finding.id))):
            found[finding.article_id].append(Judged(finding.member_id, "finding", finding.id, finding.quote_id))
        newest = select(func.max(Tagging.id), Tagging.article_id, Tagging.member_id)
        newest = newest.where(col(Tagging.article_id).in_(ids))
        newest = newest.group_by(col(Tagging.review_id), col(Tagging.article_id), col(Tagging.member_id))
        for tagging_id, article_id, member_id in self.session.exec(newest):
            found[article_id].append(Judged(member_id, "tagging", tagging_id, None))
        return found

    def _offered(self, ids: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
        """Of each document only the newest version: earlier ones are history."""
        newest = select(func.max(DocumentVersion.id)).group_by(col(DocumentVersion.document_id))
        rows = (
            select(SentenceEvidence.article_id, DocumentVersion.document_id, SentenceEvidence.sentence_id)
            .join(Sentence, col(Sentence.id) == col(SentenceEvidence.sentence_id))
            .join(DocumentVersion, col(DocumentVersion.id) == col(Sentence.version_id))
            .join(Document, col(Document.id) == col(DocumentVersion.document_id))
            .where(col(SentenceEvidence.article_id).in_(ids), col(Document.withdrawn_at).is_(None))
            .where(col(DocumentVersion.id).in_(newest))
            .distinct()
        )
        found: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for article_id, document_id, sentence_id in self.session.exec(rows):
            found[article_id].append((document_id, sentence_id))
        return found


def families(session: Session, ids: Collection[int]) -> dict[int, frozenset[int]]:
    """The articles that each of these is one with, itself among them."""
    kept = duplicates.kept(session, ids=ids)
    merged = duplicates.merged_into(session, ids={*ids, *kept.values()})
    tops = {article_id: kept.get(article_id, article_id) for article_id in ids}
    return {article_id: frozenset({article_id, top, *merged.get(top, ())}) for article_id, top in tops.items()}
