"""From what was found in a source's record to an ArticleRecord: alternatives chosen, lists frozen."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from harvester.publication_dates import PublicationDate
from harvester.records import ArticleRecord, Author

_UNDATED = PublicationDate()


def settle(found: Mapping[str, Any], raw: bytes) -> ArticleRecord:
    """The record of an article, a book or a chapter (`book` holds what its book says). Raises ValueError."""
    get = found.get
    book = get("book", {})
    own_title = get("title")
    published = get("published") or book.get("published") or get("contributed") or _UNDATED
    return ArticleRecord(
        title=own_title or book.get("title") or "",
        pmid=get("pmid"),
        version=get("version", 1),
        vernacular_title=get("vernacular_title"),
        sections=tuple(get("sections", ())),
        authors=_authors(found, book),
        journal=get("journal") or (book.get("title") if own_title else None) or get("short_journal"),
        iso_abbreviation=get("iso_abbreviation") or get("short_journal"),
        issn=get("issn") or get("linking_issn"),
        volume=get("volume") or book.get("volume"),
        issue=get("issue"),
        pages=get("pages"),
        year=published.year,
        month=published.month,
        day=published.day,
        medline_date=published.as_given,
        electronic_date=get("electronic_date"),
        doi=_doi(found, {} if own_title else book),
        pmcid=get("pmcid"),
        languages=tuple(get("languages", ())),
        publication_types=tuple(get("publication_types", ())),
        mesh=tuple(get("mesh", ())),
        keywords=tuple(get("keywords", ())),
        registry_ids=tuple(get("registry_ids", ())),
        notices=tuple(get("notices", ())),
        status=get("status"),
        indexing_method=get("indexing_method"),
        date_revised=get("date_revised"),
        date_completed=get("date_completed"),
        date_entered=get("date_entered"),
        raw=raw,
    )


def _authors(found: Mapping[str, Any], book: Mapping[str, Any]) -> tuple[Author, ...]:
    authors = tuple(found.get("authors") or book.get("authors") or ())
    # Before 2014 one address stood beside the author list: the first author's.
    if "first_affiliation" in found and authors and not authors[0].affiliations:
        return (replace(authors[0], affiliations=(found["first_affiliation"],)), *authors[1:])
    return authors


def _doi(found: Mapping[str, Any], book: Mapping[str, Any]) -> str | None:
    """The article's own DOI before the listed one; a chapter never takes its book's, a book does."""
    invalid = found.get("invalid_dois", ())
    for dois in (found.get("own_dois", ()), found.get("listed_dois", ()), book.get("own_dois", ())):
        for doi in dois:
            if doi not in invalid:
                return str(doi)
    return None
