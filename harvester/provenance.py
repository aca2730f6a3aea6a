"""Where each article came from, that a topic found it, and which of two files of one sequence speaks last."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from db.models import ImportSource, TopicArticle
from harvester.article_tables import ArticleTables
from harvester.prepared import Prepared
from harvester.stored_articles import Stored

# What becomes of a row that is there, in the SQL that both engines know.
_SEEN_AGAIN = (
    "ON CONFLICT (article_id, kind, name) DO UPDATE SET sha256 = excluded.sha256, position = excluded.position,"
    " run_id = excluded.run_id, seen_at = excluded.seen_at"
    " WHERE import_source.position IS NULL OR import_source.position <= COALESCE(excluded.position, 0)"
)
_PLACED_AGAIN = (
    "ON CONFLICT (topic_id, article_id) DO UPDATE SET last_fetched_at = excluded.last_fetched_at, misses = 0,"
    " missing_since = NULL"
)


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
            own = (ImportSource.kind == source.kind, ImportSource.name == source.name)
            found = session.exec(rows.where(col(ImportSource.article_id).in_(ids), *own))
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


def trace(tables: ArticleTables, ids: Iterable[int], *, source: Source) -> None:
    """These articles were seen in this source; of those that a later file spoke of, that one is kept."""
    names = ("article_id", "kind", "name", "sha256", "position", "run_id", "seen_at")
    row = (source.kind, source.name, source.sha256, source.position, tables.run_id, tables.stamp)
    tables.put(ImportSource, names, [(article_id, *row) for article_id in ids], again=_SEEN_AGAIN)


def place_in_topic(tables: ArticleTables, ids: Iterable[int], *, topic_id: str) -> None:
    """The topic's query finds these articles, which are not missing then."""
    names = ("topic_id", "article_id", "first_run_id", "first_seen_at", "last_fetched_at", "misses")
    row = (tables.run_id, tables.stamp, tables.stamp, 0)
    tables.put(TopicArticle, names, [(topic_id, article_id, *row) for article_id in ids], again=_PLACED_AGAIN)
