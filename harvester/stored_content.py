"""What articles of the library say now, in the form that a record's content has."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam
from sqlmodel import Session, col, select

from db.models import Article, ArticleMesh, ArticlePublicationType, ArticleRegistryId, Notice
from harvester.rows import COLUMNS, DATES, NOTICE_SOURCE, Content

# The parts of a content that have a table of their own: its columns, of which the first two place a row.
CHILDREN: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("publication_types", ArticlePublicationType, ("article_id", "position", "ui", "name")),
    ("mesh", ArticleMesh, ("article_id", "position", "ui", "name", "major", "qualifiers")),
    ("registry_ids", ArticleRegistryId, ("article_id", "position", "databank", "accession")),
)
_NOTICE = {
    "ref_type": "ref_type",
    "kind": "kind",
    "is_subject": "is_subject",
    "pmid": "other_pmid",
    "source": "stated",
    "note": "note",
}


def contents_of(session: Session, ids: Sequence[int]) -> dict[int, Content]:
    """By article; only PubMed's own standing notices are part of a record."""
    if not ids:
        return {}
    # Past the session: of many articles each is read once, and none is changed through what is read here.
    connection, these = session.connection(), {"ids": ids}
    contents: dict[int, Content] = {}
    for article_id, *values in connection.execute(_ARTICLES, these):
        contents[article_id] = content = dict(zip(COLUMNS, values, strict=True))
        content.update({name: content[name] and content[name].isoformat() for name in DATES})
        content.update({name: [] for name in _PARTS})
    for name, (names, statement) in _PARTS.items():
        for article_id, *values in connection.execute(statement, these):
            contents[article_id][name].append(dict(zip(names, values, strict=True)))
    return contents


def _of_articles(kind: Any, columns: Sequence[str]) -> Select[Any]:
    """Made once, for every batch asks them."""
    wanted: Any = select(kind.article_id, *[getattr(kind, name) for name in columns])
    return wanted.where(kind.article_id.in_(_IDS)).order_by(kind.article_id, kind.position)  # type: ignore[no-any-return]


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_SAID: list[Any] = [getattr(Article, name) for name in COLUMNS]
_ARTICLES: Select[Any] = select(col(Article.id), *_SAID).where(col(Article.id).in_(_IDS))
_STANDING = _of_articles(Notice, tuple(_NOTICE.values())).where(
    col(Notice.source) == NOTICE_SOURCE, col(Notice.withdrawn_at).is_(None)
)
_PARTS = {name: (columns[2:], _of_articles(kind, columns[2:])) for name, kind, columns in CHILDREN}
_PARTS["notices"] = (tuple(_NOTICE), _STANDING)
