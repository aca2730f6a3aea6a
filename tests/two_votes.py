"""Where a record stands at a stage of screening, from the votes on it: the rules that the queries are held to.

Two people vote alone, and a third settles what they disagree on (Cochrane Handbook 6.5, section 4.6.4; MECIR C39).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Choice = Literal["include", "exclude", "maybe", "withdrawn"]


class State(StrEnum):
    UNSCREENED = "unscreened"
    WAITING = "waiting for a second vote"
    CONFLICT = "conflict"
    INCLUDED = "included"
    EXCLUDED = "excluded"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Vote:
    """What a member said of a record. `withdrawn` takes the member's earlier vote back."""

    member: int
    decision: Choice
    reason: str | None = None


_AGREED = {"include": State.INCLUDED, "exclude": State.EXCLUDED, "maybe": State.MAYBE}


def votes_needed(*, dual: bool) -> int:
    return 2 if dual else 1


def standing(votes: Sequence[Vote]) -> tuple[Vote, ...]:
    """The vote of each member that counts, from all votes in the order they were given."""
    newest = {vote.member: vote for vote in votes}
    return tuple(vote for vote in newest.values() if vote.decision != "withdrawn")


def state_of(votes: Sequence[Vote], *, dual: bool, settled: Choice | None = None) -> State:
    """The state after these votes, oldest first; `settled` is what an adjudicator decided, and decides."""
    if settled is not None and settled != "withdrawn":
        return _AGREED[settled]
    counted = standing(votes)
    if not dual:  # a Maybe decides nothing and differs from nothing: the record is parked
        counted = tuple(vote for vote in counted if vote.decision != "maybe") or counted
    if not counted:
        return State.UNSCREENED
    if len(counted) < votes_needed(dual=dual):
        return State.WAITING
    decisions = {vote.decision for vote in counted}
    return _AGREED[decisions.pop()] if len(decisions) == 1 else State.CONFLICT


def may_vote(votes: Sequence[Vote], *, member: int, dual: bool, everybody: bool = False) -> bool:
    """Whether this member's vote is still asked for. `everybody` votes on the records of a calibration round."""
    counted = standing(votes)
    return all(vote.member != member for vote in counted) and (everybody or len(counted) < votes_needed(dual=dual))
