"""JSON lines of our own export to article records: everything the sources said of an article.

What people or the tagger said of it (`suggested`, `reviewed`, the study design) is no part of a record and is not
imported as a judgement; nor are citation counts, which have a source of their own.
"""

import json
import re
from collections.abc import Iterator
from datetime import date
from typing import Any, TextIO

from harvester.mesh_text import registry_id
from harvester.not_pubmed import one_line
from harvester.notice_kinds import ref_type_of
from harvester.parsed import Parsed, Rejected
from harvester.record_lines import LARGEST_RECORD
from harvester.records import ArticleRecord, Author, MeshHeading, MeshQualifier, NoticeLink, PublicationType, Section
from harvester.stated_ids import stated_doi, stated_pmid
from harvester.stated_standing import standing_notices
from harvester.text_encoding import undecoded

RECOGNISED = re.compile(r"\s*\{\s*\"")
NOTE = "suggested and reviewed tags, study designs and citation counts in it are not imported as judgements of yours"

_KEYS = frozenset({"title", "pmid", "doi"})


def read_records(text: TextIO) -> Iterator[Parsed]:
    """One article a line; a line that cannot be one is Rejected under its line number."""
    number = 0
    while line := text.readline(LARGEST_RECORD + 1):
        number += 1
        if len(line) > LARGEST_RECORD:
            yield Rejected(number, None, f"it is larger than {LARGEST_RECORD >> 20} MB")
            while line and not line.endswith("\n"):
                line = text.readline(LARGEST_RECORD)
        elif line.strip():
            yield _read(number, line)


def _read(number: int, line: str) -> Parsed:
    pmid = None
    try:
        if why := undecoded(line):
            raise ValueError(why)
        said = json.loads(line)
        if not isinstance(said, dict) or _KEYS.isdisjoint(said):
            raise ValueError("it is not an article of `factcheck export --format jsonl`")
        pmid = stated_pmid(str(said.get("pmid") or ""))
        return _record(pmid, said)
    except json.JSONDecodeError as error:
        return Rejected(number, None, f"it is not JSON ({error.msg} at character {error.pos + 1})")
    except (ValueError, RecursionError) as error:
        return Rejected(number, pmid, one_line(str(error)))
    except (TypeError, AttributeError, KeyError) as error:
        return Rejected(number, pmid, f"a field has another shape than in our export ({one_line(str(error), 80)})")


def _record(pmid: int | None, said: dict[str, Any]) -> ArticleRecord:
    types = tuple(PublicationType(part.get("ui"), str(part["name"])) for part in said.get("publication_types") or ())
    return ArticleRecord(
        journal=_text(said, "journal"),
        iso_abbreviation=_text(said, "iso_abbreviation"),
        volume=_text(said, "volume"),
        issue=_text(said, "issue"),
        pages=_text(said, "pages"),
        medline_date=_text(said, "medline_date"),
        pmcid=_text(said, "pmcid"),
        status=_text(said, "status"),
        title=_text(said, "title") or "",
        pmid=pmid,
        version=_number(said, "version") or 1,
        sections=_sections(said),
        authors=tuple(_author(part) for part in said.get("authors") or ()),
        year=_number(said, "year"),
        month=_number(said, "month"),
        day=_number(said, "day"),
        electronic_date=_date(said, "electronic_date"),
        doi=stated_doi(_text(said, "doi") or ""),
        languages=tuple(part for part in (_text(said, "language") or "").split("; ") if part),
        publication_types=types,
        mesh=tuple(_mesh(part) for part in said.get("mesh") or ()),
        keywords=tuple(str(word) for word in said.get("keywords") or ()),
        registry_ids=tuple(found for each in said.get("registry_ids") or () if (found := registry_id(str(each)))),
        notices=_notices(said, types),
        issn=_text(said, "issn"),
        vernacular_title=_text(said, "vernacular_title"),
        date_revised=_date(said, "date_revised"),
        date_completed=_date(said, "date_completed"),
        date_entered=_date(said, "date_entered"),
    )


def _text(said: dict[str, Any], name: str) -> str | None:
    value = said.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name} is not text")
    if value and "\0" in value:
        raise ValueError(f"{name} holds a NUL character")
    return value or None


def _number(said: dict[str, Any], name: str) -> int | None:
    value = said.get(name)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31):
        raise ValueError(f"{name} is not a whole number")
    return value


def _date(said: dict[str, Any], name: str) -> date | None:
    text = _text(said, name)
    return date.fromisoformat(text) if text else None


def _sections(said: dict[str, Any]) -> tuple[Section, ...]:
    sections = said.get("sections")
    if sections is None:
        abstract = _text(said, "abstract")
        return (Section(abstract),) if abstract else ()
    return tuple(Section(str(part["text"]), _text(part, "label"), _text(part, "category")) for part in sections)


def _author(part: dict[str, Any]) -> Author:
    names = {name: _text(part, name) for name in ("last", "fore", "initials", "suffix", "collective", "orcid")}
    return Author(**names, affiliations=tuple(str(each) for each in part.get("affiliations") or ()))


def _mesh(part: dict[str, Any]) -> MeshHeading:
    qualifiers = tuple(
        MeshQualifier(each.get("ui"), str(each["name"]), bool(each.get("major")))
        for each in part.get("qualifiers") or ()
    )
    return MeshHeading(part.get("ui"), str(part["name"]), bool(part.get("major")), qualifiers)


def _notices(said: dict[str, Any], types: tuple[PublicationType, ...]) -> tuple[NoticeLink, ...]:
    notices = []
    for part in said.get("notices") or ():
        kind, is_subject = str(part["kind"]), bool(part["is_subject"])
        pmid = stated_pmid(str(part.get("pmid") or ""))
        notices.append(NoticeLink(ref_type_of(kind, is_subject), kind, is_subject, pmid, _text(part, "source")))
    subjects = {each.kind for each in notices if each.is_subject}
    return (*notices, *standing_notices(_text(said, "integrity"), types, subjects))
