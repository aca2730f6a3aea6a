"""Screening: who votes on what next, and the votes that a viewer may see. Never commits.

Votes are appended and records are added, both with rising ids. So a member's place in the queue is two numbers: all
votes up to the one and all records up to the other ask nothing more of this member. What comes after them is read,
however much has been decided before.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from db.models import (
    Adjudication,
    Article,
    ArticlePublicationType,
    Draft,
    Record,
    Review,
    ScreeningDecision,
    TopicArticle,
)
from db.queries.blinding import is_blinded, visible
from db.queries.literature import present
from db.types import Actor, Decision, Role, Stage

ADJUDICATORS = frozenset({Role.LEAD, Role.ADJUDICATOR})
SUBJECT = "screening"
_SOME = 8  # votes looked at for each record wanted: a record may occur more than once


@dataclass(frozen=True, slots=True)
class Position:
    """A member's place in a queue: the last vote and the last record that ask nothing more of them."""

    vote: int = 0
    record: int = 0


@dataclass(frozen=True, slots=True)
class Queued:
    """A record to vote on. `position` is the place in the queue once this vote is given."""

    record: Record
    article: Article
    position: Position


@dataclass(frozen=True, slots=True)
class Progress:
    """Of a review's `records`, those that the viewer has voted on."""

    mine: int
    records: int


def votes_needed(review: Review) -> int:
    return 2 if review.dual else 1


def next_records(
    session: Session, *, viewer: Actor, review: Review, stage: Stage, after: Position, limit: int
) -> list[Queued]:
    """What the viewer votes on next: first records on which somebody voted, or took a vote back, then new ones."""
    found: dict[int, Queued] = {}
    asked = _asked(viewer, review, stage)
    for vote_id, record, article in session.exec(_touched(review, stage, after).where(asked).limit(_SOME * limit)):
        found.setdefault(record.id, Queued(record, article, Position(vote_id, after.record)))
    if len(found) < limit:
        newest = session.exec(select(func.max(ScreeningDecision.id))).one() or 0
        for record, article in session.exec(_fresh(review, after).where(asked).limit(limit)):
            found.setdefault(record.id, Queued(record, article, Position(newest, record.id)))
    return list(found.values())[:limit]


def asked_of(session: Session, *, viewer: Actor, review: Review, stage: Stage, record_id: int) -> bool:
    """Whether the viewer's vote on this record is still wanted."""
    rows = select(Record.id).join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(Record.id == record_id, Record.review_id == review.id, _asked(viewer, review, stage))
    return session.exec(rows).first() is not None


def record_with_article(session: Session, *, record_id: int) -> tuple[Record, Article] | None:
    rows = select(Record, Article).join(Article, col(Article.id) == col(Record.article_id))
    return session.exec(rows.where(Record.id == record_id)).first()


def votes(
    session: Session, *, viewer: Actor, review: Review, stage: Stage, record_ids: Sequence[int]
) -> dict[int, list[ScreeningDecision]]:
    """The standing votes on these records, as far as `viewer` may see them."""
    rows = select(ScreeningDecision).where(
        col(ScreeningDecision.record_id).in_(record_ids), ScreeningDecision.stage == stage, _stands(ScreeningDecision)
    )
    rows = rows.where(_sees(viewer, review)).order_by(col(ScreeningDecision.id))
    found: dict[int, list[ScreeningDecision]] = defaultdict(list)
    for row in session.exec(rows):
        found[row.record_id].append(row)
    return dict(found)


def own_votes(session: Session, *, viewer: Actor, review: Review, stage: Stage, limit: int) -> list[ScreeningDecision]:
    """The viewer's standing votes, the newest first: what to undo."""
    rows = select(ScreeningDecision).join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    rows = rows.where(ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage)
    rows = rows.where(Record.review_id == review.id, _stands(ScreeningDecision))
    return list(session.exec(rows.order_by(col(ScreeningDecision.id).desc()).limit(limit)))


def own_last(session: Session, *, viewer: Actor, stage: Stage, record_id: int) -> ScreeningDecision | None:
    """What the viewer last said of a record, withdrawn or not."""
    rows = select(ScreeningDecision).where(
        ScreeningDecision.record_id == record_id,
        ScreeningDecision.stage == stage,
        ScreeningDecision.member_id == viewer.id,
    )
    return session.exec(rows.order_by(col(ScreeningDecision.id).desc()).limit(1)).first()


def conflicts(session: Session, *, viewer: Actor, review: Review, stage: Stage, limit: int) -> list[Queued]:
    """Records whose voters disagree, or are all unsure, and that nobody has settled, the oldest first.

    Blinded, a reviewer finds only those that they voted on; who settles conflicts finds all.
    """
    rows = select(Record, Article).join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(col(Record.id).in_(_unsettled(viewer, review, stage)), present())
    found = session.exec(rows.order_by(col(Record.id)).limit(limit))
    return [Queued(record, article, Position()) for record, article in found]


def conflict_count(session: Session, *, viewer: Actor, review: Review, stage: Stage) -> int:
    """How many there are."""
    rows = select(func.count()).select_from(Record).join(Article, col(Article.id) == col(Record.article_id))
    return session.exec(rows.where(col(Record.id).in_(_unsettled(viewer, review, stage)), present())).one()


def in_conflict(session: Session, *, viewer: Actor, review: Review, stage: Stage, record_id: int) -> bool:
    """Whether this record is one of them."""
    rows = _unsettled(viewer, review, stage).where(col(ScreeningDecision.record_id) == record_id)
    return session.exec(rows).first() is not None


