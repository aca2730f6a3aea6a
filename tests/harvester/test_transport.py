import gzip
import logging
import multiprocessing
import socket
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scripted_server import FakeTime, ScriptedServer, Step, answer, chunked, hang, reset, scripted

from harvester.errors import Fatal, Retry, Split, Stopped, Unreachable
from harvester.pace import Pace, pace_file
from harvester.transport import Response, Service, Transport, retry_after

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def body(response: Response) -> bytes:
    return response.body


def transport_to(url: str, time: FakeTime | None = None, **options: Any) -> Transport:
    time = time or FakeTime()
    options.setdefault("chance", lambda: 1.0)
    return Transport(
        Service("PubMed", url, "EUTILS_URL"),
        pace=options.pop("pace", None) or Pace(0.0, clock=time.clock),
        clock=time.clock,
        sleep=time.sleep,
        **options,
    )


def asked(server: ScriptedServer, time: FakeTime | None = None, **options: Any) -> bytes:
    transport = transport_to(server.url, time, **options)
    try:
        return transport.ask("esearch.fcgi", {"term": "ketamine"}, body)
    finally:
        transport.close()


@pytest.mark.parametrize(
    "trouble",
    [
        answer(b"busy", status="503 Service Unavailable"),
        answer(b"<html>WWW Error 500 Diagnostic</html>", status="500 Internal Server Error"),
        answer(b"", status="502 Bad Gateway"),
        answer(b'{"error":"API rate limit exceeded"}', status="429 Too Many Requests"),
        answer(b"half of it", length=1000),
        chunked(b"half of it", whole=False),
        answer(gzip.compress(b"all of it" * 100)[:-12], headers="Content-Encoding: gzip\r\n"),
        answer(b"this is not gzip", headers="Content-Encoding: gzip\r\n"),
        reset,
        lambda connection: connection.close(),
    ],
    ids=["503", "500", "502", "429", "length", "chunked", "gzip-cut", "gzip-damaged", "reset", "nothing"],
)
def test_an_answer_that_is_no_good_is_asked_for_again(trouble: Step) -> None:
    with scripted(trouble, trouble, answer(b"all of it")) as server:
        assert asked(server) == b"all of it"
        assert len(server.seen) == 3


def test_a_packed_answer_is_unpacked() -> None:
    packed = gzip.compress(b"one ") + gzip.compress(b"two")
    with scripted(answer(packed, headers="Content-Encoding: gzip\r\n")) as server:
        assert asked(server) == b"one two"


def test_a_service_that_says_nothing_is_given_up_after_the_time_out() -> None:
    with (
        scripted(hang) as server,
        pytest.raises(Unreachable, match="gave no usable answer in 2 tries: no answer in time"),
    ):
        asked(server, read_timeout=0.1, tries=2)


def test_a_body_that_drips_is_given_up_after_the_longest_time_an_answer_may_take() -> None:
    time = FakeTime()

    def drip(connection: socket.socket) -> None:
        connection.sendall(answer(b"a", length=3))
        time.at += 700
        connection.sendall(b"b")

    with scripted(drip, answer(b"whole")) as server:
        assert asked(server, time) == b"whole"


def test_waits_grow_and_are_never_shorter_than_the_service_asks() -> None:
    time = FakeTime()
    busy = answer(b"", status="429 Too Many Requests", headers="Retry-After: 30\r\n")
    with scripted(answer(b"", status="503 X"), answer(b"", status="503 X"), busy, answer(b"ok")) as server:
        assert asked(server, time) == b"ok"
    assert time.slept == pytest.approx(1 + 2 + 30)


