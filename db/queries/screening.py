"""Screening: who votes on what next, and the votes that a viewer may see. Never commits.

Votes are appended and records are added, both with rising ids. So a member's place in the queue is a few numbers: all
votes up to the one and all records up to the other ask nothing more of this member. What comes after them is read,
however much has been decided before.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Integer, bindparam, exists
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from db.models import (
    Adjudication,
    Article,
    Record,
    Review,
    ScreeningDecision,
    TopicArticle,
)
from db.queries.literature import present
from db.queries.screening_desk import drafts
from db.queries.screening_rules import (
    ADJUDICATORS,
    ASSIGNED,
    CALIBRATION,
    REVIEW,
    SUBJECT,
    VIEWER,
    asked,
    holds,
    made_once,
    of_id,
    sees_votes,
    settles,
    stage_before,
    stages,
    stands,
    unsettled,
    votes_needed,
)
from db.types import Actor, Stage

__all__ = ["ADJUDICATORS", "SUBJECT", "stages", "votes_needed"]
_SOME = 8  # votes looked at for each record wanted: a record may occur more than once
_CHUNK, _RANKED_AT_MOST = 200, 10_000  # records of a ranking looked at at once, and in all
_AFTER, _AT_MOST = bindparam("after", type_=Integer), bindparam("some", type_=Integer)
_IDS: Any = bindparam("ids", expanding=True)
_TEXTS = (
    select(Record, Article).join(Article, col(Article.id) == col(Record.article_id)).where(col(Record.id).in_(_IDS))
)
_REVIEW_OF = select(Review, Article.content_hash).join(Record, col(Record.review_id) == col(Review.id))
_REVIEW_OF = _REVIEW_OF.join(Article, col(Article.id) == col(Record.article_id)).where(Record.id == bindparam("record"))
_NEWEST = {kind: select(func.max(kind.id)) for kind in (Record, Adjudication, ScreeningDecision)}


@dataclass(frozen=True, slots=True)
class Position:
    """A member's place in a queue: the last of everything that asks nothing more of them.

    `vote` at this stage; `record`, and `mine` of those assigned to the member: at the first stage the id of a record,
    at the next one that of the vote by which a record came there; `settled` the adjudication by which one came.
    """

    vote: int = 0
    record: int = 0
    mine: int = 0
    settled: int = 0


@dataclass(frozen=True, slots=True)
class Queued:
    """A record to vote on. `position` is the place in the queue once this vote is given, None where the queue stays
    where it is; `feed` is where it comes from: a field of Position, `calibration`, or `ranked`."""

    record: Record
    article: Article
    position: Position | None
    feed: str


def next_records(
    session: Session,
    *,
    viewer: Actor,
    review: Review,
    stage: Stage,
    after: Position,
    limit: int,
    ranked: Sequence[int] = (),
) -> list[Queued]:
    """What the viewer votes on next: the records of an open calibration round, then those on which somebody voted or
    took a vote back, then those assigned to the viewer, then any. New ones come in the order of `ranked` first, as far
    as it is given."""
    ids: dict[str, Any] = {"viewer": viewer.id, "review": review.id}
    wanted = _wanted(review, stage)
    found: dict[int, tuple[Position, str]] = {}
    for record_id in _calibration(session, review, wanted, ids)[:limit]:
        found[record_id] = after, "calibration"
    for feed, rows in _feeds(review, stage).items():
        if feed in {"mine", "record"} and len(found) < limit:
            only_mine = feed == "mine"
            among = wanted.where(holds(viewer.id)) if only_mine else wanted
            for record_id in _ranked(session, ranked, among, ids, limit - len(found)):
                found.setdefault(record_id, (after, feed if only_mine else "ranked"))
        if len(found) >= limit:
            break
        for place, record_id in session.exec(
            rows, params={**ids, "after": getattr(after, feed), "some": _SOME * limit}
        ):
            found.setdefault(record_id, (replace(after, **{feed: place}), feed))
            if len(found) == limit:
                break
        if len(found) < limit:
            after = replace(after, **{feed: _newest(session, review, stage, feed)})
    return _queued(session, found)


def _queued(session: Session, found: dict[int, tuple[Position, str]]) -> list[Queued]:
    """Only now the records are read: what is looked through on the way is many."""
    texts = {row[0].id: row for row in session.exec(_TEXTS, params={"ids": list(found)})} if found else {}
    return [Queued(*texts[record_id], *place) for record_id, place in found.items()]


def asked_of(session: Session, *, viewer: Actor, review: Review, stage: Stage, record_id: int) -> bool:
    """Whether the viewer's vote on this record is still wanted."""
    given = {"viewer": viewer.id, "review": review.id, "ids": [record_id]}
    return session.exec(_wanted(review, stage), params=given).first() is not None


