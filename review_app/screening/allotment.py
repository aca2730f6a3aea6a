"""Who screens which record: a given number of records each, every record to as many people as it needs votes."""

import random
from collections.abc import Mapping, Sequence


def equal_counts(members: Sequence[int], *, records: int, votes: int) -> dict[int, int]:
    """How many of so many records each member screens when all do alike, the first ones one more where it does not
    come out even; nobody more than there are."""
    votes = min(votes, len(members))
    share, more = divmod(records * votes, len(members)) if members else (0, 0)
    return {member: share + (place < more) for place, member in enumerate(members)}


def allot(record_ids: Sequence[int], counts: Mapping[int, int], *, votes: int, seed: int) -> dict[int, tuple[int, ...]]:
    """Up to `votes` members for each record, until everybody has their count. The records are drawn at random, and so
    are those who share one; the same seed gives the same. A record that only one member is left for has that one."""
    chance = random.Random(seed)  # noqa: S311 -- chance, no secret
    drawn = list(record_ids)
    chance.shuffle(drawn)
    left = {member: number for member, number in counts.items() if number > 0}
    allotted: dict[int, tuple[int, ...]] = {}
    for record_id in drawn:
        if not left:
            break
        # Those with most still to come are taken first, so that two remain to share the last records.
        order = sorted(left, key=lambda member: (-left[member], chance.random()))[:votes]
        allotted[record_id] = tuple(sorted(order))
        left = {member: number - (member in order) for member, number in left.items()}
        left = {member: number for member, number in left.items() if number}
    return allotted
