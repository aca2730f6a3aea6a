"""BibTeX and BibLaTeX to article records; bibtexparser reads the entries and the names, accents of LaTeX are decoded.

Fields: the BibTeX manual (btxdoc) and, for `eprint`, `eprinttype`, `date` and `journaltitle`, that of BibLaTeX. `raw`
stays empty: a reference says less than PubMed.
"""

import logging
import re
from collections.abc import Iterator
from datetime import date
from typing import TextIO

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import parsestack
from bibtexparser.middlewares.names import parse_single_name_into_parts, split_multiple_persons_names
from bibtexparser.model import DuplicateFieldKeyBlock, Entry

from harvester.author_names import author_named
from harvester.latex_text import plain
from harvester.mesh_text import mesh_heading
from harvester.not_pubmed import one_line
from harvester.parsed import Parsed, Rejected
from harvester.publication_dates import PublicationDate, date_in_words, month_number, publication_date, year_in
from harvester.record_lines import RecordLines, records_of
from harvester.records import ArticleRecord, Author, PublicationType, Section
from harvester.stated_ids import doi_in, one_pmid, pmcid_in, pmids_in, stated_doi, stated_pmid
from harvester.stated_standing import standing_in_words, standing_notices

RECOGNISED = re.compile(r"(?:\s|%[^\n]*\n)*@[A-Za-z]+\s*[{(]")

_BEGINS = re.compile(r"\s*@[A-Za-z]+\s*[{(]")
_STRING = re.compile(r"\s*@string\b", re.IGNORECASE)
_NO_RECORD = re.compile(r"\s*@(?:comment|preamble|string)\b", re.IGNORECASE)
_PARTS_OF_DATE = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:[T/].*)?", re.ASCII)
_ESCAPED = re.compile(r"\{?\\([_%&#$~])(?:\{\})?\}?")
# What these hold is an address or a name of its own: an underscore or a tilde there is no LaTeX.
_AS_WRITTEN = {"doi", "url", "eprint", "pmid", "pmcid", "author", "editor"}
_NOTES = ("note", "annote", "annotation", "url", "howpublished", "extra")

logging.getLogger("bibtexparser").addHandler(logging.NullHandler())
logging.getLogger("bibtexparser").propagate = False


def read_records(text: TextIO) -> Iterator[Parsed]:
    """The entries of a BibTeX file; one that cannot be read is Rejected with its number and its first line."""
    strings, number = "", 0
    for block in records_of(text, begins=_BEGINS):
        if _STRING.match(block.lines[0]) and not block.unusable:
            more = strings + "\n".join(block.lines) + "\n"
            # One that is doubled or broken would be refused again with every entry.
            if not parse_string(more, parse_stack=[]).failed_blocks:
                strings = more
        if _NO_RECORD.match(block.lines[0]):
            continue
        for parsed in _read(number + 1, block, strings):
            number += 1
            yield parsed


def _read(number: int, block: RecordLines, strings: str) -> Iterator[Parsed]:
    body = "\n".join(block.lines)
    if why := block.unusable:
        yield Rejected(number, None, f"line {block.begins}: {why}")
        return
    library = parse_string(strings + body, parse_stack=parsestack.default_parse_stack())
    for failed in library.failed_blocks:
        why = "its braces or quotes do not close"
        if isinstance(failed, DuplicateFieldKeyBlock):
            why = f"it has two fields named {', '.join(sorted(failed.duplicate_keys))}"
        yield Rejected(number, None, f"line {block.begins}: {why}")
    for place, entry in enumerate(library.entries, number + len(library.failed_blocks)):
        try:
            yield _record(_fields(entry))
        except ValueError as error:
            yield Rejected(place, None, f"line {block.begins}: {one_line(str(error))}")


def _fields(entry: Entry) -> dict[str, str]:
    """The fields by their names in lower case, in plain text; names of people as they stand, for `_authors`."""
    raw = {field.key.lower(): str(field.value) for field in entry.fields}
    return {name: _written(name, value) if name in _AS_WRITTEN else plain(value) for name, value in raw.items()}


def _written(name: str, value: str) -> str:
    return value.strip() if name in ("author", "editor") else _ESCAPED.sub(r"\1", value).strip(" {}\n\t")


