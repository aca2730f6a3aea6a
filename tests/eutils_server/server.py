"""The local PubMed on a real socket: HTTP/1.1 with keep-alive, one thread a connection, loopback only."""

import json
import traceback
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from eutils_server.delivery import deliver
from eutils_server.protocol import RESULTS, Answer, Request, text_answer
from eutils_server.pubmed import PubMed


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
        if method == "GET" and address.path == "/journal":
            rows = json.dumps(self.server.pubmed.journal.rows()).encode()
            deliver(self, Answer(200, rows, "application/json; charset=UTF-8"), None)
        elif tool == name or tool not in RESULTS:
            deliver(self, text_answer(f"no such path: {address.path}\n", 404), None)
        else:
            self.handle_tool(tool, method, parameters(address.query, body))

    def handle_tool(self, tool: str, method: str, params: Mapping[str, str]) -> None:
        pubmed = self.server.pubmed
        entry, fault = pubmed.enter(tool, urlsplit(self.path).path, method, params)
        url_length = len(self.path) if method == "GET" else 0
        try:
            answer = pubmed.answer(Request(tool, params), fault, self.client_address[0], url_length)
        except Exception:  # noqa: BLE001 - a bug here must reach the test that met it
            answer = text_answer(f"The local PubMed failed:\n{traceback.format_exc()}", 500)
        entry.status = answer.status
        deliver(self, answer, fault)

    def log_message(self, format: str, *args: object) -> None:
        """The journal is the log."""


def parameters(query: str, body: str) -> dict[str, str]:
    """Of URL and body together; repeated ids are one list."""
    params: dict[str, str] = {}
    for name, value in parse_qsl(f"{query}&{body}", keep_blank_values=True):
        params[name] = f"{params[name]},{value}" if name == "id" and name in params else value
    return params
