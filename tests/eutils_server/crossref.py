"""Crossref: `/works/{doi}`.

Works are the records with a DOI, deleted ones too, and every DOI of a `crossref` event. `updated-by` (on the paper) and
`update-to` (on the notice) are read from the links of the records as they are today, where both ends have a DOI: that
of the notice's record, or the one in RefSource. Then come the entries of `crossref` events, then one for each row of
the Retraction Watch file that names a DOI for its notice, so that one notice may stand there twice.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

from eutils_server.docsums import slashed
from eutils_server.protocol import Answer, Refused, json_answer, text_answer
from eutils_server.record import Record, contents, element_of
from eutils_server.retraction_watch import MISSING_DOI, us_date, watched
from eutils_server.today import Today, doi_of

# Source: update types of Crossref's Crossmark documentation, by the RefType that says the same.
TYPES = {
    "Retraction": ("retraction", "Retraction"),
    "Erratum": ("correction", "Correction"),
    "ExpressionOfConcern": ("expression_of_concern", "Expression of concern"),
    "RetractedandRepublished": ("retraction", "Retraction"),
    "CorrectedandRepublished": ("correction", "Correction"),
    "Update": ("new_version", "New version"),
}
LINK = re.compile(r"(.+?)(In|Of|For|From)")
WRITTEN_DOI = re.compile(r"\bdoi:\s*(10\.\S+?)\.?(?=\s|$)", re.IGNORECASE)
NATURES = {
    "retraction": "retraction",
    "expression of concern": "expression_of_concern",
    "correction": "correction",
    "reinstatement": "reinstatement",
}


def crossref(today: Today, parts: tuple[str, ...], params: Mapping[str, str]) -> Answer:
    doi = parts[0].lower()
    if not doi:
        raise Refused("Crossref without a DOI")
    record = today.deposited(doi)
    scripted = [event.takes for event in today.events("crossref") if str(event.takes["doi"]).lower() == doi]
    if record is None and not scripted:
        return text_answer("Resource not found.", 404)
    message: dict[str, Any] = {"DOI": doi, "URL": f"https://doi.org/{doi}", "type": "journal-article", "title": []}
    by: list[dict[str, Any]] = []
    to: list[dict[str, Any]] = []
    if record is not None:
        root = element_of(record.raw)
        message |= {"title": contents(root, ".//ArticleTitle")[:1], "container-title": contents(root, ".//Title")[:1]}
        message["published"] = {"date-parts": [parts_of(min(record.dates["PDAT"], default=today.date))]}
        for suffix, entry in record_updates(today, record):
            (by if suffix == "In" else to).append(entry)
    by += [scripted_update(today, takes) for takes in scripted] + watched_updates(today, doi)
    message |= {"updated-by": by} if by else {}
    message |= {"update-to": to} if to else {}
    return json_answer({"status": "ok", "message-type": "work", "message-version": "1.0.0", "message": message})


def record_updates(today: Today, record: Record) -> Iterator[tuple[str, dict[str, Any]]]:
    for link in element_of(record.raw).iterfind("MedlineCitation/CommentsCorrectionsList/CommentsCorrections"):
        kind = LINK.fullmatch(link.get("RefType", ""))
        if kind is None or kind[1] not in TYPES:
            continue
        pmid = link.findtext("PMID")
        other = today.known(int(pmid)) if pmid else None
        in_source = WRITTEN_DOI.search(link.findtext("RefSource") or "")
        doi = (doi_of(other.raw) if other else "") or (in_source[1].lower() if in_source else "")
        notice = other if kind[2] == "In" else record
        if doi:
            when = min(notice.dates["PDAT"], default=today.date) if notice else today.date
            yield kind[2], update(doi, *TYPES[kind[1]], "publisher", when)


def scripted_update(today: Today, takes: Mapping[str, Any]) -> dict[str, Any]:
    kind = str(takes["type"])
    label, source = str(takes.get("label", kind.replace("_", " ").capitalize())), str(takes.get("source", "publisher"))
    entry = update(str(takes.get("notice_doi", takes["doi"])).lower(), kind, label, source, today.date)
    return {**entry, "record-id": takes["record_id"]} if "record_id" in takes else entry


def watched_updates(today: Today, doi: str) -> list[dict[str, Any]]:
    entries = []
    for row in watched(today):
        kind = NATURES.get(row["RetractionNature"].lower())
        notice = row["RetractionDOI"].lower()
        if kind and row["OriginalPaperDOI"].lower() == doi and notice not in MISSING_DOI:
            entry = update(notice, kind, row["RetractionNature"], "retraction-watch", us_date(row["RetractionDate"]))
            entries.append({**entry, "record-id": int(row["Record ID"])})
    return entries


def update(doi: str, kind: str, label: str, source: str, when: date) -> dict[str, Any]:
    moment = datetime(when.year, when.month, when.day, tzinfo=UTC)
    updated = {
        "date-parts": [parts_of(when)],
        "date-time": f"{slashed(when).replace('/', '-')}T00:00:00Z",
        "timestamp": int(moment.timestamp()) * 1000,
    }
    return {"DOI": doi, "type": kind, "label": label, "source": source, "updated": updated}


def parts_of(day: date) -> list[int]:
    return [day.year, day.month, day.day]
