"""Scripted events: what happens to the records, and to what the neighbours of PubMed say, on which day.

An event file is a JSON list of objects, or TOML with `[[event]]` tables. Every event has `day` (a whole number from 0)
and `do`; those of one day happen in the order of the file, before anybody asks. Hyphens in `do` may be left out.
Day 0 is the state of the baseline. A change sets DateRevised to its day, unless it has `quiet = true`.
Below: `do`: what it needs; what it may take. What the records say then.

- add: pmid, title; ARTICLE. A new record: [crdt] and [edat] are the day ([edat] the publication date when that lies
  more than a year back), Status Publisher unless `status` says. Or pmid, xml: a PubmedArticle as it is.
- revise: pmid; ARTICLE. The new values, DateRevised.
- reword: pmid; ARTICLE. The new values; DateRevised as it was.
- retract: pmid; NOTICE, prefix (text before the title). Retracted Publication and RetractionIn, history date
  "retracted"; the notice has Retraction of Publication and RetractionOf.
- partially-retract: pmid; NOTICE. As `correct`: NLM has called partial retractions errata since October 2016.
- correct: pmid; NOTICE. ErratumIn; the notice has Published Erratum and ErratumFor.
- concern: pmid; NOTICE. ExpressionOfConcernIn; the notice has Expression of Concern and ExpressionOfConcernFor.
- retract-and-replace: pmid; NOTICE (the replacement). Retracted Publication and RetractedandRepublishedIn; the
  replacement has Corrected and Republished Article and RetractedandRepublishedFrom.
- republish: pmid; NOTICE. CorrectedandRepublishedIn; the new one has that type and CorrectedandRepublishedFrom.
- update: pmid; NOTICE. UpdateIn and UpdateOf: a preprint and its article, a review and the next.
- comment: pmid; NOTICE. CommentIn and CommentOn.
- reinstate: pmid. Retracted Publication, title prefix, RetractionIn and ExpressionOfConcernIn are gone; the notices
  stay and lose what pointed here.
- re-index: pmid; mesh, status (MEDLINE), method (Automated). MeSH headings, Status, IndexingMethod, DateCompleted
  and [mhda].
- delete: pmid. No record any more; a DeleteCitation in that day's update file.
- merge: pmid, into. As `delete`: neither record names the other.
- re-add: pmid; ARTICLE. The deleted record again, with its old [crdt].
- vanish: pmid; nights (1). No record for so many days, then as if nothing had been; no update file tells.

ARTICLE: title, abstract (text, or a list of {label, text}), authors (["Lovelace A"]), journal, doi, published
("2030/01/05", day and month optional), types (publication types), keywords, language, status, mesh (names, or
{name, ui, major, qualifiers}), references (PMIDs cited). Titles and abstracts are text, not markup.
NOTICE: notice (its PMID; without one the link has only RefSource text), notice_title, notice_doi, source (RefSource),
quiet. A notice that is no record yet becomes one; one that is there gets the link and the type.

The neighbours, which know of the above only what Crossref and iCite read in the records:

- cite: pmid; absent, and any field of iCite. iCite says so instead of what it counts; absent: it has no such PMID.
- crossref: doi, type; notice_doi, label, source, record_id. One more entry in the DOI's `updated-by`.
- label: setid; title, drug_names, version, published, sections ({LOINC code: text}), removed. A DailyMed label, or its
  next version: what is not said stays, a section of "" goes, `version` is one more; removed = true takes it away.
- watch: record_id; nature (Retraction), pmid, doi, notice_pmid, notice_doi, title, journal, authors, reasons, date,
  paper_date, and any other column by its own name. A row of the Retraction Watch file, or its new values.
- unwatch: record_id. The row is gone.
- reissue: of (a day); pmids. That day's update file is republished under its name, with these records as they are now.
- withhold: of (a day); until (a day). That day's update file is missing from the folder.
- rebaseline: ; lost (PMIDs). A new baseline, named for the next year, takes the place of both folders; it lacks the
  lost records, which no DeleteCitation names.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ARTICLE = frozenset(
    "title abstract authors journal doi published types keywords language status mesh references".split()
)
NOTICE = frozenset({"notice", "notice_title", "notice_doi", "source", "quiet"})
LINKING = ("partially-retract", "correct", "concern", "retract-and-replace", "republish", "update", "comment")
ICITE = frozenset(
    "absent year title authors journal is_research_article relative_citation_ratio nih_percentile human animal "
    "molecular_cellular apt is_clinical citation_count citations_per_year expected_citations_per_year "
    "field_citation_rate provisional x_coord y_coord cited_by_clin cited_by references doi last_modified".split()
)
WATCHED = frozenset(
    "nature pmid doi notice_pmid notice_doi title journal authors reasons date paper_date Subject Institution "
    "Publisher Country URLS ArticleType Paywalled Notes".split()
)
# do: (what it needs, what it also takes)
TAKES: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "add": (frozenset({"pmid"}), ARTICLE | {"xml"}),
    "revise": (frozenset({"pmid"}), ARTICLE | {"quiet"}),
    "reword": (frozenset({"pmid"}), ARTICLE),
    "retract": (frozenset({"pmid"}), NOTICE | {"prefix"}),
    **{do: (frozenset({"pmid"}), NOTICE) for do in LINKING},
    "reinstate": (frozenset({"pmid"}), frozenset({"quiet"})),
    "re-index": (frozenset({"pmid"}), frozenset({"mesh", "status", "method", "quiet"})),
    "delete": (frozenset({"pmid"}), frozenset()),
    "merge": (frozenset({"pmid", "into"}), frozenset()),
    "re-add": (frozenset({"pmid"}), ARTICLE | {"quiet"}),
    "vanish": (frozenset({"pmid"}), frozenset({"nights"})),
    "cite": (frozenset({"pmid"}), ICITE),
    "crossref": (frozenset({"doi", "type"}), frozenset({"notice_doi", "label", "source", "record_id"})),
    "label": (
        frozenset({"setid"}),
        frozenset({"title", "drug_names", "version", "published", "sections", "removed"}),
    ),
    "watch": (frozenset({"record_id"}), WATCHED),
    "unwatch": (frozenset({"record_id"}), frozenset()),
    "reissue": (frozenset({"of"}), frozenset({"pmids"})),
    "withhold": (frozenset({"of"}), frozenset({"until"})),
    "rebaseline": (frozenset(), frozenset({"lost"})),
}
SPELLED = {do.replace("-", ""): do for do in TAKES}
NUMBERS = ("pmid", "notice", "into", "nights", "of", "until", "record_id", "version")


class WrongEvent(Exception):
    """The message says which event of the file and what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Event:
    """`place` is its place in the file, from 1."""

    place: int
    day: int
    do: str
    takes: Mapping[str, Any]

    def number(self, name: str, default: int = 0) -> int:
        return int(self.takes.get(name, default))

    def text(self, name: str, default: str = "") -> str:
        return str(self.takes.get(name, default))

    def wrong(self, why: str) -> WrongEvent:
        return WrongEvent(f"event {self.place} ({self.do} on day {self.day}): {why}")


