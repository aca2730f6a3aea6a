"""The full-text index on SQLite: an external-content FTS5 table, which reads its text from `article`."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Float, Integer, Result, Subquery, column, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from db.search_query import ALL_ARTICLES, TITLE_WEIGHT, Frequencies, IndexedText, Query, Term

TABLE = "article_fts"
LARGE = 5_000  # articles
OWNED = frozenset(TABLE + shadow for shadow in ("", "_data", "_idx", "_docsize", "_config", "_content"))
_DEFINITION = (
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(title, abstract, content='article', content_rowid='id', "
    "tokenize='porter unicode61 remove_diacritics 2')"
)
# bm25 in a sub-select is 1.6 times as fast as ORDER BY rank; `+rowid` keeps a filter on ids from running the match once
# for each of them.
_HITS = text(
    f"SELECT +{TABLE}.rowid AS article_id, -bm25({TABLE}, {TITLE_WEIGHT}, 1.0) AS score "
    f"FROM {TABLE} WHERE {TABLE} MATCH :words"
)
_BEST = text(f"SELECT * FROM ({_HITS.text}) ORDER BY score DESC, article_id LIMIT :limit OFFSET :offset")


class Fts5:
    def ensure_index(self, connection: Connection) -> None:
        if _is_current(connection):
            return
        connection.execute(text(f"DROP TABLE IF EXISTS {TABLE}"))
        connection.execute(text(_DEFINITION))
        self.reindex(connection)

    def add(self, connection: Connection, rows: Sequence[IndexedText]) -> None:
        # Straight to the driver: a bound `text()` costs each row a third of what indexing it does.
        connection.exec_driver_sql(f"INSERT INTO {TABLE}(rowid, title, abstract) VALUES (?, ?, ?)", _values(rows))

    def remove(self, connection: Connection, rows: Sequence[IndexedText]) -> None:
        statement = f"INSERT INTO {TABLE}({TABLE}, rowid, title, abstract) VALUES ('delete', ?, ?, ?)"
        connection.exec_driver_sql(statement, _values(rows))

    def reindex(self, connection: Connection) -> None:
        connection.execute(text(f"INSERT INTO {TABLE}({TABLE}) VALUES ('rebuild')"))

    def check(self, connection: Connection) -> list[str]:
        if not _is_current(connection):
            return ["the search index is missing or of another version"]
        try:
            # rank = 1 also compares the index with the articles; without it stale entries pass.
            connection.execute(text(f"INSERT INTO {TABLE}({TABLE}, rank) VALUES ('integrity-check', 1)"))
        except DatabaseError as error:
            if "malformed" not in str(error):
                raise
            return ["the search index does not say what the articles say"]
        return []

    def matches(self, session: Session | Connection, query: Query) -> Subquery:
        found = _HITS.bindparams(words=expression(query))
        return found.columns(column("article_id", Integer), column("score", Float)).subquery("hits")

    def best(self, session: Session | Connection, query: Query, limit: int, offset: int) -> Result[Any]:
        """The matches, the best first, by a statement that is not put together for each query, which takes as long as
        a small match."""
        return session.execute(_BEST, {"words": expression(query), "limit": limit, "offset": offset})

    def telling(self, session: Session | Connection, query: Query, known: Frequencies) -> Query:
        """An any-word query without the words of half the articles and more, which FTS5's bm25 gives no weight.

        Scoring each row by each word is what a query costs; in a library on one drug half the words are everywhere.
        In a large one the words of a third of it and more are left out: the rarer ones find more than anybody reads.
        """
        if len(query.groups) != 1:
            return query
        (terms,) = query.groups
        _count(session, [term for term in (ALL_ARTICLES, *terms) if term not in known], known)
        share = 2 if known[ALL_ARTICLES] < LARGE else 3
        kept = tuple(term for term in terms if 0 < share * known[term] < known[ALL_ARTICLES])
        return Query((kept,), query.excluded) if kept else query


def _count(session: Session | Connection, terms: Sequence[Term], known: Frequencies) -> None:
    if not terms:
        return
    having = [
        f"(SELECT count(*) FROM {TABLE} WHERE {TABLE} MATCH :t{place})"
        if term
        else f"(SELECT count(*) FROM {TABLE}_docsize)"
        for place, term in enumerate(terms)
    ]
    bound = {f"t{place}": _quoted(term) for place, term in enumerate(terms) if term}
    known.update(zip(terms, session.execute(text(f"SELECT {', '.join(having)}"), bound).one(), strict=True))


def expression(query: Query) -> str:
    """The query in FTS5's syntax, with every token quoted, so that none is read as a column or an operator."""
    groups = " AND ".join("(" + " OR ".join(map(_quoted, group)) + ")" for group in query.groups)
    if not query.excluded:
        return groups
    return f"({groups}) NOT (" + " OR ".join(map(_quoted, query.excluded)) + ")"


def _quoted(term: Term) -> str:
    return '"' + " ".join(term) + '"'


def _is_current(connection: Connection) -> bool:
    found = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": TABLE})
    return bool(found.scalar() == _DEFINITION)


def _values(rows: Sequence[IndexedText]) -> list[tuple[Any, ...]]:
    return [(row.article_id, row.title, row.abstract) for row in rows]
