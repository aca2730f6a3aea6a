"""What a person did at the queue, as their browser tells it: each act is carried out once, however often it is told.

The browser numbers its acts and tells them again until the answer names them. With what an act changes the library
keeps its number, so that one that comes again after a lost connection or a restart is known.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlmodel import Session

from db.queries.screening import Position, draft
from db.types import Actor, Decision, Stage
from review_app.services import drafts, screening
from review_app.services.errors import Conflict, Invalid
from review_app.services.permissions import May, require

KEY, TABS = "screening_acts", 20  # the draft that holds the numbers of the last acts, and of how many browser tabs

_Number = Annotated[int, Field(strict=True, ge=1, lt=2**53)]


class Act(BaseModel):
    """`member` had the queue on the screen; `hash` names the content that they saw; `labels` and `note` stand with the
    vote, or are kept until it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seq: _Number
    kind: Literal["vote", "undo", "draft"]
    member: _Number
    record: _Number
    stage: Stage
    decision: Literal["include", "exclude", "maybe"] | None = None
    reason: str | None = None
    hash: str = ""
    labels: tuple[str, ...] = ()
    note: str = ""


class Told(BaseModel):
    """What a browser tab tells: its acts that no answer has named yet, and the record that it `shows` after them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tab: str = Field(min_length=1, max_length=40)
    shows: _Number | None = None
    acts: tuple[Act, ...] = Field(max_length=100)


def told(value: Any) -> Told:
    """Raises Invalid for what no browser of ours tells."""
    try:
        return Told.model_validate(value)
    except ValidationError:
        raise Invalid("What this page sent cannot be read; nothing of it was saved. Reload the page.") from None


def carry_out(session: Session, *, actor: Actor, tab: str, act: Act, position: Position | None = None) -> None:
    """Vote, take back, or keep what is typed, unless it was done before; raises what that raises, and Conflict when it
    was done on the page of a member who has signed out, where another has signed in since."""
    require(actor, May.SCREEN)
    if act.member != actor.id:
        raise Conflict("Somebody else was signed in when this was done, and it was not saved. Reload the page.")
    before: list[list[Any]] = draft(session, viewer=actor, key=KEY).get("tabs", [])
    if act.seq <= dict(before).get(tab, 0):
        return
    tabs = [each for each in before if each[0] != tab][-TABS + 1 :]
    drafts.keep(session, actor, KEY, {"tabs": [*tabs, [tab, act.seq]]})
    if act.kind == "draft":
        screening.keep_draft(
            session, actor=actor, record_id=act.record, stage=act.stage, note=act.note, labels=list(act.labels)
        )
    elif act.kind == "undo":
        screening.undo(session, actor=actor, record_id=act.record, stage=act.stage)
    elif act.decision is None:
        raise Invalid("Include, exclude or maybe: a vote says which.")
    else:
        screening.vote(
            session,
            actor=actor,
            record_id=act.record,
            stage=act.stage,
            decision=Decision(act.decision),
            content_hash=act.hash,
            reason=act.reason,
            labels=list(act.labels),
            note=act.note,
            position=position,
        )