def review_of_record(session: Session, *, record_id: int) -> tuple[Review, str] | None:
    """The review that a record is in, and the content hash of its article."""
    return session.exec(_REVIEW_OF, params={"record": record_id}).first()


def record_with_article(session: Session, *, record_id: int) -> tuple[Record, Article] | None:
    rows = select(Record, Article).join(Article, col(Article.id) == col(Record.article_id))
    return session.exec(rows.where(Record.id == record_id)).first()


def votes(
    session: Session, *, viewer: Actor, review: Review, stage: Stage, record_ids: Sequence[int]
) -> dict[int, list[ScreeningDecision]]:
    """The standing votes on these records, as far as `viewer` may see them."""
    rows = select(ScreeningDecision).where(
        col(ScreeningDecision.record_id).in_(record_ids), ScreeningDecision.stage == stage, stands(ScreeningDecision)
    )
    author, record = col(ScreeningDecision.member_id), col(ScreeningDecision.record_id)
    everybody = exists().where(col(Record.id) == record, col(Record.calibration))
    rows = rows.where(sees_votes(viewer, review, record=record, stage=stage, author=author, everybody=everybody))
    rows = rows.order_by(col(ScreeningDecision.id))
    found: dict[int, list[ScreeningDecision]] = defaultdict(list)
    for row in session.exec(rows):
        found[row.record_id].append(row)
    return dict(found)


def conflicts(session: Session, *, viewer: Actor, review: Review, stage: Stage, limit: int) -> list[Queued]:
    """Records whose voters disagree, or are all unsure, and that nobody has settled, the oldest first.

    Blinded, a reviewer finds only those that they voted on; who settles conflicts finds all.
    """
    rows = select(Record, Article).join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(col(Record.id).in_(unsettled(viewer, review, stage)), present())
    found = session.exec(rows.order_by(col(Record.id)).limit(limit))
    return [Queued(record, article, Position(), "conflict") for record, article in found]


def conflict_count(session: Session, *, viewer: Actor, review: Review, stage: Stage) -> int:
    """How many there are."""
    rows = select(func.count()).select_from(Record).join(Article, col(Article.id) == col(Record.article_id))
    return session.exec(rows.where(col(Record.id).in_(unsettled(viewer, review, stage)), present())).one()


def in_conflict(session: Session, *, viewer: Actor, review: Review, stage: Stage, record_id: int) -> bool:
    """Whether this record is one of them."""
    rows = unsettled(viewer, review, stage).where(col(ScreeningDecision.record_id) == record_id)
    return session.exec(rows).first() is not None


def is_settled(session: Session, *, stage: Stage, record_id: int) -> bool:
    """Whether somebody has settled the record."""
    rows = select(Adjudication.id).where(settles(stage), Adjudication.record_id == record_id)
    return session.exec(rows.limit(1)).first() is not None


def is_read_on(session: Session, *, record_id: int) -> bool:
    """Whether a vote on the record stands in full text."""
    rows = select(ScreeningDecision.id).where(ScreeningDecision.record_id == record_id)
    rows = rows.where(ScreeningDecision.stage == Stage.FULL_TEXT, stands(ScreeningDecision))
    return session.exec(rows.limit(1)).first() is not None


