"""One thing that two reviewers gave beside each other, and what was settled of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.models import Adjudication
from review_app.tagging.comparison import Comparison, Side
from review_app.tagging.form import Choice, Entry, Field
from review_app.tagging.risk_of_bias import Term


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared(Comparison):
    """A `subject` `about` something, as adjudications name it; `rows` are the ids of what was given, by field.

    `rulings` are the adjudications of exactly these rows of these sides, by field. `tool` is what it was given with,
    `result` the one that is judged, where it is not the study as a whole.
    """

    subject: str
    about: Mapping[str, Any]
    tool: str
    result: str = ""
    rows: Mapping[str, tuple[int, ...]]
    rulings: Mapping[str, Adjudication]

    @property
    def title(self) -> str:
        """Such as `RoB 2, Response · 24 hours`."""
        return f"{self.tool}, {self.result}" if self.result else self.tool

    @property
    def key(self) -> str:
        """Tells it from all others."""
        return "_".join([self.subject, *(str(each) for each in self.about.values())])

    @property
    def open(self) -> tuple[Field, ...]:
        """The fields that wait to be settled."""
        return tuple(each for each in self.differing if each.id not in self.rulings)

    @property
    def holds(self) -> Entry:
        """What they agree on and what was settled; without the fields that are open."""
        return self.agreed_entry() | {name: row.decision["value"] for name, row in self.rulings.items()}


def one_of(field_id: str, label: str, terms: Iterable[Term]) -> Field:
    choices = tuple(Choice(each.id, each.label) for each in terms)
    return Field(field_id, label, "one", choices=choices, required=True)


def rulings_of(
    rows: Mapping[str, tuple[int, ...]], sides: Sequence[Side], ruled: Iterable[Adjudication]
) -> dict[str, Adjudication]:
    """The newest of each field that settles these rows of these sides, and not what somebody has changed since."""
    who = sorted(side.id for side in sides)
    return {
        row.field: row
        for row in ruled
        if row.field and sorted(row.settles) == sorted(rows.get(row.field, ())) and row.decision["sides"] == who
    }
