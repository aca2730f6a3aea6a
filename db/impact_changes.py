"""What the rows of the change log mean for those who rest on an article: one change for each article and moment."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from db.impact_alerts import name_of
from db.impact_log import WORDS, LoggedChange
from db.impact_standing import (
    GRAVE,
    PUBMED,
    Standing,
    before_named,
    change_of,
    said,
    said_in,
)
from db.impact_wording import Rewording, rewording
from db.models import Article, ArticlePublicationType, ChangeLog, Notice, Revision
from db.queries import literature
from db.types import ChangeEvent


@dataclass(frozen=True, slots=True)
class ArticleChange:
    """What happened to an article at one moment.

    `name` tells it from every other change, in every copy of the library. `text`: the title or the abstract is another,
    be it only in its sections; `rewording` is what of it people would see. `reread`: by a better parser, not by the
    source.
    """

    name: str
    article: Article
    row: LoggedChange
    standing: Standing | None
    notices: tuple[Notice, ...]
    text: bool
    rewording: Rewording
    reread: bool


def changes(session: Session, rows: Mapping[int, Sequence[LoggedChange]]) -> list[ArticleChange]:
    """What these rows mean, by article and then in their order; only what concerns somebody."""
    ids = sorted(rows)
    _forget(session)
    articles, parts = literature.articles_by_id(session, ids=ids), literature.everything(session, ids=ids)
    history = _history(session, ids)
    revisions = _revisions(session, [row for each in rows.values() for row in each])
    found = []
    for article_id in ids:
        notices = [row for row in parts.notices.get(article_id, []) if row.is_subject]
        types = parts.publication_types.get(article_id, [])
        for moment in _moments(rows[article_id]):
            change = _change(articles[article_id], moment, notices, types, revisions, history)
            found += [change] if change.standing or change.text else []
    return found


def told_by_another(session: Session, *, change_id: int, was: int, now: int) -> ArticleChange:
    """What it means that the record `now` speaks for an article, and no more the record `was`; a row of the change log
    says so. Its words are left alone: quotes stand in the record that they were taken from."""
    logged = session.get_one(ChangeLog, change_id)
    subject, article = session.get_one(Article, logged.article_id), session.get_one(Article, now)
    parts = literature.everything(session, ids=[was, now])
    notices = {i: [row for row in parts.notices.get(i, []) if row.is_subject] for i in (was, now)}
    before, after = (said(notices[i], parts.publication_types.get(i, [])) for i in (was, now))
    told = change_of(before, after)
    return ArticleChange(
        name=f"{name_of(subject)}:{_history(session, [subject.id]).ordinals[change_id]}",
        article=article,
        row=LoggedChange(*(getattr(logged, name) for name in LoggedChange._fields)),
        standing=told,
        notices=tuple(row for row in notices[now] if told and row.kind == told.notice),
        text=False,
        rewording=Rewording(),
        reread=False,
    )


def _forget(session: Session) -> None:
    """Articles are written past the session, which must not answer with what it read before."""
    session.flush()
    for each in list(session.identity_map.values()):
        if isinstance(each, Article | ArticlePublicationType | Notice):
            session.expire(each)


def _change(
    article: Article,
    moment: Sequence[LoggedChange],
    notices: Sequence[Notice],
    types: Sequence[ArticlePublicationType],
    revisions: Mapping[tuple[int, str], dict[str, Any]],
    history: "History",
) -> ArticleChange:
    row = next((row for row in reversed(moment) if row.new_hash or row.old_hash), moment[-1])
    first = next((each.old_hash for each in moment if each.old_hash), "")
    before, after = revisions.get((article.id, first)), None
    if row.new_hash != article.content_hash:  # what came later is a change of its own
        after = revisions.get((article.id, row.new_hash or ""))
    told = _gone(moment) or _marks(moment, notices, types, before, after) or _back(moment, history)
    text = any(WORDS.intersection(each.fields) for each in moment)
    return ArticleChange(
        name=f"{name_of(article)}:{history.ordinals[moment[-1].id]}",
        article=article,
        row=row,
        standing=told,
        notices=tuple(notice for notice in notices if told and notice.kind == told.notice),
        text=text,
        rewording=_rewording(before, after or _content(article)) if text else Rewording(),
        reread=row.event is ChangeEvent.REPARSED,
    )


def _moments(rows: Sequence[LoggedChange]) -> list[list[LoggedChange]]:
    """Rows of one moment were written together: a record with a new notice has two."""
    found: dict[datetime, list[LoggedChange]] = defaultdict(list)
    for row in rows:
        found[row.at].append(row)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class History:
    """`ordinals`: which change of its article a row is, the same in a run that was killed and run again.

    `came_back`: rows by which an article returned that had been gone for good, and not for a night.
    """

    ordinals: dict[int, int]
    came_back: frozenset[int]


def _history(session: Session, ids: Sequence[int]) -> History:
    numbers: dict[int, int] = defaultdict(int)
    gone: set[int] = set()
    ordinals, came_back = {}, set()
    rows = select(ChangeLog.id, ChangeLog.article_id, ChangeLog.event).where(col(ChangeLog.article_id).in_(ids))
    for row_id, article_id, event in session.exec(rows.order_by(col(ChangeLog.id))):
        numbers[article_id] += 1
        ordinals[row_id] = numbers[article_id]
        if event is ChangeEvent.TOMBSTONED:
            gone.add(article_id)
        elif event is ChangeEvent.RETURNED and article_id in gone:
            came_back.add(row_id)
            gone.discard(article_id)
    return History(ordinals, frozenset(came_back))


def _revisions(session: Session, rows: Sequence[LoggedChange]) -> dict[tuple[int, str], dict[str, Any]]:
    """What articles said before, by id and content hash."""
    wanted = select(Revision.article_id, Revision.content_hash, Revision.content).where(
        col(Revision.article_id).in_({row.article_id for row in rows}),
        col(Revision.content_hash).in_({each for row in rows for each in (row.old_hash, row.new_hash) if each}),
    )
    return {(article_id, content_hash): dict(content) for article_id, content_hash, content in session.exec(wanted)}


def _gone(moment: Sequence[LoggedChange]) -> Standing | None:
    return Standing("gone") if any(row.event is ChangeEvent.TOMBSTONED for row in moment) else None


def _back(moment: Sequence[LoggedChange], history: History) -> Standing | None:
    return Standing("returned") if any(row.id in history.came_back for row in moment) else None


def _marks(
    moment: Sequence[LoggedChange],
    notices: Sequence[Notice],
    types: Sequence[ArticlePublicationType],
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> Standing | None:
    now = said(notices, types)
    if after is not None:
        now[PUBMED] = said_in(after)
    if any(row.event is ChangeEvent.NEW for row in moment):
        came_with = change_of({}, now)
        return came_with if came_with and came_with.notice in GRAVE else None
    if before is not None:
        return change_of({**now, PUBMED: said_in(before)}, now)
    named = {kind for row in moment if row.event is ChangeEvent.NOTICE for kind in row.fields}
    return change_of(before_named(notices, types, named, moment[0].at), now)


def _rewording(before: dict[str, Any] | None, after: dict[str, Any]) -> Rewording:
    """Where what was said before is not kept, nobody can say that the words are the same."""
    return Rewording(words=True) if before is None else rewording(_text(before), _text(after))


def _content(article: Article) -> dict[str, Any]:
    return {"title": article.title, "sections": article.sections}


def _text(content: Mapping[str, Any]) -> str:
    return "\n".join([content["title"], *(part["text"] for part in content["sections"])])
