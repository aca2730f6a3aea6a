"""In front of everything: a stranger gets the plain pages and nothing of Streamlit's, and no other site looks in."""

import sys
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from db.engine import DatabaseUnavailable, reading
from db.queries import accounts
from review_app.auth import SESSION_COOKIE
from review_app.database import engine
from review_app.origins import own_origins
from review_app.sign_in_pages import render
from review_app.web_forms import HEADERS, page, sign_in_address

OPEN = frozenset({"/sign-in", "/sign-out", "/healthz", "/readyz", "/_stcore/health", "/_stcore/host-config"})
OPEN_FOLDERS = ("/join/", "/static/")
MACHINERY = ("/_stcore/", "/media/", "/component/")  # asked by Streamlit's own scripts, never by a person
ON_EVERY_ANSWER = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
}
POLICY_VIOLATION, TRY_AGAIN_LATER = 1008, 1013  # RFC 6455, section 7.4, and IANA's registry of close codes


class Gate:
    """ASGI middleware. The desk asks again on every run; this keeps strangers from Streamlit itself."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._answer(scope, receive, _guarded(send))
        elif scope["type"] == "websocket":
            await self._connect(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            refusal = await _refusal(Request(scope))
            await (refusal or self.app)(scope, receive, send)
        except DatabaseUnavailable as error:
            await _library_away(error)(scope, receive, send)

    async def _connect(self, scope: Scope, receive: Receive, send: Send) -> None:
        asked = HTTPConnection(scope)
        origin = asked.headers.get("origin", "")
        try:
            welcome = origin in own_origins(scope) and await _is_signed_in(asked)
        except DatabaseUnavailable:
            await WebSocketClose(TRY_AGAIN_LATER)(scope, receive, send)
            return
        if not welcome:
            await WebSocketClose(POLICY_VIOLATION)(scope, receive, send)
            return
        # Where Origin and Host differ, as behind some proxies, Streamlit would ask an outside service who we are.
        scope = {**scope, "headers": list(scope["headers"])}
        MutableHeaders(scope=scope)["host"] = urlsplit(origin).netloc
        await self.app(scope, receive, send)


async def _refusal(request: Request) -> Response | None:
    """The answer to somebody who may not have what they ask for; None when they may."""
    path: str = request.scope["path"]
    machinery, origin = path.startswith(MACHINERY), request.headers.get("origin")
    if machinery and origin is not None and origin not in own_origins(request.scope):
        return PlainTextResponse("Another site asks.", 403, headers=HEADERS)
    if path in OPEN or path.startswith(OPEN_FOLDERS) or await _is_signed_in(request):
        return None
    if machinery or request.method not in {"GET", "HEAD"}:
        return PlainTextResponse("Sign in first.", 403, headers=HEADERS)
    wanted = path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(sign_in_address(wanted), 303, headers=HEADERS)


async def _is_signed_in(asked: HTTPConnection) -> bool:
    token = asked.cookies.get(SESSION_COOKIE)
    return bool(token) and await run_in_threadpool(_is_open, token)


def _is_open(token: str | None) -> bool:
    with reading(engine()) as session:
        return accounts.signed_in(session, token=token) is not None


def _library_away(error: DatabaseUnavailable) -> Response:
    """Why is for the log: it names the place of the library, and anybody may read this page."""
    sys.stderr.write(f"footnote: {error}\n")
    html = render(
        "message",
        "The library cannot be reached",
        heading="The library cannot be reached",
        explanation="Nothing was changed. Try again in a moment; if this stays, tell whoever runs Footnote.",
        address="/",
        link="Try again",
    )
    return page(html, 503)


def _guarded(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in ON_EVERY_ANSWER.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
