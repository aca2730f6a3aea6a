"""What a source says of one article: frozen, validated where it enters, no I/O.

Field meanings follow the PubMed DTD (pubmed_250101.dtd); text is plain, with inline markup already resolved.
"""

import re
from dataclasses import dataclass, field
from datetime import date

DOI_SHAPE = re.compile(r"10\.\d{4,9}/\S+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Section:
    """One part of an abstract: the author's label, NLM's category, the text."""

    text: str
    label: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """A person, or a collective (then only `collective` and `affiliations` are set)."""

    last: str | None = None
    fore: str | None = None
    initials: str | None = None
    suffix: str | None = None
    collective: str | None = None
    orcid: str | None = None
    affiliations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicationType:
    ui: str | None
    name: str


@dataclass(frozen=True, slots=True)
class MeshQualifier:
    ui: str | None
    name: str
    major: bool = False


@dataclass(frozen=True, slots=True)
class MeshHeading:
    ui: str | None
    name: str
    major: bool = False
    qualifiers: tuple[MeshQualifier, ...] = ()


@dataclass(frozen=True, slots=True)
class NoticeLink:
    """A CommentsCorrections entry. `is_subject`: this article is what the notice is about (...In)."""

    ref_type: str
    kind: str
    is_subject: bool
    pmid: int | None = None
    source: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RegistryId:
    """An accession in a databank, for example ClinicalTrials.gov and NCT00000000."""

    databank: str
    accession: str


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """One bibliographic record. At least one of PMID, DOI and title is present; `doi` is lower-case."""

    title: str
    pmid: int | None = None
    version: int = 1
    vernacular_title: str | None = None
    sections: tuple[Section, ...] = ()
    authors: tuple[Author, ...] = ()
    journal: str | None = None
    iso_abbreviation: str | None = None
    issn: str | None = None
    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    medline_date: str | None = None
    electronic_date: date | None = None
    doi: str | None = None
    pmcid: str | None = None
    languages: tuple[str, ...] = ()
    publication_types: tuple[PublicationType, ...] = ()
    mesh: tuple[MeshHeading, ...] = ()
    keywords: tuple[str, ...] = ()
    registry_ids: tuple[RegistryId, ...] = ()
    notices: tuple[NoticeLink, ...] = ()
    status: str | None = None
    indexing_method: str | None = None
    date_revised: date | None = None
    date_completed: date | None = None
    date_entered: date | None = None
    raw: bytes | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.pmid is None and self.doi is None and not self.title.strip():
            raise ValueError("a record needs a PMID, a DOI or a title")
        if self.pmid is not None and not 0 < self.pmid < 2**31:
            raise ValueError(f"PMID {self.pmid} is not a positive whole number of at most ten digits")

    @property
    def abstract(self) -> str:
        """The sections joined by a blank line, each after its label and a colon."""
        return "\n\n".join(f"{part.label}: {part.text}" if part.label else part.text for part in self.sections)