def _record(fields: dict[str, str]) -> ArticleRecord:
    abstract, published = fields.get("abstract", ""), _published(fields)
    types = tuple(PublicationType(None, name) for name in _listed(fields.get("publication-types", "")))
    notes = [fields[name] for name in _NOTES if name in fields]
    return ArticleRecord(
        title=fields.get("title", ""),
        pmid=_pmid(fields, notes),
        sections=(Section(abstract),) if abstract else (),
        authors=_authors(fields.get("author", "")),
        journal=_first(fields, "journal", "journaltitle", "fjournal", "booktitle"),
        iso_abbreviation=_first(fields, "shortjournal", "journal-iso", "journal_iso", "iso-source-abbreviation"),
        issn=fields.get("issn", "").split(" ")[0].strip(",;") or None,
        volume=_first(fields, "volume"),
        issue=_first(fields, "number", "issue"),
        pages=fields["pages"].replace("–", "-") if fields.get("pages") else None,
        year=published.year,
        month=published.month,
        day=published.day,
        medline_date=published.as_given,
        doi=stated_doi(fields.get("doi", "")) or next((doi for text in notes if (doi := doi_in(text))), None),
        pmcid=_pmcid(fields, notes),
        languages=tuple(part for part in [_first(fields, "language", "langid")] if part),
        electronic_date=_date(fields.get("electronic-date", "")),
        publication_types=types,
        mesh=tuple(mesh_heading(word) for word in _listed(fields.get("mesh", ""))),
        notices=standing_notices(standing_in_words(notes), types),
        keywords=_keywords(_first(fields, "keywords", "keyword", "author_keywords") or ""),
    )


def _first(fields: dict[str, str], *names: str) -> str | None:
    return next((fields[name] for name in names if fields.get(name)), None)


def _pmid(fields: dict[str, str], notes: list[str]) -> int | None:
    stated = [stated_pmid(plain(fields[name])) for name in ("pmid", "pubmed_id", "pubmedid") if name in fields]
    kind = (_first(fields, "eprinttype", "archiveprefix") or "").lower()
    if kind in ("pubmed", "pmid", "medline") and "eprint" in fields:
        stated.append(stated_pmid(plain(fields["eprint"])))
    return one_pmid([*stated, *(number for text in notes for number in pmids_in(text))])


def _pmcid(fields: dict[str, str], notes: list[str]) -> str | None:
    stated = [fields[name] for name in ("pmcid", "pmc", "eprint") if name in fields]
    return next((found for text in [*stated, *notes] if (found := pmcid_in(text))), None)


def _authors(text: str) -> tuple[Author, ...]:
    """ "Last, First and ..."; a name in braces of its own is a group and is not taken apart."""
    authors = []
    for name in split_multiple_persons_names(" ".join(text.split())) if text else []:
        if name.startswith("{") and name.endswith("}") and "}" not in name[1:-1].replace("{}", ""):
            authors.append(Author(collective=plain(name)))
        elif name.lower() != "others":
            parts = parse_single_name_into_parts(name, strict=False)
            last, fore, jr = (plain(" ".join(part)) for part in (parts.von + parts.last, parts.first, parts.jr))
            authors.append(author_named(", ".join(part for part in (last, fore, jr) if part)))
    return tuple(authors)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(";") if part.strip()]


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _keywords(text: str) -> tuple[str, ...]:
    words = text.split(";") if ";" in text else text.split(",")
    return tuple(dict.fromkeys(word.strip() for word in words if word.strip()))


def _published(fields: dict[str, str]) -> PublicationDate:
    if words := fields.get("medline-date"):
        return date_in_words(words)
    whole = _PARTS_OF_DATE.fullmatch(fields.get("date", ""))
    if whole:
        return publication_date(whole[1], whole[2], whole[3] or "")
    stated = _first(fields, "year", "date") or ""
    year, month = year_in(stated), fields.get("month", "")
    if year is None:
        return PublicationDate(as_given=stated or None)
    named = month.replace("~", " ").split()
    # "3 mar", "mar 3" and "mar" are all in use.
    month = next((part for part in named if month_number(part) and not part.isdigit()), named[0] if named else "")
    day = next((part for part in [*named, fields.get("day", "")] if part.isdigit() and part != month), "")
    return publication_date(str(year), month, day)
