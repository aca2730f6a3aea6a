"""What goes in and out of a tool: a request's parameters, an answer's bytes, and the wrappers each tool has."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape

XML_PROLOG = '<?xml version="1.0" encoding="UTF-8" ?>\n'
DTDS = "https://eutils.ncbi.nlm.nih.gov/eutils/dtd/"
RESULTS = {
    "einfo": ("eInfoResult", "einfo 20190110", "20190110/einfo.dtd"),
    "esearch": ("eSearchResult", "esearch 20060628", "20060628/esearch.dtd"),
    "epost": ("ePostResult", "epost 20090526", "20090526/epost.dtd"),
    "esummary": ("eSummaryResult", "esummary v1 20041029", "20041029/esummary-v1.dtd"),
    "efetch": ("eFetchResult", "efetch 20131226", "20131226/efetch.dtd"),
    "elink": ("eLinkResult", "elink 20101123", "20101123/elink.dtd"),
}
NEIGHBOURS = ("icite", "crossref", "dailymed", "retraction_watch", "files")
ELSEWHERE = ("espell", "egquery", "ecitmatch")
ARTICLE_SET_HEAD = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2025//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">\n'
)
DATABASE_NAMES = """
protein nuccore ipg nucleotide structure genome annotinfo assembly bioproject biosample blastdbinfo books cdd clinvar
gap gapplus grasp dbvar gene gds geoprofiles medgen mesh nlmcatalog omim orgtrack pmc proteinclusters pcassay protfam
pccompound pcsubstance seqannot snp sra taxonomy biocollections gtr
"""
OTHER_DATABASES = frozenset(DATABASE_NAMES.split())


def listed_ids(text: str) -> list[str]:
    """Separated by commas, or by blanks as EDirect's efilter sends them."""
    return text.replace(",", " ").split()


class Refused(Exception):
    """Something PubMed does and this server does not: HTTP 500, the body names it."""


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes
    content_type: str = "text/xml; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """`id_lists`: the `id` parameters one by one, which `params` has as one list."""

    tool: str
    params: Mapping[str, str]
    id_lists: Sequence[str] = ()
    today: date = field(default_factory=lambda: datetime.now(UTC).date())

    def get(self, name: str) -> str:
        return self.params.get(name, "").strip()

    def number(self, name: str, default: int) -> int:
        value = self.get(name)
        if not value:
            return default
        if not value.isdecimal():
            raise Refused(f"{name}={value!r}, a number is expected")
        return int(value)

    def has_ids(self) -> bool:
        return bool(self.get("id"))

    def ids(self) -> tuple[list[int], list[str]]:
        """(PMIDs in the order asked, once each; what is no PMID)."""
        given = listed_ids(self.get("id"))
        good = dict.fromkeys(int(one) for one in given if one.isdecimal() and one.isascii())
        return list(good), [one for one in given if not (one.isdecimal() and one.isascii())]

    def query_key(self) -> int:
        return int(self.get("query_key").removeprefix("#") or 0) if self.get("query_key").strip("#").isdecimal() else 0

    @property
    def wants_json(self) -> bool:
        return self.get("retmode").lower() == "json"


def xml_answer(tool: str, inside: str, status: int = 200) -> Answer:
    root, name, path = RESULTS[tool]
    head = f'{XML_PROLOG}<!DOCTYPE {root} PUBLIC "-//NLM//DTD {name}//EN" "{DTDS}{path}">\n'
    return Answer(status, f"{head}<{root}>{inside}</{root}>\n".encode())


def json_answer(value: Any, status: int = 200) -> Answer:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return Answer(status, body, "application/json; charset=UTF-8")


def headed(tool: str, **content: Any) -> dict[str, Any]:
    return {"header": {"type": tool, "version": "0.3"}, **content}


def text_answer(text: str, status: int) -> Answer:
    return Answer(status, text.encode(), "text/plain; charset=UTF-8")


def error_answer(request: Request, message: str, status: int = 200) -> Answer:
    """An `<ERROR>` in the tool's own root, or its JSON twin; JSON from a neighbour."""
    if request.tool not in RESULTS:
        return json_answer({"error": message}, status)
    if not request.wants_json:
        return xml_answer(request.tool, f"\n\t<ERROR>{escape(message)}</ERROR>\n", status)
    if request.tool == "esearch":
        return json_answer(headed("esearch", esearchresult={"ERROR": message}), status)
    return json_answer(headed(request.tool, error=message), status)


def element(tag: str, text: object) -> str:
    return f"<{tag}>{escape(str(text))}</{tag}>"
