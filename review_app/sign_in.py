"""Signing in and out, and joining by a one-time link: plain pages beside Streamlit."""

from collections.abc import Mapping
from hmac import compare_digest

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.engine import reading, writing
from db.models import Member, OneTimeLink
from db.queries import accounts as account_queries
from db.types import LinkPurpose
from review_app.auth import SESSION_COOKIE, sign_out_proof
from review_app.database import engine
from review_app.password_queue import Busy, hashing
from review_app.services import accounts
from review_app.services.errors import Invalid, NotFound, ServiceError
from review_app.sign_in_pages import render
from review_app.web_forms import (
    enter,
    form_fields,
    form_page,
    form_token,
    go,
    is_ours,
    is_same_site,
    leave,
    page,
    public_address,
    safe_path,
)

STALE_FORM = "This page had been open for too long. Please try again."
BUSY = "Many people are signing in at this moment. Please try again in a minute."


async def show_sign_in(request: Request) -> Response:
    """GET /sign-in"""
    if await run_in_threadpool(_nobody_is_here):
        example = f"{public_address()}/join/…"
        return page(render("first_visit", "First visit", example=example))
    return _sign_in_page(request, next_path=safe_path(request.query_params.get("next", "/")))


async def sign_in(request: Request) -> Response:
    """POST /sign-in"""
    fields = await form_fields(request)
    name, next_path = fields.get("name", ""), safe_path(fields.get("next", "/"))
    if not is_ours(request, fields):
        return _sign_in_page(request, name=name, next_path=next_path, error=STALE_FORM, status=403)
    try:
        token = await _sign_in(name, fields.get("password", ""), request.cookies.get(SESSION_COOKIE))
    except Busy:
        return _sign_in_page(request, name=name, next_path=next_path, error=BUSY, status=503)
    except ServiceError as error:
        return _sign_in_page(request, name=name, next_path=next_path, error=str(error), status=401)
    return _entered(token, next_path)


async def sign_out(request: Request) -> Response:
    """POST /sign-out"""
    fields, token = await form_fields(request), request.cookies.get(SESSION_COOKIE)
    if not token:  # another site's form comes without the cookie, and must not take it away
        return go("/sign-in")
    proven = compare_digest(fields.get("proof", "").encode(), sign_out_proof(token).encode())
    if not (proven and is_same_site(request)):
        return _not_signed_out()
    await run_in_threadpool(_sign_out, token)
    return leave("/sign-in")


async def show_join(request: Request) -> Response:
    """GET /join/{token}: looking does not use the link up."""
    link = await run_in_threadpool(_usable_link, request.path_params["token"])
    return _link_is_gone() if link is None else _join_page(request, link)


async def join(request: Request) -> Response:
    """POST /join/{token}"""
    fields, link_token = await form_fields(request), request.path_params["token"]
    link = await run_in_threadpool(_usable_link, link_token)
    if link is None:
        return _link_is_gone()
    name = fields.get("name", "")
    if not is_ours(request, fields):
        return _join_page(request, link, name=name, error=STALE_FORM, status=403)
    try:
        token = await _join(link_token, fields)
    except NotFound:
        return _link_is_gone()
    except Busy:
        return _join_page(request, link, name=name, error=BUSY, status=503)
    except ServiceError as error:
        return _join_page(request, link, name=name, error=str(error), status=422)
    return _entered(token, "/")


def _nobody_is_here() -> bool:
    with reading(engine()) as session:
        return account_queries.member_count(session) == 0


def _usable_link(token: str) -> OneTimeLink | None:
    with reading(engine()) as session:
        return account_queries.usable_link(session, token=token)


async def _sign_in(name: str, password: str, old_token: str | None) -> str:
    """The token of a new session; the one this browser had before ends. Raises Refused and Busy."""
    # A name that is locked is refused whatever its password is, so nothing is spent on looking.
    locked = await run_in_threadpool(_is_locked, name)
    member = None if locked else await hashing(_verified, name, password)
    return await run_in_threadpool(_start_session, name, member, old_token)