def read_events(path: Path) -> list[Event]:
    """In the order they happen. Raises WrongEvent for a file that is no list of events this server knows."""
    try:
        text = path.read_text(encoding="utf-8")
        rows = tomllib.loads(text).get("event") if path.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError) as error:
        raise WrongEvent(f"{path}: {error}") from error
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WrongEvent(f"{path}: expected a list of events")
    return sorted((event_of(place, row) for place, row in enumerate(rows, 1)), key=lambda event: event.day)


def event_of(place: int, row: Mapping[str, Any]) -> Event:
    rest = dict(row)
    day, spelled = rest.pop("day", None), str(rest.pop("do", ""))
    do = SPELLED.get(spelled.lower().replace("-", "").replace("_", ""))
    if do is None:
        raise WrongEvent(f"event {place}: do={spelled!r}, expected one of {', '.join(TAKES)}")
    if not whole_number(day):
        raise WrongEvent(f"event {place}: day={day!r}, a whole number from 0 is expected")
    event = Event(place, int(str(day)), do, rest)
    needed, also = TAKES[do]
    if missing := needed - set(rest):
        raise event.wrong(f"needs {', '.join(sorted(missing))}")
    if unknown := set(rest) - needed - also:
        raise event.wrong(f"takes no {', '.join(sorted(unknown))}")
    for name in NUMBERS:
        if name in rest and not whole_number(rest[name]):
            raise event.wrong(f"{name}={rest[name]!r}, a whole number is expected")
    return event


def whole_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
