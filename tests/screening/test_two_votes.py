"""Where a record stands after the votes on it."""

import pytest
from two_votes import Choice, State, Vote, may_vote, standing, state_of

BEN, CLEO, ADA = 1, 2, 3


def votes(*decisions: Choice) -> list[Vote]:
    """A vote of Ben, then one of Cleo."""
    return [Vote(member, decision) for member, decision in zip((BEN, CLEO, ADA), decisions, strict=False)]


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ([], State.UNSCREENED),
        (["include"], State.WAITING),
        (["withdrawn"], State.UNSCREENED),
        (["include", "include"], State.INCLUDED),
        (["exclude", "exclude"], State.EXCLUDED),
        (["maybe", "maybe"], State.MAYBE),
        (["include", "exclude"], State.CONFLICT),
        (["include", "maybe"], State.CONFLICT),
        (["include", "withdrawn"], State.WAITING),
        (["include", "include", "exclude"], State.CONFLICT),
    ],
)
def test_two_votes_decide_together(given: list[Choice], state: State) -> None:
    assert state_of(votes(*given), dual=True) == state


@pytest.mark.parametrize(
    ("given", "state"),
    [
        ("include", State.INCLUDED),
        ("exclude", State.EXCLUDED),
        ("maybe", State.MAYBE),
        ("withdrawn", State.UNSCREENED),
    ],
)
def test_in_a_single_review_one_vote_decides(given: Choice, state: State) -> None:
    assert state_of(votes(given), dual=False) == state


def test_a_member_s_later_vote_counts_in_place_of_the_earlier_one() -> None:
    changed = [*votes("include", "exclude"), Vote(BEN, "exclude")]
    assert state_of(changed, dual=True) == State.EXCLUDED
    assert len(standing(changed)) == 2


def test_adjudication_settles_a_conflict_whatever_the_votes_say() -> None:
    assert state_of(votes("include", "exclude"), dual=True, settled="include") == State.INCLUDED
    assert state_of(votes("maybe", "maybe"), dual=True, settled="exclude") == State.EXCLUDED


def test_nobody_is_asked_twice_nor_when_two_have_voted() -> None:
    one = votes("include")
    assert not may_vote(one, member=BEN, dual=True)
    assert may_vote(one, member=CLEO, dual=True)
    assert not may_vote(one, member=CLEO, dual=False)
    assert not may_vote(votes("include", "exclude"), member=ADA, dual=True)
    assert may_vote(votes("include", "exclude"), member=ADA, dual=True, everybody=True)
    assert may_vote([*one, Vote(BEN, "withdrawn")], member=BEN, dual=True)
