"""The local PubMed on a real socket: HTTP/1.1 with keep-alive, one thread a connection, loopback only."""

import traceback
from collections.abc import Callable, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from eutils_server.delivery import deliver
from eutils_server.neighbours import neighbour_of
from eutils_server.protocol import ELSEWHERE, RESULTS, Answer, Request, json_answer, text_answer
from eutils_server.pubmed import PubMed

ABOUT: Mapping[str, Callable[[PubMed], Any]] = {
    "/journal": lambda pubmed: pubmed.journal.rows(),
    "/events": PubMed.happened,
}


class PubMedServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, pubmed: PubMed, port: int) -> None:
        self.pubmed = pubmed
        super().__init__(("127.0.0.1", port), Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/"


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "LocalPubMed"
    disable_nagle_algorithm = True
    server: PubMedServer

    def do_GET(self) -> None:
        self.handle_request("GET", "")

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            self.close_connection = True
            deliver(self, text_answer("Content-Length is required", 411), None)
            return
        self.handle_request("POST", self.rfile.read(int(length)).decode("utf-8", "replace"))

    def handle_request(self, method: str, body: str) -> None:
        address = urlsplit(self.path)
        name = address.path.rsplit("/", 1)[-1]
        tool = name.removesuffix(".fcgi")
        given = parse_qsl(f"{address.query}&{body}", keep_blank_values=True)
        if address.path in ("/journal", "/events", "/day"):
            deliver(self, self.about_itself(address.path, method, dict(given)), None)
        elif tool != name and tool in RESULTS:
            self.handle_tool(tool, method, given)
        elif name.partition(".")[0] in ELSEWHERE:
            deliver(self, text_answer(f"The local PubMed does not support {name}\n", 500), None)
        elif (neighbour := neighbour_of(address.path)) is not None:
            self.handle_neighbour(neighbour, method, address.path, dict(given))
        else:
            deliver(self, text_answer(f"no such path: {address.path}\n", 404), None)

    def about_itself(self, path: str, method: str, params: Mapping[str, str]) -> Answer:
        pubmed = self.server.pubmed
        if path == "/day" and method == "POST":
            day = params.get("n", "")
            if not day.isdecimal():
                return text_answer(f"n={day!r}, a day from 0 is expected\n", 400)
            return json_answer(pubmed.move_to(int(day)))
        if method != "GET":
            return text_answer(f"{path} is only read\n", 405)
        return json_answer(pubmed.now() if path == "/day" else ABOUT[path](pubmed))

    def handle_tool(self, tool: str, method: str, given: Sequence[tuple[str, str]]) -> None:
        pubmed, params = self.server.pubmed, parameters(given)
        entry, fault = pubmed.enter(tool, urlsplit(self.path).path, method, params)
        url_length = len(self.path) if method == "GET" else 0
        ids = tuple(value for name, value in given if name == "id")
        try:
            request = Request(tool, params, ids, pubmed.clock.today)
            answer = pubmed.answer(request, fault, self.client_address[0], url_length)
        except Exception:  # noqa: BLE001 - a bug here must reach the test that met it
            answer = text_answer(f"The local PubMed failed:\n{traceback.format_exc()}", 500)
        entry.status = answer.status
        deliver(self, answer, fault)

    def handle_neighbour(self, name: str, method: str, path: str, params: Mapping[str, str]) -> None:
        server = self.server
        entry, fault = server.pubmed.enter(name, path, method, params)
        try:
            answer = server.pubmed.neighbour_answer(name, path, params, fault, server.url)
        except Exception:  # noqa: BLE001 - a bug here must reach the test that met it
            answer = text_answer(f"The local PubMed failed:\n{traceback.format_exc()}", 500)
        if answer.status == 200 and answer.headers.get("ETag", "") == self.headers.get("If-None-Match"):
            answer = Answer(304, b"", answer.content_type, answer.headers)
        entry.status = answer.status
        deliver(self, answer, fault)

    def log_message(self, format: str, *args: object) -> None:
        """The journal is the log."""


def parameters(given: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Of URL and body together; repeated ids are one list."""
    params: dict[str, str] = {}
    for name, value in given:
        params[name] = f"{params[name]},{value}" if name == "id" and name in params else value
    return params
