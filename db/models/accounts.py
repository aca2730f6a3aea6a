"""Members, how they sign in, and what everybody did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from db.types import LinkPurpose, Role, stored

__all__ = ["AuditEvent", "Member", "OneTimeLink", "Setting", "SignInAttempt", "SignInSession"]


class Member(SQLModel, table=True):
    """A person. `name_key` is the name as compared: case-folded, spaces collapsed."""

    id: int = Field(default=None, primary_key=True)
    name: str
    name_key: str = Field(unique=True)
    email: str | None = None
    role: Role = Field(sa_type=stored(Role))
    password_hash: str | None = None
    time_zone: str = "UTC"
    created_at: datetime
    left_at: datetime | None = None


class SignInSession(SQLModel, table=True):
    """A signed-in browser; the cookie holds the token, the table only its SHA-256."""

    __tablename__ = "sign_in_session"
    token_hash: str = Field(primary_key=True)
    member_id: int = Field(foreign_key="member.id", index=True)
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None


class OneTimeLink(SQLModel, table=True):
    """A link that works once: the first lead, an invitation, a lost sign-in."""

    __tablename__ = "one_time_link"
    token_hash: str = Field(primary_key=True)
    purpose: LinkPurpose = Field(sa_type=stored(LinkPurpose))
    name: str | None = None
    role: Role | None = Field(default=None, sa_type=stored(Role))
    member_id: int | None = Field(default=None, foreign_key="member.id")
    created_by: int | None = Field(default=None, foreign_key="member.id")
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None


class SignInAttempt(SQLModel, table=True):
    """A failed sign-in, kept to slow guessing down."""

    __tablename__ = "sign_in_attempt"
    id: int = Field(default=None, primary_key=True)
    name_key: str = Field(index=True)
    at: datetime


class Setting(SQLModel, table=True):
    """Something that holds for the whole library, by key; every change is in the audit chain."""

    key: str = Field(primary_key=True)
    value: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    changed_by: int | None = Field(default=None, foreign_key="member.id")
    changed_at: datetime


class AuditEvent(SQLModel, table=True):
    """One link of the audit chain; `hash` covers the canonical form of the others and the hash before."""

    __tablename__ = "audit_event"
    __table_args__ = (Index("ix_audit_event_subject", "subject_kind", "subject_id"),)
    id: int = Field(primary_key=True)
    at: datetime
    actor_id: int | None = Field(default=None, sa_column=Column(ForeignKey("member.id"), index=True))
    actor_name: str
    action: str = Field(index=True)
    subject_kind: str
    subject_id: str
    detail: dict[str, Any] = Field(sa_column=Column(JSON, nullable=False))
    previous_hash: str
    hash: str = Field(sa_column=Column(Text, unique=True, nullable=False))