def is_settled(session: Session, *, stage: Stage, record_id: int) -> bool:
    """Whether somebody has settled the record."""
    rows = select(Adjudication.id).where(_settles(stage), Adjudication.record_id == record_id)
    return session.exec(rows.limit(1)).first() is not None


def progress(session: Session, *, viewer: Actor, review: Review, stage: Stage) -> Progress:
    own = select(func.count()).select_from(ScreeningDecision)
    own = own.join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    own = own.where(ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage)
    own = own.where(_of(review), _stands(ScreeningDecision))
    return Progress(mine=session.exec(own).one(), records=record_count(session, review=review))


def publication_types(session: Session, *, article_id: int) -> list[str]:
    rows = select(ArticlePublicationType.name).where(ArticlePublicationType.article_id == article_id)
    return list(session.exec(rows.order_by(col(ArticlePublicationType.position))))


def record_count(session: Session, *, review: Review) -> int:
    return session.exec(select(func.count()).select_from(Record).where(Record.review_id == review.id)).one()


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
    row = session.get(Draft, (viewer.id, key)) if viewer.id is not None else None
    return dict(row.value) if row else {}


def _touched(review: Review, stage: Stage, after: Position) -> Select[int, Record, Article]:
    rows = select(ScreeningDecision.id, Record, Article).join(
        Record, col(Record.id) == col(ScreeningDecision.record_id)
    )
    rows = rows.join(Article, col(Article.id) == col(Record.article_id))
    rows = rows.where(col(ScreeningDecision.id) > after.vote, ScreeningDecision.stage == stage)
    return rows.where(_of(review)).order_by(col(ScreeningDecision.id))


def _fresh(review: Review, after: Position) -> Select[Record, Article]:
    rows = select(Record, Article).join(Article, col(Article.id) == col(Record.article_id))
    return rows.where(col(Record.id) > after.record, _of(review)).order_by(col(Record.id))


def _of(review: Review) -> ColumnElement[bool]:
    """That a record is in the review. The sum keeps SQLite from starting with all of its records and sorting them."""
    return col(Record.review_id) + 0 == review.id


def _asked(viewer: Actor, review: Review, stage: Stage) -> ColumnElement[bool]:
    """That the viewer has not voted on the record, and that it still wants votes."""
    given, settled = aliased(ScreeningDecision), exists().where(_settles(stage), _same_record(Adjudication))
    of_record = and_(col(given.record_id) == col(Record.id), col(given.stage) == stage, _stands(given))
    mine = exists().where(of_record, col(given.member_id) == viewer.id)
    number = select(func.count(col(given.id))).where(of_record).correlate(Record).scalar_subquery()
    wants = or_(number < votes_needed(review), col(Record.calibration))
    return and_(present(), ~mine, wants, ~settled)


def _same_record(kind: type[Adjudication]) -> ColumnElement[bool]:
    return col(kind.record_id) == col(Record.id)


def _settles(stage: Stage) -> ColumnElement[bool]:
    return and_(col(Adjudication.subject) == SUBJECT, col(Adjudication.stage) == stage)


def _stands(vote: Any) -> ColumnElement[bool]:
    """That it is its member's last word on the record, and not withdrawn."""
    later = aliased(ScreeningDecision)
    superseded = exists().where(
        col(later.record_id) == vote.record_id,
        col(later.stage) == vote.stage,
        col(later.member_id) == vote.member_id,
        col(later.id) > vote.id,
    )
    return and_(vote.decision != Decision.WITHDRAWN, ~superseded)


def _full(review: Review, stage: Stage) -> Any:
    """The records of a review that have all the votes they need."""
    rows = select(ScreeningDecision.record_id).join(Record, col(Record.id) == col(ScreeningDecision.record_id))
    rows = rows.where(Record.review_id == review.id, ScreeningDecision.stage == stage, _stands(ScreeningDecision))
    return rows.group_by(col(ScreeningDecision.record_id)).having(func.count() >= votes_needed(review))


def _unsettled(viewer: Actor, review: Review, stage: Stage) -> Any:
    decision = col(ScreeningDecision.decision)
    unsure = and_(func.min(decision) == Decision.MAYBE, func.max(decision) == Decision.MAYBE)
    settled = select(Adjudication.record_id).where(_settles(stage), col(Adjudication.record_id).is_not(None))
    rows = _full(review, stage).having(or_(func.count(func.distinct(decision)) > 1, unsure))
    rows = rows.where(col(ScreeningDecision.record_id).not_in(settled))
    if is_blinded(review) and viewer.role not in ADJUDICATORS:
        own = select(ScreeningDecision.record_id).where(
            ScreeningDecision.member_id == viewer.id, ScreeningDecision.stage == stage, _stands(ScreeningDecision)
        )
        rows = rows.where(col(ScreeningDecision.record_id).in_(own))
    return rows


def _sees(viewer: Actor, review: Review) -> ColumnElement[bool]:
    """Own votes; others' once one's own stands; all of a full record for who settles conflicts."""
    own = aliased(ScreeningDecision)
    same = and_(col(own.record_id) == col(ScreeningDecision.record_id), col(own.stage) == col(ScreeningDecision.stage))
    given: ColumnElement[bool] = exists().where(same, col(own.member_id) == viewer.id, _stands(own))
    if viewer.role in ADJUDICATORS:
        number = select(func.count(col(own.id))).where(same, _stands(own)).correlate(ScreeningDecision)
        calibration = exists().where(col(Record.id) == col(ScreeningDecision.record_id), col(Record.calibration))
        given = or_(given, and_(number.scalar_subquery() >= votes_needed(review), ~calibration))
    author: Any = col(ScreeningDecision.member_id)
    return visible(viewer=viewer, blinded=is_blinded(review), author=author, given=given)
