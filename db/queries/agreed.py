"""What two gave of a study or an outcome, and nothing of it is open: they agree on it, or somebody settled it.

That holds, so that more people may know of it than may see one's judgement alone. Never commits.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from db.models import Adjudication
from db.types import Actor, Role

READERS = frozenset({Role.WRITER, Role.LEGAL, Role.REGULATORY, Role.READ_ONLY})  # they judge nothing; nor a command
Thing = TypeVar("Thing", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Given:
    """That a member said `value` in a row. `field` is what they judged, `settled_as` its name in an adjudication; None
    where an adjudication of the row is enough."""

    row: int
    member: int
    field: Hashable
    value: Hashable
    settled_as: str | None


def closed(
    given: Mapping[Thing, Sequence[Given]],
    rulings: Sequence[Adjudication],
    *,
    viewer: Actor,
    givers: Mapping[Thing, Iterable[int]] | None = None,
) -> set[Thing]:
    """The things that two or more gave and that hold, of those that `viewer` may know of.

    As with tags, all know what somebody settled. What the two agree on by themselves is known to who judges nothing;
    who could still judge it is told nothing before. `givers` are those who gave, where they need not have said much.
    """
    by_row: dict[int, list[Adjudication]] = defaultdict(list)
    for ruling in rulings:
        for row in ruling.settles:
            by_row[row].append(ruling)
    found = set()
    for thing, said in given.items():
        members = sorted(set(givers[thing]) if givers is not None else {each.member for each in said})
        ruled = _ruled(by_row, members, {each.row for each in said})
        agreed = _agreed(said, members)
        holds = all(each.field in agreed or (each.row, each.settled_as) in ruled for each in said)
        if len(members) > 1 and holds and (ruled or viewer.role in READERS):
            found.add(thing)
    return found


def _ruled(
    by_row: Mapping[int, Sequence[Adjudication]], members: list[int], rows: set[int]
) -> set[tuple[int, str | None]]:
    """What was settled of exactly these rows of these members, and not changed since; by its field, and as a row."""
    return {
        (row, name)
        for row in rows
        for each in by_row.get(row, ())
        if sorted(each.decision["sides"]) == members and rows.issuperset(each.settles)
        for name in (each.field, None)
    }


def _agreed(said: Iterable[Given], members: list[int]) -> set[Hashable]:
    by_field: dict[Hashable, list[Given]] = defaultdict(list)
    for each in said:
        by_field[each.field].append(each)
    return {
        field
        for field, some in by_field.items()
        if sorted(each.member for each in some) == members and len({each.value for each in some}) == 1
    }
