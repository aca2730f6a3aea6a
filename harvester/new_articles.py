"""Articles that are new since the last night, offered to the owners of the claims whose own queries they match."""

from collections.abc import Callable

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db import impact
from db.engine import reading, writing
from db.models import ChangeLog, HarvestRun, TopicArticle
from db.types import ChangeEvent, RunKind
from harvester.lease import Lease

# Whoever weighs articles against claims, asked with the session and `topic_id`.
Bearing = Callable[..., impact.Stances]
OFFERED = "offered"
AT_ONCE = 100


def offer_new(engine: Engine, lease: Lease, *, topic_id: str, bearing: Bearing | None, is_first: bool) -> int:
    """Offers what came into the topic since the last offer, in whatever way; how many articles that was.

    The first harvest of a topic is not news. Killed in between, the next run begins where the last offer ended.
    """
    with reading(engine) as session:
        upto = impact.mark(session)
        after = upto if is_first else _last_offer(session, topic_id, lease.run_id)
        new = (
            select(ChangeLog.article_id)
            .join(TopicArticle, col(TopicArticle.article_id) == col(ChangeLog.article_id))
            .where(ChangeLog.event == ChangeEvent.NEW, TopicArticle.topic_id == topic_id)
            .where(col(ChangeLog.id) > after, col(ChangeLog.id) <= upto)
        )
        ids = session.exec(new.order_by(col(ChangeLog.id))).all()
    for start in range(0, len(ids), AT_ONCE):
        with writing(engine) as session:
            lease.confirm(session)
            stances = bearing(session, topic_id=topic_id) if bearing else None
            impact.offer_new(session, run_id=lease.run_id, article_ids=ids[start : start + AT_ONCE], stances=stances)
            session.commit()
    with writing(engine) as session:
        lease.confirm(session)
        run = session.get_one(HarvestRun, lease.run_id)
        run.options = run.options | {OFFERED: upto}
        session.commit()
    return len(ids)


def _last_offer(session: Session, topic_id: str, run_id: int) -> int:
    """The row of the change log up to which was offered; before any offer, where this run began."""
    runs = select(HarvestRun.options).where(HarvestRun.topic_id == topic_id, HarvestRun.kind == RunKind.REFRESH)
    for options in session.exec(runs.order_by(col(HarvestRun.id).desc())):
        if OFFERED in options:
            return int(options[OFFERED])
    own = select(ChangeLog.id).where(ChangeLog.run_id == run_id).order_by(col(ChangeLog.id)).limit(1)
    first = session.exec(own).first()
    return first - 1 if first else impact.mark(session)
