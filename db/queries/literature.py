"""Articles and what belongs to them: reads. Never commits."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, delete, or_
from sqlmodel import Session, SQLModel, col, func, select

from db import search
from db.models import (
    Article,
    ArticleMesh,
    ArticlePublicationType,
    ArticleRegistryId,
    CitationMetric,
    ImportSource,
    Label,
    Notice,
    RegulatoryNotice,
    Revision,
    TagSuggestion,
)
from db.types import Integrity

Row = TypeVar("Row", bound=SQLModel)
# SQLite takes at most 32,766 variables in a statement.
IDS_AT_ONCE = 10_000
_PMID = re.compile(r"(?:pmid:?\s*)?([1-9][0-9]{0,8})(?:\[(?:uid|pmid)\])?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader narrows the evidence by; empty fields do not narrow."""

    year_from: int | None = None
    year_to: int | None = None
    designs: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    integrity: tuple[Integrity, ...] = ()


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list: the articles, how many there are in all, and whether every word had to occur."""

    articles: tuple[Article, ...]
    total: int
    all_words: bool = True


@dataclass(frozen=True, slots=True)
class Everything:
    """Articles with all that hangs on them, by article id."""

    publication_types: dict[int, list[ArticlePublicationType]] = field(default_factory=dict)
    mesh: dict[int, list[ArticleMesh]] = field(default_factory=dict)
    registry_ids: dict[int, list[ArticleRegistryId]] = field(default_factory=dict)
    notices: dict[int, list[Notice]] = field(default_factory=dict)
    citations: dict[int, list[CitationMetric]] = field(default_factory=dict)


def present() -> ColumnElement[bool]:
    """Articles that are there: neither gone from their source nor merged into another."""
    return and_(col(Article.tombstoned_at).is_(None), col(Article.merged_into_id).is_(None))


def present_ids() -> Select[tuple[int]]:
    return select(col(Article.id)).where(present())  # type: ignore[return-value]


def gone() -> ColumnElement[bool]:
    """Articles that are not there. Few: asked for in the words of the index `ix_article_gone`."""
    return or_(col(Article.tombstoned_at).is_not(None), col(Article.merged_into_id).is_not(None))


def gone_ids(session: Session) -> frozenset[int]:
    return frozenset(session.exec(select(Article.id).where(gone())))


def content_hashes(session: Session) -> dict[int, str]:
    """What is there, by id, with the hash of what it says."""
    return dict(session.exec(select(Article.id, Article.content_hash).where(present())).all())


def article(session: Session, *, article_id: int) -> Article | None:
    return session.get(Article, article_id)


def article_by_pmid(session: Session, *, pmid: int) -> Article | None:
    return session.exec(select(Article).where(Article.pmid == pmid)).first()


def articles_by_pmid(session: Session, *, pmids: Sequence[int]) -> dict[int, Article]:
    found: dict[int, Article] = {}
    for some in in_batches(pmids):
        rows = session.exec(select(Article).where(col(Article.pmid).in_(some)))
        found.update((row.pmid, row) for row in rows if row.pmid is not None)
    return found


def articles_by_id(session: Session, *, ids: Sequence[int]) -> dict[int, Article]:
    found: dict[int, Article] = {}
    for some in in_batches(ids):
        found.update((row.id, row) for row in session.exec(select(Article).where(col(Article.id).in_(some))))
    return found


def find(
    session: Session,
    *,
    query: str,
    filters: Filters,
    offset: int,
    limit: int,
    among: ColumnElement[bool] | None = None,
) -> Page:
    """Articles for a person's words: those with all of them, else the best with some; without words the newest. `among`
    narrows them further."""
    ids = _ids(filters, among)
    if not query.strip():
        return _newest(session, ids, offset, limit)
    if named := _named(session, query, ids):
        return Page(tuple(named), len(named))
    mode, total = _mode(session, query, ids)
    hits = search.search(session, query, limit=limit, offset=offset, mode=mode, article_ids=ids)
    rows = articles_by_id(session, ids=[hit.article_id for hit in hits])
    return Page(tuple(rows[hit.article_id] for hit in hits), total, mode == "all")


def find_ids(session: Session, *, query: str, filters: Filters, among: ColumnElement[bool] | None = None) -> list[int]:
    """The ids of all articles that `find` finds, in its order."""
    ids = _ids(filters, among)
    if not query.strip():
        return list(session.exec(select(Article.id).where(col(Article.id).in_(ids)).order_by(*_newest_first())))
    if named := _named(session, query, ids):
        return [row.id for row in named]
    mode, total = _mode(session, query, ids)
    return [hit.article_id for hit in search.search(session, query, limit=total, mode=mode, article_ids=ids)]


def _named(session: Session, query: str, ids: Select[tuple[int]]) -> Sequence[Article]:
    """The article whose PMID the query is."""
    pmid = _PMID.fullmatch(query.strip())
    if pmid is None:
        return ()
    return session.exec(select(Article).where(Article.pmid == int(pmid[1]), col(Article.id).in_(ids))).all()


def _mode(session: Session, query: str, ids: Select[tuple[int]]) -> tuple[search.Mode, int]:
    """Whether every word has to occur, and how many articles there are then."""
    if total := search.count(session, query, mode="all", article_ids=ids):
        return "all", total
    return "any", search.count(session, query, mode="any", article_ids=ids)


def _newest(session: Session, ids: Select[tuple[int]], offset: int, limit: int) -> Page:
    total = session.exec(select(func.count()).select_from(ids.subquery())).one()
    rows = select(Article).where(col(Article.id).in_(ids))
    return Page(tuple(session.exec(rows.order_by(*_newest_first()).offset(offset).limit(limit))), total)


def _newest_first() -> tuple[ColumnElement[Any], ColumnElement[Any]]:
    return col(Article.year).desc().nulls_last(), col(Article.id).desc()


def _ids(filters: Filters, among: ColumnElement[bool] | None) -> Select[tuple[int]]:
    ids = present_ids() if among is None else present_ids().where(among)
    if filters.year_from is not None:
        ids = ids.where(col(Article.year) >= filters.year_from)
    if filters.year_to is not None:
        ids = ids.where(col(Article.year) <= filters.year_to)
    if filters.integrity:
        ids = ids.where(col(Article.integrity).in_(filters.integrity))
    if filters.designs:
        suggested = select(TagSuggestion.article_id).where(col(TagSuggestion.study_design).in_(filters.designs))
        ids = ids.where(col(Article.id).in_(suggested))
    if filters.publication_types:
        typed = select(ArticlePublicationType.article_id)
        typed = typed.where(col(ArticlePublicationType.name).in_(filters.publication_types))
        ids = ids.where(col(Article.id).in_(typed))
    return ids


def all_articles(session: Session, *, batch: int = 500) -> Iterator[list[Article]]:
    """Every article that is there, by PMID and then id, a batch at a time."""
    # The order is asked for once: no index has it, and each batch would sort the library again.
    order = func.coalesce(Article.pmid, 2**31)
    ids = session.exec(select(Article.id).where(present()).order_by(order, col(Article.id))).all()
    for start in range(0, len(ids), batch):
        some = ids[start : start + batch]
        rows = articles_by_id(session, ids=some)
        yield [rows[each] for each in some if each in rows]


def everything(session: Session, *, ids: Sequence[int]) -> Everything:
    """Publication types, MeSH headings, registry ids, notices and citation figures of these articles."""
    return Everything(
        publication_types=_children(session, ArticlePublicationType, ids),
        mesh=_children(session, ArticleMesh, ids),
        registry_ids=_children(session, ArticleRegistryId, ids),
        notices=_children(session, Notice, ids),
        citations=_children(session, CitationMetric, ids, order="as_of"),
    )


def _children(session: Session, kind: type[Row], ids: Sequence[int], order: str = "position") -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    parent, place = kind.__table__.c.article_id, kind.__table__.c[order]  # type: ignore[attr-defined]
    for some in in_batches(ids):
        for row in session.exec(select(kind).where(parent.in_(some)).order_by(parent, place)):
            found[row.article_id].append(row)  # type: ignore[attr-defined]
    return found


def import_sources(session: Session, *, article_id: int) -> list[ImportSource]:
    sources = select(ImportSource).where(ImportSource.article_id == article_id)
    return list(session.exec(sources.order_by(col(ImportSource.id))))


def revisions(session: Session, *, article_id: int) -> list[Revision]:
    """What the article said before, the newest first."""
    found = select(Revision).where(Revision.article_id == article_id)
    return list(session.exec(found.order_by(col(Revision.id).desc())))


def publication_types(session: Session) -> list[tuple[str, int]]:
    """The publication types that occur, with how many articles carry each, the commonest first."""
    number = func.count()
    counted = select(ArticlePublicationType.name, number).group_by(ArticlePublicationType.name)
    return [(name, n) for name, n in session.exec(counted.order_by(number.desc(), ArticlePublicationType.name))]


def suggestions(session: Session, *, ids: Sequence[int]) -> dict[int, TagSuggestion]:
    found: dict[int, TagSuggestion] = {}
    for some in in_batches(ids):
        rows = session.exec(select(TagSuggestion).where(col(TagSuggestion.article_id).in_(some)))
        found.update((row.article_id, row) for row in rows)
    return found


def replace_suggestions(session: Session, rows: Sequence[TagSuggestion]) -> None:
    """These suggestions in the place of earlier ones of the same articles."""
    for some in in_batches([row.article_id for row in rows]):
        session.execute(delete(TagSuggestion).where(col(TagSuggestion.article_id).in_(some)))
    session.add_all(rows)
    session.flush()


def without_suggestion(session: Session, *, tagger_version: int, limit: int) -> list[Article]:
    """Articles that the tagger has not read, or not since they changed."""
    ids = _unread(tagger_version).order_by(col(Article.id)).limit(limit)
    return list(session.exec(select(Article).where(col(Article.id).in_(ids)).order_by(col(Article.id))))


def without_suggestion_count(session: Session, *, tagger_version: int) -> int:
    return session.exec(select(func.count()).select_from(_unread(tagger_version).subquery())).one()


def _unread(tagger_version: int) -> Select[tuple[int]]:
    stale = or_(
        col(TagSuggestion.article_id).is_(None),
        col(TagSuggestion.tagger_version) != tagger_version,
        col(TagSuggestion.content_hash) != col(Article.content_hash),
    )
    joined = select(col(Article.id)).join(TagSuggestion, col(TagSuggestion.article_id) == col(Article.id), isouter=True)
    return joined.where(present(), stale)  # type: ignore[return-value]


def labels(session: Session) -> dict[int, Label]:
    """Every version of every label, by id."""
    return {row.id: row for row in session.exec(select(Label).order_by(Label.set_id, col(Label.version)))}


def regulatory_notices(session: Session) -> dict[int, RegulatoryNotice]:
    """Every communication of an authority, by id."""
    return {row.id: row for row in session.exec(select(RegulatoryNotice).order_by(col(RegulatoryNotice.dated)))}


def in_batches(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), IDS_AT_ONCE):
        yield ids[start : start + IDS_AT_ONCE]
