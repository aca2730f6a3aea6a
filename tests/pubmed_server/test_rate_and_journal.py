"""Three a second, ten with a key, and a list of all that was asked."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from eutils_server.rate_limit import RateLimit
from local_pubmed import LocalPubMed


def burst(url: str, size: int, **params: str) -> list[httpx.Response]:
    # One client for all: making one takes longer than asking.
    with httpx.Client(params={"db": "pubmed", "term": "pain", **params}, timeout=120) as client:

        def ask(_: int) -> httpx.Response:
            return client.get(f"{url}esearch.fcgi")

        with ThreadPoolExecutor(size) as pool:
            return list(pool.map(ask, range(size)))


@pytest.mark.parametrize(("key", "limit"), [("", 3), ("invented-key", 10)])
def test_a_burst_is_answered_up_to_the_limit_and_then_with_429(key: str, limit: int, records_file: Path) -> None:
    with LocalPubMed([records_file], unlimited=False) as server:
        answers = burst(server.url, 4 * limit, **({"api_key": key} if key else {}))
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert len(answers) - len(refused) >= limit
    for answer in refused:
        body = answer.json()
        assert (body["error"], body["limit"]) == ("API rate limit exceeded", str(limit))
        assert body["api-key"] == (key or "127.0.0.1")
        assert int(body["count"]) > limit
        assert answer.headers["Retry-After"] == "2"
        assert answer.headers["X-RateLimit-Limit"] == str(limit)
        assert answer.headers["X-RateLimit-Remaining"] == "0"


def test_every_answer_says_how_many_requests_are_allowed_and_left(records_file: Path) -> None:
    with LocalPubMed([records_file], unlimited=False) as server:
        (first,) = burst(server.url, 1)
        (keyed,) = burst(server.url, 1, api_key="invented-key")
    assert (first.headers["X-RateLimit-Limit"], first.headers["X-RateLimit-Remaining"]) == ("3", "2")
    assert (keyed.headers["X-RateLimit-Limit"], keyed.headers["X-RateLimit-Remaining"]) == ("10", "9")


def test_keys_have_windows_of_their_own(records_file: Path) -> None:
    with LocalPubMed([records_file], unlimited=False) as server:
        answers = burst(server.url, 3) + burst(server.url, 8, api_key="one") + burst(server.url, 8, api_key="two")
    assert {answer.status_code for answer in answers} == {200}


def test_the_window_slides() -> None:
    moments = iter([0.0, 0.1, 0.2, 0.9, 1.95, 2.0])
    limit = RateLimit(clock=lambda: next(moments))
    refused = [limit.refusal("127.0.0.1", "") is not None for _ in range(6)]
    assert refused == [False, False, False, True, False, False]


def test_the_journal_tells_who_asked_what_in_which_order(records_file: Path) -> None:
    with (
        LocalPubMed([records_file]) as server,
        httpx.Client(base_url=server.url, params={"db": "pubmed"}, timeout=120) as client,
    ):
        client.get("esearch.fcgi", params={"term": "pain", "tool": "footnote", "email": "ada@example.org"})
        client.post("efetch.fcgi", data={"id": "90000001,90000008", "retmode": "xml"})
        client.get("esearch.fcgi", params={"term": "pain[pl]", "api_key": "k"})
        rows = server.journal()
    assert [(row["order"], row["tool"], row["nth"], row["method"], row["status"]) for row in rows] == [
        (1, "esearch", 1, "GET", 200),
        (2, "efetch", 1, "POST", 200),
        (3, "esearch", 2, "GET", 500),
    ]
    assert [(row["has_tool"], row["has_email"], row["has_api_key"]) for row in rows] == [
        (True, True, False),
        (False, False, False),
        (False, False, True),
    ]
    assert rows[1]["ids"] == 2
    assert rows[0]["params"]["term"] == "pain"
    assert rows[0]["path"] == "/esearch.fcgi"
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)


def test_a_connection_serves_many_requests(records_file: Path) -> None:
    with LocalPubMed([records_file]) as server, httpx.Client(base_url=server.url, timeout=120) as client:
        ports = {
            client.get("einfo.fcgi").extensions["network_stream"].get_extra_info("client_addr")[1] for _ in range(3)
        }
    assert len(ports) == 1
