"""Articles that PubMed lists no more and says it does not have: counted by nights, marked as gone at the second.

A night is a day of PubMed's own index: what one state of it says twice was confirmed once. An article that is marked
as gone stays in the library with all that rests on it; one that is there again says so.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import update
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from db import config
from db.models import Article, ChangeLog, HarvestRun, HarvestTodo, TopicArticle
from db.types import ChangeEvent, WorkState
from harvester.store import Source, note, withdraw

# The share of a topic's articles that no night takes away: a list that is so much shorter is a fault of somebody's.
SHARE = 0.02
# So few are no sign of it in a small library.
FEW = 2
UNLISTED = "unlisted"
_COMING_AND_GOING = (ChangeEvent.VANISHED, ChangeEvent.RETURNED, ChangeEvent.TOMBSTONED)


def too_many(number: int, of: int) -> bool:
    return number > max(FEW, of * SHARE)


@dataclass(frozen=True, slots=True)
class Vanished:
    """PMIDs by what this night makes of them: `first` are missing since tonight, `gone` are confirmed a second time.

    `known`: how many articles of the topic there were.
    """

    first: tuple[int, ...]
    gone: tuple[int, ...]
    known: int

    @property
    def is_mass(self) -> bool:
        return too_many(len(self.first), self.known)

    @property
    def words(self) -> str | None:
        parts = [f"missing from PubMed since tonight: {shown_pmids(self.first)}"] if self.first else []
        parts += [f"gone from PubMed for the second night and marked so: {shown_pmids(self.gone)}"] if self.gone else []
        return "; ".join(parts) or None


def vanished(session: Session, *, run_id: int, topic_id: str, night: str) -> Vanished:
    """What the run found missing that the topic's query does not list either. Changes nothing."""
    missing = missing_pmids(session, run_id)
    rows = select(Article.id, Article.pmid).where(col(Article.pmid).in_(missing), col(Article.tombstoned_at).is_(None))
    pmids = {article_id: pmid for article_id, pmid in session.exec(rows.order_by(col(Article.pmid))) if pmid}
    nights = _missing_since(session, list(pmids))
    known = select(func.count()).select_from(TopicArticle).join(Article).where(col(Article.tombstoned_at).is_(None))
    return Vanished(
        first=tuple(pmid for article_id, pmid in pmids.items() if article_id not in nights),
        gone=tuple(pmid for article_id, pmid in pmids.items() if nights.get(article_id, night) != night),
        known=session.exec(known.where(TopicArticle.topic_id == topic_id)).one(),
    )


def missing_pmids(session: Session, run_id: int) -> set[int]:
    """What the query does not list and PubMed says it does not have."""
    missing = select(HarvestTodo.pmid).where(HarvestTodo.run_id == run_id, HarvestTodo.reason == UNLISTED)
    return set(session.exec(missing.where(HarvestTodo.state == WorkState.MISSING)))


def count(session: Session, found: Vanished, *, run_id: int, source: Source) -> None:
    """Write down what `vanished` found; what was written before in this night is not found again."""
    rows = select(Article.pmid, Article.id).where(col(Article.pmid).in_([*found.first, *found.gone]))
    ids = dict(session.exec(rows).all())
    if not ids:
        return
    first = [ids[pmid] for pmid in found.first]
    missed = update(TopicArticle).values(misses=TopicArticle.misses + 1)
    session.execute(missed.where(col(TopicArticle.article_id).in_(ids.values())))
    since = update(TopicArticle).values(missing_since=config.now())
    session.execute(since.where(col(TopicArticle.article_id).in_(first)))
    note(session, first, ChangeEvent.VANISHED, run_id=run_id)
    withdraw(session, found.gone, run_id=run_id, source=source)


def missing_among(session: Session, pmids: Collection[int]) -> list[int]:
    """Ids of those of these articles that were missing when they were last asked for, and are not marked as gone."""
    return sorted(_missing_since(session, select(Article.id).where(col(Article.pmid).in_(pmids))))


def _missing_since(session: Session, ids: Sequence[int] | SelectOfScalar[int]) -> dict[int, str | None]:
    """By article, the night in which it was first missed, of those that are missing now."""
    rows = (
        select(ChangeLog.article_id, ChangeLog.event, HarvestRun.options)
        .join(HarvestRun, col(HarvestRun.id) == col(ChangeLog.run_id))
        .where(col(ChangeLog.article_id).in_(ids), col(ChangeLog.event).in_(_COMING_AND_GOING))
        .order_by(col(ChangeLog.id))
    )
    newest = {article_id: (event, options) for article_id, event, options in session.exec(rows)}
    return {i: options.get("night") for i, (event, options) in newest.items() if event is ChangeEvent.VANISHED}


def shown_pmids(pmids: Sequence[int]) -> str:
    """The first few, and how many more."""
    shown = ", ".join(f"PMID {pmid}" for pmid in pmids[:5])
    return shown + (f" and {len(pmids) - 5} more" if len(pmids) > 5 else "")
