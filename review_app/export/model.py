"""An article as it leaves the library: everything known of it, in the names and order of the published export."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ExportedArticle:
    """One line of the export. Times and dates are ISO 8601; lists keep the source's order.

    `suggested` and `reviewed` have one shape, whatever the tagging form asks; `reviewed_entry` is the reviewed entry
    whole, with the name and version of its form, whether it is a consensus, and the quotes attached to its values.
    `registry_ids` are written as MEDLINE does: databank, a slash, the accession.
    An export for a reference manager carries no tags: then `suggested` is empty and `study_design` None.
    """

    id: int
    pmid: int | None
    version: int
    title: str
    abstract: str
    sections: list[dict[str, Any]]
    authors: list[dict[str, Any]]
    journal: str | None
    iso_abbreviation: str | None
    volume: str | None
    issue: str | None
    pages: str | None
    year: int | None
    month: int | None
    day: int | None
    medline_date: str | None
    electronic_date: str | None
    doi: str | None
    pmcid: str | None
    language: str | None
    publication_types: list[dict[str, Any]]
    mesh: list[dict[str, Any]]
    keywords: list[str]
    registry_ids: list[str]
    notices: list[dict[str, Any]]
    integrity: str
    status: str | None
    date_revised: str | None
    citation_count: int | None
    study_design: str | None
    study_design_basis: str | None
    retrieved_at: str
    suggested: dict[str, Any]
    reviewed: dict[str, Any] | None
    issn: str | None
    vernacular_title: str | None
    date_completed: str | None
    date_entered: str | None
    reviewed_entry: dict[str, Any] | None
