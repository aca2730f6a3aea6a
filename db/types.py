"""States and roles as enums that are stored by value. What experts argue about is in vocabulary.toml, not here."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


def stored(kind: type[StrEnum]) -> Any:
    """A column type that stores the enum's value as text, alike on both engines, checked as it is bound."""
    from sqlalchemy import Enum  # most of what begins the process that only reads, which has no use for it

    return Enum(
        kind,
        native_enum=False,
        create_constraint=False,  # a CHECK would make a migration of every new state
        length=32,
        name=kind.__name__.lower(),
        values_callable=lambda e: [member.value for member in e],
    )


class Role(StrEnum):
    LEAD = "lead"
    REVIEWER = "reviewer"
    ADJUDICATOR = "adjudicator"
    WRITER = "writer"
    MEDICAL = "medical"
    LEGAL = "legal"
    REGULATORY = "regulatory"
    READ_ONLY = "read_only"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts or looks. `id` is None for a command or the nightly job, which judge nothing themselves."""

    id: int | None
    name: str
    role: Role

    @property
    def member_id(self) -> int:
        """The id, where only a member can act. Raises ValueError for a command."""
        if self.id is None:
            raise ValueError(f"{self.name} is no member")
        return self.id


class LinkPurpose(StrEnum):
    FIRST_LEAD = "first_lead"
    INVITATION = "invitation"
    RESET = "reset"


class Integrity(StrEnum):
    NONE_KNOWN = "none_known"
    CORRECTED = "corrected"
    CONCERN = "expression_of_concern"
    RETRACTED = "retracted"
    PARTIALLY_RETRACTED = "partially_retracted"
    RETRACTED_AND_REPLACED = "retracted_and_replaced"
    WITHDRAWN = "withdrawn"
    REINSTATED = "reinstated"


class RunKind(StrEnum):
    SYNC = "sync"
    REFRESH = "refresh"
    IMPORT = "import"
    BASELINE = "baseline"
    REPARSE = "reparse"


class RunStatus(StrEnum):
    RUNNING = "running"
    COMPLETE = "complete"
    PARTIAL = "partial"
    FAILED = "failed"


class WorkState(StrEnum):
    """A slice or a todo of a harvest."""

    PENDING = "pending"
    DONE = "done"
    MISSING = "missing"
    FAILED = "failed"


class ChangeEvent(StrEnum):
    NEW = "new"
    REVISED = "revised"
    REPARSED = "reparsed"
    VANISHED = "vanished"
    RETURNED = "returned"
    TOMBSTONED = "tombstoned"
    NOTICE = "notice"
    MERGED = "merged"


class Stage(StrEnum):
    TITLE_ABSTRACT = "title_abstract"
    FULL_TEXT = "full_text"


class Decision(StrEnum):
    INCLUDE = "include"
    EXCLUDE = "exclude"
    MAYBE = "maybe"
    WITHDRAWN = "withdrawn"


class Stance(StrEnum):
    SUPPORTS = "supports"
    QUALIFIES = "qualifies"
    CONTRADICTS = "contradicts"
    RELATED = "related"


class Verdict(StrEnum):
    SUPPORTED = "supported"
    NEEDS_QUALIFICATION = "needs_qualification"
    OVERSTATED = "overstated"
    INSUFFICIENT = "insufficient_evidence"
    CONTRADICTED = "contradicted"


class Certainty(StrEnum):
    """GRADE; `not_applicable` where the authority is a label or a notice."""

    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"
    VERY_LOW = "very_low"
    NOT_APPLICABLE = "not_applicable"


class ClaimOrigin(StrEnum):
    SHIPPED = "shipped"
    LOADED = "loaded"
    CREATED = "created"


class ClaimStatus(StrEnum):
    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    NEEDS_REVIEW = "needs_review"
    WITHDRAWN = "withdrawn"


class WordingKind(StrEnum):
    WORDING = "wording"
    GOES_TOO_FAR = "goes_too_far"


class AnchorState(StrEnum):
    ANCHORED = "anchored"
    ORPHANED = "orphaned"


class LinkState(StrEnum):
    """The link of a sentence to a claim."""

    SUGGESTED = "suggested"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    STALE = "stale"


class AlertState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REANCHORED = "reanchored"
    DISMISSED = "dismissed"
