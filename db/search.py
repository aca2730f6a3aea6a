"""The full-text index over titles and abstracts, on SQLite (FTS5) and PostgreSQL (tsvector), and ranked search in it.

The index is derived data: whoever writes an article writes its index row in the same transaction, with `add` and
`remove`; there are no triggers (row triggers cost three times as much as a batch). `reindex` rebuilds it at any time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, Subquery, false, func, literal, select, text
from sqlalchemy.orm import Session

from db import search_postgresql, search_sqlite
from db.search_query import Frequencies, IndexedText, Mode, Query, parse_query

__all__ = ["Frequencies", "Hit", "IndexedText", "Mode", "add", "check", "count", "ensure_index", "matches"]
__all__ += ["owned_names", "reindex", "remove", "search"]


@dataclass(frozen=True, slots=True)
class Hit:
    """`score` is higher for the better match and means something only within one query on one engine."""

    article_id: int
    score: float


def owned_names() -> frozenset[str]:
    """Tables and indexes that belong to the search and not to the models: migrations leave them alone."""
    return search_sqlite.OWNED | search_postgresql.OWNED


def ensure_index(connection: Connection) -> None:
    """Creates what is missing of the index and fills it when it was missing; a present index is left alone."""
    _engine(connection).ensure_index(connection)


def add(connection: Connection, rows: Sequence[IndexedText]) -> None:
    """Indexes articles that are not in the index: new ones, or changed ones after `remove` of what they said."""
    if rows:
        _engine(connection).add(connection, sorted(rows, key=lambda row: row.article_id))


def remove(connection: Connection, rows: Sequence[IndexedText]) -> None:
    """Takes articles out of the index. Each row must carry the very text that was indexed, or FTS5 keeps stale hits."""
    if rows:
        _engine(connection).remove(connection, sorted(rows, key=lambda row: row.article_id))


def reindex(connection: Connection) -> None:
    """Rebuilds the whole index from the articles, also one that is missing."""
    # Where no library was ever made, this says so; an index of nothing would hide it.
    connection.execute(text("SELECT id FROM article LIMIT 1"))
    _engine(connection).ensure_index(connection)
    _engine(connection).reindex(connection)


def check(connection: Connection) -> list[str]:
    """What is wrong with the index, in words; empty when it says what the articles say."""
    return _engine(connection).check(connection)


def search(
    session: Session | Connection,
    query: str,
    *,
    limit: int,
    offset: int = 0,
    mode: Mode = "any",
    article_ids: Select[tuple[int]] | None = None,
    known: Frequencies | None = None,
) -> list[Hit]:
    """Articles that match what a person typed, the best first, equal ones by id. Nothing typed is an error.

    `article_ids`, when given, selects the ids to search among, as in `select(Article.id).where(Article.year > 2020)`.
    Who asks much of one state of the library hands over the same `known` each time, so that no word is counted twice.
    """
    parsed, known = parse_query(query, mode), {} if known is None else known
    telling = _engine(session).telling(session, parsed, known) if mode == "any" and parsed.groups else parsed
    found = _best(session, telling, limit, offset, article_ids)
    # Articles that have only the words left out come after all others: they are needed where those are too few.
    return found if telling is parsed or len(found) == limit else _best(session, parsed, limit, offset, article_ids)


def _best(
    session: Session | Connection, query: Query, limit: int, offset: int, article_ids: Select[tuple[int]] | None
) -> list[Hit]:
    engine = _engine(session)
    if isinstance(engine, search_sqlite.Fts5) and query.groups and article_ids is None:
        rows = engine.best(session, query, limit, offset)
    else:
        hits = _matches(session, query)
        found = select(hits.c.article_id, hits.c.score).order_by(hits.c.score.desc(), hits.c.article_id)
        if article_ids is not None:
            found = found.where(hits.c.article_id.in_(article_ids))
        rows = session.execute(found.limit(limit).offset(offset))
    return [Hit(row.article_id, float(row.score)) for row in rows]


def count(
    session: Session | Connection, query: str, *, mode: Mode = "any", article_ids: Select[tuple[int]] | None = None
) -> int:
    """How many articles match, whatever the limit."""
    hits = matches(session, query, mode)
    found = select(func.count()).select_from(hits)
    if article_ids is not None:
        found = found.where(hits.c.article_id.in_(article_ids))
    return session.execute(found).scalar_one()


def matches(session: Session | Connection, query: str, mode: Mode) -> Subquery:
    """The matching articles as a sub-query with `article_id` and `score`, to be joined with `article` in a query."""
    return _matches(session, parse_query(query, mode))


def _matches(session: Session | Connection, parsed: Query) -> Subquery:
    if not parsed.groups:
        nothing = select(literal(0).label("article_id"), literal(0.0).label("score"))
        return nothing.where(false()).subquery("hits")
    return _engine(session).matches(session, parsed)


def _engine(bound: Session | Connection) -> search_sqlite.Fts5 | search_postgresql.TextSearch:
    connection = bound.connection() if isinstance(bound, Session) else bound
    return search_sqlite.Fts5() if connection.dialect.name == "sqlite" else search_postgresql.TextSearch()