def _is_locked(name: str) -> bool:
    with reading(engine()) as session:
        return account_queries.recent_failures(session, name=name) >= accounts.MAX_FAILURES


def _verified(name: str, password: str) -> Member | None:
    with reading(engine()) as session:
        return accounts.verified(session, name=name, password=password)


def _start_session(name: str, member: Member | None, old_token: str | None) -> str:
    with writing(engine()) as session:
        token = accounts.sign_in(session, name=name, member=member)
    _sign_out(old_token)
    return token


def _sign_out(token: str | None) -> None:
    with writing(engine()) as session:
        accounts.sign_out(session, token=token)


async def _join(link_token: str, fields: Mapping[str, str]) -> str:
    """The token of a new session. Raises ServiceError and Busy."""
    password = fields.get("password", "")
    if password != fields.get("again", ""):
        raise Invalid("The two passwords differ. Type the same one twice.")
    password_hash = await hashing(accounts.hash_password, password)
    return await run_in_threadpool(_use_link, link_token, fields.get("name", ""), password_hash)


def _use_link(link_token: str, name: str, password_hash: str) -> str:
    with writing(engine()) as session:
        return accounts.join(session, token=link_token, name=name, password_hash=password_hash)


def _entered(token: str, path: str) -> Response:
    return enter(token, path, max_age=int(accounts.SESSION_LIFE.total_seconds()))


def _sign_in_page(
    request: Request, *, name: str = "", next_path: str = "/", error: str = "", status: int = 200
) -> Response:
    form = form_token(request)
    html = render("sign_in", "Sign in", form=form, next=next_path, name=name, error=error)
    return form_page(html, form, status)


# What a one-time link is for: heading, explanation, button.
_JOINING: dict[LinkPurpose, tuple[str, str, str]] = {
    LinkPurpose.FIRST_LEAD: (
        "Lead this library",
        "You are the first person here. Choose the name that your colleagues will see, and a password.",
        "Start",
    ),
    LinkPurpose.INVITATION: (
        "Join this library",
        "You were invited. Choose a password; the name is the one your colleagues will see.",
        "Join",
    ),
    LinkPurpose.RESET: (
        "Set a new password",
        "You will be signed out everywhere else.",
        "Set password and sign in",
    ),
}


def _join_page(request: Request, link: OneTimeLink, *, name: str = "", error: str = "", status: int = 200) -> Response:
    heading, explanation, button = _JOINING[link.purpose]
    form = form_token(request)
    html = render(
        "join",
        heading,
        heading=heading,
        explanation=explanation,
        button=button,
        action=request.url.path,
        form=form,
        name=link.name or name,
        fixed="readonly" if link.name else "",
        name_hint="Given by the lead." if link.name else "As colleagues know you, such as Ada Lindqvist.",
        error=error,
    )
    return form_page(html, form, status)


def _link_is_gone() -> Response:
    html = render(
        "message",
        "Link no longer works",
        heading="This link does not work any more",
        explanation="It was used already, has lapsed or was replaced by a newer one. Ask a lead for a new link.",
        address="/sign-in",
        link="Sign in",
    )
    return page(html, 410)


def _not_signed_out() -> Response:
    html = render(
        "message",
        "Not signed out",
        heading="You are still signed in",
        explanation="This form was not made by your page. Reload Footnote and sign out there.",
        address="/",
        link="Back to Footnote",
    )
    return page(html, 403)


ROUTES = [
    Route("/sign-in", show_sign_in, methods=["GET"]),
    Route("/sign-in", sign_in, methods=["POST"]),
    Route("/sign-out", sign_out, methods=["POST"]),
    Route("/join/{token}", show_join, methods=["GET"]),
    Route("/join/{token}", join, methods=["POST"]),
]
