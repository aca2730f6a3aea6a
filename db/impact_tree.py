"""What a change of an article reaches: claims, the documents that make them or were offered the article, reviewers."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session, col, select

from db.impact_alerts import MACHINE, gravest
from db.impact_changes import ArticleChange
from db.impact_rests import Judged, Rests
from db.impact_rules import Effect, effect, replaced_by
from db.models import Claim, ClaimEvidence, Document
from db.queries import claims, review
from db.types import AnchorState


@dataclass(frozen=True, slots=True)
class Affected:
    """One thing that a change affects; `about` names it in the alert's columns."""

    key: str
    change: ArticleChange
    effect: Effect
    orphaned: bool
    member_id: int | None
    about: dict[str, Any]
    detail: dict[str, Any]


@dataclass(slots=True)
class _Copy:
    """What of one document a change reaches."""

    sentences: set[int] = field(default_factory=set)
    claims: set[str] = field(default_factory=set)
    effects: list[Effect] = field(default_factory=list)
    orphaned: bool = False

    def reach(self, sentence_id: int, told: Effect, claim_id: str | None = None, orphaned: bool = False) -> None:
        self.sentences.add(sentence_id)
        self.claims |= {claim_id} if claim_id else set()
        self.effects.append(told)
        self.orphaned = self.orphaned or orphaned


class Tree:
    """What rests on the changed articles, up to documents. `quotes`: those that this change lost or found again."""

    def __init__(self, session: Session, rests: Rests, quotes: Mapping[int, AnchorState]) -> None:
        self.rests, self.quotes = rests, quotes
        ids = sorted({row.claim_id for rows in rests.evidence.values() for row in rows})
        self.claim_owners = dict(
            session.exec(select(col(Claim.id), Claim.owner_id).where(col(Claim.id).in_(ids))).all()
        )
        self.uses: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for link, sentence, document in claims.uses(session, viewer=MACHINE, claim_ids=ids):
            self.uses[link.claim_id].append((document.id, sentence.id))
        reached = {document_id for uses in self.uses.values() for document_id, _ in uses} | rests.documents
        writers = select(col(Document.id), Document.owner_id).where(col(Document.id).in_(reached))
        self.document_owners = dict(session.exec(writers).all())
        found = {*rests.quotes.values(), *(row.quote_id for rows in rests.judged.values() for row in rows)}
        cited = review.quotes(session, ids=sorted(each for each in found if each is not None))
        self.anchors = {quote_id: anchor.state for quote_id, (_, anchor) in cited.items()}

    def affected(self, change: ArticleChange) -> list[Affected]:
        on_claims = self._claims(change)
        return [*on_claims, *self._documents(change, on_claims), *self._members(change)]

    def _claims(self, change: ArticleChange) -> list[Affected]:
        by_claim: dict[str, list[ClaimEvidence]] = defaultdict(list)
        for row in self.rests.evidence_on(change.article.id):
            by_claim[row.claim_id].append(row)
        found = []
        for claim_id in sorted(by_claim):
            rows = by_claim[claim_id]
            quoted = {row.id: self.rests.quotes[row.id] for row in rows}
            # A study that is linked by its own words, too, rests on these, as a check shows it.
            covered = {row.stance for row in rows if quoted[row.id] is not None}
            found += self._on(
                change,
                f"claim:{claim_id}",
                {"claim_id": claim_id},
                self.claim_owners[claim_id],
                quotes={each for each in quoted.values() if each is not None},
                unquoted=any(quoted[row.id] is None and row.stance not in covered for row in rows),
                evidence=[row.id for row in rows],
                sentences=sorted({sentence_id for _, sentence_id in self.uses[claim_id]}),
            )
        return found

    def _documents(self, change: ArticleChange, on_claims: Sequence[Affected]) -> list[Affected]:
        copies: dict[int, _Copy] = defaultdict(_Copy)
        for each in on_claims:
            claim_id = each.about["claim_id"]
            for document_id, sentence_id in self.uses[claim_id]:
                copies[document_id].reach(sentence_id, each.effect, claim_id, each.orphaned)
        offered = effect(change, orphaned=False, found_again=False, unquoted=True)
        if offered is not None:
            for document_id, sentence_id in self.rests.offered_on(change.article.id):
                copies[document_id].reach(sentence_id, offered)
        return [self._document(change, document_id, copies[document_id]) for document_id in sorted(copies)]

    def _document(self, change: ArticleChange, document_id: int, copy: _Copy) -> Affected:
        kind = gravest({each.kind for each in copy.effects})
        return self._affected(
            change,
            Effect(kind, any(each.stale for each in copy.effects)),
            f"document:{document_id}",
            {"document_id": document_id},
            self.document_owners[document_id],
            orphaned=copy.orphaned,
            sentences=sorted(copy.sentences),
            claims=sorted(copy.claims),
        )

    def _members(self, change: ArticleChange) -> list[Affected]:
        by_member: dict[int, list[Judged]] = defaultdict(list)
        for judged in self.rests.judged_on(change.article.id):
            by_member[judged.member_id].append(judged)
        found = []
        for member_id in sorted(by_member):
            rows = by_member[member_id]
            found += self._on(
                change,
                f"member:{member_id}",
                {},
                member_id,
                quotes={row.quote_id for row in rows if row.quote_id is not None},
                unquoted=False,
                findings=[row.id for row in rows if row.kind == "finding"],
                taggings=[row.id for row in rows if row.kind == "tagging"],
            )
        return found

    def _on(
        self,
        change: ArticleChange,
        what: str,
        about: dict[str, Any],
        member_id: int | None,
        *,
        quotes: Collection[int],
        unquoted: bool,
        **detail: Any,
    ) -> list[Affected]:
        """The one thing affected, or none."""
        states = {self.quotes.get(each) for each in quotes}
        orphaned = AnchorState.ORPHANED in states
        found_again = AnchorState.ANCHORED in states
        told = effect(change, orphaned=orphaned, found_again=found_again, unquoted=unquoted)
        if told is None:
            return []
        stands = {str(each): self.anchors[each].value for each in sorted(quotes) if each in self.anchors}
        return [self._affected(change, told, what, about, member_id, orphaned=orphaned, quotes=stands, **detail)]

    def _affected(
        self,
        change: ArticleChange,
        told: Effect,
        what: str,
        about: dict[str, Any],
        member_id: int | None,
        *,
        orphaned: bool,
        **detail: Any,
    ) -> Affected:
        other = replaced_by(change)
        return Affected(
            key=f"{change.name}|{what}",
            change=change,
            effect=told,
            orphaned=orphaned,
            member_id=member_id,
            about=about,
            detail=detail
            | {"notices": [f"{row.source}:{row.source_key}" for row in change.notices], "stale": told.stale}
            | ({"replaced_by": other} if other else {}),
        )
