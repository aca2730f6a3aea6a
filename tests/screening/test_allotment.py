"""How records are shared out: everybody their count, every record to different people."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from review_app.screening.allotment import allot, equal_counts


def counted(allotted: dict[int, tuple[int, ...]]) -> dict[int, int]:
    return dict(Counter(member for members in allotted.values() for member in members))


def test_equal_shares_are_equal_to_within_one() -> None:
    assert equal_counts([7, 8, 9], records=10, votes=2) == {7: 7, 8: 7, 9: 6}
    assert equal_counts([7, 8], records=10, votes=2) == {7: 10, 8: 10}
    assert equal_counts([7], records=10, votes=2) == {7: 10}
    assert equal_counts([], records=10, votes=2) == {}


@given(st.integers(1, 40), st.integers(1, 5), st.integers(1, 2), st.integers(0, 9))
def test_equal_shares_give_every_record_as_many_people_as_it_needs(
    records: int, members: int, votes: int, seed: int
) -> None:
    counts = equal_counts(range(1, members + 1), records=records, votes=votes)
    allotted = allot(range(records), counts, votes=votes, seed=seed)
    assert counted(allotted) == {member: number for member, number in counts.items() if number}
    assert {len(set(each)) for each in allotted.values()} == {min(votes, members)}
    assert set(allotted) == set(range(records))


def test_with_counts_everybody_has_theirs_and_the_rest_is_free() -> None:
    allotted = allot(range(100), {1: 30, 2: 10, 3: 0}, votes=2, seed=1)
    assert counted(allotted) == {1: 30, 2: 10}
    assert len(allotted) == 30
    assert sum(len(each) == 1 for each in allotted.values()) == 20


def test_nobody_has_a_record_twice_and_more_than_there_are_is_cut() -> None:
    allotted = allot(range(5), {1: 9, 2: 9}, votes=2, seed=1)
    assert allotted == dict.fromkeys(range(5), (1, 2))


@pytest.mark.parametrize("seed", [1, 2])
def test_the_same_seed_gives_the_same_and_all_pairs_meet(seed: int) -> None:
    counts = equal_counts([1, 2, 3, 4], records=60, votes=2)
    allotted = allot(range(60), counts, votes=2, seed=seed)
    assert allotted == allot(range(60), counts, votes=2, seed=seed)
    assert allotted != allot(range(60), counts, votes=2, seed=seed + 1)
    assert len(set(allotted.values())) == 6
