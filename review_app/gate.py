"""In front of everything: nobody without a session is sent a page, and no other site may frame one."""

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from db.engine import reading
from db.queries import accounts
from review_app.auth import SESSION_COOKIE
from review_app.database import engine
from review_app.navigation import addresses
from review_app.web_forms import sign_in_address


class Gate:
    """ASGI middleware. The desk asks again on every run: this only spares a stranger an empty frame."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.pages = frozenset(addresses())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        if request.method == "GET" and request.url.path in self.pages and not await _is_signed_in(request):
            wanted = request.url.path + (f"?{request.url.query}" if request.url.query else "")
            await RedirectResponse(sign_in_address(wanted), 303)(scope, receive, send)
            return
        await self.app(scope, receive, _unframed(send))


async def _is_signed_in(request: Request) -> bool:
    return await run_in_threadpool(_is_open, request.cookies.get(SESSION_COOKIE))


def _is_open(token: str | None) -> bool:
    with reading(engine()) as session:
        return accounts.signed_in(session, token=token) is not None


def _unframed(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).setdefault("X-Frame-Options", "DENY")
        await send(message)

    return sending
