"""A tagging form as data: what it asks, and whether an entry answers it.

An entry is read with the form it was made with. It maps the id of each field to its value: an id for a choice, a list
of ids for several, a number, words, or for `rows` a list of mappings of parts. What nobody filled in is None, or [].
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from review_app.tagging.passages import data

Kind = Literal["one", "several", "whole", "number", "text", "rows"]
KINDS: tuple[Kind, ...] = get_args(Kind)
LISTS = frozenset({"several", "rows"})
MAX_WHOLE, MAX_TEXT, MAX_ROWS = 100_000_000, 2_000, 100
Entry = dict[str, Any]
Groups = Mapping[str, Mapping[str, str]]  # the labels of a vocabulary's terms, by group and id


class BadEntry(ValueError):
    """An entry does not fit its form; the message says where and what to do."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A term that is chosen: `words` are what a lead wants it found by (a last `*` stands for any ending), `source` is
    where a term of theirs comes from."""

    id: str
    label: str
    retired: bool = False
    words: tuple[str, ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """`parts` are the fields of one row, `item` is what a row is called. `half`: takes half of a line."""

    id: str
    label: str
    kind: Kind
    help: str = ""
    source: str = ""
    item: str = ""
    choices: tuple[Choice, ...] = ()
    parts: tuple["Field", ...] = ()
    required: bool = False
    folded: bool = False
    half: bool = False
    retired: bool = False

    def offered(self) -> tuple[str, ...]:
        """The ids that a new entry chooses from."""
        return tuple(each.id for each in self.choices if not each.retired)

    def label_of(self, choice_id: str) -> str:
        """What people read for a choice; an unknown one is shown as it is stored."""
        return next((each.label for each in self.choices if each.id == choice_id), choice_id)

    def part(self, part_id: str) -> "Field | None":
        return next((each for each in self.parts if each.id == part_id), None)

    def nothing(self) -> Any:
        return [] if self.kind in LISTS else None


@dataclass(frozen=True, slots=True)
class TagForm:
    """`shipped` is the version of the data file that it has taken in."""

    shipped: str
    fields: tuple[Field, ...]

    def active(self) -> tuple[Field, ...]:
        """The fields that a new entry fills in."""
        return tuple(each for each in self.fields if not each.retired)

    def field(self, field_id: str) -> Field | None:
        return next((each for each in self.fields if each.id == field_id), None)

    def choices(self, field_id: str, part_id: str | None) -> tuple[Choice, ...]:
        """The choices of a field, or of a part of its rows; none where the form has no such list."""
        field = self.field(field_id)
        within = field if field is None or part_id is None else field.part(part_id)
        return within.choices if within else ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def from_json(definition: Mapping[str, Any], *, shipped: TagForm) -> TagForm:
    """A stored form. The first ones named only their fields; they are read with what `shipped` says of these."""
    fields = definition.get("fields", ())
    if all(isinstance(each, str) for each in fields):
        named = set(fields) or {each.id for each in shipped.fields}
        return TagForm("", tuple(each for each in shipped.fields if each.id in named))
    return TagForm(str(definition["shipped"]), tuple(map(_field, fields)))


def shipped_form(groups: Groups) -> TagForm:
    """The form of the data file, with its choices out of a vocabulary."""
    written = data("tag_form.toml")
    return TagForm(str(written["version"]), tuple(_shipped(row, groups) for row in written["field"]))


def asked_in() -> dict[str, tuple[str, str | None]]:
    """Which field, and which part of its rows, a group of the vocabulary is the choices of."""
    found: dict[str, tuple[str, str | None]] = {}
    for row in data("tag_form.toml")["field"]:
        found |= {row["choices"]: (row["id"], None)} if "choices" in row else {}
        found |= {part["choices"]: (row["id"], part["id"]) for part in row.get("parts", ()) if "choices" in part}
    return found


def blank(form: TagForm) -> Entry:
    return {each.id: each.nothing() for each in form.active()}


def in_form(form: TagForm, entry: Mapping[str, Any]) -> Entry:
    """An entry, or a suggestion, as this form would hold it: what it does not ask is left out, the rest is blank."""
    return {each.id: _in_field(each, entry.get(each.id)) for each in form.active()}


def same_value(one: Any, other: Any) -> bool:
    """Whether two values of a field say the same, whatever the order of a list."""
    if isinstance(one, list) and isinstance(other, list):
        return sorted(map(value_key, one)) == sorted(map(value_key, other))
    return bool(one == other)


def value_key(item: Any) -> str:
    """One value, or one row, as a key: rows that say the same have the same."""
    return "/".join(str(item[key]) for key in sorted(item)) if isinstance(item, dict) else str(item)


def valid_entry(form: TagForm, entry: Mapping[str, Any]) -> Entry:
    """The entry as it is stored. Raises BadEntry for what the form does not know or does not take."""
    return {each.id: _valid(each, entry.get(each.id), each.label) for each in form.active()}


def _in_field(field: Field, value: Any) -> Any:
    if field.kind == "rows":
        return [{part.id: row.get(part.id) for part in field.parts} for row in value or ()]
    return list(value or ()) if field.kind == "several" else value


def _valid(field: Field, value: Any, where: str) -> Any:
    match field.kind:
        case "rows":
            return _rows(field, value or ())
        case "several":
            return list(dict.fromkeys(_chosen(field, each, where) for each in value or ()))
        case _ if value is None or value == "":
            return None
        case "one":
            return _chosen(field, value, where)
        case "text":
            return _words(value, where)
        case "whole":
            return _whole(value, where)
        case _:
            return _number(value, where)


def _rows(field: Field, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    if len(rows) > MAX_ROWS:
        raise BadEntry(f"{field.label}: at most {MAX_ROWS} rows.")
    found = []
    for number, row in enumerate(rows, 1):
        where = f"{field.label}, row {number}"
        found.append({part.id: _valid(part, row.get(part.id), f"{where}, {part.label}") for part in field.parts})
        for part in field.parts:
            if part.required and found[-1][part.id] is None:
                raise BadEntry(f"{where}: choose {part.label.lower()}, or take the row out.")
    return found


def _chosen(field: Field, value: Any, where: str) -> str:
    if value not in {each.id for each in field.choices}:
        raise BadEntry(f"{where}: {value} is not a choice of the form. Choose one from the list.")
    return str(value)


def _words(value: Any, where: str) -> str | None:
    words = " ".join(str(value).split())
    if len(words) > MAX_TEXT:
        raise BadEntry(f"{where}: at most {MAX_TEXT:,} characters; these are {len(words):,}.")
    return words or None


def _whole(value: Any, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= MAX_WHOLE:
        raise BadEntry(f"{where}: a whole number from 1 to {MAX_WHOLE:,}, or empty.")
    return value


def _number(value: Any, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
        raise BadEntry(f"{where}: a number, or empty.")
    return float(value)


def _field(row: Mapping[str, Any]) -> Field:
    choices = tuple(Choice(**{**each, "words": tuple(each.get("words", ()))}) for each in row["choices"])
    return Field(**{**row, "choices": choices, "parts": tuple(map(_field, row["parts"]))})


def _shipped(row: Mapping[str, Any], groups: Groups) -> Field:
    terms = groups[row["choices"]] if "choices" in row else {}
    choices = tuple(Choice(key, label) for key, label in terms.items())
    parts = tuple(_shipped(part, groups) for part in row.get("parts", ()))
    return Field(**{**row, "choices": choices, "parts": parts})
