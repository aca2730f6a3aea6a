"""What a study says of itself, and the tags that follow from it. The terms are those of db/vocabulary.toml."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class StudyText:
    """Everything a suggestion may look at. `sections` are (label or None, text) in order."""

    title: str
    sections: tuple[tuple[str | None, str], ...] = ()
    publication_types: tuple[str, ...] = ()
    mesh: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    registry_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a suggestion came from: `source` is title, abstract, publication_type, mesh, keyword or registry_id.

    `section` is the index of the abstract section; `start` and `end` are offsets into that section's text or the title.
    """

    source: str
    words: str
    section: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Intervention:
    molecule: str
    route: str


@dataclass(frozen=True, slots=True)
class Outcome:
    domain: str
    instrument: str | None
    direction: str


@dataclass(frozen=True, slots=True)
class SuggestedTags:
    """One study's tags, each field with the words it came from (`basis`, keyed by field name or by `field:value`).

    `dose` is that of the one intervention; its words stand with the intervention's. `own` are the values of a form as
    the words of its lead change them, by field.
    """

    study_design: str | None
    study_design_basis: str | None  # "publication_type" or "text"
    population: tuple[str, ...]
    interventions: tuple[Intervention, ...]
    comparators: tuple[str, ...]
    sample_size: int | None
    outcomes: tuple[Outcome, ...]
    basis: dict[str, tuple[Basis, ...]]
    dose: str | None = None
    registration: str | None = None
    own: dict[str, Any] = field(default_factory=dict)
