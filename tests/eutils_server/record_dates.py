"""The date fields of a record; what counts as which date, `record.py` says."""

import re
import xml.etree.ElementTree as ET
from datetime import date

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def date_fields(root: ET.Element, citation: ET.Element) -> dict[str, frozenset[date]]:
    history: dict[str | None, ET.Element] = {}
    for data in ("PubmedData", "PubmedBookData"):
        history |= {entry.get("PubStatus"): entry for entry in root.iterfind(f"{data}/History/PubMedPubDate")}
    published = [
        *citation.iterfind("Article/Journal/JournalIssue/PubDate"),
        *citation.iterfind("Article/ArticleDate"),
        *citation.iterfind("Book/PubDate"),
    ]
    return {
        "PDAT": days(*published),
        "EDAT": days(history.get("pubmed")),
        "CRDT": days(history.get("entrez")),
        "MHDA": days(history.get("medline", history.get("pubmed"))),
        "MDAT": days(citation.find("DateRevised")),
        "CDAT": days(citation.find("DateCompleted")),
    }


def days(*elements: ET.Element | None) -> frozenset[date]:
    found = (day_of(element) for element in elements if element is not None)
    return frozenset(day for day in found if day is not None)


def day_of(element: ET.Element) -> date | None:
    given = element.findtext("MedlineDate") or " ".join(
        element.findtext(part) or "" for part in ("Year", "Month", "Day")
    )
    year = re.search(r"\b(\d{4})\b", given)
    if year is None:
        return None
    month, day = 1, 1
    if rest := re.match(r"\W*(\d{1,2}|[A-Za-z]+)(?:\s+(\d{1,2})\b)?", given[year.end() :]):
        name, number = rest[1], rest[2]
        if name.isdigit():
            month = int(name)
        elif name[:3].lower() in MONTHS:
            month = MONTHS.index(name[:3].lower()) + 1
        else:
            number = None
        day = int(number or 1)
    try:
        return date(int(year[1]), month, day)
    except ValueError:
        return None
