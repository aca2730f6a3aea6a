"""What several reviewers said of one thing, field by field, and what holds where they differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as standing
from typing import Any

from review_app.tagging.form import BadEntry, Entry, Field, TagForm, same_value, valid_entry


@dataclass(frozen=True, slots=True)
class Side:
    """What one reviewer said. `reasons` are theirs, by field; `quotes` are ids, by field or by row as `outcomes:0`."""

    id: int
    name: str
    entry: Entry
    reasons: Mapping[str, str] = standing(default_factory=dict)
    quotes: Mapping[str, Sequence[int]] = standing(default_factory=dict)

    def quotes_of(self, field_id: str) -> list[int]:
        return [each for target, some in self.quotes.items() if target.partition(":")[0] == field_id for each in some]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides, or more, as one form asks them. The field that `follows` from the others differs where any does."""

    form: TagForm
    sides: tuple[Side, ...]
    follows: str | None = None

    @property
    def differing(self) -> tuple[Field, ...]:
        said = {each.id for each in self.form.active() if not self._agree(each)}
        if said and self.follows:
            said.add(self.follows)
        return tuple(each for each in self.form.active() if each.id in said)

    @property
    def agreed(self) -> tuple[Field, ...]:
        differing = {each.id for each in self.differing}
        return tuple(each for each in self.form.active() if each.id not in differing)

    def agreed_entry(self) -> Entry:
        """What all of them say, of the fields on which they agree."""
        return {each.id: self.sides[0].entry[each.id] for each in self.agreed}

    def _agree(self, field: Field) -> bool:
        first, *others = (side.entry[field.id] for side in self.sides)
        return all(same_value(first, other) for other in others)


@dataclass(frozen=True, slots=True)
class Choice:
    """What holds of one field: the value of a side (its id), or one that was written; and why."""

    side: int | None
    value: Any = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """What was settled of one field, and why."""

    value: Any
    reason: str


def settled(
    fields: Sequence[Field], sides: Sequence[Side], choices: Mapping[str, Choice], reason: str = ""
) -> dict[str, Held]:
    """What holds of each of these fields, by its id; `reason` is for those that give none of their own.

    Raises BadEntry where a choice or a reason is missing, or the form does not take what was written.
    """
    why = {each.id: _reason(each, choices.get(each.id), reason) for each in fields}
    return {each.id: Held(_value(each, choices[each.id], sides), why[each.id]) for each in fields}


def _reason(field: Field, choice: Choice | None, otherwise: str) -> str:
    if choice is None:
        raise BadEntry(f"Choose what holds of {field.label}: the reviewers differ.")
    reason = " ".join((choice.reason or otherwise).split())
    if not reason:
        raise BadEntry(f"Say why for {field.label}: the reason is kept with the consensus.")
    return reason


def _value(field: Field, choice: Choice, sides: Sequence[Side]) -> Any:
    """What a side said, as it said it; what was written, as the form takes it."""
    if choice.side is None:
        if field.required and choice.value is None:
            raise BadEntry(f"Choose the other value of {field.label}.")
        return valid_entry(TagForm("", (field,)), {field.id: choice.value})[field.id]
    said = {side.id: side.entry[field.id] for side in sides}
    if choice.side not in said:
        raise BadEntry(f"Choose one of the reviewers, or write another value, for {field.label}.")
    return said[choice.side]
