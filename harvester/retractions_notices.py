"""What a source beside PubMed says about articles → notices, and how the articles stand then."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlmodel import Session, col, select

from db import config
from db.integrity import integrity_where, is_retraction_mark, standing
from db.models import Article, ArticlePublicationType, Notice
from db.types import ChangeEvent
from harvester.article_tables import ArticleTables
from harvester.store import Outcome, close_batch

# SQLite takes at most 32,766 variables in a statement.
ARTICLES_AT_ONCE = 5000


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a source says of an article, under a key that is the same when it says it again."""

    source_key: str
    article_id: int
    kind: str
    dated: date | None
    other_pmid: int | None = None
    other_doi: str | None = None
    stated: str | None = None
    note: str | None = None


def tell(
    session: Session,
    told: Iterable[Told],
    *,
    run_id: int,
    source: str,
    of: Collection[int] | None = None,
    withdraw: bool = True,
) -> int:
    """Bring the notices of a source to what it says now, in the caller's transaction; how many articles changed.

    `of`: the articles that it was asked about (None: all). What it says no more is withdrawn, not deleted; unless
    `withdraw`, because not all that it says could be read.
    """
    tables = ArticleTables(session, run_id, config.now())
    rows = select(Notice).where(Notice.source == source)
    rows = rows if of is None else rows.where(col(Notice.article_id).in_(of))
    known = {notice.source_key: notice for notice in session.exec(rows)}
    kinds: dict[int, set[str]] = defaultdict(set)
    for each in told:
        values: dict[str, Any] = asdict(each) | {"withdrawn_at": None}
        notice = known.pop(each.source_key, None)
        if notice is None:
            session.add(Notice(source=source, is_subject=True, first_seen_at=tables.at, **values))
            kinds[each.article_id].add(each.kind)
            continue
        if any(getattr(notice, name) != values[name] for name in ("article_id", "kind", "dated", "withdrawn_at")):
            kinds[notice.article_id or 0].add(notice.kind)
            kinds[each.article_id].add(each.kind)
        notice.sqlmodel_update(values)
    for notice in known.values() if withdraw else ():
        if notice.withdrawn_at is None:
            notice.withdrawn_at = tables.at
            kinds[notice.article_id or 0].add(notice.kind)
    session.flush()
    changed = sorted(kinds)
    for start in range(0, len(changed), ARTICLES_AT_ONCE):
        _judge(session, changed[start : start + ARTICLES_AT_ONCE])
    for article_id in changed:
        for kind in sorted(kinds[article_id]):
            tables.log_change(article_id, ChangeEvent.NOTICE, [kind], None, None)
    close_batch(tables, Outcome(changed=len(changed)))
    return len(changed)


def _judge(session: Session, ids: Collection[int]) -> None:
    """How these articles stand, in the light of all that is said of them."""
    types = select(ArticlePublicationType).where(col(ArticlePublicationType.article_id).in_(ids))
    marked = {kind.article_id for kind in session.exec(types) if is_retraction_mark(kind.ui, kind.name)}
    about: dict[int, list[Notice]] = defaultdict(list)
    for notice in session.exec(select(Notice).where(col(Notice.article_id).in_(ids))):
        about[notice.article_id or 0].append(notice)
    for article in session.exec(select(Article).where(col(Article.id).in_(ids))):
        article.integrity = integrity_where(
            article.id in marked, {notice.kind for notice in standing(about[article.id])}
        )
