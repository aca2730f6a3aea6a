"""Two records of one article: a person merges them, or says that they are two, and may take either back.

Merging moves nothing: the record that goes points at the one that is kept, and all that people said of it is reached
from there. So taking it back is whole.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, or_, select

from db import audit, config, impact
from db.models import Article, ChangeLog, DuplicateProposal, ImportSource
from db.queries import accounts, literature
from db.queries import duplicates as queries
from db.queries.duplicates import MERGED, NOT_DUPLICATE
from db.types import Actor, ChangeEvent, Integrity
from review_app.services.errors import Conflict, NotFound
from review_app.services.permissions import May, require

DECIDED_SHOWN = 20
_STANDS = {Integrity.NONE_KNOWN, Integrity.CORRECTED, Integrity.REINSTATED}


@dataclass(frozen=True, slots=True)
class Side:
    """One record of a pair and where it came from."""

    article: Article
    sources: tuple[ImportSource, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one; `kept` is the one that stays if they are merged."""

    proposal: DuplicateProposal
    kept: Side
    goes: Side
    decided_by: str | None = None

    @property
    def is_merged(self) -> bool:
        return self.proposal.decision == MERGED

    @property
    def seen(self) -> frozenset[str]:
        """What a reader saw, to be given back with the decision."""
        return frozenset({self.kept.article.content_hash, self.goes.article.content_hash})


@dataclass(frozen=True, slots=True)
class DuplicatesPage:
    """The pair to decide next, how many wait with it, and what was decided, the newest first."""

    next: Pair | None
    waiting: int
    decided: tuple[Pair, ...]


def duplicates_page(session: Session, *, later: Collection[int] = ()) -> DuplicatesPage:
    """`later` are proposals that the reader put off: they come last."""
    waiting = queries.waiting(session, limit=len(later) + 1)
    ordered = sorted(waiting, key=lambda row: row.id in later)
    decided = queries.decided(session, limit=DECIDED_SHOWN)
    pairs = _pairs(session, [*ordered[:1], *decided])
    return DuplicatesPage(
        next=pairs[0] if ordered else None,
        waiting=queries.waiting_count(session),
        decided=tuple(pairs[1:] if ordered else pairs),
    )


def merge(session: Session, *, actor: Actor, proposal_id: int, seen: Collection[str]) -> int:
    """Make the two one; the id of the record that is kept. Conflict when a record is not what the reader saw."""
    require(actor, May.DECIDE_DUPLICATES)
    proposal, kept, goes = _open(session, proposal_id, seen)
    if goes.integrity not in _STANDS and kept.integrity in _STANDS:
        raise Conflict(
            f"The record that would go is {goes.integrity.value.replace('_', ' ')}, and the one that would stay does "
            "not say so. Harvest it again first, so that the notice is not lost."
        )
    change_id = _log(session, goes, ChangeEvent.MERGED)
    impact.stands_as(session, change_id=change_id, article_id=goes.id, was=goes.id, now=kept.id)
    goes.merged_into_id = kept.id
    session.add(goes)
    session.flush()
    _decide(session, actor, proposal, MERGED)
    _pass_on(session, goes.id, kept.id)
    detail = {"proposal": proposal.id, "into": kept.id, "basis": proposal.basis, "score": proposal.score}
    _record(session, actor, "article_merged", goes.id, detail)
    session.commit()
    return kept.id


def keep_apart(session: Session, *, actor: Actor, proposal_id: int, seen: Collection[str]) -> None:
    """They are two articles; the pair is not proposed again."""
    require(actor, May.DECIDE_DUPLICATES)
    proposal, kept, goes = _open(session, proposal_id, seen)
    _decide(session, actor, proposal, NOT_DUPLICATE)
    _record(session, actor, "duplicate_rejected", goes.id, {"proposal": proposal.id, "other": kept.id})
    session.commit()


