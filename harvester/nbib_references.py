"""MEDLINE text (.nbib, PubMed's "PubMed" format) to article records; Bio.Medline reads the fields.

Field names: NLM, "MEDLINE/PubMed Data Element (Field) Descriptions". `raw` stays empty: an export says less than
PubMed's own record.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, TextIO

from Bio import Medline

from harvester.author_names import author_named
from harvester.identifiers import normal_doi, normal_orcid, normal_pmcid, pmid_number
from harvester.mesh_text import mesh_heading, registry_id
from harvester.not_pubmed import one_line
from harvester.notice_kinds import notice_kind
from harvester.parsed import Parsed, Rejected
from harvester.publication_dates import PublicationDate, date_in_words, publication_date, whole_date
from harvester.record_lines import RecordLines, records_of
from harvester.records import ArticleRecord, Author, NoticeLink, PublicationType, Section
from harvester.stated_ids import stated_pmid
from harvester.stated_standing import standing_in_words, standing_notices

RECOGNISED = re.compile(
    r"(?:[^\n]{0,200}\n){0,5}?PMID ?- ?\d|(?:OWN|STAT|VI|IP|TI|PT|DP|AB|FAU|AU|CN|JT|TA|LID|AID) {0,2}- \S"
)

_BEGINS = re.compile(r"PMID ?- ?")
_BLANK = re.compile(r"$")
_TAG = re.compile(r"([A-Z]{2,4}) {0,2}- ?(.*)")
_DATE = re.compile(r"(\d{4})(?: ([A-Z][a-z]{2}))?(?: (\d{1,2}))?", re.ASCII)
_SOME_DIGITS = re.compile(r"(\d{4})/?(\d\d)/?(\d\d)", re.ASCII)
_DOI_STATED = re.compile(r"(\S+)\s+\[doi\]")  # Bio.Medline joins all of LID to one line
_PMID_CITED = re.compile(r"\s*PMID:\s*(\d+)\.?\s*$", re.ASCII)
_NOTICES = {
    "CIN": "CommentIn",
    "CON": "CommentOn",
    "EIN": "ErratumIn",
    "EFR": "ErratumFor",
    "UIN": "UpdateIn",
    "UOF": "UpdateOf",
    "RIN": "RetractionIn",
    "ROF": "RetractionOf",
    "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf",
    "RPI": "RepublishedIn",
    "RPF": "RepublishedFrom",
    "CRI": "CorrectedandRepublishedIn",
    "CRF": "CorrectedandRepublishedFrom",
    "RRI": "RetractedandRepublishedIn",
    "RRF": "RetractedandRepublishedFrom",
    "ECI": "ExpressionOfConcernIn",
    "ECF": "ExpressionOfConcernFor",
    "SPIN": "SummaryForPatientsIn",
    "ORI": "OriginalReportIn",
}


def read_records(text: TextIO) -> Iterator[Parsed]:
    """The records of a MEDLINE file; one that cannot be read is Rejected with its number and its first line."""
    number, whole, waiting = 0, True, None
    for record in records_of(text, begins=_BEGINS, ends=_BLANK, before_first=False):
        if waiting:
            number, whole = number + 1, whole and _has_source(waiting)
            yield _read(number, waiting)
        waiting = record
    if waiting:
        # PubMed's records end with their source; a last one that does not was cut off.
        waiting.cut = bool(number) and whole and not _has_source(waiting)
        yield _read(number + 1, waiting)


def _has_source(record: RecordLines) -> bool:
    return any(line.startswith("SO  -") for line in record.lines)


def _read(number: int, record: RecordLines) -> Parsed:
    pmid = None
    try:
        if why := record.unusable:
            raise ValueError(why)
        lines = _unfolded(record.lines)
        fields: dict[str, Any] = Medline.read(lines)  # type: ignore[no-untyped-call]
        pmid = stated_pmid(_first(fields, "PMID"))
        return _record(pmid, fields, lines)
    except ValueError as error:
        return Rejected(number, pmid, f"line {record.begins}: {one_line(str(error))}")


def _unfolded(lines: Sequence[str]) -> list[str]:
    """One line a field: Bio.Medline makes two groups of a group's name that goes on in the next line."""
    fields: list[str] = []
    for line in lines:
        if tag := _TAG.match(line):
            fields.append(f"{tag[1]:<4}- {tag[2].strip()}")
        elif line.strip() and fields:
            fields[-1] = f"{fields[-1]} {line.strip()}"
        elif line.strip():
            raise ValueError(f"it begins with “{one_line(line, 40)}”, not with a field")
    return fields


