"""Hard cases 1 to 13: what goes wrong on the way. `hard_cases.toml` has them by number."""

import gzip
import itertools
import multiprocessing
import socket
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from scripted_eutils import efetch, found, pubmed
from scripted_server import FakeTime, answer, scripted
from sqlalchemy import Engine
from synced_library import TOPIC, library, sync

from db.types import RunStatus
from harvester.errors import Split, Unreachable
from harvester.eutils import Eutils
from harvester.listing import list_topic
from harvester.pace import Pace
from harvester.transport import Service, Transport

RATE_LIMIT = b'{"error":"API rate limit exceeded","api-key":"203.0.113.7","count":"4","limit":"3"}'
SERVER_ERROR = b"<html><body><h1>NCBI/eutils202 - WWW Error 500 Diagnostic</h1></body></html>"


@pytest.mark.parametrize("status", ["429 Too Many Requests", "200 OK"])
def test_a_rate_limit_is_waited_for_as_long_as_it_says_whatever_its_status(status: str) -> None:
    clock = FakeTime()
    refusal = answer(RATE_LIMIT, status=status, headers="Retry-After: 45\r\nX-RateLimit-Limit: 3\r\n")
    with pubmed(refusal, found(FIRST), time=clock, chance=lambda: 1.0) as (eutils, server):
        assert eutils.search("ketamine").ids == (FIRST,)
        assert len(server.seen) == 2
    assert clock.slept == pytest.approx(45)


def test_whoever_shares_the_rate_waits_when_one_of_them_was_told_to(tmp_path: Path) -> None:
    told, other = (Pace(1.0, tmp_path / "pace", clock=lambda: 50.0) for _ in range(2))
    told.hold(30.0)
    assert other.reserve() == 30.0
    told.hold(0.0)
    told.hold(9_999.0)
    assert other.reserve() == 60.0


def test_what_one_process_is_told_to_wait_the_other_waits_too(tmp_path: Path) -> None:
    clock, waits = FakeTime(), []
    mine, other = (Pace(0.0, tmp_path / "pace", clock=clock.clock) for _ in range(2))

    def sleep(seconds: float) -> None:
        waits.append(other.reserve())
        clock.sleep(seconds)

    refusal = answer(RATE_LIMIT, status="429 Too Many Requests", headers="Retry-After: 45\r\n")
    with scripted(refusal, found(FIRST)) as server:
        transport = Transport(Service("PubMed", server.url, "EUTILS_URL"), pace=mine, clock=clock.clock, sleep=sleep)
        assert Eutils(transport).search("ketamine").count == 1
        transport.close()
    assert waits[0] == pytest.approx(45)


class Turns(Pace):
    """Also remembers when its turns were."""

    def reserve(self) -> float:
        wait = super().reserve()
        self.taken = [*getattr(self, "taken", []), self._next - self.interval]
        return wait


def _burst(url: str, pace_file: Path, put: Callable[[list[float]], None]) -> None:
    pace = Turns(0.37, pace_file)
    transport = Transport(Service("PubMed", url, "EUTILS_URL"), pace=pace)
    for _ in range(4):
        Eutils(transport).search(TOPIC.query)
    transport.close()
    put(pace.taken)


def test_a_burst_from_two_processes_keeps_one_rate(records: Path, tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    turns = context.SimpleQueue()
    with LocalPubMed([records], unlimited=False) as local:
        workers = [context.Process(target=_burst, args=(local.url, tmp_path / "pace", turns.put)) for _ in range(2)]
        for worker in workers:
            worker.start()
        taken = sorted(turns.get() + turns.get())
        for worker in workers:
            worker.join()
        answered = [row["status"] for row in local.journal()]
    assert answered.count(200) == 8
    assert len(taken) == len(answered)
    assert all(later - earlier >= 0.369 for earlier, later in itertools.pairwise(taken))


def test_an_error_500_as_a_web_page_twice_costs_two_more_tries() -> None:
    trouble = answer(SERVER_ERROR, status="500 Internal Server Error", headers="Content-Type: text/html\r\n")
    with pubmed(trouble, trouble, efetch(FIRST)) as (eutils, server):
        assert [record.pmid for record in eutils.fetch([FIRST]).records] == [FIRST]
        assert len(server.seen) == 3


@pytest.mark.parametrize("status", [504, 507, 520, 529])
def test_trouble_of_the_service_or_of_one_before_it_is_asked_again(status: int) -> None:
    with pubmed(answer(b"", status=f"{status} X"), found(FIRST)) as (eutils, _):
        assert eutils.search("ketamine").count == 1


def test_a_batch_that_gets_502_is_halved_and_the_library_is_the_same(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]]
) -> None:
    gateway = {"endpoint": "efetch", "nth": 1, "times": 3, "do": "status", "status": 502}
    with LocalPubMed([records], faults=[gateway]) as local:
        assert sync(sqlite_engine, local.url).status is RunStatus.COMPLETE
        asked = [row["ids"] for row in local.journal() if row["tool"] == "efetch"]
    assert asked == [200, 200, 200, 100, 100, 200, 50]
    assert library(sqlite_engine) == clean


