"""elink: citations between records, by id list or out of the history.

Served: cmd neighbor, neighbor_history and acheck, from pubmed to pubmed, for the two link names in `LINKS`. PubMed's
other links are computed from more than the records (similar articles) or lead elsewhere, and are refused; so is a
neighbor request that names no link, which PubMed would answer with all of them. acheck lists which of the two a record
has. Limits (term, datetype with mindate and maxdate, reldate) keep those linked records that they find.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eutils_server.citations import citing, references
from eutils_server.corpus import Corpus
from eutils_server.history import History
from eutils_server.protocol import (
    Answer,
    Refused,
    Request,
    element,
    error_answer,
    headed,
    json_answer,
    listed_ids,
    xml_answer,
)
from eutils_server.query_syntax import Malformed, Unsupported
from eutils_server.search_answers import LINK_MENUS, found_by

LIMITS = ("term", "mindate", "maxdate", "reldate")
PRIORITY = 128


def cited_in(corpus: Corpus, pmid: int) -> list[int]:
    return citing(corpus).get(pmid, [])


def refers_to(corpus: Corpus, pmid: int) -> list[int]:
    record = corpus.records.get(pmid)
    return references(record.raw) if record else []


LINKS: Mapping[str, Callable[[Corpus, int], list[int]]] = {
    "pubmed_pubmed_citedin": cited_in,
    "pubmed_pubmed_refs": refers_to,
}


def elink(corpus: Corpus, history: History, request: Request) -> Answer:
    if request.get("dbfrom") not in ("", "pubmed") or request.get("db") not in ("", "pubmed"):
        raise Refused(f"elink from {request.get('dbfrom')!r} to {request.get('db')!r}")
    command = request.get("cmd") or "neighbor"
    if command not in COMMANDS:
        raise Refused(f"elink with cmd={command!r}")
    bad = request.ids()[1]
    if bad:
        position = listed_ids(request.get("id")).index(bad[0])
        return error_answer(request, f"Invalid uid {bad[0]} at position= {position}")
    groups = id_groups(history, request)
    if not any(groups):
        # The wording is ours: what PubMed says to no id at all is not on record.
        return error_answer(request, "Empty id list; nothing to link")
    return COMMANDS[command](corpus, history, request, groups)


def id_groups(history: History, request: Request) -> list[Sequence[int]]:
    """One group for each `id=` given, or the one set out of the history."""
    if not request.has_ids():
        return [history.get(request.get("WebEnv"), request.query_key())] if request.get("WebEnv") else []
    lists = request.id_lists or (request.get("id"),)
    return [[int(one) for one in dict.fromkeys(listed_ids(part))] for part in lists]


def link_name(request: Request) -> str:
    name = request.get("linkname")
    if name not in LINKS:
        asked = f"linkname={name!r}" if name else "no linkname (similar articles among them)"
        raise Refused(f"elink with {asked}; served are {' and '.join(LINKS)}")
    return name


def allowed(corpus: Corpus, history: History, request: Request) -> frozenset[int] | None:
    if not any(request.get(name) for name in LIMITS):
        return None
    try:
        return found_by(corpus, history, request).pmids
    except (Malformed, Unsupported) as error:
        raise Refused(f"query: {error}") from error


def linked(corpus: Corpus, history: History, request: Request, pmids: Sequence[int]) -> list[int]:
    follow, kept = LINKS[link_name(request)], allowed(corpus, history, request)
    found = {other for pmid in pmids for other in follow(corpus, pmid)}
    return sorted(found if kept is None else found & kept, reverse=True)


def neighbor(corpus: Corpus, history: History, request: Request, groups: Sequence[Sequence[int]]) -> Answer:
    name = link_name(request)
    sets = [(pmids, linked(corpus, history, request, pmids)) for pmids in groups]
    if request.wants_json:
        rows = [
            {**head_row(pmids), **({"linksetdbs": [{**link_row(name), "links": texts(found)}]} if found else {})}
            for pmids, found in sets
        ]
        return json_answer(headed("elink", linksets=rows))
    inside = []
    for pmids, found in sets:
        links = "".join(f"\n\t\t<Link>\n\t\t\t{element('Id', pmid)}\n\t\t</Link>" for pmid in found)
        body = f"\n\t<LinkSetDb>{link_elements(name)}{links}\n\t</LinkSetDb>" if found else ""
        inside.append(link_set(pmids, body))
    return xml_answer("elink", "".join(inside))


def neighbor_history(corpus: Corpus, history: History, request: Request, groups: Sequence[Sequence[int]]) -> Answer:
    name, webenv = link_name(request), request.get("WebEnv") or None
    rows, inside = [], []
    for pmids in groups:
        row: dict[str, Any] = head_row(pmids)
        body = f"\n\t<LinkSetDbHistory>{link_elements(name)}\n\t\t<Info>Empty result</Info>\n\t</LinkSetDbHistory>"
        if found := linked(corpus, history, request, pmids):
            webenv, key = history.store(webenv, found)
            row |= {"linksetdbhistories": [{**link_row(name), "querykey": str(key)}], "webenv": webenv}
            body = body.replace("<Info>Empty result</Info>", element("QueryKey", key))
            body += f"\n\t{element('WebEnv', webenv)}"
        rows.append(row)
        inside.append(link_set(pmids, body))
    return json_answer(headed("elink", linksets=rows)) if request.wants_json else xml_answer("elink", "".join(inside))


def acheck(corpus: Corpus, history: History, request: Request, groups: Sequence[Sequence[int]]) -> Answer:
    rows, inside = [], []
    for pmids in groups:
        has = {pmid: [name for name, follow in LINKS.items() if follow(corpus, pmid)] for pmid in pmids}
        sets = [{"id": str(pmid), "linkinfos": [info_row(name) for name in names]} for pmid, names in has.items()]
        rows.append({"dbfrom": "pubmed", "idchecklist": {"idlinksets": sets}})
        checked = "".join(
            f"\n\t\t<IdLinkSet>\n\t\t\t{element('Id', pmid)}{''.join(map(info_element, names))}\n\t\t</IdLinkSet>"
            for pmid, names in has.items()
        )
        body = f"\n\t<IdCheckList>{checked}\n\t</IdCheckList>"
        inside.append(f"\n<LinkSet>\n\t{element('DbFrom', 'pubmed')}{body}\n</LinkSet>\n")
    return json_answer(headed("elink", linksets=rows)) if request.wants_json else xml_answer("elink", "".join(inside))


def texts(pmids: Sequence[int]) -> list[str]:
    return [str(pmid) for pmid in pmids]


def head_row(pmids: Sequence[int]) -> dict[str, Any]:
    return {"dbfrom": "pubmed", "ids": texts(pmids)}


def link_row(name: str) -> dict[str, str]:
    return {"dbto": "pubmed", "linkname": name}


def info_row(name: str) -> dict[str, str]:
    return {**link_row(name), "menutag": menu(name), "htmltag": menu(name), "priority": str(PRIORITY)}


def menu(name: str) -> str:
    return LINK_MENUS[name][0]


def info_element(name: str) -> str:
    tags = (("MenuTag", menu(name)), ("HtmlTag", menu(name)), ("Priority", PRIORITY))
    told = "".join(f"\n\t\t\t\t{element(tag, text)}" for tag, text in tags)
    return f"\n\t\t\t<LinkInfo>{link_elements(name)}{told}\n\t\t\t</LinkInfo>"


def link_elements(name: str) -> str:
    return f"\n\t\t{element('DbTo', 'pubmed')}\n\t\t{element('LinkName', name)}"


def link_set(pmids: Sequence[int], body: str) -> str:
    ids = "".join(f"\n\t\t{element('Id', pmid)}" for pmid in pmids)
    return f"\n<LinkSet>\n\t{element('DbFrom', 'pubmed')}\n\t<IdList>{ids}\n\t</IdList>{body}\n</LinkSet>\n"


COMMANDS: Mapping[str, Callable[[Corpus, History, Request, Sequence[Sequence[int]]], Answer]] = {
    "neighbor": neighbor,
    "neighbor_history": neighbor_history,
    "acheck": acheck,
}
