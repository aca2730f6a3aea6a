"""What PubMed and its neighbours say: articles, where they came from, what they said before, what was said of them."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

from db.types import Integrity, stored

__all__ = [
    "Article",
    "ArticleMesh",
    "ArticlePublicationType",
    "ArticleRegistryId",
    "CitationMetric",
    "DuplicateProposal",
    "ImportSource",
    "Label",
    "Notice",
    "RawRecord",
    "RegulatoryNotice",
    "Revision",
    "Study",
    "StudyGrouping",
    "TagSuggestion",
]

Json = list[dict[str, Any]]
_GONE = text("tombstoned_at IS NOT NULL OR merged_into_id IS NOT NULL")


def _json() -> Any:
    return Column(JSON, nullable=False)


def _of_article(**options: Any) -> Any:
    return Column(Integer, ForeignKey("article.id", ondelete="CASCADE"), nullable=False, **options)


class Study(SQLModel, table=True):
    """What one or more articles report; every article begins as a study of its own."""

    id: int = Field(default=None, primary_key=True)
    name: str | None = None
    created_at: datetime


class Article(SQLModel, table=True):
    """A bibliographic record as its source states it now. `abstract` is `sections` joined, as search sees it."""

    __table_args__ = (
        CheckConstraint("pmid IS NOT NULL OR doi IS NOT NULL OR title <> ''", name="identified"),
        # Partial on PostgreSQL too; to say so here would load that dialect into every process.
        Index("ix_article_gone", "merged_into_id", sqlite_where=_GONE),
    )
    id: int = Field(default=None, primary_key=True)
    pmid: int | None = Field(default=None, unique=True)
    doi: str | None = Field(default=None, unique=True)
    study_id: int = Field(foreign_key="study.id", index=True)
    version: int = 1
    title: str = Field(sa_column=Column(Text, nullable=False))
    vernacular_title: str | None = Field(default=None, sa_column=Column(Text))
    abstract: str = Field(default="", sa_column=Column(Text, nullable=False))
    sections: Json = Field(default=[], sa_column=_json())
    authors: Json = Field(default=[], sa_column=_json())
    journal: str | None = None
    iso_abbreviation: str | None = None
    issn: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    year: int | None = Field(default=None, index=True)
    month: int | None = None
    day: int | None = None
    medline_date: str | None = None
    electronic_date: date | None = None
    pmcid: str | None = None
    languages: list[str] = Field(default=[], sa_column=_json())
    keywords: list[str] = Field(default=[], sa_column=_json())
    status: str | None = None
    indexing_method: str | None = None
    date_revised: date | None = None
    date_completed: date | None = None
    date_entered: date | None = None
    integrity: Integrity = Field(default=Integrity.NONE_KNOWN, sa_type=stored(Integrity))
    content_hash: str
    raw_hash: str | None = None
    parser_version: int
    retrieved_at: datetime
    tombstoned_at: datetime | None = None
    merged_into_id: int | None = Field(default=None, foreign_key="article.id")


class RawRecord(SQLModel, table=True):
    """The record's own bytes, zlib level 1, so that a better parser can re-read them without the network."""

    __tablename__ = "raw_record"
    article_id: int = Field(sa_column=_of_article(primary_key=True))
    media_type: str
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class ArticlePublicationType(SQLModel, table=True):
    __tablename__ = "article_publication_type"
    article_id: int = Field(sa_column=_of_article(primary_key=True))
    position: int = Field(primary_key=True)
    ui: str | None = None
    name: str = Field(index=True)


class ArticleMesh(SQLModel, table=True):
    __tablename__ = "article_mesh"
    article_id: int = Field(sa_column=_of_article(primary_key=True))
    position: int = Field(primary_key=True)
    ui: str | None = None
    name: str = Field(index=True)
    major: bool = False
    qualifiers: Json = Field(default=[], sa_column=_json())


class ArticleRegistryId(SQLModel, table=True):
    __tablename__ = "article_registry_id"
    article_id: int = Field(sa_column=_of_article(primary_key=True))
    position: int = Field(primary_key=True)
    databank: str
    accession: str = Field(index=True)


