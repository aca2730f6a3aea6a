"""Topics, runs, leases and what is pending: reads and upserts. Never commits."""

from datetime import datetime

from sqlmodel import Session, col, func, select

from db import config
from db.models import Article, ChangeLog, HarvestRun, Lease, Topic
from db.queries import literature
from db.types import RunKind, RunStatus


def upsert_topic(session: Session, *, topic_id: str, name: str, query: str) -> Topic:
    """The topic as its file states it now."""
    topic = session.get(Topic, topic_id)
    if topic is None:
        topic = Topic(id=topic_id, name=name, query=query, created_at=config.now())
    topic.name, topic.query = name, query
    session.add(topic)
    session.flush()
    return topic


def library_size(session: Session) -> int:
    """Articles that are there: all but those gone from their source or merged into another, which have an index."""
    gone = select(func.count()).select_from(Article).where(literature.gone())
    return session.exec(select(func.count(col(Article.id)))).one() - session.exec(gone).one()


def last_run(session: Session, *, status: RunStatus | None = None, topic_id: str | None = None) -> HarvestRun | None:
    """The newest run, of one status or topic if asked."""
    runs = select(HarvestRun).order_by(col(HarvestRun.id).desc())
    if status is not None:
        runs = runs.where(HarvestRun.status == status)
    if topic_id is not None:
        runs = runs.where(HarvestRun.topic_id == topic_id)
    return session.exec(runs.limit(1)).first()


def last_refresh(session: Session, *, as_of: datetime | None = None) -> datetime | None:
    """When the library last held everything that its topic's query finds; an import of a file is no such moment."""
    runs = select(HarvestRun.finished_at).where(HarvestRun.status == RunStatus.COMPLETE)
    runs = runs.where(col(HarvestRun.kind).in_([RunKind.SYNC, RunKind.REFRESH]))
    if as_of is not None:
        runs = runs.where(col(HarvestRun.finished_at) <= as_of)
    return session.exec(runs.order_by(col(HarvestRun.id).desc()).limit(1)).first()


def runs(session: Session, *, limit: int = 20) -> list[HarvestRun]:
    return list(session.exec(select(HarvestRun).order_by(col(HarvestRun.id).desc()).limit(limit)))


def changes(session: Session, *, article_id: int) -> list[ChangeLog]:
    """What harvests and imports did to an article, the newest first."""
    rows = select(ChangeLog).where(ChangeLog.article_id == article_id)
    return list(session.exec(rows.order_by(col(ChangeLog.id).desc())))


def lease(session: Session, *, name: str = "harvest") -> Lease | None:
    """Who harvests now, if anybody holds the lease."""
    return session.get(Lease, name)
