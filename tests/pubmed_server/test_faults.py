"""Every scripted fault as a client meets it, and only at the request it was scripted for."""

import http.client
import json
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import httpx
import pytest
from eutils_server.faults import read_faults
from local_pubmed import LocalPubMed

FETCH = {"db": "pubmed", "id": "90000001,90000008,90000015", "retmode": "xml"}


def fetches(records_file: Path, fault: dict[str, Any], times: int = 2) -> list[httpx.Response | httpx.HTTPError]:
    answers: list[httpx.Response | httpx.HTTPError] = []
    with LocalPubMed([records_file], faults=[{"endpoint": "efetch", "nth": 1, **fault}]) as server:
        for _ in range(times):
            with httpx.Client(base_url=server.url, timeout=120) as client:
                try:
                    answers.append(client.get("efetch.fcgi", params=FETCH))
                except httpx.HTTPError as error:
                    answers.append(error)
        assert server.journal()[0]["fault"] == fault["do"]
    last = answers[-1]
    assert isinstance(last, httpx.Response)
    assert last.text.count("<PubmedArticle>") == 3
    return answers


def answered(answer: httpx.Response | httpx.HTTPError) -> httpx.Response:
    assert isinstance(answer, httpx.Response)
    return answer


def test_a_status_with_its_body_for_as_long_as_scripted(records_file: Path) -> None:
    fault = {"do": "status", "status": 500, "body": "WWW Error 500 Diagnostic", "times": 2}
    first, second, _ = map(answered, fetches(records_file, fault, times=3))
    assert (first.status_code, second.status_code, second.text) == (500, 500, "WWW Error 500 Diagnostic")


@pytest.mark.parametrize("status", [429, 200])
def test_the_rate_limit_answer_also_with_a_200(status: int, records_file: Path) -> None:
    first = answered(fetches(records_file, {"do": "rate_limit", "status": status})[0])
    assert (first.status_code, first.json()["error"]) == (status, "API rate limit exceeded")


def test_an_html_page(records_file: Path) -> None:
    first = answered(fetches(records_file, {"do": "html"})[0])
    assert (first.status_code, first.headers["content-type"]) == (200, "text/html; charset=UTF-8")
    assert "Maintenance" in first.text


def test_a_prolog_and_nothing_else(records_file: Path) -> None:
    first = answered(fetches(records_file, {"do": "prolog"})[0])
    assert "<!DOCTYPE PubmedArticleSet" in first.text
    assert "<PubmedArticleSet" not in first.text


def test_an_error_element(records_file: Path) -> None:
    message = "Search Backend failed: Database is not supported: pubmed"
    first = answered(fetches(records_file, {"do": "error", "message": message})[0])
    assert f"<eFetchResult>\n\t<ERROR>{message}</ERROR>" in first.text


@pytest.mark.parametrize("do", ["truncate", "truncate_chunked"])
def test_a_body_cut_short_that_a_client_notices(do: str, records_file: Path) -> None:
    first = fetches(records_file, {"do": do, "keep": 400})[0]
    assert isinstance(first, httpx.RemoteProtocolError)


def test_a_body_cut_short_that_no_client_notices(records_file: Path) -> None:
    first = answered(fetches(records_file, {"do": "truncate_close", "keep": 400})[0])
    assert len(first.content) == 400
    assert "content-length" not in first.headers


def test_a_gzip_body_cut_short(records_file: Path) -> None:
    first = fetches(records_file, {"do": "truncate_gzip", "keep": 200})[0]
    if isinstance(first, httpx.Response):
        assert "</PubmedArticleSet>" not in first.text
        assert first.headers["content-encoding"] == "gzip"


def test_a_connection_reset_in_mid_body(records_file: Path) -> None:
    fault = {"endpoint": "efetch", "do": "reset", "keep": 300}
    with LocalPubMed([records_file], faults=[fault]) as server:
        request = f"{server.url}efetch.fcgi?db=pubmed&retmode=xml&id=90000001"
        with pytest.raises((ConnectionResetError, http.client.IncompleteRead)), urllib.request.urlopen(request) as body:
            body.read()