class Notice(SQLModel, table=True):
    """That a record says something about another, by one source; `article_id` is the one that carries the statement."""

    __table_args__ = (UniqueConstraint("source", "source_key"),)
    id: int = Field(default=None, primary_key=True)
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True)
    is_subject: bool
    kind: str = Field(index=True)
    ref_type: str | None = None
    other_pmid: int | None = Field(default=None, index=True)
    other_doi: str | None = None
    stated: str | None = Field(default=None, sa_column=Column(Text))
    note: str | None = Field(default=None, sa_column=Column(Text))
    source: str
    source_key: str
    position: int = 0
    dated: date | None = None
    first_seen_at: datetime
    withdrawn_at: datetime | None = None


class Revision(SQLModel, table=True):
    """What an article said until `replaced_at`: its content as JSON, and its raw record when there was one."""

    id: int = Field(default=None, primary_key=True)
    article_id: int = Field(sa_column=_of_article(index=True))
    run_id: int | None = Field(default=None, foreign_key="harvest_run.id")
    content: dict[str, Any] = Field(sa_column=_json())
    content_hash: str
    raw_hash: str | None = None
    raw_body: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    retrieved_at: datetime
    replaced_at: datetime


class ImportSource(SQLModel, table=True):
    """One place an article came from: PubMed through a topic, or a file by name and hash."""

    __tablename__ = "import_source"
    __table_args__ = (UniqueConstraint("article_id", "kind", "name"),)
    id: int = Field(default=None, primary_key=True)
    article_id: int = Field(sa_column=_of_article())
    kind: str
    name: str
    sha256: str | None = None
    position: int | None = None
    run_id: int | None = Field(default=None, foreign_key="harvest_run.id", index=True)
    seen_at: datetime


class StudyGrouping(SQLModel, table=True):
    """Somebody moved an article from one study to another."""

    __tablename__ = "study_grouping"
    id: int = Field(default=None, primary_key=True)
    article_id: int = Field(sa_column=_of_article(index=True))
    from_study_id: int = Field(foreign_key="study.id")
    to_study_id: int = Field(foreign_key="study.id")
    member_id: int = Field(foreign_key="member.id")
    reason: str
    at: datetime


class DuplicateProposal(SQLModel, table=True):
    """Two articles that may be one; a person decides, and can take it back."""

    __tablename__ = "duplicate_proposal"
    __table_args__ = (UniqueConstraint("article_id", "other_id"),)
    id: int = Field(default=None, primary_key=True)
    article_id: int = Field(sa_column=_of_article())
    other_id: int = Field(sa_column=_of_article())
    basis: str
    score: float
    proposed_at: datetime
    decision: str | None = None
    decided_by: int | None = Field(default=None, foreign_key="member.id")
    decided_at: datetime | None = None


class CitationMetric(SQLModel, table=True):
    """Citation figures of one source; a row a day on which they changed."""

    __tablename__ = "citation_metric"
    article_id: int = Field(sa_column=_of_article(primary_key=True))
    source: str = Field(primary_key=True)
    as_of: date = Field(primary_key=True)
    citation_count: int | None = None
    relative_citation_ratio: float | None = None
    nih_percentile: float | None = None
    provisional: bool | None = None


class TagSuggestion(SQLModel, table=True):
    """What the tagger makes of an article; derived data, rebuilt at any time."""

    __tablename__ = "tag_suggestion"
    article_id: int = Field(sa_column=_of_article(primary_key=True))
    tagger_version: int
    content_hash: str
    study_design: str | None = Field(default=None, index=True)
    tags: dict[str, Any] = Field(sa_column=_json())


class Label(SQLModel, table=True):
    """One version of a drug label (SPL), as a reference that evidence can point to."""

    __table_args__ = (UniqueConstraint("set_id", "version"),)
    id: int = Field(default=None, primary_key=True)
    set_id: str
    version: int
    effective: date
    name: str
    title: str
    sections: Json = Field(default=[], sa_column=_json())
    source: str
    content_hash: str
    seen_at: datetime


class RegulatoryNotice(SQLModel, table=True):
    """A communication of an authority, such as an FDA warning."""

    __tablename__ = "regulatory_notice"
    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    authority: str
    dated: date
    title: str
    points: list[str] = Field(default=[], sa_column=_json())
    source: str
    seen_at: datetime
