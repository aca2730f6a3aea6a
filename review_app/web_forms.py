"""Forms outside Streamlit: reading them, telling forged ones, and the headers and cookies of the answers.

The guard is a double submit: a form is taken only when its hidden field equals a cookie that another site can
neither read nor set (OWASP, Cross-Site Request Forgery Prevention), and the browser does not say `cross-site`.
"""

import secrets
from collections.abc import Mapping
from hmac import compare_digest
from urllib.parse import parse_qs, urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from db import config
from review_app.auth import SESSION_COOKIE

FORM_COOKIE = "footnote_form"
MAX_FORM = 10_000  # bytes: a name and two passwords are far smaller
MAX_FIELDS = 20
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",  # the address of a one-time link is its secret
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


async def form_fields(request: Request) -> dict[str, str]:
    """The fields of a posted form, the first value of each; nothing when it cannot be a form of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM:
            return {}
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_FIELDS)
    except ValueError:
        return {}
    first = {name: values[0] for name, values in fields.items()}
    return {} if any("\0" in value for value in first.values()) else first  # PostgreSQL stores none


def form_token(request: Request) -> str:
    """What the form must carry: this browser's form cookie, or a new one."""
    return request.cookies.get(FORM_COOKIE) or secrets.token_urlsafe(24)


def is_ours(request: Request, fields: Mapping[str, str]) -> bool:
    """Whether the form was made by our page for this browser."""
    expected, given = request.cookies.get(FORM_COOKIE, ""), fields.get("form", "")
    return is_same_site(request) and bool(expected) and compare_digest(given.encode(), expected.encode())


def is_same_site(request: Request) -> bool:
    """Whether the browser says that a page of ours asks, or says nothing of it."""
    return request.headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}


def form_page(html: str, token: str, status: int = 200) -> Response:
    """The page with a form, and the cookie that its hidden field must equal."""
    response = page(html, status)
    response.set_cookie(FORM_COOKIE, token, httponly=True, samesite="strict", secure=is_https(), path="/")
    return response


def page(html: str, status: int = 200) -> Response:
    return HTMLResponse(html, status, headers=HEADERS)


def enter(token: str, path: str, *, max_age: int) -> Response:
    """Go on into the app with the cookie of a new session, which lasts `max_age` seconds."""
    response = RedirectResponse(path, 303, headers=HEADERS)
    response.set_cookie(
        SESSION_COOKIE, token, max_age=max_age, httponly=True, samesite="lax", secure=is_https(), path="/"
    )
    response.delete_cookie(FORM_COOKIE, path="/", httponly=True, samesite="strict", secure=is_https())
    return response


def go(path: str) -> Response:
    """Go to `path`; cookies stay as they are."""
    return RedirectResponse(path, 303, headers=HEADERS)


def leave(path: str) -> Response:
    """Go to `path` without a session."""
    response = go(path)
    response.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax", secure=is_https())
    return response


def safe_path(path: str) -> str:
    """The path if it stays in this app, else `/`: no other host, no scheme, no control characters."""
    inside = path.startswith("/") and not path.startswith("//") and "\\" not in path and path.isprintable()
    return path if inside and not path.startswith(("/sign-", "/join/")) else "/"


def public_address() -> str:
    """Where people reach this app, without a slash at the end."""
    return config.settings().public_address


def is_https() -> bool:
    return public_address().startswith("https://")


def sign_in_address(wanted: str) -> str:
    """The sign-in page, and where to go from there."""
    return f"/sign-in?{urlencode({'next': wanted})}" if wanted != "/" else "/sign-in"