def test_a_slow_drip_and_a_delay(records_file: Path) -> None:
    faults = [
        {"endpoint": "einfo", "do": "drip", "bytes": 4000, "interval": 0.02},
        {"endpoint": "efetch", "do": "delay", "seconds": 0.2},
    ]
    with LocalPubMed([records_file], faults=faults) as server, httpx.Client(base_url=server.url, timeout=120) as client:
        start = time.monotonic()
        dripped = client.get("einfo.fcgi", params={"db": "pubmed"})
        assert time.monotonic() - start >= 0.02 * (len(dripped.content) // 4000)
        assert dripped.text == client.get("einfo.fcgi", params={"db": "pubmed"}).text
        start = time.monotonic()
        assert client.get("efetch.fcgi", params=FETCH).text.count("<PubmedArticle>") == 3
        assert time.monotonic() - start >= 0.2


def test_a_delay_outlasts_a_client_that_will_not_wait(records_file: Path) -> None:
    fault = {"endpoint": "efetch", "do": "delay", "seconds": 60}
    with LocalPubMed([records_file], faults=[fault]) as server, pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{server.url}efetch.fcgi", params=FETCH, timeout=httpx.Timeout(60, read=0.1))


def test_records_missing_from_one_answer(records_file: Path) -> None:
    first = answered(fetches(records_file, {"do": "drop", "pmids": [90000008]})[0])
    assert re.findall(r"<PMID[^>]*>(\d+)<", first.text) == ["90000001", "90000015"]


def test_a_history_that_expires_in_the_middle(records_file: Path) -> None:
    fault = {"endpoint": "efetch", "nth": 2, "do": "expire_history"}
    with (
        LocalPubMed([records_file], faults=[fault]) as server,
        httpx.Client(base_url=server.url, timeout=120) as client,
    ):
        params = {"db": "pubmed", "term": "all[sb]", "usehistory": "y", "retmode": "json"}
        found = client.get("esearch.fcgi", params=params).json()["esearchresult"]
        page = {"db": "pubmed", "retmode": "xml", "WebEnv": found["webenv"], "query_key": "1", "retmax": "5"}
        assert client.get("efetch.fcgi", params=page).text.count("<PubmedArticle>") == 5
        lost = client.get("efetch.fcgi", params={**page, "retstart": "5"})
    assert lost.status_code == 200
    assert "<ERROR>Unable to obtain query #1</ERROR>" in lost.text


def test_faults_in_toml_for_any_endpoint(records_file: Path, tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text('[[fault]]\nendpoint = "*"\nnth = 3\ndo = "prolog"\n')
    (fault,) = read_faults(path)
    assert [fault.strikes("efetch", 1, order) for order in (2, 3, 4)] == [False, True, False]


@pytest.mark.parametrize(
    ("fault", "complaint"),
    [
        ({"endpoint": "efetch", "do": "explode"}, "do='explode', expected one of status"),
        ({"endpoint": "efetched", "do": "html"}, "endpoint 'efetched'"),
        ({"endpoint": "efetch", "do": "html", "keep": 3}, "html takes no keep"),
        ({"endpoint": "efetch", "do": "delay"}, "delay needs seconds"),
        ({"endpoint": "efetch", "do": "html", "nth": 0}, "numbers from 1"),
    ],
)
def test_a_fault_the_server_does_not_know_stops_the_start(
    fault: dict[str, Any], complaint: str, records_file: Path
) -> None:
    with pytest.raises(RuntimeError, match=re.escape(complaint)), LocalPubMed([records_file], faults=[fault]):
        pass


def test_an_error_in_json_for_json(records_file: Path) -> None:
    fault = {"endpoint": "esearch", "do": "error", "message": "Search Backend failed"}
    with LocalPubMed([records_file], faults=[fault]) as server:
        answer = httpx.get(f"{server.url}esearch.fcgi", params={"db": "pubmed", "term": "pain", "retmode": "json"})
    assert json.loads(answer.text)["esearchresult"]["ERROR"] == "Search Backend failed"