def take_back(session: Session, *, actor: Actor, proposal_id: int) -> None:
    """Undo a decision: the pair waits again, and what was merged is an article of its own again."""
    require(actor, May.DECIDE_DUPLICATES)
    proposal = session.get(DuplicateProposal, proposal_id)
    if proposal is None or proposal.decision is None:
        raise NotFound("This decision was taken back already.")
    was, subject = proposal.decision, proposal.other_id
    if was == MERGED:
        goes = _gone(session, proposal)
        stood_as = queries.kept(session, ids=[goes.id])[goes.id]
        goes.merged_into_id, subject = None, goes.id
        session.add(goes)
        change_id = _log(session, goes, ChangeEvent.RETURNED)
        impact.stands_as(session, change_id=change_id, article_id=goes.id, was=stood_as, now=goes.id)
    proposal.decision, proposal.decided_by, proposal.decided_at = None, None, None
    session.add(proposal)
    action = "merge_taken_back" if was == MERGED else "duplicate_rejection_taken_back"
    _record(session, actor, action, subject, {"proposal": proposal.id})
    session.commit()


def _open(session: Session, proposal_id: int, seen: Collection[str]) -> tuple[DuplicateProposal, Article, Article]:
    proposal = session.get(DuplicateProposal, proposal_id)
    if proposal is None or proposal.decision is not None:
        raise Conflict("Somebody decided about this pair meanwhile. Look at the next one.")
    kept, goes = _sides(session.get_one(Article, proposal.article_id), session.get_one(Article, proposal.other_id))
    if any(article.merged_into_id or article.tombstoned_at for article in (kept, goes)):
        raise Conflict("One of these records is not in the library any more. Look at the next pair.")
    if {kept.content_hash, goes.content_hash} != set(seen):
        raise Conflict("A record changed while you read it. Look at the pair again before you decide.")
    return proposal, kept, goes


def _sides(one: Article, two: Article) -> tuple[Article, Article]:
    """Which is kept: the one that the other was merged into, else the one that PubMed knows, else the one that says
    more, else the older."""

    def worth(article: Article, other: Article) -> tuple[Any, ...]:
        known = (article.pmid is not None, article.raw_hash is not None, article.doi is not None)
        return (article.merged_into_id != other.id, *known, bool(article.abstract), -article.id)

    return (one, two) if worth(one, two) >= worth(two, one) else (two, one)


def _gone(session: Session, proposal: DuplicateProposal) -> Article:
    one, two = session.get_one(Article, proposal.article_id), session.get_one(Article, proposal.other_id)
    return next(a for a, b in ((one, two), (two, one)) if a.merged_into_id == b.id)


def _decide(session: Session, actor: Actor, proposal: DuplicateProposal, decision: str) -> None:
    proposal.decision, proposal.decided_by, proposal.decided_at = decision, actor.member_id, config.now()
    session.add(proposal)


def _pass_on(session: Session, goes: int, kept: int) -> None:
    """What else may be the same as the record that goes may be the same as the one that is kept."""
    mine = or_(col(DuplicateProposal.article_id) == goes, col(DuplicateProposal.other_id) == goes)
    rows = session.exec(select(DuplicateProposal).where(mine, col(DuplicateProposal.decision).is_(None))).all()
    for row in rows:
        other = row.other_id if row.article_id == goes else row.article_id
        if other != kept:
            queries.add(session, [(kept, other)], basis=row.basis, scores=[row.score], at=config.now())


def _log(session: Session, article: Article, event: ChangeEvent) -> int:
    """The id of the row."""
    row = ChangeLog(article_id=article.id, event=event, at=config.now())
    session.add(row)
    session.flush()
    return row.id


def _record(session: Session, actor: Actor, action: str, article_id: int, detail: dict[str, Any]) -> None:
    audit.record(session, actor=actor, action=action, subject_kind="article", subject_id=article_id, detail=detail)


def _pairs(session: Session, proposals: Collection[DuplicateProposal]) -> list[Pair]:
    ids = sorted({each for row in proposals for each in (row.article_id, row.other_id)})
    articles, sources = literature.articles_by_id(session, ids=ids), queries.sources(session, ids=ids)
    names = {member.id: member.name for member in accounts.members(session)}
    pairs = []
    for row in proposals:
        kept, goes = _sides(articles[row.article_id], articles[row.other_id])
        stays, leaves = (Side(article, tuple(sources.get(article.id, ()))) for article in (kept, goes))
        pairs.append(Pair(row, stays, leaves, names.get(row.decided_by or 0)))
    return pairs
