"""The claims library: statements, wordings, evidence with verbatim quotes, verdicts."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index, Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from db.types import AnchorState, Certainty, ClaimOrigin, ClaimStatus, Stance, Verdict, WordingKind, stored

__all__ = ["Claim", "ClaimEvidence", "ClaimState", "ClaimVerdict", "ClaimVersion", "Quote", "QuoteAnchor", "Wording"]


def _text() -> Any:
    return Column(Text, nullable=False)


class Claim(SQLModel, table=True):
    """A claim by its speaking id; what it says is in its versions, where it stands in its states."""

    id: str = Field(primary_key=True)
    topic_id: str = Field(foreign_key="topic.id", index=True)
    origin: ClaimOrigin = Field(sa_type=stored(ClaimOrigin))
    owner_id: int | None = Field(default=None, foreign_key="member.id", index=True)
    created_by: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime


class ClaimVersion(SQLModel, table=True):
    """What a claim says; the highest number is current, earlier ones stay readable."""

    __tablename__ = "claim_version"
    __table_args__ = (UniqueConstraint("claim_id", "number"),)
    id: int = Field(default=None, primary_key=True)
    claim_id: str = Field(foreign_key="claim.id")
    number: int
    statement: str = Field(sa_column=_text())
    topics: list[str] = Field(default=[], sa_column=Column(JSON, nullable=False))
    claim_type: str = ""
    kind: str = "express"
    risk: str = "routine"
    search_query: str = Field(default="", sa_column=_text())
    qualifiers: list[dict[str, Any]] = Field(default=[], sa_column=Column(JSON, nullable=False))
    certainty: Certainty = Field(sa_type=stored(Certainty))
    certainty_note: str = Field(default="", sa_column=_text())
    source: str = Field(default="", sa_column=_text())
    content_hash: str
    valid_from: date | None = None
    valid_until: date | None = None
    review_by: date | None = None
    author_id: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime


class ClaimState(SQLModel, table=True):
    """A change of a claim's status, appended."""

    __tablename__ = "claim_state"
    id: int = Field(default=None, primary_key=True)
    claim_id: str = Field(foreign_key="claim.id", index=True)
    status: ClaimStatus = Field(sa_type=stored(ClaimStatus))
    reason: str = ""
    member_id: int | None = Field(default=None, foreign_key="member.id")
    at: datetime


class Wording(SQLModel, table=True):
    """A way to say a claim, or one that goes too far, with what the evidence allows of it.

    `against` names the claim's evidence that speaks against it, by PMID, notice key or section of a label. Empty
    says that none does, None that nobody said.
    """

    id: int = Field(default=None, primary_key=True)
    claim_id: str = Field(foreign_key="claim.id", index=True)
    kind: WordingKind = Field(sa_type=stored(WordingKind))
    text: str = Field(sa_column=_text())
    verdict: Verdict = Field(sa_type=stored(Verdict))
    rewording: str | None = Field(default=None, sa_column=Column(Text))
    against: list[int | str] | None = Field(default=None, sa_column=Column(JSON(none_as_null=True)))
    author_id: int | None = Field(default=None, foreign_key="member.id")
    added_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = Field(default=None, foreign_key="member.id")


class ClaimEvidence(SQLModel, table=True):
    """One piece of evidence for or against a claim: a study's article, a label or a notice.

    A shipped one names its study by `pmid`, which the library may not hold yet; a person's always has `member_id`.
    """

    __tablename__ = "claim_evidence"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN article_id IS NOT NULL OR pmid IS NOT NULL THEN 1 ELSE 0 END)"
            " + (CASE WHEN label_id IS NOT NULL THEN 1 ELSE 0 END)"
            " + (CASE WHEN regulatory_notice_id IS NOT NULL THEN 1 ELSE 0 END) = 1",
            name="one_source",
        ),
    )
    id: int = Field(default=None, primary_key=True)
    claim_id: str = Field(foreign_key="claim.id", index=True)
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True)
    pmid: int | None = Field(default=None, index=True)
    label_id: int | None = Field(default=None, foreign_key="label.id")
    label_section: str | None = None
    regulatory_notice_id: int | None = Field(default=None, foreign_key="regulatory_notice.id")
    stance: Stance = Field(sa_type=stored(Stance))
    quote_id: int | None = Field(default=None, foreign_key="quote.id", index=True)
    finding_id: int | None = Field(default=None, foreign_key="finding.id")
    note: str = Field(default="", sa_column=_text())
    member_id: int | None = Field(default=None, foreign_key="member.id")
    linked_at: datetime
    withdrawn_at: datetime | None = None
    withdrawn_by: int | None = Field(default=None, foreign_key="member.id")


class ClaimVerdict(SQLModel, table=True):
    """A person's verdict on one version of a claim; superseded by a later one of theirs, never edited."""

    __tablename__ = "claim_verdict"
    __table_args__ = (Index("ix_claim_verdict_state", "claim_id", "member_id", "id"),)
    id: int = Field(default=None, primary_key=True)
    claim_id: str = Field(foreign_key="claim.id")
    version_number: int
    member_id: int = Field(foreign_key="member.id")
    verdict: Verdict = Field(sa_type=stored(Verdict))
    certainty: Certainty = Field(sa_type=stored(Certainty))
    reason: str = Field(sa_column=_text())
    contradicting_seen: list[int] = Field(default=[], sa_column=Column(JSON, nullable=False))
    decided_at: datetime
    stale_since: datetime | None = None
    stale_reason: str | None = None


class Quote(SQLModel, table=True):
    """Words of an article, an attachment or a label, verbatim for ever; where they stand now is in its anchors."""

    id: int = Field(default=None, primary_key=True)
    article_id: int | None = Field(default=None, foreign_key="article.id", index=True)
    attachment_id: int | None = Field(default=None, foreign_key="attachment.id")
    label_id: int | None = Field(default=None, foreign_key="label.id")
    exact: str = Field(sa_column=_text())
    prefix: str = Field(default="", sa_column=_text())
    suffix: str = Field(default="", sa_column=_text())
    member_id: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime


class QuoteAnchor(SQLModel, table=True):
    """Where a quote was found, or that it was not; the newest row is current."""

    __tablename__ = "quote_anchor"
    __table_args__ = (Index("ix_quote_anchor_state", "quote_id", "id"),)
    id: int = Field(default=None, primary_key=True)
    quote_id: int = Field(foreign_key="quote.id")
    state: AnchorState = Field(sa_type=stored(AnchorState))
    section: int | None = None
    section_label: str | None = None
    start: int | None = None
    end: int | None = None
    page: int | None = None
    text_hash: str
    run_id: int | None = Field(default=None, foreign_key="harvest_run.id")
    at: datetime
