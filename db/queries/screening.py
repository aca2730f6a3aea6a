"""Screening: who votes on what next, and the votes that a viewer may see. Never commits.

Votes are appended and records are added, both with rising ids. So a member's place in the queue is a few numbers: all
votes up to the one and all records up to the other ask nothing more of this member. What comes after them is read,
however much has been decided before.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists
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
    SUBJECT,
    asked,
    holds,
    of,
    sees_votes,
    settles,
    stage_before,
    stages,
    stands,
    unsettled,
    votes_needed,
)
from db.types import Actor, Decision, Stage

__all__ = ["ADJUDICATORS", "SUBJECT", "stages", "votes_needed"]
_SOME = 8  # votes looked at for each record wanted: a record may occur more than once
_CHUNK, _RANKED_AT_MOST = 200, 10_000  # records of a ranking looked at at once, and in all


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


class OwnVote(NamedTuple):
    """What the viewer said of a record, as `ScreeningDecision` keeps it."""

    id: int
    record_id: int
    member_id: int
    decision: Decision
    exclusion_reason: str | None
    labels: list[str]
    note: str | None


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
    wanted = asked(viewer, review, stage)
    found: dict[int, tuple[Position, str]] = {}
    for record_id in _calibration(session, review, wanted, limit):
        found[record_id] = after, "calibration"
    for feed, rows in _feeds(viewer, review, stage, after):
        if feed in {"mine", "record"} and len(found) < limit:
            only_mine = feed == "mine"
            for record_id in _ranked(session, viewer, ranked, wanted, limit - len(found), only_mine=only_mine):
                found.setdefault(record_id, (after, feed if only_mine else "ranked"))
        if len(found) >= limit:
            break
        for place, record_id in session.exec(rows.where(wanted).limit(_SOME * limit)):
            found.setdefault(record_id, (replace(after, **{feed: place}), feed))
        if len(found) < limit:
            after = replace(after, **{feed: _newest(session, review, stage, feed)})
    return _queued(session, dict(islice(found.items(), limit)))


def _queued(session: Session, found: dict[int, tuple[Position, str]]) -> list[Queued]:
    """Only now the records are read: what is looked through on the way is many."""
    rows = select(Record, Article).join(Article, col(Article.id) == col(Record.article_id))
    texts = {row[0].id: row for row in session.exec(rows.where(col(Record.id).in_(found)))} if found else {}
    return [Queued(*texts[record_id], *place) for record_id, place in found.items()]


def asked_of(session: Session, *, viewer: Actor, review: Review, stage: Stage, record_id: int) -> bool:
    """Whether the viewer's vote on this record is still wanted."""
    rows = select(Record.id).join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(Record.id == record_id, Record.review_id == review.id, asked(viewer, review, stage))
    return session.exec(rows).first() is not None


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


def own_votes(session: Session, *, viewer: Actor, review: Review, stage: Stage, limit: int) -> list[OwnVote]:
    """The viewer's standing votes, the newest first: what to undo."""
    rows: Any = select(*(getattr(ScreeningDecision, name) for name in OwnVote._fields))
    rows = rows.join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    rows = rows.where(ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage)
    rows = rows.where(of(review), stands(ScreeningDecision))
    return [OwnVote(*row) for row in session.exec(rows.order_by(col(ScreeningDecision.id).desc()).limit(limit))]


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


def _feeds(viewer: Actor, review: Review, stage: Stage, after: Position) -> Iterator[tuple[str, Select[int, int]]]:
    """Where records come from, each with the field of a Position that says how far it was read."""
    before = stage_before(review, stage)
    yield "vote", _voted_on(review, stage, after.vote)
    if review.settings.get(ASSIGNED):
        mine = _voted_on(review, before, after.mine) if before else _added(review, after.mine)
        yield "mine", mine.where(holds(viewer))
    yield "record", _voted_on(review, before, after.record) if before else _added(review, after.record)
    if before:
        yield "settled", _settled_after(review, before, after.settled)


def _newest(session: Session, review: Review, stage: Stage, feed: str) -> int:
    """The end of a feed."""
    by_record = feed in {"mine", "record"} and stage_before(review, stage) is None
    newest = Record.id if by_record else Adjudication.id if feed == "settled" else ScreeningDecision.id
    return session.exec(select(func.max(newest))).one() or 0


def _calibration(session: Session, review: Review, wanted: ColumnElement[bool], limit: int) -> Sequence[int]:
    """Of an open round."""
    drawn = review.settings.get(CALIBRATION, {}).get("record_ids")
    return session.exec(_of_ids(drawn).where(wanted).order_by(col(Record.id)).limit(limit)).all() if drawn else ()


def _of_ids(record_ids: Sequence[int]) -> SelectOfScalar[int]:
    rows = select(Record.id).join(Article, col(Article.id) == col(Record.article_id))
    return rows.where(col(Record.id).in_(record_ids))


def _ranked(
    session: Session,
    viewer: Actor,
    ranked: Sequence[int],
    wanted: ColumnElement[bool],
    limit: int,
    *,
    only_mine: bool,
) -> list[int]:
    """The first of a ranking that the viewer is asked for. Few of its first ones are decided already, because it is
    renewed; how far it is read is bounded all the same."""
    wanted = and_(wanted, holds(viewer)) if only_mine else wanted
    for start in range(0, min(len(ranked), _RANKED_AT_MOST), _CHUNK):
        ids = ranked[start : start + _CHUNK]
        still = set(session.exec(_of_ids(ids).where(wanted)))
        first = [each for each in ids if each in still][:limit]
        if first:
            return first
    return []


def _voted_on(review: Review, stage: Stage, after: int) -> Select[int, int]:
    rows = select(ScreeningDecision.id, Record.id).join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    rows = rows.join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(col(ScreeningDecision.id) > after, ScreeningDecision.stage == stage)
    return rows.where(of(review)).order_by(col(ScreeningDecision.id))


def _added(review: Review, after: int) -> Select[int, int]:
    rows: Select[int, int] = select(col(Record.id).label("place"), Record.id).join(
        Article, col(Article.id) == col(Record.article_id)
    )
    return rows.where(col(Record.id) > after, of(review)).order_by(col(Record.id))


def _settled_after(review: Review, stage: Stage, after: int) -> Select[int, int]:
    rows = select(Adjudication.id, Record.id).join(Record, col(Record.id) == col(Adjudication.record_id))
    rows = rows.join(Article, col(Article.id) == col(Record.article_id))
    return rows.where(col(Adjudication.id) > after, settles(stage), of(review)).order_by(col(Adjudication.id))
