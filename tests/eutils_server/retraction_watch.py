"""The Retraction Watch file, as Crossref publishes it: the rows of `watch` events and nothing else.

As in the live file, header and rows end in an extra comma, dates are American (`8/16/2023 0:00`), a missing PMID is 0,
a missing DOI is `unavailable`, `Unavailable` or nothing, and lists end in `;`, each reason with a leading `+`.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from datetime import date
from typing import Any

from eutils_server.clock import date_of
from eutils_server.protocol import Answer
from eutils_server.today import Today

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,"
    "Reason,Paywalled,Notes,"
).split(",")
MISSING_DOI = ("unavailable", "")
# One after the other by record id, because the live file has all three.
NO_DOI = ("unavailable", "Unavailable", "")


def retraction_watch(today: Today, parts: tuple[str, ...], params: Mapping[str, str]) -> Answer:
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([[row[name] for name in HEADER] for row in watched(today)])
    body = file.getvalue().encode()
    tag = hashlib.sha256(body).hexdigest()[:32]
    return Answer(200, body, "text/plain; charset=utf-8", {"ETag": f'"{tag}"'})


def watched(today: Today) -> list[dict[str, str]]:
    """The rows as of the day, in the order their records came; a later `watch` of one adds to what it said before."""
    said: dict[int, dict[str, Any]] = {}
    for event in today.timeline.happened(today.day):
        number = event.number("record_id")
        if event.do == "unwatch":
            said.pop(number, None)
        elif event.do == "watch":
            said[number] = {"date": f"{date_of(event.day):%Y/%m/%d}", **said.get(number, {}), **event.takes}
    return [row_of(number, values) for number, values in said.items()]


def row_of(number: int, said: Mapping[str, Any]) -> dict[str, str]:
    row = dict.fromkeys(HEADER, "")
    row |= {name: listed(value) for name, value in said.items() if name in HEADER}
    return row | {
        "Record ID": str(number),
        "Title": str(said.get("title", "Invented paper")),
        "Journal": str(said.get("journal", "Invented J")),
        "Author": listed(said.get("authors", [])),
        "ArticleType": listed(said.get("ArticleType", ["Research Article"])),
        "RetractionDate": american(str(said["date"])),
        "RetractionDOI": str(said.get("notice_doi", NO_DOI[number % 3])),
        "RetractionPubMedID": str(said.get("notice_pmid", 0)),
        "OriginalPaperDate": american(str(said.get("paper_date", "2020/01/01"))),
        "OriginalPaperDOI": str(said.get("doi", NO_DOI[number % 3])),
        "OriginalPaperPubMedID": str(said.get("pmid", 0)),
        "RetractionNature": str(said.get("nature", "Retraction")),
        "Reason": listed([f"+{str(reason).removeprefix('+')}" for reason in said.get("reasons", [])]),
        "Paywalled": str(said.get("Paywalled", "No")),
    }


def listed(value: Any) -> str:
    return "".join(f"{one};" for one in value) if isinstance(value, list) else str(value)


def american(text: str) -> str:
    year, month, day = [*map(int, text.replace("-", "/").split("/")), 1, 1][:3]
    return f"{month}/{day}/{year} 0:00"


def us_date(text: str) -> date:
    month, day, year = map(int, text.split(" ")[0].split("/"))
    return date(year, month, day)
