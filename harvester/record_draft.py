"""From what was found in a source's record to an ArticleRecord: alternatives chosen, lists frozen."""

from dataclasses import replace
from typing import Any

from harvester.publication_dates import PublicationDate
from harvester.records import ArticleRecord

_AS_FOUND = frozenset(
    {"pmid", "version", "vernacular_title", "volume", "issue", "pages", "pmcid", "status", "indexing_method"}
    | {"electronic_date", "date_revised", "date_completed"}
)
_LISTS = frozenset({"sections", "languages", "publication_types", "mesh", "keywords", "registry_ids", "notices"})


def settle(found: dict[str, Any], raw: bytes) -> ArticleRecord:
    """The record of an article, a book or a chapter (`book` holds what its book says). Raises ValueError."""
    book = found.get("book", {})
    own_title = found.get("title")
    published = found.get("published") or book.get("published") or found.get("contributed") or PublicationDate()
    kept: dict[str, Any] = {name: found[name] for name in _AS_FOUND if name in found}
    kept.update({name: tuple(found[name]) for name in _LISTS if name in found})
    if "volume" in book:
        kept.setdefault("volume", book["volume"])
    return ArticleRecord(
        title=own_title or book.get("title") or "",
        authors=_authors(found, book),
        journal=found.get("journal") or (book.get("title") if own_title else None) or found.get("short_journal"),
        iso_abbreviation=found.get("iso_abbreviation") or found.get("short_journal"),
        issn=found.get("issn") or found.get("linking_issn"),
        year=published.year,
        month=published.month,
        day=published.day,
        medline_date=published.as_given,
        doi=_doi(found, {} if own_title else book),
        date_entered=found.get("entrez") or found.get("pubmed"),
        raw=raw,
        **kept,
    )


def _authors(found: dict[str, Any], book: dict[str, Any]) -> tuple[Any, ...]:
    authors = tuple(found.get("authors") or book.get("authors") or ())
    # Before 2014 one address stood beside the author list: the first author's.
    if authors and not authors[0].affiliations and "first_affiliation" in found:
        return (replace(authors[0], affiliations=(found["first_affiliation"],)), *authors[1:])
    return authors


def _doi(found: dict[str, Any], book: dict[str, Any]) -> str | None:
    """The article's own DOI before the listed one; a chapter never takes its book's, a book does."""
    invalid = found.get("invalid_dois", ())
    places = (found.get("own_dois", ()), found.get("listed_dois", ()), book.get("own_dois", ()))
    return next((doi for place in places for doi in place if doi not in invalid), None)
