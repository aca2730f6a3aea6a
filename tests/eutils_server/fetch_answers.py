"""efetch and esummary: records and their summaries, by id list or out of the history."""

from collections.abc import Callable, Sequence

from eutils_server.corpus import Corpus
from eutils_server.docsums import json_summary, summary, xml_items, xml_members
from eutils_server.history import History
from eutils_server.medline_text import medline_text
from eutils_server.protocol import (
    ARTICLE_SET_HEAD,
    XML_PROLOG,
    Answer,
    Refused,
    Request,
    element,
    error_answer,
    headed,
    json_answer,
    listed_ids,
    text_answer,
    xml_answer,
)
from eutils_server.search_answers import REACH, too_far

JSON_SUMMARIES = 500
NO_SUMMARY = "cannot get document summary"


class Stop(Exception):
    """An answer that ends the matter before there is anything to list."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer


def chosen(history: History, request: Request) -> Sequence[int]:
    """The PMIDs of the page asked for. Raises Stop with the error PubMed gives, HistoryGone for a lost set."""
    start, size = request.number("retstart", 0), request.number("retmax", REACH)
    if request.has_ids():
        pmids, _ = request.ids()
        if not pmids:
            raise Stop(error_answer(request, "ID list is empty! Possibly it has no correct IDs.", 400))
        return pmids[start : start + size]
    if not (request.get("WebEnv") and request.get("query_key")):
        raise Stop(
            error_answer(request, "Neither query_key nor id specified", 400 if request.tool == "efetch" else 200)
        )
    whole = history.get(request.get("WebEnv"), request.query_key())
    if start >= REACH:
        answer = too_far(request)
        answer.status = 400
        raise Stop(answer)
    if start >= len(whole):
        message = (
            f"Cannot retrieve history data: OUT OF RANGE. Parameter retstart={start} + 1 is greater than number of "
            f"records available in history. History includes {len(whole)} IDs."
        )
        raise Stop(error_answer(request, message, 400))
    # Silently short at the 9,999th: a page that crosses it is clamped and says nothing.
    return whole[start : min(start + size, REACH)]


def efetch(corpus: Corpus, history: History, request: Request) -> Answer:
    """Records in the order asked, each in the exact bytes of its file; a PMID without one is simply absent."""
    rettype, retmode = request.get("rettype").lower(), request.get("retmode").lower()
    form = form_of(rettype, retmode, request.has_ids())
    try:
        return form(corpus, chosen(history, request))
    except Stop as stop:
        return stop.answer


def form_of(rettype: str, retmode: str, by_id: bool) -> Callable[[Corpus, Sequence[int]], Answer]:
    if rettype == "uilist" and not by_id and retmode in ("text", "xml"):
        return uid_lines if retmode == "text" else uid_elements
    if retmode == "text" and rettype == "medline":
        return medline
    if retmode == "xml" and rettype in ("", "null", "xml", "full", "native", "abstract"):
        return article_set
    raise Refused(f"efetch with rettype={rettype!r} and retmode={retmode!r}")


def article_set(corpus: Corpus, pmids: Sequence[int]) -> Answer:
    records = [corpus.records[pmid].raw for pmid in pmids if pmid in corpus.records]
    head = f"{ARTICLE_SET_HEAD}<PubmedArticleSet>\n".encode()
    return Answer(200, head + b"\n".join(records) + b"</PubmedArticleSet>\n")


def medline(corpus: Corpus, pmids: Sequence[int]) -> Answer:
    records = [medline_text(corpus.records[pmid]) for pmid in pmids if pmid in corpus.records]
    return text_answer("".join(f"\n{record}" for record in records), 200)


def uid_lines(corpus: Corpus, pmids: Sequence[int]) -> Answer:
    return text_answer("".join(f"{pmid}\n" for pmid in pmids), 200)


def uid_elements(corpus: Corpus, pmids: Sequence[int]) -> Answer:
    ids = "".join(f"<Id>{pmid}</Id>\n" for pmid in pmids)
    return Answer(200, f"{XML_PROLOG}<IdList>\n{ids}</IdList>\n".encode())


def esummary(corpus: Corpus, history: History, request: Request) -> Answer:
    _, bad = request.ids()
    if bad:
        position = listed_ids(request.get("id")).index(bad[0])
        return error_answer(request, f"Invalid uid {bad[0]} at position= {position}")
    try:
        pmids = chosen(history, request)
    except Stop as stop:
        return stop.answer
    if request.wants_json:
        return json_summaries(corpus, pmids)
    if request.get("version") == "2.0":
        return second_summaries(corpus, pmids)
    return first_summaries(corpus, pmids)


def json_summaries(corpus: Corpus, pmids: Sequence[int]) -> Answer:
    if len(pmids) > JSON_SUMMARIES:
        message = f"Too many UIDs in request. Maximum number of UIDs is {JSON_SUMMARIES} for JSON format output."
        return json_answer(headed("esummary", error=message))
    result: dict[str, object] = {"uids": [str(pmid) for pmid in pmids]}
    for pmid in pmids:
        record = corpus.records.get(pmid)
        result[str(pmid)] = json_summary(summary(record)) if record else {"uid": str(pmid), "error": NO_SUMMARY}
    return json_answer(headed("esummary", result=result))


def second_summaries(corpus: Corpus, pmids: Sequence[int]) -> Answer:
    inside = []
    for pmid in pmids:
        record = corpus.records.get(pmid)
        members = xml_members(summary(record)) if record else element("error", NO_SUMMARY)
        inside.append(f'<DocumentSummary uid="{pmid}">{members}</DocumentSummary>\n')
    body = f'<DocumentSummarySet status="OK">\n{"".join(inside)}</DocumentSummarySet>'
    return Answer(200, f"{XML_PROLOG}<!DOCTYPE eSummaryResult>\n<eSummaryResult>\n{body}\n</eSummaryResult>\n".encode())


def first_summaries(corpus: Corpus, pmids: Sequence[int]) -> Answer:
    inside = []
    for pmid in pmids:
        record = corpus.records.get(pmid)
        if record is None:
            inside.append(f"\t{element('ERROR', f'UID={pmid}: {NO_SUMMARY}')}\n")
        else:
            inside.append(f"<DocSum>\n\t{element('Id', pmid)}\n{xml_items(summary(record))}</DocSum>\n\n")
    return xml_answer("esummary", "\n" + "".join(inside))
