"""Topics, runs and everything that lets a harvest stop at any moment and go on."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.types import ChangeEvent, RunKind, RunStatus, WorkState, stored

__all__ = [
    "ChangeLog",
    "HarvestRun",
    "HarvestSlice",
    "HarvestTodo",
    "Lease",
    "SourceFile",
    "Topic",
    "TopicArticle",
]


class Topic(SQLModel, table=True):
    """A search, as its file states it now. The watermark is the start of the last complete run."""

    id: str = Field(primary_key=True)
    name: str
    query: str = Field(sa_column=Column(Text, nullable=False))
    watermark: datetime | None = None
    created_at: datetime


class TopicArticle(SQLModel, table=True):
    """That a topic's query found an article, when it last did, and for how many nights it did not."""

    __tablename__ = "topic_article"
    __table_args__ = (Index("ix_topic_article_topic_id_last_fetched_at", "topic_id", "last_fetched_at"),)
    topic_id: str = Field(foreign_key="topic.id", primary_key=True)
    article_id: int = Field(
        sa_column=Column(Integer, ForeignKey("article.id", ondelete="CASCADE"), primary_key=True, index=True)
    )
    first_run_id: int | None = Field(default=None, foreign_key="harvest_run.id")
    first_seen_at: datetime
    last_fetched_at: datetime
    misses: int = 0
    missing_since: datetime | None = None


class HarvestRun(SQLModel, table=True):
    """One run: what was asked, what PubMed made of it, how far it came."""

    __tablename__ = "harvest_run"
    id: int = Field(default=None, primary_key=True)
    topic_id: str | None = Field(default=None, foreign_key="topic.id", index=True)
    kind: RunKind = Field(sa_type=stored(RunKind))
    status: RunStatus = Field(default=RunStatus.RUNNING, sa_type=stored(RunStatus))
    query: str | None = Field(default=None, sa_column=Column(Text))
    query_translation: str | None = Field(default=None, sa_column=Column(Text))
    not_found: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    options: dict[str, Any] = Field(default={}, sa_column=Column(JSON, nullable=False))
    phase: str = "starting"
    total: int | None = None
    done: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    missing: int = 0
    started_at: datetime
    finished_at: datetime | None = None
    message: str | None = Field(default=None, sa_column=Column(Text))


class HarvestSlice(SQLModel, table=True):
    """A range of PMIDs small enough for PubMed to list whole."""

    __tablename__ = "harvest_slice"
    run_id: int = Field(foreign_key="harvest_run.id", primary_key=True)
    pmid_lo: int = Field(primary_key=True)
    pmid_hi: int
    count: int
    state: WorkState = Field(default=WorkState.PENDING, sa_type=stored(WorkState))


class HarvestTodo(SQLModel, table=True):
    """A PMID that a run has yet to fetch, and why."""

    __tablename__ = "harvest_todo"
    run_id: int = Field(foreign_key="harvest_run.id", primary_key=True)
    pmid: int = Field(primary_key=True)
    reason: str
    state: WorkState = Field(default=WorkState.PENDING, sa_type=stored(WorkState), index=True)
    attempts: int = 0
    message: str | None = None


class Lease(SQLModel, table=True):
    """Who harvests now. Without a heartbeat it lapses, so that a crash locks nobody out."""

    name: str = Field(primary_key=True)
    holder: str
    host: str
    pid: int
    run_id: int | None = Field(default=None, foreign_key="harvest_run.id")
    acquired_at: datetime
    heartbeat_at: datetime
    cancel_requested_at: datetime | None = None
    cancel_requested_by: str | None = None


class ChangeLog(SQLModel, table=True):
    """Append-only: what happened to an article, by which run."""

    __tablename__ = "change_log"
    id: int = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="harvest_run.id", index=True)
    article_id: int = Field(foreign_key="article.id", index=True)
    event: ChangeEvent = Field(sa_type=stored(ChangeEvent))
    fields: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    old_hash: str | None = None
    new_hash: str | None = None
    at: datetime


class SourceFile(SQLModel, table=True):
    """A baseline or update file, by name and MD5, because files are republished under their names."""

    __tablename__ = "source_file"
    __table_args__ = (UniqueConstraint("name", "md5"),)
    id: int = Field(default=None, primary_key=True)
    run_id: int | None = Field(default=None, foreign_key="harvest_run.id")
    name: str
    md5: str
    position: int | None = None
    state: WorkState = Field(default=WorkState.PENDING, sa_type=stored(WorkState))
    loaded_at: datetime | None = None