def _record(pmid: int | None, fields: dict[str, Any], lines: Sequence[str]) -> ArticleRecord:
    types = tuple(PublicationType(None, name) for name in _all(fields, "PT"))
    notices = tuple(_notice(ref, text) for tag, ref in _NOTICES.items() for text in _all(fields, tag))
    stated, kinds = standing_in_words(_all(fields, "GN")), {each.kind for each in notices if each.is_subject}
    published, abstract = _published(_first(fields, "DP")), _first(fields, "AB")
    return ArticleRecord(
        title=_first(fields, "TI") or _first(fields, "BTI"),
        pmid=pmid,
        vernacular_title=_first(fields, "TT") or None,
        sections=(Section(abstract),) if abstract else (),
        authors=_authors(lines),
        journal=_first(fields, "JT") or _first(fields, "TA") or None,
        iso_abbreviation=_first(fields, "TA") or None,
        issn=_first(fields, "IS").partition(" ")[0] or None,
        volume=_first(fields, "VI") or None,
        issue=_first(fields, "IP") or None,
        pages=_first(fields, "PG") or None,
        year=published.year,
        month=published.month,
        day=published.day,
        medline_date=published.as_given,
        electronic_date=_day(_first(fields, "DEP")),
        doi=_doi(fields),
        pmcid=normal_pmcid(_first(fields, "PMC")),
        languages=tuple(_all(fields, "LA")),
        publication_types=types,
        mesh=tuple(mesh_heading(text) for text in _all(fields, "MH")),
        keywords=tuple(text.removeprefix("*") for text in _all(fields, "OT")),
        registry_ids=tuple(found for text in _all(fields, "SI") if (found := registry_id(text))),
        notices=(*notices, *standing_notices(stated, types, kinds)),
        status=_first(fields, "STAT") or None,
        date_revised=_day(_first(fields, "LR")),
        date_completed=_day(_first(fields, "DCOM")),
        date_entered=_day(_first(fields, "EDAT") or _first(fields, "CRDT")),
    )


def _all(fields: dict[str, Any], tag: str) -> list[str]:
    value = fields.get(tag, [])
    values = [value] if isinstance(value, str) else value
    return [" ".join(each.split()) for each in values if each.strip()]


def _first(fields: dict[str, Any], tag: str) -> str:
    return next(iter(_all(fields, tag)), "")


def _authors(lines: Sequence[str]) -> tuple[Author, ...]:
    """In their order, each with the addresses that follow; Bio.Medline does not say whose an address is."""
    authors: list[Author] = []
    full: str | None = None
    for line in lines:
        tag, value = line[:4].strip(), line[6:].strip()
        if tag == "FAU":
            authors.append(_full_name(value))
            full = value
        elif tag == "AU":
            short = author_named(value)
            if full is None:
                authors.append(short)
            elif not authors[-1].collective:
                authors[-1] = _with_initials(authors[-1], short)
            full = None
        elif tag == "CN":
            authors.append(Author(collective=value))
        elif tag == "AUID" and authors and "orcid" in value.lower():
            authors[-1] = replace(authors[-1], orcid=normal_orcid(value))
        elif tag == "AD" and authors:
            authors[-1] = replace(authors[-1], affiliations=(*authors[-1].affiliations, value))
    return tuple(authors)


def _with_initials(author: Author, short: Author) -> Author:
    """FAU has the suffix behind the fore name, AU behind the initials: only there it can be told."""
    fore = (author.fore or "").removesuffix(f" {short.suffix}") or None
    return replace(author, fore=fore, initials=author.initials or short.initials, suffix=author.suffix or short.suffix)


def _full_name(text: str) -> Author:
    last, comma, fore = (part.strip() for part in text.partition(","))
    return Author(last=last, fore=fore) if comma and last and fore else author_named(text)


def _published(text: str) -> PublicationDate:
    found = _DATE.fullmatch(text)
    if found is None:
        return date_in_words(text) if text else PublicationDate()
    return publication_date(found[1], found[2] or "", found[3] or "")


def _day(text: str) -> date | None:
    found = _SOME_DIGITS.match(text)
    return whole_date(*found.groups()) if found else None


def _doi(fields: dict[str, Any]) -> str | None:
    """The article's own DOI (LID) before the listed one (AID)."""
    stated = [each for tag in ("LID", "AID") for text in _all(fields, tag) for each in _DOI_STATED.findall(text)]
    return next((doi for text in stated if (doi := normal_doi(text))), None)


def _notice(ref_type: str, text: str) -> NoticeLink:
    kind, is_subject = notice_kind(ref_type)
    cited = _PMID_CITED.search(text)
    words = text[: cited.start()] if cited else text
    return NoticeLink(ref_type, kind, is_subject, pmid_number(cited[1]) if cited else None, words or None)
