"""Reviews and what reviewers judge. Judgements are appended; the current state is derived."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, LargeBinary, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.types import Decision, Role, Stage, stored

__all__ = [
    "Adjudication",
    "Attachment",
    "Draft",
    "Finding",
    "Form",
    "Grade",
    "Record",
    "Review",
    "ReviewCriteria",
    "ReviewMember",
    "RiskOfBias",
    "ScreeningDecision",
    "StoredFile",
    "Tagging",
]


def _json() -> Any:
    return Column(JSON, nullable=False)


class Review(SQLModel, table=True):
    """A review of a topic. `dual` and `blinded` hold for every judgement made in it."""

    id: int = Field(default=None, primary_key=True)
    topic_id: str = Field(foreign_key="topic.id", index=True)
    name: str
    stages: list[str] = Field(default=[Stage.TITLE_ABSTRACT.value], sa_column=_json())
    dual: bool = False
    blinded: bool = True
    settings: dict[str, Any] = Field(default={}, sa_column=_json())
    created_by: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime
    closed_at: datetime | None = None


class ReviewCriteria(SQLModel, table=True):
    """One version of the inclusion and exclusion criteria, with the terms to highlight."""

    __tablename__ = "review_criteria"
    __table_args__ = (UniqueConstraint("review_id", "version"),)
    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    version: int
    content: dict[str, Any] = Field(sa_column=_json())
    author_id: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime
    locked_at: datetime | None = None


class Form(SQLModel, table=True):
    """One version of a tagging form; entries point at the version they were made with."""

    __table_args__ = (UniqueConstraint("name", "version"),)
    id: int = Field(default=None, primary_key=True)
    name: str
    version: int
    definition: dict[str, Any] = Field(sa_column=_json())
    author_id: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime


class ReviewMember(SQLModel, table=True):
    __tablename__ = "review_member"
    review_id: int = Field(foreign_key="review.id", primary_key=True)
    member_id: int = Field(foreign_key="member.id", primary_key=True)
    role: Role = Field(sa_type=stored(Role))
    joined_at: datetime
    left_at: datetime | None = None


class Record(SQLModel, table=True):
    """An article in a review."""

    __table_args__ = (UniqueConstraint("review_id", "article_id"),)
    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    article_id: int = Field(foreign_key="article.id", index=True)
    added_at: datetime
    added_by: int | None = Field(default=None, foreign_key="member.id")
    calibration: bool = False
    assigned_to: list[int] = Field(default=[], sa_column=_json())


class ScreeningDecision(SQLModel, table=True):
    """One vote; a later one by the same reviewer supersedes it, `withdrawn` undoes it."""

    __tablename__ = "screening_decision"
    __table_args__ = (Index("ix_screening_decision_state", "record_id", "stage", "member_id", "id"),)
    id: int = Field(default=None, primary_key=True)
    record_id: int = Field(foreign_key="record.id")
    stage: Stage = Field(sa_type=stored(Stage))
    member_id: int = Field(foreign_key="member.id", index=True)
    decision: Decision = Field(sa_type=stored(Decision))
    exclusion_reason: str | None = None
    labels: list[str] = Field(default=[], sa_column=_json())
    note: str | None = Field(default=None, sa_column=Column(Text))
    criteria_version: int | None = None
    seconds: float | None = None
    decided_at: datetime


class Adjudication(SQLModel, table=True):
    """The decision that settles a conflict; `subject` is screening, tagging, finding or verdict."""

    id: int = Field(default=None, primary_key=True)
    subject: str
    review_id: int | None = Field(default=None, foreign_key="review.id")
    record_id: int | None = Field(default=None, foreign_key="record.id", index=True)
    claim_id: str | None = Field(default=None, foreign_key="claim.id", index=True)
    stage: Stage | None = Field(default=None, sa_type=stored(Stage))
    field: str | None = None
    decision: dict[str, Any] = Field(sa_column=_json())
    settles: list[int] = Field(default=[], sa_column=_json())
    reason: str = Field(sa_column=Column(Text, nullable=False))
    member_id: int = Field(foreign_key="member.id")
    decided_at: datetime


class Tagging(SQLModel, table=True):
    """One reviewer's tags for an article, whole; a later row of the same reviewer supersedes it.

    `suggested` names the fields that were accepted from a suggestion unchanged.
    """

    __table_args__ = (Index("ix_tagging_state", "review_id", "article_id", "member_id", "id"),)
    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    article_id: int = Field(foreign_key="article.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    form_id: int = Field(foreign_key="form.id")
    consensus: bool = False
    tags: dict[str, Any] = Field(sa_column=_json())
    suggested: list[str] = Field(default=[], sa_column=_json())
    note: str | None = Field(default=None, sa_column=Column(Text))
    content_hash: str
    tagged_at: datetime


class Finding(SQLModel, table=True):
    """A result that a reviewer read in an article, with its quote. Superseded or withdrawn, never edited."""

    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    article_id: int = Field(foreign_key="article.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    domain: str
    instrument: str | None = None
    time_point: str | None = None
    direction: str
    measure: str | None = None
    estimate: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    p_value: str | None = None
    summary: str = Field(default="", sa_column=Column(Text, nullable=False))
    quote_id: int | None = Field(default=None, foreign_key="quote.id", index=True)
    supersedes_id: int | None = Field(default=None, foreign_key="finding.id")
    recorded_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = Field(default=None, foreign_key="member.id")


class RiskOfBias(SQLModel, table=True):
    """A judgement of one domain of RoB 2, ROBINS-I or AMSTAR 2, with its reason."""

    __tablename__ = "risk_of_bias"
    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    article_id: int = Field(foreign_key="article.id", index=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id")
    member_id: int = Field(foreign_key="member.id")
    tool: str
    domain: str
    judgement: str
    reason: str = Field(sa_column=Column(Text, nullable=False))
    supersedes_id: int | None = Field(default=None, foreign_key="risk_of_bias.id")
    judged_at: datetime


class Grade(SQLModel, table=True):
    """The certainty of a body of evidence for one outcome or claim, with what lowered or raised it."""

    id: int = Field(default=None, primary_key=True)
    review_id: int = Field(foreign_key="review.id")
    claim_id: str | None = Field(default=None, foreign_key="claim.id", index=True)
    outcome: str | None = None
    member_id: int = Field(foreign_key="member.id")
    certainty: str
    steps: list[dict[str, Any]] = Field(default=[], sa_column=_json())
    reason: str = Field(sa_column=Column(Text, nullable=False))
    supersedes_id: int | None = Field(default=None, foreign_key="grade.id")
    judged_at: datetime


class StoredFile(SQLModel, table=True):
    """Bytes by their SHA-256: full texts, uploaded copy, reports."""

    __tablename__ = "stored_file"
    sha256: str = Field(primary_key=True)
    media_type: str
    size: int
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    stored_at: datetime


class Attachment(SQLModel, table=True):
    """A full text of an article; `pages` is its text, a string a page."""

    id: int = Field(default=None, primary_key=True)
    article_id: int = Field(foreign_key="article.id", index=True)
    sha256: str = Field(foreign_key="stored_file.sha256")
    name: str
    pages: list[str] = Field(default=[], sa_column=_json())
    member_id: int = Field(foreign_key="member.id")
    attached_at: datetime
    removed_at: datetime | None = None


class Draft(SQLModel, table=True):
    """What somebody has typed and not yet saved, so that a lost connection loses nothing."""

    member_id: int = Field(foreign_key="member.id", primary_key=True)
    key: str = Field(primary_key=True)
    value: dict[str, Any] = Field(sa_column=_json())
    saved_at: datetime
