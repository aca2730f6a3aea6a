"""How each check of `doctor.toml` looks at an answer: a function by its `kind`, which says what it found.

It raises `Drifted` when that is not what the client and the local PubMed assume, `Unchecked` when it cannot be told.
"""

import csv
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from harvester.errors import HarvestError, Retry
from harvester.eutils_answers import SearchAnswer, error_text, info_answer, json_object, search_answer
from harvester.listing import lost_terms
from harvester.pubmed_xml import NotPubMedXml, parse_answer
from harvester.records import ArticleRecord
from harvester.topic import TopicFile
from harvester.translation import TERM
from harvester.transport import Response

DOCUMENT_TYPE = re.compile(rb"<!DOCTYPE[^>]*?([\w.]+\.dtd)")
ROOT = re.compile(rb"<([A-Za-z]\w*)[\s/>]")
ELEMENT = re.compile(rb"<([A-Za-z][\w.:-]*)")


class Drifted(Exception):
    """What was found in place of what is expected."""


class Unchecked(Exception):
    """Why it could not be checked."""


@dataclass(slots=True)
class Known:
    """What is known beforehand, and what the answer to the search adds. `last`: translation of the last complete run
    (None: there is none, and `no_last` says why)."""

    topic: TopicFile
    unknown: int
    keyed: bool = False
    last: str | None = None
    no_last: str = "there is no library yet"
    pmids: tuple[int, ...] = ()
    doi: str | None = None

    @property
    def pmid(self) -> int:
        """The oldest article named: its record is the least likely to be in the making."""
        return min(self.pmids)

    @property
    def ids(self) -> tuple[int, ...]:
        """250 PMIDs: what the topic's search named, the unknown one, and numbers above it that are as unknown."""
        named = self.pmids[:249]
        return (*named, *range(self.unknown, self.unknown + 250 - len(named)))


def looked_at(kind: str, answer: Response, expects: list[Any], known: Known) -> str:
    """What a check found, as expected. Raises `Drifted`, `Unchecked`, or KeyError for a kind that there is not."""
    try:
        return CHECKS[kind](answer, expects, known)
    except (Retry, HarvestError, NotPubMedXml) as error:
        raise Drifted(f"HTTP {answer.status}: {error}") from error


def search_fields(answer: Response, expects: list[Any], _known: Known) -> str:
    fields = info_answer(json_object(answer.body, "PubMed")).fields
    if missing := [name for name in expects if name not in fields]:
        raise Drifted(f"{', '.join(missing)} not among the {len(fields)} fields")
    return f"all {len(expects)}, among {len(fields)} fields"


def build(answer: Response, _expects: list[Any], _known: Known) -> str:
    about = _object(_object(json_object(answer.body, "PubMed")).get("einforesult")).get("dbinfo")
    about = _object(about[0] if isinstance(about, list) and about else about)
    if not about.get("dbbuild") or not str(about.get("count", "")).isdecimal():
        raise Drifted(f"build {about.get('dbbuild')!r}, count {about.get('count')!r}")
    return f"{about['dbbuild']}, {int(about['count']):,} records"


def history(answer: Response, _expects: list[Any], _known: Known) -> str:
    found = _searched(answer)
    if not found.web_env or found.query_key != 1:
        raise Drifted(f"WebEnv {found.web_env or 'missing'}, query key {found.query_key or 'missing'}")
    return "both"


def terms(answer: Response, _expects: list[Any], known: Known) -> str:
    found = _searched(answer)
    lost = lost_terms(found, known.topic)
    if lost or not found.count:
        raise Drifted(f"it drops {', '.join(lost)}" if lost else "no article is found")
    unknown = len(found.not_found)
    return f"{found.count:,} articles" + (f"; {unknown} terms unknown, which does no harm" if unknown else "")


def translation(answer: Response, _expects: list[Any], known: Known) -> str:
    found = _searched(answer)
    if known.last is None:
        raise Unchecked(known.no_last)
    if found.query_translation != known.last:
        raise Drifted(_difference(known.last, found.query_translation))
    return "the same"


def rate(answer: Response, expects: list[Any], known: Known) -> str:
    if answer.rate is None:
        raise Unchecked("the answer does not say (X-RateLimit-Limit)")
    if answer.rate < expects[known.keyed]:
        raise Drifted(f"{answer.rate} a second")
    return f"{answer.rate} a second"


def edge(answer: Response, expects: list[Any], _known: Known) -> str:
    found = _searched(answer)
    warned = any(expects[0] in warning for warning in found.warnings)
    if not warned or len(found.ids) > 1:
        raise Drifted(f"{len(found.ids)} PMIDs, {'a' if warned else 'no such'} warning")
    return f"{len(found.ids)} PMID{'' if len(found.ids) == 1 else 's'}, the warning"


def error_says(answer: Response, expects: list[Any], _known: Known) -> str:
    if expects[0].lower() not in (text := error_text(answer.body)).lower():
        raise Drifted(f"HTTP {answer.status}: {_short(text) or 'nothing'}")
    return f"HTTP {answer.status}: … {expects[0]} …"


def dropped_field(answer: Response, expects: list[Any], _known: Known) -> str:
    found = _searched(answer)
    if not any(expects[0] in field for field in found.fields_not_found):
        raise Drifted(f"fields not found: {', '.join(found.fields_not_found) or 'none'}")
    return f"{', '.join(found.fields_not_found)} not found"


