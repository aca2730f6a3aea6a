"""The header row of a CSV: ours, that of PubMed, those of ASReview, Rayyan, Covidence, Zotero, Scopus and Embase."""

import csv
import io
import re
from dataclasses import dataclass

from harvester.not_pubmed import one_line
from harvester.unreadable import UnreadableFile

# What may stand in a header (in lower case, words joined by _), by what it is here; the first is our own word.
NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title", "primary_title", "article_title", "document_title", "titles", "item_title"),
    "pmid": ("pmid", "pubmed_id", "pubmedid", "pubmed_pmid", "medline_pmid", "pm_id"),
    "abstract": ("abstract", "abstract_note", "notes_abstract", "abstracts", "abstract_text"),
    "year": ("year", "publication_year", "published_year", "pub_year", "year_published", "pubyear"),
    "month": ("month", "published_month"),
    "day": ("day",),
    "journal": ("journal", "journal_book", "source_title", "publication_title", "secondary_title", "journal_title"),
    "iso_abbreviation": ("iso_abbreviation", "journal_abbreviation", "abbreviated_source_title", "alternate_title3"),
    "authors": ("authors", "author", "author_names", "first_authors", "author_s"),
    "doi": ("doi", "doi_link"),
    "publication_types": ("publication_types", "publication_type"),
    "mesh": ("mesh", "mesh_terms", "mesh_headings"),
    "volume": ("volume",),
    "issue": ("issue", "number"),
    "pages": ("pages", "pagination"),
    "page_start": ("page_start", "start_page", "first_page"),
    "page_end": ("page_end", "end_page", "last_page"),
    "issn": ("issn",),
    "pmcid": ("pmcid", "pmc_id"),
    "keywords": ("keywords", "author_keywords", "manual_tags"),
    "language": ("language", "languages", "language_of_original_document"),
    "registry_ids": ("registry_ids",),
    "integrity": ("integrity",),
    "date_entered": ("date_entered", "create_date"),
    "vernacular_title": ("vernacular_title",),
    "medline_date": ("medline_date",),
    "citation": ("citation",),
    "url": ("url", "urls", "link"),
    "notes": ("notes", "extra", "note"),
}
COLUMNS = tuple(NAMES)
IDENTIFYING = frozenset({"title", "pmid", "doi"})
_COLUMN = {name: column for column, names in NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Header:
    """`names` is the header as COLUMNS has it, or as the file has it where the column says nothing here."""

    delimiter: str
    names: tuple[str, ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name not in COLUMNS)


def recognise_header(head: str) -> Header:
    """The header at the beginning of a file. Raises UnreadableFile when it names nothing that identifies a record."""
    candidates = [_header(head, mark) for mark in ",;\t"]
    header = max(candidates, key=lambda one: sum(name in COLUMNS for name in one.names))
    if IDENTIFYING.isdisjoint(header.names):
        first = one_line(head.lstrip().partition("\n")[0], 80)
        raise UnreadableFile(
            f"it has no header row with title, pmid or doi, and is none of {FORMATS}; it begins with “{first}”"
        )
    doubled = sorted({name for name in header.names if name in COLUMNS and header.names.count(name) > 1})
    if doubled:
        raise UnreadableFile(f"two columns are named {doubled[0]}; rename one")
    return header


FORMATS = "PubMed XML, MEDLINE .nbib, RIS, EndNote export, BibTeX, JSON lines of Footnote"


def _header(text: str, delimiter: str) -> Header:
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        cells = []
    words = [re.sub(r"[^a-z0-9]+", "_", cell.lower()).strip("_") for cell in cells]
    ours = {word for word in words if word in NAMES}
    names: list[str] = []
    for cell, word in zip(cells, words, strict=True):
        column = _COLUMN.get(word)
        # Of two names for one thing ours is meant, else the first.
        spoken_for = column != word and (column in ours or column in names)
        names.append(cell.strip() if column is None or spoken_for else column)
    return Header(delimiter, tuple(names))
