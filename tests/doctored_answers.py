"""Answers of services that have not drifted, by question of `doctor.toml`, and a server that gives them."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from invented_pubmed import FIRST, invented
from scripted_server import ScriptedServer, answer, scripted

UNKNOWN = 99_999_999
TRANSLATION = '"ketamine"[Title/Abstract] AND "depression"[Title/Abstract]'
FIELDS = "UID TIAB MESH SUBS FILT CRDT MDAT EDAT MHDA PDAT ALL".split()
SET = '<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_250101.dtd">'


def search(**result: Any) -> dict[str, Any]:
    found = {"count": "3", "idlist": [str(FIRST + n) for n in (2, 1, 0)], "querytranslation": TRANSLATION}
    return {"esearchresult": found | {"webenv": "MCID_invented", "querykey": "1"} | result}


def summaries(**entries: Any) -> dict[str, Any]:
    known = {str(FIRST + n): {"title": "Invented"} for n in range(3)}
    gone = {str(UNKNOWN + n): {"error": "cannot get document summary"} for n in range(247)}
    return {"result": known | gone | entries}


def article_set(record: str, head: str = SET) -> str:
    return f'<?xml version="1.0" ?>\n{head}\n<PubmedArticleSet>\n{record}</PubmedArticleSet>\n'


def info(fields: list[str], **about: Any) -> dict[str, Any]:
    known = {"dbbuild": "Build-invented", "count": "3", "lastupdate": "", "fieldlist": [{"name": f} for f in fields]}
    return {"einforesult": {"dbinfo": [known | about]}}


def error(text: str) -> str:
    return f"<eFetchResult><ERROR>{text}</ERROR></eFetchResult>"


BEYOND = "Search Backend failed: Exception:\n'retstart' cannot be larger than 9998."
CITATION = {"pmid": FIRST, "citation_count": 4, "relative_citation_ratio": None, "nih_percentile": 50.0}
LABEL = {"setid": "invented-1", "spl_version": "3", "published_date": "Mar 13, 2026", "title": "INVENTED"}
UPDATE = {"DOI": "10.5555/notice", "type": "correction", "updated": {}}
WORK = {"DOI": f"10.5555/invented.{FIRST}", "updated-by": [UPDATE]}
COLUMNS = (
    "Record ID,Title,RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDOI,OriginalPaperPubMedID,"
    "RetractionNature,Reason,\n1,Invented,"
)
# In the order in which they are asked.
GOOD: Mapping[str, Any] = {
    "einfo": info(FIELDS),
    "search": search(),
    "edge": search(idlist=["1"], warninglist={"outputmessages": ["Restrictions achieved. start and count adjusted"]}),
    "beyond": f'{{"esearchresult": {{"ERROR": "{BEYOND}"}}}}',
    "field": search(errorlist={"fieldsnotfound": ["footnotefield"]}),
    "lost": error("Unable to obtain query #1"),
    "fetch": article_set(invented(FIRST)),
    "summaries": summaries(),
    "icite": {"data": [CITATION | {"provisional": False}]},
    "crossref": {"status": "ok", "message": WORK},
    "dailymed": {"data": [LABEL]},
    "retraction_watch": COLUMNS,
}


def as_answer(body: Any, status: str = "200 OK", headers: str = "X-RateLimit-Limit: 3\r\n") -> bytes:
    text = body if isinstance(body, str) else json.dumps(body)
    return answer(text.encode(), status=status, headers=headers)


@contextmanager
def services(**changed: Any) -> Iterator[ScriptedServer]:
    """All services at one address; `changed`: bodies, or whole answers in bytes, by question."""
    given = {**GOOD, **changed}
    with scripted(*(body if isinstance(body, bytes) else as_answer(body) for body in given.values())) as server:
        yield server
