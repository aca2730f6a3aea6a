"""The labels and regulatory notices of a topic as TOML: read and validated."""

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any


class BadLabelsFile(ValueError):
    """A labels file that cannot be used; the message names the entry and the problem."""


@dataclass(frozen=True, slots=True)
class LabelSection:
    """`loinc` is the code of the section in the SPL document; `points` are summaries in our own words."""

    loinc: str
    title: str
    points: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShippedLabel:
    set_id: str
    version: int
    effective: date
    name: str
    title: str
    source: str
    sections: tuple[LabelSection, ...]


@dataclass(frozen=True, slots=True)
class ShippedNotice:
    key: str
    authority: str
    date: date
    title: str
    points: tuple[str, ...]
    source: str


def load_labels(text: str) -> tuple[tuple[ShippedLabel, ...], tuple[ShippedNotice, ...]]:
    """The labels and the notices of a file, in order. Raises BadLabelsFile."""
    try:
        data = tomllib.loads(text)
        return tuple(map(_label, data.get("label", []))), tuple(map(_notice, data.get("notice", [])))
    except tomllib.TOMLDecodeError as problem:
        raise BadLabelsFile(f"not TOML: {problem}") from None
    except (KeyError, TypeError) as problem:
        raise BadLabelsFile(f"an entry lacks or garbles {problem}") from None


def _label(entry: dict[str, Any]) -> ShippedLabel:
    sections = tuple(LabelSection(s["loinc"], s["title"], tuple(s["points"])) for s in entry["section"])
    return ShippedLabel(
        set_id=entry["set_id"],
        version=entry["version"],
        effective=entry["effective"],
        name=entry["name"],
        title=entry["title"],
        source=entry["source"],
        sections=sections,
    )


def _notice(entry: dict[str, Any]) -> ShippedNotice:
    return ShippedNotice(
        key=entry["key"],
        authority=entry["authority"],
        date=entry["date"],
        title=entry["title"],
        points=tuple(entry["points"]),
        source=entry["source"],
    )