def test_chance_spreads_the_waits_of_many_clients() -> None:
    time = FakeTime()
    with scripted(answer(b"", status="503 X"), answer(b"", status="503 X"), answer(b"ok")) as server:
        asked(server, time, chance=lambda: 0.25)
    assert time.slept == pytest.approx(0.25 * (1 + 2))


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("2", 2.0),
        ("Sun, 01 Mar 2026 12:00:10 GMT", 10.0),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0.0),
        ("-5", 0.0),
        ("86400", 300.0),
        ("soon", None),
        ("nan", None),
        (None, None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date_and_capped(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOW) == seconds


def test_a_service_nobody_answers_for_is_said_to_be_unreachable_with_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(Unreachable) as error:
        transport_to(f"http://127.0.0.1:{port}/").ask("esearch.fcgi", {}, body)
    assert str(error.value) == (
        f"PubMed could not be reached at http://127.0.0.1:{port}/: Connection refused;"
        " check the network or EUTILS_URL, then run it again"
    )
    assert not error.value.permanent


def test_a_refusal_is_handed_to_the_reader_and_not_repeated() -> None:
    with scripted(answer(b"Mandatory parameter: db - is omitted", status="400 Bad Request")) as server:
        assert b"Mandatory" in asked(server)
        assert len(server.seen) == 1


def test_a_reader_can_send_an_answer_back() -> None:
    def picky(response: Response) -> bytes:
        if response.body != b"right":
            raise Retry("not right")
        return response.body

    with scripted(answer(b"wrong"), answer(b"right")) as server:
        assert transport_to(server.url).ask("x", {}, picky) == b"right"


def test_answers_that_break_off_are_given_up_early_when_the_caller_can_ask_for_less() -> None:
    with scripted(answer(b"x", length=9)) as server:
        with pytest.raises(Unreachable) as error:
            transport_to(server.url).ask("efetch.fcgi", {}, body, heavy_tries=2)
        assert error.value.heavy
        assert len(server.seen) == 2


@pytest.mark.parametrize("packed", [True, False])
def test_an_answer_larger_than_the_limit_is_not_read_to_its_end(packed: bool) -> None:
    plain = b"0" * 50_000
    sent = answer(gzip.compress(plain), headers="Content-Encoding: gzip\r\n") if packed else answer(plain)
    with scripted(sent) as server, pytest.raises(Split):
        transport_to(server.url).ask("x", {}, body, limit=10_000)


def test_a_redirection_is_followed_on_the_same_host_only() -> None:
    with scripted(answer(b"", status="308 Moved", headers="Location: /elsewhere\r\n"), answer(b"here")) as server:
        assert asked(server) == b"here"
        assert server.seen[1].line.startswith("POST /elsewhere")
        assert server.seen[1].fields == {"term": "ketamine"}
    with (
        scripted(answer(b"", status="302 Found", headers="Location: http://localhost:9/\r\n")) as server,
        pytest.raises(Fatal, match="sends to another place"),
    ):
        asked(server)


def test_a_redirection_in_circles_ends() -> None:
    with (
        scripted(answer(b"", status="301 Moved", headers="Location: /again\r\n")) as server,
        pytest.raises(Fatal, match="in circles"),
    ):
        asked(server)


def test_every_request_says_who_asks_and_no_key_is_in_a_url_or_a_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with scripted(answer(b"ok")) as server:
        transport = transport_to(server.url, email="library@example.org")
        transport.ask("esearch.fcgi", {"api_key": "s3cret"}, body)
        transport.close()
        assert server.seen[0].headers["user-agent"] == "footnote (mailto:library@example.org)"
        assert server.seen[0].line == "POST /esearch.fcgi HTTP/1.1"
        assert server.seen[0].fields == {"api_key": "s3cret"}
    assert "s3cret" not in caplog.text


def test_somebody_who_asks_to_stop_does_not_wait_for_the_retries() -> None:
    time = FakeTime()
    with scripted(answer(b"", status="503 X", headers="Retry-After: 200\r\n")) as server, pytest.raises(Stopped):
        asked(server, time, stopped=lambda: time.slept > 3)
    assert time.slept < 5


def test_requests_are_spaced() -> None:
    time = FakeTime()
    with scripted(answer(b"ok")) as server:
        transport = transport_to(server.url, time, pace=Pace(0.37, clock=time.clock))
        for _ in range(10):
            transport.ask("x", {}, body)
    assert time.slept == pytest.approx(9 * 0.37)


def _take_turns(file: Path, turns: int, put: Callable[[list[float]], None]) -> None:
    pace = Pace(1.0, file, clock=lambda: 50.0)
    put([pace.reserve() for _ in range(turns)])


def test_two_processes_share_one_rate(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    waits = context.SimpleQueue()
    workers = [context.Process(target=_take_turns, args=(tmp_path / "pace", 20, waits.put)) for _ in range(2)]
    for worker in workers:
        worker.start()
    taken = sorted(waits.get() + waits.get())
    for worker in workers:
        worker.join()
    assert taken == [float(turn) for turn in range(40)]


def test_turns_written_before_a_restart_of_the_machine_hold_nobody_up(tmp_path: Path) -> None:
    file = tmp_path / "pace"
    file.write_text("99999999.0")
    assert Pace(0.37, file, clock=lambda: 5.0).reserve() == 0.0
    file.write_text("rubbish")
    assert Pace(0.37, file, clock=lambda: 5.0).reserve() == 0.0


def test_the_pace_file_does_not_name_the_key() -> None:
    assert "s3cret" not in str(pace_file("https://eutils.example.org/", "s3cret"))
    assert pace_file("https://eutils.example.org/a", "k") == pace_file("https://eutils.example.org/b", "k")