def test_a_list_that_gets_502_is_asked_for_in_two_halves(tmp_path: Path) -> None:
    many = write_records(tmp_path / "many.xml", (invented(FIRST + n) for n in range(600)))
    # The search, the newest PMID, then the list.
    gateway = {"endpoint": "esearch", "nth": 3, "times": 3, "do": "status", "status": 502}
    clock = FakeTime()
    with LocalPubMed([many], faults=[gateway]) as local:
        transport = Transport(Service("PubMed", local.url, "EUTILS_URL"), pace=Pace(0.0), sleep=clock.sleep)
        listing = list_topic(Eutils(transport), TOPIC)
        transport.close()
    assert listing.pmids == tuple(range(FIRST, FIRST + 600))
    assert [part.count for part in listing.slices] == [0, 600]


def _dripping(whole: bytes, pause: float = 0.02) -> Callable[[socket.socket], None]:
    """A byte at a time, until the other side has gone."""

    def drip(connection: socket.socket) -> None:
        connection.settimeout(pause)
        for at in range(len(whole)):
            connection.sendall(whole[at : at + 1])
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue

    return drip


@pytest.mark.parametrize("part", ["head", "body"])
def test_an_answer_that_drips_is_given_up_though_each_read_is_quick(part: str) -> None:
    whole = found(FIRST, querytranslation="ketamine " * 99)
    head = whole.index(b"\r\n\r\n") + 4
    padded = whole.replace(b"\r\n\r\n", b"\r\nX-Padding: " + b"x" * 3000 + b"\r\n\r\n", 1)

    def body(connection: socket.socket) -> None:
        connection.sendall(whole[:head])
        _dripping(whole[head:])(connection)

    drip = _dripping(padded) if part == "head" else body
    options: dict[str, Any] = {"read_timeout": 30.0, "longest_answer": 0.3, "clock": time.monotonic}
    with pubmed(drip, found(FIRST), **options) as (eutils, server):
        assert eutils.search("ketamine").count == 1
        assert len(server.seen) == 2
    with pubmed(drip, tries=1, **options) as (eutils, _), pytest.raises(Unreachable, match=r"not whole after 0\.3 s"):
        eutils.search("ketamine")


def test_a_connection_that_is_used_again_has_a_new_deadline(records: Path) -> None:
    clock = FakeTime()
    with LocalPubMed([records]) as local:
        service = Service("PubMed", local.url, "EUTILS_URL")
        transport = Transport(service, pace=Pace(0.0), clock=clock.clock, longest_answer=100.0, tries=1)
        assert Eutils(transport).search(TOPIC.query).count == 450
        clock.at += 1000
        assert Eutils(transport).search(TOPIC.query).count == 450
        transport.close()


def test_a_query_too_long_for_a_url_is_asked_by_post(records: Path) -> None:
    long = " OR ".join([TOPIC.query, *(f"invented{n}[tiab]" for n in range(400))])
    with LocalPubMed([records]) as local:
        fields = urllib.parse.urlencode({"db": "pubmed", "term": long, "retmode": "json"})
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{local.url}esearch.fcgi?{fields}", timeout=60)
        refused.value.close()
        assert refused.value.code == 414
        transport = Transport(Service("PubMed", local.url, "EUTILS_URL"), pace=Pace(0.0))
        assert Eutils(transport).search(long).count == 450
        transport.close()


def test_a_request_too_long_even_by_post_is_halved_and_one_alone_is_named() -> None:
    too_long = answer(b"Request-URI Too Long", status="414 Request-URI Too Long")
    with pubmed(too_long, efetch(FIRST), too_long) as (eutils, _):
        fetched = eutils.fetch([FIRST, FIRST + 1])
    assert [record.pmid for record in fetched.records] == [FIRST]
    assert [(lost.pmid, lost.reason) for lost in fetched.rejected] == [
        (FIRST + 1, "PubMed says that it was asked for too much at once (HTTP 414)")
    ]
    with pubmed(too_long) as (eutils, _), pytest.raises(Split, match="HTTP 414"):
        eutils.search("ketamine")


@pytest.mark.parametrize("lost", [1, 8, 9, 400])
def test_a_gzip_cut_short_is_never_a_shorter_answer(lost: int) -> None:
    body = efetch(*range(FIRST, FIRST + 40)).partition(b"\r\n\r\n")[2]
    cut = answer(gzip.compress(body, mtime=0)[:-lost], headers="Content-Encoding: gzip\r\n")
    whole = answer(gzip.compress(body, mtime=0), headers="Content-Encoding: gzip\r\n")
    with pubmed(cut, whole) as (eutils, server):
        assert len(eutils.fetch(range(FIRST, FIRST + 40)).records) == 40
        assert len(server.seen) == 2
