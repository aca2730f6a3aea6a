import json
from pathlib import Path

import pytest
from scripted_eutils import efetch, found, pubmed, records
from scripted_server import Step, answer

from harvester.errors import Fatal, Replan, Split, Unreachable
from harvester.eutils_answers import SearchAnswer


def test_a_search_gives_the_count_and_what_pubmed_made_of_the_query() -> None:
    translated = '"ketamine"[MeSH Terms] OR "ketamine"[All Fields]'
    step = found(90000002, 90000001, count=63, webenv="MCID_1", querykey="1", querytranslation=translated)
    with pubmed(step) as (eutils, server):
        result = eutils.search("ketamine", retmax=2, use_history=True)
    assert result == SearchAnswer(63, (90000002, 90000001), "MCID_1", 1, translated)
    assert server.seen[0].line == "POST /esearch.fcgi HTTP/1.1"
    assert server.seen[0].fields == {
        "db": "pubmed",
        "tool": "footnote",
        "email": "library@example.org",
        "api_key": "s3cret",
        "term": "ketamine",
        "retmax": "2",
        "retstart": "0",
        "retmode": "json",
        "usehistory": "y",
    }


def test_what_pubmed_did_not_find_is_on_the_answer() -> None:
    step = found(
        count=12,
        querytranslation='ketamine[All Fields] AND "nosuchword"[All Fields]',
        errorlist={"phrasesnotfound": ["nosuchword"], "fieldsnotfound": ["nofield"]},
        warninglist={"quotedphrasesnotfound": ['"no such phrase"[tiab]'], "phrasesignored": ["the"]},
    )
    with pubmed(step) as (eutils, _):
        result = eutils.search("x")
    assert result.not_found == ("nofield", "nosuchword", '"no such phrase"[tiab]')
    assert result.phrases_ignored == ("the",)
    assert result.dropped == ("nofield", '"no such phrase"[tiab]', "the")


@pytest.mark.parametrize(
    "trouble",
    [
        answer(b""),
        answer(b'<?xml version="1.0"?>\n<!DOCTYPE eSearchResult>\n'),
        answer(b"<html><body>Scheduled maintenance</body></html>"),
        answer(b'{"error":"API rate limit exceeded","api-key":"203.0.113.7","count":"4","limit":"3"}'),
        answer(b"<eSearchResult><ERROR>Search Backend failed: Exception: 502 Proxy Error</ERROR></eSearchResult>"),
        answer(b'{"esearchresult":{"ERROR":"Search Backend failed: Database is not supported: pubmed"}}'),
        answer(b'{"esearchresult":{"idlist":[]}}'),
        answer(b'{"header":{}}'),
        answer(b"[]"),
    ],
    ids=["empty", "prolog", "html", "rate", "proxy", "outage", "no-count", "no-result", "list"],
)
def test_a_200_that_is_no_answer_is_never_no_results(trouble: bytes) -> None:
    with pubmed(trouble, trouble, found(90000001)) as (eutils, server):
        assert eutils.search("ketamine").count == 1
        assert len(server.seen) == 3
    with pubmed(trouble) as (eutils, _), pytest.raises(Unreachable):
        eutils.search("ketamine")


def test_the_callers_address_and_key_are_never_repeated() -> None:
    body = b'{"error":"API rate limit exceeded","api-key":"203.0.113.7","count":"4","limit":"3"}'
    with pubmed(answer(body)) as (eutils, _):
        with pytest.raises(Unreachable) as searched:
            eutils.search("ketamine")
        with pytest.raises(Unreachable) as fetched:
            eutils.fetch([90000001])
    assert "rate limit exceeded" in str(searched.value)
    assert "rate limit exceeded" in str(fetched.value)
    assert "203.0.113.7" not in str(searched.value) + str(fetched.value)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("esearch_retstart_9999_RAW_NEWLINE_invalid_json_http200.json", Replan),
        ("esearch_expired_webenv_http200.json", Unreachable),
        ("efetch_expired_webenv.xml", Unreachable),
        ("esearch_search_backend_failed_http200.xml", Unreachable),
        ("esummary_too_many_uids_http200.json", Split),
        ("rate_limit_http429_or_200.json", Unreachable),
    ],
)
def test_errors_as_pubmed_gave_them_are_told_apart(shared_data: Path, name: str, kind: type[Exception]) -> None:
    body = (shared_data / "eutils" / "observed" / name).read_bytes()
    with pubmed(answer(body)) as (eutils, _), pytest.raises(kind):
        eutils.search("ketamine")
    with pubmed(answer(body, status="400 Bad Request")) as (eutils, _), pytest.raises(kind):
        eutils.search("ketamine")


@pytest.mark.shared
def test_an_empty_answer_as_pubmed_gave_it_names_the_phrase(shared_data: Path) -> None:
    body = (shared_data / "eutils" / "observed" / "esearch_not_found_nucleotide.json").read_bytes()
    with pubmed(answer(body)) as (eutils, _):
        result = eutils.search("x")
    assert result.count == 0
    assert result.not_found == ("TB03JUN2009E__Contig_2000",)
    assert result.dropped == ()
    assert result.warnings == ("No items found.",)


@pytest.mark.parametrize(
    "body", [b'{"error":"Invalid uid abc at position= 0"}', b"Mandatory parameter: db - is omitted", b"API key invalid"]
)
def test_a_refused_request_is_not_repeated(body: bytes) -> None:
    with pubmed(answer(body, status="400 Bad Request")) as (eutils, server):
        with pytest.raises(Fatal, match="PubMed refused the request: "):
            eutils.search("ketamine")
        assert len(server.seen) == 1
    with pubmed(answer(b"blocked", status="403 Forbidden")) as (eutils, _), pytest.raises(Fatal, match="HTTP 403"):
        eutils.search("ketamine")


