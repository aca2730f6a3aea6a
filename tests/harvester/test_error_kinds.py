"""What each shape of trouble asks for: another try, half a batch, another plan, or an end. Over sockets."""

import gzip

import pytest
from invented_pubmed import FIRST
from scripted_eutils import efetch, found, pubmed, records
from scripted_server import Step, answer, chunked, reset

from harvester.errors import Fatal, Replan

OUTAGE = b"Search Backend failed: Database is not supported: pubmed"
TOO_FAR = b"Search Backend failed: Exception:\n'retstart' cannot be larger than 9998. For PubMed, ESearch can only"
OUT_OF_RANGE = (
    b"Cannot retrieve history data: OUT OF RANGE. Parameter retstart=1 + 1 is greater than number of records available"
)
NO_DOCSUM = b'<eSummaryResult><DocumentSummarySet status="OK"><!-- DocSum Backend failed --></DocumentSummarySet>'
WHOLE = records(FIRST)


def error(text: bytes, status: str = "200 OK") -> bytes:
    return answer(b'<?xml version="1.0" ?><eFetchResult><ERROR>%b</ERROR></eFetchResult>' % text, status=status)


RETRIED: dict[str, Step] = {
    "429": answer(b'{"error":"API rate limit exceeded","count":"11"}', status="429 Too Many Requests"),
    "429 in a 200": answer(b'{"error":"API rate limit exceeded","api-key":"x","count":"5","limit":"3"}'),
    "500 web page": answer(
        b"<html>NCBI/eutils202 - WWW Error 500 Diagnostic</html>", status="500 Internal Server Error"
    ),
    "502": answer(b"", status="502 Bad Gateway"),
    "503": answer(b"", status="503 Service Unavailable"),
    "outage in a 200": error(OUTAGE),
    "outage in a 400": error(OUTAGE, "400 Bad Request"),
    "history gone": error(b"Unable to obtain query #1"),
    "history gone in a 400": error(b"Unable to obtain query #1", "400 Bad Request"),
    "an error nobody has seen": error(b"TXCLIENT: unexpected EOF"),
    "prolog": answer(b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet>\n'),
    "nothing": answer(b""),
    "web page": answer(b"<!DOCTYPE html><html><body>Maintenance</body></html>"),
    "web page as XHTML": answer(b"<html xmlns='http://www.w3.org/1999/xhtml'><body><p>Blocked</p></body></html>"),
    "no summaries": answer(NO_DOCSUM),
    "closed too early": answer(WHOLE[:-20], length=-1),
    "shorter than promised": answer(WHOLE[:-20], length=len(WHOLE)),
    "chunks cut": chunked(WHOLE[:-20], whole=False),
    "gzip cut": answer(gzip.compress(WHOLE)[:-9], headers="Content-Encoding: gzip\r\n"),
    "reset": reset,
    "packed as nobody asked": answer(WHOLE, headers="Content-Encoding: br\r\n"),
}


@pytest.mark.parametrize("trouble", RETRIED.values(), ids=RETRIED.keys())
def test_what_passes_is_tried_again(trouble: Step) -> None:
    with pubmed(trouble, efetch(FIRST)) as (eutils, server):
        assert [record.pmid for record in eutils.fetch([FIRST]).records] == [FIRST]
        assert len(server.seen) == 2


@pytest.mark.parametrize(
    "text", [b"API rate limit exceeded", b"Unable to obtain query #1", OUTAGE, b"TXCLIENT: unexpected EOF"]
)
@pytest.mark.parametrize("form", [b'{"error":"%b"}', b'{"esearchresult":{"ERROR":"%b"}}', b"<E><ERROR>%b</ERROR></E>"])
def test_it_is_the_same_in_json_and_xml(text: bytes, form: bytes) -> None:
    with pubmed(answer(form % text), found(FIRST)) as (eutils, server):
        assert eutils.search("ketamine").ids == (FIRST,)
        assert len(server.seen) == 2


@pytest.mark.parametrize(
    "trouble",
    [
        answer(b"", status="413 Content Too Large"),
        answer(b"", status="414 Request-URI Too Long"),
        answer(b'{"error":"Too many UIDs in request. Maximum number of UIDs is 500 for JSON format output."}'),
    ],
    ids=["413", "414", "too-many"],
)
def test_what_is_too_much_is_asked_for_in_halves_at_once(trouble: bytes) -> None:
    with pubmed(trouble, efetch(FIRST), efetch(FIRST + 1)) as (eutils, server):
        assert len(eutils.fetch([FIRST, FIRST + 1]).records) == 2
        assert [seen.fields["id"] for seen in server.seen[1:]] == [str(FIRST), str(FIRST + 1)]


@pytest.mark.parametrize("text", [TOO_FAR, OUT_OF_RANGE], ids=["too-far", "out-of-range"])
@pytest.mark.parametrize("status", ["200 OK", "400 Bad Request"])
def test_an_offset_that_is_not_there_is_planned_anew_and_not_asked_again(text: bytes, status: str) -> None:
    for trouble in (error(text, status), answer(b'{"esearchresult":{"ERROR":"%b"}}' % text, status=status)):
        with pubmed(trouble) as (eutils, server):
            with pytest.raises(Replan):
                eutils.search("ketamine", retstart=9_999)
            assert len(server.seen) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        error(b"Invalid uid abc at position=0", "400 Bad Request"),
        error(b"Invalid db name specified: pumbed"),
        error(b"Empty ID list; Nothing to store"),
        error(b"Some IDs have invalid value and were omitted. Maximum ID value 18446744073709551615"),
        answer(b"Mandatory parameter: db - is omitted", status="400 Bad Request"),
        answer(b'{"error":"API key invalid"}', status="400 Bad Request"),
        answer(b"<html>blocked</html>", status="403 Forbidden"),
        answer(b"not here", status="404 Not Found"),
        answer(b"", status="501 Not Implemented"),
    ],
    ids=["uid", "db", "empty", "omitted", "mandatory", "key", "blocked", "elsewhere", "501"],
)
def test_what_is_refused_is_not_asked_again(trouble: bytes) -> None:
    with pubmed(trouble) as (eutils, server):
        with pytest.raises(Fatal, match="refused the request"):
            eutils.fetch([FIRST])
        assert len(server.seen) == 1
