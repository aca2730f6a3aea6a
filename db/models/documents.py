"""Marketing copy: documents, their versions and sentences, what was decided about them, and alerts."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.types import AlertState, LinkState, Role, stored

__all__ = [
    "Alert",
    "AlertResolution",
    "Comment",
    "Dismissal",
    "Document",
    "DocumentCheck",
    "DocumentVersion",
    "Report",
    "Sentence",
    "SentenceEvidence",
    "SentenceLink",
    "SignOff",
]


def _json() -> Any:
    return Column(JSON, nullable=False)


def _text() -> Any:
    return Column(Text, nullable=False)


class Document(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    topic_id: str = Field(foreign_key="topic.id", index=True)
    title: str
    profile: str
    owner_id: int = Field(foreign_key="member.id", index=True)
    created_at: datetime
    expires_at: datetime | None = None
    withdrawn_at: datetime | None = None


class DocumentVersion(SQLModel, table=True):
    """One text of a document: the bytes as given, and the text that was read out of them."""

    __tablename__ = "document_version"
    __table_args__ = (UniqueConstraint("document_id", "number"),)
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id")
    number: int
    sha256: str = Field(foreign_key="stored_file.sha256")
    source: str
    extractor_version: int
    text: str = Field(sa_column=_text())
    text_hash: str
    author_id: int = Field(foreign_key="member.id")
    created_at: datetime


class DocumentCheck(SQLModel, table=True):
    """One answer about a version, whole, as it was given."""

    __tablename__ = "document_check"
    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="document_version.id", index=True)
    engine_version: int
    answer: dict[str, Any] = Field(sa_column=_json())
    checked_by: int | None = Field(default=None, foreign_key="member.id")
    checked_at: datetime


class Sentence(SQLModel, table=True):
    """A sentence of a version; offsets point into the version's text."""

    __table_args__ = (UniqueConstraint("version_id", "position"),)
    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="document_version.id")
    position: int
    start: int
    end: int
    text: str = Field(sa_column=_text())
    text_hash: str = Field(index=True)


class SentenceLink(SQLModel, table=True):
    """The link of a sentence to a claim, as suggested or decided; the newest row of a pair is current."""

    __tablename__ = "sentence_link"
    id: int = Field(default=None, primary_key=True)
    sentence_id: int = Field(foreign_key="sentence.id", index=True)
    claim_id: str = Field(foreign_key="claim.id", index=True)
    state: LinkState = Field(sa_type=stored(LinkState))
    match: str
    score: float
    verdict: str | None = None
    reason: str = ""
    member_id: int | None = Field(default=None, foreign_key="member.id")
    at: datetime


class SentenceEvidence(SQLModel, table=True):
    """A study that a check offered for a sentence, so that a change of the study finds the sentence."""

    __tablename__ = "sentence_evidence"
    sentence_id: int = Field(foreign_key="sentence.id", primary_key=True)
    article_id: int = Field(foreign_key="article.id", primary_key=True, index=True)
    check_id: int = Field(foreign_key="document_check.id", primary_key=True)
    stance: str
    content_hash: str


class Dismissal(SQLModel, table=True):
    """Somebody set a flag, or the whole sentence, aside with a reason; it holds for these words in later versions."""

    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    text_hash: str
    what: str
    reason: str = Field(sa_column=_text())
    member_id: int = Field(foreign_key="member.id")
    at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = Field(default=None, foreign_key="member.id")


class Comment(SQLModel, table=True):
    id: int = Field(default=None, primary_key=True)
    document_id: int = Field(foreign_key="document.id", index=True)
    sentence_id: int | None = Field(default=None, foreign_key="sentence.id")
    reply_to: int | None = Field(default=None, foreign_key="comment.id")
    text: str = Field(sa_column=_text())
    member_id: int = Field(foreign_key="member.id")
    at: datetime
    resolved_at: datetime | None = None
    resolved_by: int | None = Field(default=None, foreign_key="member.id")


class SignOff(SQLModel, table=True):
    """A decision on one version; it speaks of `version_hash` and of nothing else."""

    __tablename__ = "sign_off"
    id: int = Field(default=None, primary_key=True)
    version_id: int = Field(foreign_key="document_version.id", index=True)
    member_id: int = Field(foreign_key="member.id")
    role: Role = Field(sa_type=stored(Role))
    decision: str
    version_hash: str
    reason: str = Field(default="", sa_column=_text())
    at: datetime


class Report(SQLModel, table=True):
    """A report that was handed out, by the hash of its bytes."""

    id: int = Field(default=None, primary_key=True)
    check_id: int = Field(foreign_key="document_check.id", index=True)
    format: str
    sha256: str = Field(foreign_key="stored_file.sha256")
    member_id: int | None = Field(default=None, foreign_key="member.id")
    at: datetime


class Alert(SQLModel, table=True):
    """Something changed that work rests on. `key` makes raising it twice harmless."""

    id: int = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str
    change_id: int | None = Field(default=None, foreign_key="change_log.id")
    run_id: int | None = Field(default=None, foreign_key="harvest_run.id")
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True)
    claim_id: str | None = Field(default=None, foreign_key="claim.id", index=True)
    document_id: int | None = Field(default=None, foreign_key="document.id", index=True)
    member_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    summary: str = Field(sa_column=_text())
    detail: dict[str, Any] = Field(default={}, sa_column=_json())
    raised_at: datetime


class AlertResolution(SQLModel, table=True):
    __tablename__ = "alert_resolution"
    id: int = Field(default=None, primary_key=True)
    alert_id: int = Field(foreign_key="alert.id", index=True)
    state: AlertState = Field(sa_type=stored(AlertState))
    reason: str = Field(default="", sa_column=_text())
    member_id: int = Field(foreign_key="member.id")
    at: datetime
