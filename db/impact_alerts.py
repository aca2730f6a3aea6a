"""Raising alerts: one row for each thing that a change affects, once, for somebody who can act on it."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from db import audit, config
from db.impact_stale import mark_links, mark_verdicts
from db.models import Alert, Article, Document, Member
from db.queries import claims
from db.types import Actor, AnchorState, Role

MACHINE = Actor(None, "impact", Role.READ_ONLY)
# SQLite takes at most 32,766 variables in a statement.
KEYS_AT_ONCE = 1000

# The gravest first: what an alert is called that tells of several things.
KINDS = (
    *("retracted_and_replaced", "retracted", "withdrawn", "partially_retracted", "gone", "concern", "corrected"),
    *("reinstated", "updated", "quote_orphaned", "returned", "sources_disagree", "label_revised"),
    *("contradicting_study", "reworded", "new_study", "night_failed", "mass_vanishing", "night_missed"),
    *("night_partial", "translation_drift"),
)


@dataclass(frozen=True, slots=True)
class Impact:
    """What a walk raised: the number of alerts, and the claims and documents that they are about."""

    alerts: int = 0
    claims: frozenset[str] = frozenset()
    documents: frozenset[int] = frozenset()

    def __add__(self, other: "Impact") -> "Impact":
        return Impact(self.alerts + other.alerts, self.claims | other.claims, self.documents | other.documents)


def name_of(article: Article) -> str:
    """What an article is called in keys: the same in every copy of the library, where it has a PMID."""
    return f"pmid:{article.pmid}" if article.pmid is not None else f"article:{article.id}"


def gravity(kind: str) -> int:
    """Its place among `KINDS`; one that is not among them comes last."""
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def gravest(kinds: Collection[str]) -> str:
    return min(kinds, key=gravity)


def known(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of these keys under which an alert was raised before."""
    found: set[str] = set()
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        found.update(session.exec(select(Alert.key).where(col(Alert.key).in_(some))))
    return found


class Telling:
    """The alerts of one walk with what they re-open. Of members who left, the leads are told instead (None)."""

    def __init__(self, session: Session, *, run_id: int | None) -> None:
        self.session, self.run_id = session, run_id
        self.here = frozenset(session.exec(select(Member.id).where(col(Member.left_at).is_(None))))
        self.raised: list[Alert] = []
        self.stale: dict[str, list[str]] = defaultdict(list)

    def tell(
        self, key: str, member_id: int | None, *, kind: str, summary: str, stale: bool = False, **about: Any
    ) -> None:
        """One alert; the caller knows that there is none under this key. `stale`: the claim's verdicts are, by it."""
        row = Alert(
            key=key,
            kind=kind,
            run_id=self.run_id,
            member_id=member_id if member_id in self.here else None,
            summary=summary,
            raised_at=config.now(),
            **about,
        )
        self.raised.append(row)
        if stale and row.claim_id is not None and summary not in self.stale[row.claim_id]:
            self.stale[row.claim_id].append(summary)

    def tell_writers(
        self,
        change: str,
        claim_ids: Collection[str],
        *,
        kind: str,
        summary: str,
        detail: Mapping[str, Any],
        article_id: int | None = None,
    ) -> None:
        """An alert for each document whose sentences make one of these claims, to its owner, who may know already."""
        documents: dict[int, Document] = {}
        made: dict[int, list[tuple[str, int]]] = defaultdict(list)
        uses = claims.uses(self.session, viewer=MACHINE, claim_ids=sorted(claim_ids)) if claim_ids else ()
        for link, sentence, document in uses:
            documents[document.id] = document
            made[document.id].append((link.claim_id, sentence.id))
        told = known(self.session, [f"{change}|document:{document_id}" for document_id in documents])
        for document_id in sorted(documents):
            key = f"{change}|document:{document_id}"
            if key in told:
                continue
            reached = {
                "claims": sorted({claim_id for claim_id, _ in made[document_id]}),
                "sentences": sorted({sentence_id for _, sentence_id in made[document_id]}),
                "stale": True,
            }
            self.tell(
                key,
                documents[document_id].owner_id,
                kind=kind,
                summary=summary,
                document_id=document_id,
                article_id=article_id,
                detail={**detail, **reached},
            )

    def close(self, quotes: Mapping[int, AnchorState] | None = None) -> Impact:
        """Writes it all, with one audit event that names what the machine marked. `quotes`: those that it moved."""
        if not self.raised and not quotes:
            return Impact()
        at, reasons = config.now(), {claim_id: " ".join(said) for claim_id, said in self.stale.items()}
        self.session.add_all(self.raised)
        verdicts = mark_verdicts(self.session, reasons, at=at)
        used = claims.uses(self.session, viewer=MACHINE, claim_ids=sorted(reasons)) if reasons else ()
        links = mark_links(self.session, [link for link, _, _ in used], reasons, at=at)
        self.session.flush()
        audit.record(
            self.session,
            actor=MACHINE,
            action="impact.walk",
            subject_kind="library" if self.run_id is None else "harvest_run",
            subject_id=self.run_id or "",
            detail={
                "alerts": len(self.raised),
                "stale_verdicts": verdicts,
                "stale_links": sorted(links),
                "quotes": {str(quote_id): state.value for quote_id, state in sorted((quotes or {}).items())},
            },
        )
        return Impact(
            alerts=len(self.raised),
            claims=frozenset(row.claim_id for row in self.raised if row.claim_id is not None),
            documents=frozenset(row.document_id for row in self.raised if row.document_id is not None),
        )


def night_trouble(session: Session, *, run_id: int | None, kind: str, summary: str, detail: Mapping[str, Any]) -> None:
    """Tell the leads of a night that went wrong; the same words are said once a day."""
    digest = hashlib.sha256(summary.encode()).hexdigest()[:12]
    key = f"night:{config.today().isoformat()}:{kind}:{digest}|library"
    if not known(session, [key]):
        telling = Telling(session, run_id=run_id)
        telling.tell(key, None, kind=kind, summary=summary, detail=dict(detail))
        telling.close()
