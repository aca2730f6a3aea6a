"""A record's document summary in the three forms of esummary.

Only what the record itself says: members that PubMed counts elsewhere (citations in PMC, views) stay empty, and
`PubStatus` is the record's own word where PubMed gives its number.
"""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import date
from html import escape as attribute
from typing import Any
from xml.sax.saxutils import escape

from eutils_server.protocol import element
from eutils_server.record import Record, content, contents, element_of

STATUS = {
    "MEDLINE": "PubMed - indexed for MEDLINE",
    "PubMed-not-MEDLINE": "PubMed",
    "Publisher": "PubMed - as supplied by publisher",
    "In-Process": "PubMed - in process",
}
ID_NUMBERS = {"pubmed": 1, "doi": 3, "pii": 4, "pmcid": 5}
OTHER_ID = 8


@dataclass(frozen=True, slots=True)
class Summary:
    """Texts by their esummary name, and the lists, rows of which are (name, value) pairs."""

    pmid: int
    texts: dict[str, str]
    authors: list[str]
    languages: list[str]
    types: list[str]
    ids: list[tuple[str, str]]
    history: list[tuple[str, str]]
    references: list[dict[str, str]]
    has_abstract: bool


def summary(record: Record) -> Summary:
    root = element_of(record.raw)
    citation = root.find("MedlineCitation")
    citation = root.find("BookDocument") if citation is None else citation
    if citation is None:
        raise ValueError(f"{record.pmid} has no citation")
    authors = [author_of(one) for one in citation.iterfind(".//AuthorList/Author") if one.get("ValidYN", "Y") == "Y"]
    return Summary(
        pmid=record.pmid,
        texts=texts_of(root, citation, record, authors),
        authors=authors,
        languages=contents(citation, "Article/Language", "Language"),
        types=contents(citation, "Article/PublicationTypeList/PublicationType", "PublicationType"),
        ids=[
            (one.get("IdType", ""), content(one))
            for path in ("PubmedData/ArticleIdList/ArticleId", "PubmedBookData/ArticleIdList/ArticleId")
            for one in root.iterfind(path)
        ],
        history=[(one.get("PubStatus", ""), moment(one)) for one in root.iterfind("*/History/PubMedPubDate")],
        references=[
            {
                "refsource": one.findtext("RefSource") or "",
                "reftype": spoken(one.get("RefType", "")),
                "pmid": one.findtext("PMID") or "",
                "note": one.findtext("Note") or "",
            }
            for one in citation.iterfind("CommentsCorrectionsList/CommentsCorrections")
            if one.get("RefType") != "Cites"
        ],
        has_abstract="hasabstract" in record.names["FILT"],
    )


def texts_of(root: ET.Element, citation: ET.Element, record: Record, authors: list[str]) -> dict[str, str]:
    def first(*paths: str) -> str:
        return next((text for text in contents(root, *paths) if text), "")

    article, journal = "MedlineCitation/Article/", "MedlineCitation/Article/Journal/"
    issue = journal + "JournalIssue/"
    dates = sorted(record.dates["PDAT"])
    doi = next((content(one) for one in citation.iterfind("Article/ELocationID[@EIdType='doi']")), "")
    texts = {
        "PubDate": written(citation.find("Article/Journal/JournalIssue/PubDate")),
        "EPubDate": written(citation.find("Article/ArticleDate")),
        "Source": first("MedlineCitation/MedlineJournalInfo/MedlineTA"),
        "LastAuthor": authors[-1] if authors else "",
        "Title": first(article + "ArticleTitle", "BookDocument/ArticleTitle", "BookDocument/Book/BookTitle"),
        "Volume": first(issue + "Volume"),
        "Issue": first(issue + "Issue"),
        "Pages": first(article + "Pagination/MedlinePgn"),
        "NlmUniqueID": first("MedlineCitation/MedlineJournalInfo/NlmUniqueID"),
        "ISSN": first(journal + "ISSN[@IssnType='Print']"),
        "ESSN": first(journal + "ISSN[@IssnType='Electronic']"),
        "RecordStatus": STATUS.get(citation.get("Status", ""), ""),
        "PubStatus": first("PubmedData/PublicationStatus", "PubmedBookData/PublicationStatus"),
        "PmcRefCount": "",
        "FullJournalName": first(journal + "Title"),
        "ELocationID": f"doi: {doi}" if doi else "",
        "DocType": "citation" if root.tag == "PubmedArticle" else "chapter",
        "BookTitle": first("BookDocument/Book/BookTitle"),
        "SortPubDate": f"{slashed(dates[0])} 00:00" if dates else "",
        "SortFirstAuthor": authors[0] if authors else "",
        "VernacularTitle": first(article + "VernacularTitle"),
    }
    pages = f":{texts['Pages']}" if texts["Pages"] else ""
    number = f"({texts['Issue']})" if texts["Issue"] else ""
    texts["SO"] = f"{texts['PubDate']};{texts['Volume']}{number}{pages}"
    return texts


