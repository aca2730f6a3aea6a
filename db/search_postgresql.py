"""The full-text index on PostgreSQL: a table of tsvectors beside `article`, stemmed as FTS5 stems."""

import math
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import add as plus
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, column, func, literal, literal_column, select, table, text
from sqlalchemy.orm import Session

from db.search_query import TITLE_WEIGHT, Frequencies, IndexedText, Query, Term, tokens

TABLE = "article_fts"
OWNED = frozenset({TABLE, f"{TABLE}_pkey", f"{TABLE}_document"})
_BATCH = 1000
# PostgreSQL refuses a tsvector over 1 MB; no abstract comes near.
_MAX_TEXT = 200_000
# The original Porter algorithm and no stop words, as in FTS5, so that both engines find the same.
_CONFIGURATION = (
    "CREATE TEXT SEARCH DICTIONARY footnote_porter (TEMPLATE = snowball, LANGUAGE = porter)",
    "CREATE TEXT SEARCH CONFIGURATION footnote (COPY = pg_catalog.english)",
    "ALTER TEXT SEARCH CONFIGURATION footnote ALTER MAPPING REPLACE english_stem WITH footnote_porter",
    "ALTER TEXT SEARCH CONFIGURATION footnote ALTER MAPPING FOR numword WITH footnote_porter",
)
_TABLE = (
    f"CREATE TABLE {TABLE} (article_id bigint PRIMARY KEY REFERENCES article ON DELETE CASCADE, "
    "document tsvector NOT NULL)",
    f"CREATE INDEX {TABLE}_document ON {TABLE} USING gin (document)",
)


def _document(title: str, abstract: str) -> str:
    return f"setweight(to_tsvector('footnote', {title}), 'A') || setweight(to_tsvector('footnote', {abstract}), 'B')"


class TextSearch:
    def ensure_index(self, connection: Connection) -> None:
        configured = "SELECT count(*) FROM pg_ts_config WHERE cfgname = 'footnote' AND pg_ts_config_is_visible(oid)"
        if not connection.execute(text(configured)).scalar():
            for statement in _CONFIGURATION:
                connection.execute(text(statement))
        if not _has_table(connection):
            for statement in _TABLE:
                connection.execute(text(statement))
            self.reindex(connection)

    def add(self, connection: Connection, rows: Sequence[IndexedText]) -> None:
        statement = (
            f"INSERT INTO {TABLE}(article_id, document) VALUES (:id, {_document(':title', ':abstract')}) "
            "ON CONFLICT (article_id) DO UPDATE SET document = excluded.document"
        )
        connection.execute(text(statement), [_values(row) for row in rows])

    def remove(self, connection: Connection, rows: Sequence[IndexedText]) -> None:
        statement = f"DELETE FROM {TABLE} WHERE article_id = :id"
        connection.execute(text(statement), [{"id": row.article_id} for row in rows])

    def reindex(self, connection: Connection) -> None:
        connection.execute(text(f"DELETE FROM {TABLE}"))
        for batch in _articles(connection):
            self.add(connection, batch)

    def check(self, connection: Connection) -> list[str]:
        if not _has_table(connection):
            return ["the search index is missing"]
        # An entry without an article cannot be: the foreign key cascades.
        differing = text(
            "SELECT v.id FROM unnest(CAST(:ids AS bigint[]), CAST(:titles AS text[]), CAST(:abstracts AS text[])) "
            f"AS v(id, title, abstract) LEFT JOIN {TABLE} f ON f.article_id = v.id "
            f"WHERE f.document IS DISTINCT FROM ({_document('v.title', 'v.abstract')}) ORDER BY v.id"
        )
        problems: list[str] = []
        for batch in _articles(connection):
            rows = [_values(row) for row in batch]
            arrays = {name + "s": [row[name] for row in rows] for name in ("id", "title", "abstract")}
            wrong = connection.execute(differing, arrays).scalars()
            problems.extend(f"article {article_id} is not indexed as it reads" for article_id in wrong)
        return problems

    def telling(self, session: Session | Connection, query: Query, known: Frequencies) -> Query:
        """The query as it is: here a word that is everywhere costs no more than another."""
        return query

    def matches(self, session: Session | Connection, query: Query) -> Subquery:
        index = table(TABLE, column("article_id"))
        terms = list(dict.fromkeys(term for group in query.groups for term in group))
        ranks = [literal(rarity) * _term_rank(term) for term, rarity in _rarities(session, terms)]
        found = select(index.c.article_id, reduce(plus, ranks).label("score"))
        return found.where(_matching(expression(query))).subquery("hits")


def expression(query: Query) -> str:
    """The query in tsquery's syntax. Tokens are letters and digits only, so nothing in them can end the quotes."""

    def quoted(term: Term) -> str:
        return "(" + " <-> ".join(f"'{token}'" for token in term) + ")"

    groups = ["(" + " | ".join(quoted(term) for term in group) + ")" for group in query.groups]
    return " & ".join([*groups, *(f"!{quoted(term)}" for term in query.excluded)])


def _tsquery(words: str) -> ColumnElement[Any]:
    return func.to_tsquery(literal_column("'footnote'::regconfig"), words)


def _matching(words: str) -> ColumnElement[bool]:
    return literal_column(f"{TABLE}.document").op("@@", is_comparison=True)(_tsquery(words))


def _term_rank(term: Term) -> ColumnElement[float]:
    # Weights of D, C, B (abstract), A (title); 1 divides by the logarithm of the document's length.
    weights: ColumnElement[Any] = literal_column(f"'{{0, 0, {1 / TITLE_WEIGHT}, 1}}'::real[]")
    return func.ts_rank(weights, literal_column(f"{TABLE}.document"), _tsquery(expression(Query(((term,),)))), 1)


def _rarities(session: Session | Connection, terms: Sequence[Term]) -> list[tuple[Term, float]]:
    """ts_rank knows no rarity of words, so each term counts by its inverse document frequency, as in BM25."""
    index = table(TABLE)
    counts = [select(func.count()).select_from(index)]
    counts += [counts[0].where(_matching(expression(Query(((term,),))))) for term in terms]
    columns = (each.scalar_subquery().label(f"n{number}") for number, each in enumerate(counts))
    size, *frequencies = session.execute(select(*columns)).one()
    return [
        (term, math.log(1 + (size - frequency + 0.5) / (frequency + 0.5)))
        for term, frequency in zip(terms, frequencies, strict=True)
    ]


def _articles(connection: Connection) -> Iterator[list[IndexedText]]:
    page = text("SELECT id, title, abstract FROM article WHERE id > :after ORDER BY id LIMIT :batch")
    after = -1
    while rows := connection.execute(page, {"after": after, "batch": _BATCH}).all():
        yield [IndexedText(row.id, row.title, row.abstract) for row in rows]
        after = rows[-1].id


def _values(row: IndexedText) -> dict[str, Any]:
    # PostgreSQL's parser would keep `mg/kg` and `covid-19` whole; the index holds the tokens that FTS5 would see.
    title, abstract = (" ".join(tokens(each))[:_MAX_TEXT] for each in (row.title, row.abstract))
    return {"id": row.article_id, "title": title, "abstract": abstract}


def _has_table(connection: Connection) -> bool:
    return connection.execute(text("SELECT to_regclass(:name)"), {"name": TABLE}).scalar() is not None