def test_a_list_is_asked_for_by_a_range_of_pmids() -> None:
    with pubmed(found(90000003, 90000001)) as (eutils, server):
        assert eutils.list_pmids("a OR b", 90000001, 90000009) == (90000001, 90000003)
    assert server.seen[0].fields["term"] == "(a OR b) AND 90000001:90000009[uid]"
    assert server.seen[0].fields["retmax"] == "9999"


def test_a_list_that_is_not_whole_is_asked_for_again() -> None:
    with pubmed(found(90000001, count=2), found(90000001, 90000002)) as (eutils, _):
        assert eutils.list_pmids("a", 1, 99999999) == (90000001, 90000002)
    with pubmed(found(90000001, count=2)) as (eutils, _), pytest.raises(Unreachable, match="has 1 of 2"):
        eutils.list_pmids("a", 1, 99999999)
    with pubmed(found(90000001, count=10_000)) as (eutils, _), pytest.raises(Replan):
        eutils.list_pmids("a", 1, 99999999)


def test_records_are_asked_for_by_pmid_once_each() -> None:
    with pubmed(efetch(90000002, 90000001)) as (eutils, server):
        fetched = eutils.fetch([90000002, 90000001, 90000002])
    assert [record.pmid for record in fetched.records] == [90000001, 90000002]
    assert (fetched.missing, fetched.deleted, fetched.rejected) == ((), (), ())
    assert server.seen[0].fields["id"] == "90000001,90000002"
    assert server.seen[0].line == "POST /efetch.fcgi HTTP/1.1"


def test_a_record_that_does_not_come_is_missing_and_not_forgotten() -> None:
    with pubmed(efetch(90000001)) as (eutils, _):
        assert eutils.fetch([90000001, 90000002]).missing == (90000002,)
    with pubmed(efetch()) as (eutils, _):
        assert eutils.fetch([90000001]).missing == (90000001,)


@pytest.mark.parametrize(
    "trouble",
    [
        answer(b'<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet>\n'),
        answer(b"<html><body><p>Blocked</p></body></html>"),
        answer(records(90000001, close=""), length=-1),
        answer(records(90000001)[:150], length=-1),
        answer(records(90000077)),
        answer(b"<eFetchResult><ERROR>Search Backend failed: Database is not supported: pubmed</ERROR></eFetchResult>"),
    ],
    ids=["prolog", "html", "no-end", "cut", "stranger", "outage"],
)
def test_a_body_that_is_not_the_whole_set_asked_for_does_not_count(trouble: bytes) -> None:
    with pubmed(trouble, efetch(90000001)) as (eutils, server):
        assert [record.pmid for record in eutils.fetch([90000001]).records] == [90000001]
        assert len(server.seen) == 2


def _halves(first: bytes) -> list[Step]:
    low, high = range(90000000, 90000020), range(90000020, 90000040)
    return [first, efetch(*low), efetch(*high)]


def test_a_batch_that_is_too_much_is_halved() -> None:
    too_many = answer(b'{"error":"Too many UIDs in request."}')
    with pubmed(*_halves(too_many)) as (eutils, server):
        fetched = eutils.fetch(range(90000000, 90000040))
    assert [record.pmid for record in fetched.records] == list(range(90000000, 90000040))
    assert [seen.fields["id"].count(",") + 1 for seen in server.seen] == [40, 20, 20]


def test_a_batch_that_breaks_off_three_times_is_halved() -> None:
    gateway = answer(b"", status="502 Bad Gateway")
    with pubmed(gateway, gateway, *_halves(gateway)) as (eutils, server):
        assert len(eutils.fetch(range(90000000, 90000040)).records) == 40
    assert len(server.seen) == 5


def test_a_service_that_is_down_is_not_asked_for_ever_smaller_batches() -> None:
    with pubmed(answer(b"", status="503 Service Unavailable")) as (eutils, server):
        with pytest.raises(Unreachable, match="wait a while, then run it again"):
            eutils.fetch(range(90000000, 90000200))
        assert len(server.seen) == 6


def test_a_summary_says_which_records_are_gone() -> None:
    result = {
        "uids": ["90000001", "90000002"],
        "90000001": {"uid": "90000001", "title": "Invented"},
        "90000002": {"uid": "90000002", "error": "cannot get document summary"},
    }
    with pubmed(answer(json.dumps({"result": result}).encode())) as (eutils, _):
        summaries = eutils.summaries([90000002, 90000001])
    assert summaries.titles == {90000001: "Invented"}
    assert summaries.gone == (90000002,)


def test_a_summary_that_lacks_a_record_does_not_make_it_gone() -> None:
    with pubmed(answer(b'{"result":{"uids":[]}}')) as (eutils, _), pytest.raises(Unreachable, match="90000001"):
        eutils.summaries([90000001])


def test_summaries_are_asked_for_five_hundred_at_a_time() -> None:
    wanted = list(range(90000000, 90000501))

    def summary(pmids: list[int]) -> bytes:
        return answer(json.dumps({"result": {str(pmid): {"title": "t"} for pmid in pmids}}).encode())

    with pubmed(summary(wanted[:500]), summary(wanted[500:])) as (eutils, _):
        assert len(eutils.summaries(wanted).titles) == 501


def test_the_database_says_when_it_was_built_and_what_can_be_searched() -> None:
    about = {"dbname": "pubmed", "count": "39", "lastupdate": "2026/02/28 02:11", "fieldlist": [{"name": "UID"}]}
    with pubmed(answer(json.dumps({"einforesult": {"dbinfo": [about]}}).encode())) as (eutils, _):
        info = eutils.info()
    assert (info.count, info.last_update, info.fields) == (39, "2026/02/28 02:11", ("UID",))