def record(answer: Response, expects: list[Any], known: Known) -> str:
    root = next((name[1] for name in ROOT.finditer(answer.body)), b"").decode("ascii", "replace")
    if root != expects[0]:
        raise Drifted(f"HTTP {answer.status}: <{root}> {_short(error_text(answer.body))}")
    read = parse_answer(answer.body)
    if read.rejected:
        raise Drifted(f"PMID {read.rejected[0].pmid} cannot be read: {read.rejected[0].reason}")
    if (found := _of(read.records, known.pmid)) is None:
        raise Drifted(f"PMID {known.pmid} is not in it")
    known.doi = found.doi
    if not found.title or not found.journal or found.year is None:
        raise Drifted(f"PMID {found.pmid} without title, journal or year")
    return f"PMID {found.pmid}, {len(answer.body):,} bytes"


def document_type(answer: Response, expects: list[Any], _known: Known) -> str:
    found = DOCUMENT_TYPE.search(answer.body)
    name = found[1].decode("ascii") if found else "none"
    if name not in expects:
        raise Drifted(name)
    return name


def elements(answer: Response, expects: list[Any], _known: Known) -> str:
    names = {name.decode("ascii", "replace") for name in ELEMENT.findall(answer.body)}
    if new := sorted(name for name in names - set(expects) if not name.startswith("mml:")):
        raise Drifted(f"new: {', '.join(new[:10])}")
    return f"{len(names)} known ones"


def absent(answer: Response, _expects: list[Any], known: Known) -> str:
    read = parse_answer(answer.body)
    if _of(read.records, known.unknown) is not None:
        raise Drifted(f"PMID {known.unknown} has a record")
    return "absent"


def no_summary(answer: Response, expects: list[Any], known: Known) -> str:
    entry = _object(_summaries(answer).get(str(known.unknown)))
    if expects[0] not in str(entry.get("error", "")):
        raise Drifted(f"PMID {known.unknown}: {_short(str(entry)) or 'nothing'}")
    return "so it says"


def all_answered(answer: Response, _expects: list[Any], known: Known) -> str:
    result = _summaries(answer)
    answered = sum(str(pmid) in result for pmid in known.ids)
    if answered != len(known.ids):
        raise Drifted(f"{answered} of {len(known.ids)}")
    return f"all {answered}"


def citations(answer: Response, expects: list[Any], _known: Known) -> str:
    rows = _rows(answer, "iCite", "it knows none of these PMIDs")
    lacking = [name for name in expects if name not in rows[0]]
    if lacking or not all(isinstance(row.get("citation_count"), int | None) for row in rows):
        raise Drifted(f"without {', '.join(lacking)}" if lacking else "counts that are no whole numbers")
    return f"counts of {len(rows)} articles"


def work(answer: Response, expects: list[Any], known: Known) -> str:
    if answer.status == 404:
        raise Unchecked(f"Crossref does not know {known.doi}")
    message = _object(json_object(answer.body, "Crossref").get("message"))
    if str(message.get("DOI", "")).lower() != (known.doi or "").lower():
        raise Drifted(f"HTTP {answer.status}: DOI {message.get('DOI', 'missing')}")
    updates = message.get("updated-by") or []
    if any(name not in _object(update) for update in updates for name in expects):
        raise Drifted(f"an update without one of {', '.join(expects)}")
    return f"the work, {len(updates)} updates"


def labels(answer: Response, expects: list[Any], _known: Known) -> str:
    rows = _rows(answer, "DailyMed", "it lists no label of that name")
    if lacking := [name for name in expects if name not in rows[0]]:
        raise Drifted(f"without {', '.join(lacking)}")
    try:
        datetime.strptime(str(rows[0]["published_date"]), "%b %d, %Y")  # noqa: DTZ007 -- a day, not a moment
        int(rows[0]["spl_version"])
    except (TypeError, ValueError):
        raise Drifted(f"version {rows[0]['spl_version']}, date {rows[0]['published_date']}") from None
    return f"{len(rows)} labels"


def columns(answer: Response, expects: list[Any], _known: Known) -> str:
    first = answer.body.decode("utf-8-sig", "replace").split("\n", 1)[0].strip()
    header = next(csv.reader([first]), [])
    if missing := [name for name in expects if name not in header]:
        raise Drifted(f"HTTP {answer.status}: without {', '.join(missing)}")
    return f"all {len(expects)}, among {len([name for name in header if name])} columns"


def _searched(answer: Response) -> SearchAnswer:
    return search_answer(json_object(answer.body, "PubMed"))


def _summaries(answer: Response) -> Mapping[str, Any]:
    return _object(json_object(answer.body, "PubMed").get("result"))


def _rows(answer: Response, name: str, none: str) -> list[Mapping[str, Any]]:
    data = json_object(answer.body, name).get("data")
    if not isinstance(data, list) or not all(isinstance(row, dict) for row in data):
        raise Drifted(f"HTTP {answer.status}: no list of data")
    if not data:
        raise Unchecked(none)
    return data


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _of(records: tuple[ArticleRecord, ...], pmid: int) -> ArticleRecord | None:
    return next((each for each in records if each.pmid == pmid), None)


def _difference(old: str, new: str) -> str:
    was, now = TERM.findall(old), TERM.findall(new)
    parts = [f"now with {term}" for term in now if term not in was] + [
        f"no longer with {term}" for term in was if term not in now
    ]
    return "; ".join(parts[:5]) or "the same terms, joined in another way"


def _short(text: str) -> str:
    return " ".join(text.split())[:100]


Check = Callable[[Response, list[Any], Known], str]
CHECKS: Mapping[str, Check] = {
    each.__name__: each
    for each in (
        *(search_fields, build, history, terms, translation, rate, edge, error_says, dropped_field, record),
        *(document_type, elements, absent, no_summary, all_answered, citations, work, labels, columns),
    )
}
