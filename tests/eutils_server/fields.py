"""The search fields, and what PubMed knows beyond the records: `fields.toml` and `vocabulary.toml` as values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from eutils_server.words import plain

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Field:
    """`kind` is empty for a field PubMed has and this server does not search."""

    code: str
    name: str
    flags: str
    tags: tuple[str, ...]
    kind: str


@cache
def all_fields() -> tuple[Field, ...]:
    rows = tomllib.loads((HERE / "fields.toml").read_text(encoding="utf-8"))["field"]
    return tuple(Field(row["code"], row["name"], row["flags"], tuple(row["tags"]), row.get("kind", "")) for row in rows)


@cache
def by_tag() -> Mapping[str, Field]:
    return {tag: field for field in all_fields() for tag in (field.code.lower(), field.name.lower(), *field.tags)}


def field_of(tag: str) -> tuple[Field | None, bool]:
    """(the field a tag means or None, whether narrower terms count too)."""
    name, _, modifier = " ".join(tag.lower().split()).partition(":")
    if modifier not in ("", "noexp"):
        return None, True
    field = by_tag().get(name.strip())
    if modifier and (field is None or "h" not in field.flags):
        return None, True
    return field, not modifier


@cache
def vocabulary() -> Mapping[str, Any]:
    loaded: dict[str, Any] = tomllib.loads((HERE / "vocabulary.toml").read_text(encoding="utf-8"))
    return loaded


@cache
def narrower(code: str, name: str) -> frozenset[str]:
    """A heading or publication type (as `plain` writes it) with all below it that the vocabulary lists."""
    tree = {plain(above): list(map(plain, below)) for above, below in vocabulary()["narrower"].get(code, {}).items()}
    found: set[str] = set()
    waiting = [name]
    while waiting:
        found.add(waiting[-1])
        waiting.extend(below for below in tree.get(waiting.pop(), ()) if below not in found)
    return frozenset(found)


@cache
def known_names(code: str) -> frozenset[str]:
    vocabulary_code = "MESH" if code == "MAJR" else code
    tree = vocabulary()["narrower"].get(vocabulary_code, {})
    listed = {*vocabulary()["known"].get(code, ()), *tree, *(name for below in tree.values() for name in below)}
    return frozenset(map(plain, listed))


@cache
def known_words() -> frozenset[str]:
    return frozenset(vocabulary()["known"]["words"])


@cache
def stopwords() -> frozenset[str]:
    return frozenset(vocabulary()["stopwords"]["words"])
