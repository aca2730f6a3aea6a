"""Pages fetched over real sockets. What may be reached is asserted against the addresses themselves."""

import gzip
import socket
import time

import pytest
from scripted_server import answer, hang, scripted

from review_app import guarded_network, web
from review_app.web import NotFetched, fetch

PAGE = b"<!doctype html><title>Speed</title><p>Ketamine works.</p>"
HTML = "Content-Type: text/html; charset=utf-8\r\n"


def refusal(url: str, *, public_only: bool = False) -> str:
    with pytest.raises(NotFetched) as refused:
        fetch(url, public_only=public_only)
    return str(refused.value)


def test_a_page_comes_with_its_bytes_and_its_media_type() -> None:
    with scripted(answer(PAGE, headers=HTML)) as server:
        page = fetch(f"{server.url}copy?b=1#part", public_only=False)
        assert (page.body, page.media_type) == (PAGE, "text/html; charset=utf-8")
        assert server.seen[0].line == "GET /copy?b=1 HTTP/1.1"
        assert server.seen[0].headers["host"] == f"127.0.0.1:{server.port}"
        assert "cookie" not in server.seen[0].headers
        assert "authorization" not in server.seen[0].headers


def test_a_packed_page_is_unpacked() -> None:
    with scripted(answer(gzip.compress(PAGE), headers=HTML + "Content-Encoding: gzip\r\n")) as server:
        assert fetch(server.url, public_only=False).body == PAGE


def test_redirects_are_followed_and_the_page_is_named_by_where_it_was_found() -> None:
    moved = answer(b"", status="301 Moved", headers="Location: /there\r\n")
    with scripted(moved, answer(PAGE, headers=HTML)) as server:
        assert fetch(server.url, public_only=False).url == f"{server.url}there"
    with scripted(moved) as server:
        assert "more than 5 redirects" in refusal(server.url)


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
     "::1", "fe80::1%1", "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"],
)  # fmt: skip
def test_addresses_inside_a_network_are_not_public(address: str) -> None:
    assert not guarded_network.is_public(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:4700::1111", "64:ff9b::5db8:d70e"])
def test_addresses_of_the_web_are_public(address: str) -> None:
    assert guarded_network.is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "127.1"])
def test_a_server_does_not_fetch_from_its_own_network(host: str) -> None:
    assert "is not an address of the public web" in refusal(f"http://{host}/", public_only=True)


def test_a_redirect_into_the_network_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted(answer(b"", status="302 Found", headers="Location: http://169.254.169.254/latest\r\n")) as server:
        at = {"127.0.0.1": True}
        monkeypatch.setattr(guarded_network, "is_public", lambda address: at.get(address, False))
        monkeypatch.setattr(guarded_network, "PUBLIC_PORTS", {80, server.port})
        assert "169.254.169.254:80 is not an address of the public web" in refusal(server.url, public_only=True)


def test_a_name_with_one_address_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 80)) for one in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(guarded_network.socket, "getaddrinfo", lambda *_, **__: both)
    assert "not an address of the public web" in refusal("http://rebinding.example/", public_only=True)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/", "only http and https"),
        ("file:///etc/passwd", "only http and https"),
        ("http://", "only http and https"),
        ("http://ada:secret@example.org/", "an address with a password"),
        ("http://no-such-name.invalid/", "no server has this name"),
        ("http://[::1", "cannot be fetched"),
        ("http://127.0.0.1:99999/", "cannot be fetched"),
    ],
)
def test_what_is_no_page_is_one_clear_line(url: str, said: str) -> None:
    line = refusal(url)
    assert said in line
    assert "secret" not in line
    assert "\n" not in line


def test_an_error_of_the_server_is_said_with_its_number() -> None:
    with scripted(answer(b"gone", status="404 Not Found")) as server:
        assert "the server answers 404" in refusal(server.url)


def test_a_page_that_unpacks_to_too_much_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "BYTE_LIMIT", 100_000)
    bomb = answer(gzip.compress(b"0" * 5_000_000), headers=HTML + "Content-Encoding: gzip\r\n")
    with scripted(bomb) as server:
        assert "more than 100,000 bytes" in refusal(server.url)


def drip(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\nX-Slow: ")
    for _ in range(200):
        connection.sendall(b"a")
        time.sleep(0.02)


@pytest.mark.parametrize("slow", [hang, drip])
def test_a_server_that_takes_for_ever_is_left(monkeypatch: pytest.MonkeyPatch, slow: object) -> None:
    monkeypatch.setattr(web, "SECONDS", 0.3)
    with scripted(slow) as server:  # type: ignore[arg-type]
        assert "not whole after" in refusal(server.url)


def test_an_answer_that_breaks_off_is_no_page() -> None:
    with scripted(answer(PAGE, headers=HTML, length=len(PAGE) + 5)) as server:
        assert "cannot be fetched" in refusal(server.url)
