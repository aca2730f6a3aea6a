"""An answer that goes into a file, and one that is only sent when it has changed."""

import gzip
import tempfile
import tracemalloc
from collections.abc import Mapping
from typing import BinaryIO

import pytest
from scripted_server import FakeTime, Step, answer, chunked, reset, scripted

from harvester.errors import Split
from harvester.pace import Pace
from harvester.transport import MEGABYTE, Response, Service, Transport


def asked(url: str, into: BinaryIO, headers: Mapping[str, str] | None = None, limit: int = 64 * MEGABYTE) -> Response:
    time = FakeTime()
    pace = Pace(0.0, clock=time.clock)
    transport = Transport(Service("A file", url, "A_URL"), pace=pace, clock=time.clock, sleep=time.sleep)
    try:
        return transport.ask("", {}, lambda given: given, method="GET", headers=headers, into=into, limit=limit)
    finally:
        transport.close()


@pytest.mark.parametrize(
    "trouble",
    [answer(b"half of another", length=1000), chunked(b"half of another", whole=False), reset],
    ids=["length", "chunked", "reset"],
)
def test_a_file_holds_the_whole_answer_and_nothing_of_one_that_broke_off(trouble: Step) -> None:
    with scripted(trouble, answer(b"all of it")) as server, tempfile.TemporaryFile() as file:
        assert asked(server.url, file).body == b""
        file.seek(0)
        assert file.read() == b"all of it"


def test_gzip_that_was_cut_short_is_no_file() -> None:
    packed = gzip.compress(b"all of it" * 1000)
    whole, cut = (answer(body, headers="Content-Encoding: gzip\r\n") for body in (packed, packed[:-9]))
    with scripted(cut, whole) as server, tempfile.TemporaryFile() as file:
        asked(server.url, file)
        assert len(server.seen) == 2
        file.seek(0)
        assert file.read() == b"all of it" * 1000


def test_a_large_file_goes_by_in_flat_memory() -> None:
    packed = gzip.compress(b"0123456789abcdef" * (MEGABYTE * 60 // 16))
    with scripted(answer(packed, headers="Content-Encoding: gzip\r\n")) as server, tempfile.TemporaryFile() as file:
        tracemalloc.start()
        asked(server.url, file)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert file.seek(0, 2) == 60 * MEGABYTE
    assert peak < 4 * MEGABYTE


def test_a_file_larger_than_the_limit_is_refused() -> None:
    with (
        scripted(answer(b"x" * 2 * MEGABYTE)) as server,
        tempfile.TemporaryFile() as file,
        pytest.raises(Split, match="larger than 1 MB"),
    ):
        asked(server.url, file, limit=MEGABYTE)


def test_a_file_that_has_not_changed_is_not_sent_again() -> None:
    same = answer(b"", status="304 Not Modified", headers='ETag: "one"\r\nContent-Encoding: gzip\r\n')
    with scripted(answer(b"rows", headers='ETag: "one"\r\n'), same) as server, tempfile.TemporaryFile() as file:
        first = asked(server.url, file)
        assert first.tag is not None
        again = asked(server.url, file, {"If-None-Match": first.tag})
    assert (first.status, again.status) == (200, 304)
    assert server.seen[1].headers["if-none-match"] == '"one"'


def test_a_query_in_the_address_of_a_file_is_kept() -> None:
    with scripted(answer(b"rows")) as server, tempfile.TemporaryFile() as file:
        asked(f"{server.url}rows.csv?inline=false", file)
    assert server.seen[0].line.split(" ")[1] == "/rows.csv?inline=false"
