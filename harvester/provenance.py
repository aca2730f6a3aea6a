"""Where each article came from, that a topic found it, and which of two files of one sequence speaks last."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col, or_, select

from db.models import ImportSource, TopicArticle
from harvester.article_tables import ArticleTables
from harvester.prepared import Prepared
from harvester.stored_articles import Stored


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from: `pubmed` and a topic, `file` and its name, `baseline` and the place of a file.

    Of sources of one name that have a `position`, what a later one said of an article stands.
    """

    kind: str
    name: str
    sha256: str | None = None
    position: int | None = None


class Told:
    """What the files of a sequence told of these articles so far. A source without a position told nothing."""

    def __init__(self, session: Session, ids: Collection[int], source: Source) -> None:
        self.position = source.position
        self.last: dict[int, tuple[int, datetime]] = {}
        if source.position is not None and ids:
            rows = select(ImportSource.article_id, ImportSource.position, ImportSource.seen_at)
            found = session.exec(rows.where(*_of(source, ids)))
            self.last = {article_id: (position or 0, at) for article_id, position, at in found}

    def speaks_last(self, article_id: int) -> bool:
        """Whether no later file has told anything of this article."""
        return self.position is None or self.last.get(article_id, (0, None))[0] <= self.position

    def brings_back(self, article: Stored, record: Prepared) -> bool:
        """Whether a record of an article that is gone means that it is there again.

        In a file it does when an earlier file said it was gone, or it was revised since it went: an old file knows
        nothing of what PubMed took away later.
        """
        if self.position is None or article.tombstoned_at is None:
            return True
        if self.last.get(article.id, (0, None))[1] == article.tombstoned_at:
            return True
        return record.date_revised is not None and record.date_revised > article.tombstoned_at.date()


def trace(tables: ArticleTables, *, known: Sequence[int], added: Sequence[int], source: Source) -> None:
    """These articles were seen in this source."""
    seen = {"sha256": source.sha256, "run_id": tables.run_id, "seen_at": tables.at, "position": source.position}
    fresh = list(added)
    if known:
        here = _of(source, known)
        traced = set(tables.session.exec(select(ImportSource.article_id).where(*here)))
        unsurpassed = or_(col(ImportSource.position).is_(None), col(ImportSource.position) <= (source.position or 0))
        tables.session.execute(update(ImportSource).where(*here, unsurpassed).values(seen))
        fresh += [article_id for article_id in known if article_id not in traced]
    row = (source.kind, source.name, source.sha256, source.position, tables.run_id, tables.stamp)
    names = ("article_id", "kind", "name", "sha256", "position", "run_id", "seen_at")
    tables.put(ImportSource, names, [(article_id, *row) for article_id in fresh])


def place_in_topic(tables: ArticleTables, *, known: Sequence[int], added: Sequence[int], topic_id: str) -> None:
    """The topic's query finds these articles."""
    fresh = list(added)
    if known:
        here = (col(TopicArticle.article_id).in_(known), col(TopicArticle.topic_id) == topic_id)
        placed = set(tables.session.exec(select(TopicArticle.article_id).where(*here)))
        again = {"last_fetched_at": tables.at, "misses": 0, "missing_since": None}
        tables.session.execute(update(TopicArticle).where(*here).values(again))
        fresh += [article_id for article_id in known if article_id not in placed]
    names = ("topic_id", "article_id", "first_run_id", "first_seen_at", "last_fetched_at", "misses")
    row = (tables.run_id, tables.stamp, tables.stamp, 0)
    tables.put(TopicArticle, names, [(topic_id, article_id, *row) for article_id in fresh])


def _of(source: Source, ids: Iterable[int]) -> tuple[Any, ...]:
    return (
        col(ImportSource.article_id).in_(ids),
        col(ImportSource.kind) == source.kind,
        col(ImportSource.name) == source.name,
    )
