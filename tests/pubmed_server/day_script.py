"""What a test asks a local PubMed about one record on one day, and the scripts that several tests share."""

import xml.etree.ElementTree as ET
from typing import Any

import httpx
from local_pubmed import LocalPubMed

ARTICLE, NOTICE, OTHER = 90_000_900, 90_000_901, 90_000_902
ADDED: dict[str, Any] = {
    "day": 1,
    "do": "add",
    "pmid": ARTICLE,
    "title": "Zylketamide for mood: an invented trial",
    "abstract": [{"label": "AIM", "text": "To see whether 1 < 2."}, {"text": "It is."}],
    "authors": ["Lovelace A", "Noether E"],
    "journal": "Invented J Mood",
    "doi": "10.5555/Zyl.1",
    "keywords": ["zylketamide"],
    "references": [90_000_001, 90_000_008],
}


def ask(pubmed: LocalPubMed, tool: str, **params: Any) -> httpx.Response:
    return httpx.get(f"{pubmed.url}{tool}.fcgi", params={"db": "pubmed", **params}, timeout=120)


def found(pubmed: LocalPubMed, term: str) -> set[int]:
    answer = ask(pubmed, "esearch", term=term, retmode="json", retmax="9999")
    assert answer.status_code == 200, answer.text
    return {int(pmid) for pmid in answer.json()["esearchresult"]["idlist"]}


def record(pubmed: LocalPubMed, pmid: int) -> ET.Element | None:
    return ET.fromstring(ask(pubmed, "efetch", id=str(pmid), retmode="xml").content).find("PubmedArticle")


def there(pubmed: LocalPubMed, pmid: int) -> ET.Element:
    article = record(pubmed, pmid)
    assert article is not None
    return article


def types(article: ET.Element) -> list[str]:
    return [one.text or "" for one in article.iterfind(".//PublicationType")]


def links(article: ET.Element) -> list[tuple[str, str | None]]:
    return [(one.get("RefType", ""), one.findtext("PMID")) for one in article.iterfind(".//CommentsCorrections")]


def day(article: ET.Element, path: str) -> str:
    element = article.find(path)
    assert element is not None, path
    return "/".join(element.findtext(part) or "" for part in ("Year", "Month", "Day"))