def new_articles(*, review: Review) -> SelectOfScalar[int]:
    """The standing articles of the review's topic that are not in the review, as a query for their ids."""
    there = select(Record.article_id).where(Record.review_id == review.id)
    rows = select(Article.id).join(TopicArticle, col(TopicArticle.article_id) == col(Article.id))
    rows = rows.where(TopicArticle.topic_id == review.topic_id, present(), col(Article.id).not_in(there))
    return rows.order_by(col(Article.id))


def new_article_count(session: Session, *, review: Review) -> int:
    return session.exec(select(func.count()).select_from(new_articles(review=review).subquery())).one()


def draft(session: Session, *, viewer: Actor, key: str) -> dict[str, Any]:
    """What the viewer has kept under this key; empty when nothing is."""
    return drafts(session, viewer=viewer, keys=[key]).get(key, {})


@made_once
def _feeds(review: Review, stage: Stage) -> dict[str, Select[int, int]]:
    """Where records come from, by the field of a Position that says how far it was read."""
    before = stage_before(review, stage)
    new = _voted_on(before) if before else _added()
    feeds = {"vote": _voted_on(stage)}
    if review.settings.get(ASSIGNED):
        feeds["mine"] = new.where(holds(VIEWER))
    feeds["record"] = new
    if before:
        feeds["settled"] = _settled_after(before)
    return {feed: rows.where(asked(review, stage)).limit(_AT_MOST) for feed, rows in feeds.items()}


def _newest(session: Session, review: Review, stage: Stage, feed: str) -> int:
    """The end of a feed."""
    by_record = feed in {"mine", "record"} and stage_before(review, stage) is None
    newest = Record if by_record else Adjudication if feed == "settled" else ScreeningDecision
    return session.exec(_NEWEST[newest]).one() or 0


@made_once
def _wanted(review: Review, stage: Stage) -> SelectOfScalar[int]:
    """Of the records of these `ids`, those that the viewer is asked for."""
    rows = select(Record.id).join(Article, col(Article.id) == col(Record.article_id))
    return rows.where(col(Record.id).in_(_IDS), of_id(REVIEW), asked(review, stage))


def _calibration(
    session: Session, review: Review, wanted: SelectOfScalar[int], ids: Mapping[str, Any]
) -> Sequence[int]:
    """Of an open round."""
    drawn = review.settings.get(CALIBRATION, {}).get("record_ids")
    return sorted(session.exec(wanted, params={**ids, "ids": drawn})) if drawn else ()


def _ranked(
    session: Session, ranked: Sequence[int], wanted: SelectOfScalar[int], ids: Mapping[str, Any], limit: int
) -> list[int]:
    """The first of a ranking that the viewer is asked for. Few of its first ones are decided already, because it is
    renewed; how far it is read is bounded all the same."""
    for start in range(0, min(len(ranked), _RANKED_AT_MOST), _CHUNK):
        some = ranked[start : start + _CHUNK]
        still = set(session.exec(wanted, params={**ids, "ids": some}))
        first = [each for each in some if each in still][:limit]
        if first:
            return first
    return []


def _voted_on(stage: Stage) -> Select[int, int]:
    rows = select(ScreeningDecision.id, Record.id).join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    rows = rows.join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(col(ScreeningDecision.id) > _AFTER, ScreeningDecision.stage == stage)
    return rows.where(of_id(REVIEW)).order_by(col(ScreeningDecision.id))


def _added() -> Select[int, int]:
    rows: Select[int, int] = select(col(Record.id).label("place"), Record.id).join(
        Article, col(Article.id) == col(Record.article_id)
    )
    return rows.where(col(Record.id) > _AFTER, of_id(REVIEW)).order_by(col(Record.id))


def _settled_after(stage: Stage) -> Select[int, int]:
    rows = select(Adjudication.id, Record.id).join(Record, col(Record.id) == col(Adjudication.record_id))
    rows = rows.join(Article, col(Article.id) == col(Record.article_id))
    return rows.where(col(Adjudication.id) > _AFTER, settles(stage), of_id(REVIEW)).order_by(col(Adjudication.id))
