"""GRADE: where a body of evidence starts, what lowers or raises it, and the certainty that results."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from review_app.tagging.passages import data

DATA = "grade.toml"


@dataclass(frozen=True, slots=True)
class Start:
    id: str
    label: str
    level: str
    source: str


@dataclass(frozen=True, slots=True)
class Step:
    """A reason to rate down (negative `levels`) or up, by as many levels as it may."""

    id: str
    label: str
    levels: tuple[int, ...]
    asks: str
    source: str


@cache
def starts() -> dict[str, Start]:
    return {row["id"]: Start(**row) for row in data(DATA)["start"]}


@cache
def steps() -> dict[str, Step]:
    return {row["id"]: Step(**{**row, "levels": tuple(row["levels"])}) for row in data(DATA)["step"]}


def edition() -> str:
    """The year of the guidance that starts and steps are after."""
    return str(data(DATA)["edition"])


def certainty(start: str, taken: Mapping[str, int]) -> str:
    """The level that results; never under the lowest or over the highest.

    Raises ValueError for a start or a step that GRADE does not know.
    """
    order: list[str] = data(DATA)["levels"]
    for step, levels in taken.items():
        if step not in steps() or levels not in steps()[step].levels:
            raise ValueError(f"{step} does not move the certainty by {levels}")
    if start not in starts():
        raise ValueError(f"{start} is no start")
    reached = order.index(starts()[start].level) + sum(taken.values())
    return order[min(max(reached, 0), len(order) - 1)]
