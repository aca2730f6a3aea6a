"""The library as it stood at an earlier moment: reads. Never commits.

What was said before is in the revisions, what was said of an article in the notices with when each was first seen and
withdrawn. Records that were merged since are one here too.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, or_
from sqlmodel import Session, col, func, select

from db.integrity import integrity_of, standing
from db.models import Article, ChangeLog, Claim, Notice, Revision
from db.queries import literature
from db.types import ChangeEvent, Integrity


@dataclass(frozen=True, slots=True)
class EarlierArticle:
    """An article with what it said then: `content` is the revision's, None where it has not changed since."""

    article: Article
    content: Mapping[str, Any] | None
    integrity: Integrity


@dataclass(slots=True)
class _Said:
    """A notice that stood then, whatever became of it."""

    source: str
    kind: str
    is_subject: bool
    dated: date | None
    withdrawn_at: datetime | None = None


def began(session: Session, *, topic_id: str) -> datetime | None:
    """When the library got its first claim on the topic or its first article; None while it is empty."""
    claim = session.exec(select(func.min(Claim.created_at)).where(Claim.topic_id == topic_id)).one()
    article = session.exec(select(ChangeLog.at).order_by(col(ChangeLog.id)).limit(1)).first()
    return min((moment for moment in (claim, article) if moment is not None), default=None)


def stood(withdrawn_at: Any, as_of: datetime | None) -> ColumnElement[bool]:
    """What was not withdrawn by then, or ever when no moment is given."""
    if as_of is None:
        return col(withdrawn_at).is_(None)
    return or_(col(withdrawn_at).is_(None), col(withdrawn_at) > as_of)


def present_ids(as_of: datetime) -> Select[tuple[int]]:
    """The articles that the library held then."""
    later = select(ChangeLog.article_id).where(ChangeLog.event == ChangeEvent.NEW, col(ChangeLog.at) > as_of)
    here = [stood(Article.tombstoned_at, as_of), col(Article.merged_into_id).is_(None), col(Article.id).not_in(later)]
    return select(col(Article.id)).where(*here)  # type: ignore[return-value]


def library_size(session: Session, *, as_of: datetime) -> int:
    return session.exec(select(func.count()).select_from(present_ids(as_of).subquery())).one()


def articles(session: Session, *, ids: Sequence[int], as_of: datetime) -> dict[int, EarlierArticle]:
    """Of these articles those that the library held then, as they stood."""
    here = present_ids(as_of).where(col(Article.id).in_(ids))
    held = sorted(session.exec(here).all())  # type: ignore[call-overload]
    rows = literature.articles_by_id(session, ids=held)
    said = _contents(session, held, as_of)
    types = literature.everything(session, ids=held).publication_types
    notices = _notices(session, held, as_of)
    found = {}
    for key in held:
        content = said.get(key)
        kinds = [{"ui": row.ui, "name": row.name} for row in types.get(key, ())]
        marks = content["publication_types"] if content is not None else kinds
        standing_kinds = {notice.kind for notice in standing(notices.get(key, ()))}
        found[key] = EarlierArticle(rows[key], content, integrity_of(marks, standing_kinds))
    return found


def _contents(session: Session, ids: Collection[int], as_of: datetime) -> dict[int, dict[str, Any]]:
    """What each article said then, where it was revised since: the content of the first revision replaced after."""
    rows = select(Revision).where(col(Revision.article_id).in_(ids), col(Revision.replaced_at) > as_of)
    found: dict[int, dict[str, Any]] = {}
    for row in session.exec(rows.order_by(col(Revision.replaced_at), col(Revision.id))):
        found.setdefault(row.article_id, row.content)
    return found


def _notices(session: Session, ids: Collection[int], as_of: datetime) -> dict[int, list[_Said]]:
    rows = select(Notice).where(
        col(Notice.article_id).in_(ids), col(Notice.first_seen_at) <= as_of, stood(Notice.withdrawn_at, as_of)
    )
    found: dict[int, list[_Said]] = {}
    for row in session.exec(rows.order_by(col(Notice.id))):
        if row.article_id is not None:
            said = _Said(row.source, row.kind, row.is_subject, row.dated)
            found.setdefault(row.article_id, []).append(said)
    return found
