"""The controlled vocabulary, read from vocabulary.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Term:
    id: str
    label: str
    definition: str
    publication_types: tuple[str, ...] = ()
    level: int | None = None
    retired: bool = False


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Terms by group and id, in display order; `version` is stored with what was tagged in its words, `names` are those
    of the groups."""

    version: str
    groups: dict[str, dict[str, Term]]
    names: dict[str, str]

    def label(self, group: str, term_id: str) -> str:
        """What people read for a term; an unknown one is shown as it is stored."""
        term = self.groups.get(group, {}).get(term_id)
        return term.label if term else term_id

    def ids(self, group: str) -> tuple[str, ...]:
        """The terms that are chosen from; what a library retired is read, and offered no more."""
        return tuple(key for key, term in self.groups[group].items() if not term.retired)


@cache
def vocabulary() -> Vocabulary:
    data = tomllib.loads((Path(__file__).parent / "vocabulary.toml").read_text(encoding="utf-8"))
    groups = {group["id"]: _terms(group["term"]) for group in data["group"]}
    return Vocabulary(str(data["version"]), groups, {group["id"]: group["label"] for group in data["group"]})


def _terms(rows: list[dict[str, Any]]) -> dict[str, Term]:
    return {
        row["id"]: Term(
            id=row["id"],
            label=row["label"],
            definition=row["definition"],
            publication_types=tuple(row.get("publication_types", ())),
            level=row.get("level"),
        )
        for row in rows
        if "deprecated_by" not in row
    }
