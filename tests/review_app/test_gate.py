"""What is open to whom: pages, Streamlit's own machinery and its websocket, before and after signing in."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket

from db import config
from db.engine import DatabaseUnavailable
from review_app import sign_in
from review_app.auth import SESSION_COOKIE
from review_app.gate import POLICY_VIOLATION, TRY_AGAIN_LATER, Gate

HERE = "http://127.0.0.1:8501"
STREAM = "/_stcore/stream"
SignInAs = Callable[[str | None], str | None]


async def _anything(request: Request) -> Response:
    return PlainTextResponse(f"{request.method} {request.url.path}")


async def _stream(socket: WebSocket) -> None:
    await socket.accept()
    await socket.send_text(socket.headers["host"])
    await socket.close()


class Visitor:
    """Somebody before the gate, with at most one cookie; behind it is an app that answers everything."""

    def __init__(self) -> None:
        everything = Route("/{path:path}", _anything, methods=["GET", "PUT", "POST", "DELETE"])
        routes = [*sign_in.ROUTES, WebSocketRoute(STREAM, _stream), everything]
        self.app = Starlette(routes=routes, middleware=[Middleware(Gate)])
        self.token: str | None = None

    def ask(self, method: str, path: str, **headers: str) -> httpx.Response:
        async def asking() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(self.app), base_url=HERE) as client:
                cookie = {"Cookie": f"{SESSION_COOKIE}={self.token}"} if self.token else {}
                return await client.request(method, path, headers={**cookie, **headers})

        return asyncio.run(asking())

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.ask("GET", path, **headers)

    def connect(self, origin: str | None, host: str = "127.0.0.1:8501") -> list[Message]:
        """What a websocket of a page at `origin` is sent."""
        asked = {"host": host, "origin": origin, "cookie": self.token and f"{SESSION_COOKIE}={self.token}"}
        scope: dict[str, Any] = {
            "type": "websocket",
            "scheme": "ws",
            "path": STREAM,
            "query_string": b"",
            "headers": [(name.encode(), value.encode()) for name, value in asked.items() if value is not None],
            "server": ("127.0.0.1", 8501),
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        async def send(message: Message) -> None:
            sent.append(message)

        asyncio.run(self.app(scope, receive, send))
        return sent

    def refused_with(self, origin: str | None) -> int:
        (only,) = self.connect(origin)
        assert only["type"] == "websocket.close"
        return int(only["code"])

    def host_behind(self, origin: str, host: str = "127.0.0.1:8501") -> str:
        """The `Host` that the app behind the gate was given."""
        accepted, said, _closed = self.connect(origin, host)
        assert accepted["type"] == "websocket.accept"
        return str(said["text"])


@pytest.fixture
def visitor(library: Engine) -> Visitor:
    return Visitor()


@pytest.fixture
def ben(visitor: Visitor, sign_in_as: SignInAs) -> Visitor:
    """Ben, who is signed in."""
    visitor.token = sign_in_as("Ben")
    return visitor


MACHINERY = [
    ("PUT", "/_stcore/upload_file/session/file"),
    ("DELETE", "/_stcore/upload_file/session/file"),
    ("GET", "/_stcore/metrics"),
    ("GET", "/media/copy.pdf"),
    ("GET", "/component/any/index.html"),
]


@pytest.mark.parametrize(("method", "path"), MACHINERY)
def test_streamlits_machinery_is_closed_to_a_stranger(visitor: Visitor, method: str, path: str) -> None:
    assert visitor.ask(method, path).status_code == 403


@pytest.mark.parametrize(("method", "path"), MACHINERY)
def test_streamlits_machinery_works_for_a_member(ben: Visitor, method: str, path: str) -> None:
    assert ben.ask(method, path, Origin=HERE).text == f"{method} {path}"


@pytest.mark.parametrize("path", ["/_stcore/health", "/healthz", "/readyz", "/static/js/index.js", "/sign-in"])
def test_health_and_the_plain_pages_are_open_to_everybody(visitor: Visitor, path: str) -> None:
    assert visitor.get(path).status_code == 200


@pytest.mark.parametrize("path", ["/", "/members", "/members/", "/index.html", "/no-such-page"])
def test_every_other_address_leads_a_stranger_to_sign_in(visitor: Visitor, path: str) -> None:
    answer = visitor.get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in")
    assert answer.headers["cache-control"] == "no-store"


def test_a_stranger_gets_no_websocket(visitor: Visitor) -> None:
    assert visitor.refused_with(HERE) == POLICY_VIOLATION
    visitor.token = "guess"
    assert visitor.refused_with(HERE) == POLICY_VIOLATION


@pytest.mark.parametrize("origin", [HERE, "http://localhost:8501", "http://[::1]:8501"])
def test_a_member_gets_one_at_each_address_of_this_machine(ben: Visitor, origin: str) -> None:
    assert ben.host_behind(origin) == origin.removeprefix("http://")


def test_a_member_gets_one_at_the_public_address_whatever_host_the_proxy_asks_for(
    ben: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_PUBLIC_URL", "https://Footnote.example:443/")
    config.settings.cache_clear()
    # Streamlit asks an outside service for this machine's address when Host and Origin differ.
    assert ben.host_behind("https://footnote.example", host="app:8501") == "footnote.example"


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:9999",
        "https://127.0.0.1:8501",
        "http://127.0.0.1",
        "http://127.0.0.1:8501.evil.example",
        "https://evil.example",
        "null",
        "",
        None,
    ],
)
def test_no_other_site_gets_one_for_a_member(ben: Visitor, origin: str | None) -> None:
    assert ben.refused_with(origin) == POLICY_VIOLATION


def test_another_site_gets_nothing_from_the_machinery(ben: Visitor) -> None:
    assert ben.get("/_stcore/health", Origin="http://localhost:9999").status_code == 403
    assert ben.ask("PUT", "/_stcore/upload_file/a/b", Origin="https://evil.example").status_code == 403


def test_every_answer_says_not_to_guess_not_to_tell_and_not_to_frame(ben: Visitor) -> None:
    for path in ("/", "/_stcore/health", "/media/copy.pdf", "/static/js/index.js"):
        headers = ben.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["X-Frame-Options"] == "DENY"
    assert ben.get("/sign-in").headers["Referrer-Policy"] == "no-referrer"


@pytest.fixture
def away(ben: Visitor, monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Ben, while nobody listens where the library should be."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://ada:swordfish@127.0.0.1:1/footnote")
    config.settings.cache_clear()
    return ben


def test_without_the_library_each_page_says_so_and_not_where_it_lies(
    away: Visitor, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("/", "/sign-in", "/join/token", "/media/copy.pdf"):
        answer = away.get(path)
        assert answer.status_code == 503
        assert "The library cannot be reached" in answer.text
        assert "127.0.0.1" not in answer.text
    assert away.refused_with(HERE) == TRY_AGAIN_LATER
    written = capsys.readouterr().err
    assert "127.0.0.1" in written
    assert "swordfish" not in written


def test_a_library_that_goes_away_while_it_is_asked_is_said_so_too(visitor: Visitor) -> None:
    async def breaks(_request: Request) -> Response:
        raise DatabaseUnavailable("postgresql://ada@nowhere is away")

    broken = Starlette(routes=[Route("/healthz", breaks)], middleware=[Middleware(Gate)])
    visitor.app = broken
    answer = visitor.get("/healthz")
    assert answer.status_code == 503
    assert "nowhere" not in answer.text