def author_of(author: ET.Element) -> str:
    collective = author.find("CollectiveName")
    if collective is not None:
        return content(collective)
    parts = (author.findtext("LastName"), author.findtext("Initials"), author.findtext("Suffix"))
    return " ".join(part for part in parts if part)


def written(element: ET.Element | None) -> str:
    if element is None:
        return ""
    parts = (element.findtext(part) for part in ("MedlineDate", "Year", "Season", "Month", "Day"))
    return " ".join(part for part in parts if part)


def slashed(day: date) -> str:
    return f"{day.year}/{day.month:02}/{day.day:02}"


def moment(element: ET.Element) -> str:
    year, month, day, hour, minute = (
        int(element.findtext(part) or 0) for part in ("Year", "Month", "Day", "Hour", "Minute")
    )
    return f"{year}/{month:02}/{day:02} {hour:02}:{minute:02}"


def spoken(kind: str) -> str:
    """`RetractionIn` as PubMed writes it in summaries: "Retraction in"."""
    return re.sub(r"(?<=[a-z])([A-Z])", lambda found: f" {found[1].lower()}", kind)


def json_summary(one: Summary) -> dict[str, Any]:
    texts = {name.lower(): text for name, text in one.texts.items() if name != "SO"}
    return {
        "uid": str(one.pmid),
        **texts,
        "authors": [{"name": name, "authtype": "Author", "clusterid": ""} for name in one.authors],
        "lang": one.languages,
        "pubtype": one.types,
        "articleids": [
            {"idtype": kind, "idtypen": ID_NUMBERS.get(kind, OTHER_ID), "value": value} for kind, value in one.ids
        ],
        "history": [{"pubstatus": status, "date": when} for status, when in one.history],
        "references": [{**row, "pmid": int(row["pmid"]) if row["pmid"] else ""} for row in one.references],
        "attributes": ["Has Abstract"] if one.has_abstract else [],
    }


def xml_members(one: Summary) -> str:
    texts = "".join(element(name, text) for name, text in one.texts.items() if name != "SO")
    authors = "".join(f"<Author>{element('Name', name)}<AuthType>Author</AuthType></Author>" for name in one.authors)
    ids = "".join(
        f"<ArticleId>{element('IdType', kind)}{element('IdTypeN', ID_NUMBERS.get(kind, OTHER_ID))}"
        f"{element('Value', value)}</ArticleId>"
        for kind, value in one.ids
    )
    history = "".join(
        f"<PubMedPubDate>{element('PubStatus', status)}{element('Date', when)}</PubMedPubDate>"
        for status, when in one.history
    )
    tags = {"refsource": "RefSource", "reftype": "RefType", "pmid": "PMID", "note": "Note"}
    references = "".join(
        "<Reference>" + "".join(element(tags[name], value) for name, value in row.items()) + "</Reference>"
        for row in one.references
    )
    return (
        f"{texts}<Authors>{authors}</Authors>"
        f"<Lang>{''.join(element('string', language) for language in one.languages)}</Lang>"
        f"<PubType>{''.join(element('flag', kind) for kind in one.types)}</PubType>"
        f"<ArticleIds>{ids}</ArticleIds><History>{history}</History><References>{references}</References>"
        f"<Attributes>{'<flag>Has Abstract</flag>' if one.has_abstract else ''}</Attributes>"
    )


def xml_items(one: Summary) -> str:
    """Version 1.0: `Item` elements that carry their names."""
    texts = one.texts
    named = "PubDate EPubDate Source LastAuthor Title Volume Issue Pages NlmUniqueID ISSN ESSN RecordStatus PubStatus"
    plain_names = (*named.split(), "FullJournalName", "ELocationID", "SO")
    dates = ("PubDate", "EPubDate")
    rows = [item(name, "Date" if name in dates else "String", texts[name]) for name in plain_names]
    rows += [
        items("AuthorList", [("Author", "String", name) for name in one.authors]),
        items("LangList", [("Lang", "String", language) for language in one.languages]),
        items("PubTypeList", [("PubType", "String", kind) for kind in one.types]),
        items("ArticleIds", [(kind, "String", value) for kind, value in one.ids]),
        items("History", [(status, "Date", when) for status, when in one.history]),
        items("References", [(row["reftype"], "String", row["refsource"]) for row in one.references]),
        item("HasAbstract", "Integer", "1" if one.has_abstract else "0"),
    ]
    return "".join(f"\t{row}\n" for row in rows)


def item(name: str, kind: str, text: str) -> str:
    return f'<Item Name="{attribute(name)}" Type="{kind}">{escape(text)}</Item>'


def items(name: str, rows: list[tuple[str, str, str]]) -> str:
    return f'<Item Name="{name}" Type="List">{"".join(item(*row) for row in rows)}</Item>'
