"""What somebody did at the queue last, sent by their browser as they leave it, when no answer can come any more."""

import json
from contextlib import suppress

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from db.engine import DatabaseUnavailable, writing
from db.queries import accounts
from db.types import Actor
from review_app.auth import SESSION_COOKIE
from review_app.database import engine
from review_app.origins import own_origins
from review_app.services import refused_acts, screening_acts
from review_app.services.errors import Invalid, Refused, ServiceError
from review_app.services.screening_acts import Act
from review_app.web_forms import HEADERS, is_same_site

MOST = 1_000_000  # bytes: a browser sends no more than 64 kB in leaving


async def queue_acts(request: Request) -> Response:
    """POST /queue-acts; the gate has asked who is there. Only a page of ours may send it.

    What is refused here stays in the queue, and the person is told on the next page.
    """
    if not is_same_site(request) or request.headers.get("origin") not in own_origins(request.scope):
        return PlainTextResponse("Another site asks.", 403, headers=HEADERS)
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST:
                return PlainTextResponse("This is more than a browser sends.", 413, headers=HEADERS)
        await run_in_threadpool(_carry_out, request.cookies.get(SESSION_COOKIE), body)
    except ClientDisconnect:
        return PlainTextResponse("The end of it is missing.", 400, headers=HEADERS)
    except (Invalid, Refused) as error:
        return PlainTextResponse(str(error), 400, headers=HEADERS)
    return Response(status_code=204, headers=HEADERS)


def _carry_out(token: str | None, body: bytes) -> None:
    try:
        told = screening_acts.told(json.loads(body))
    except ValueError:
        raise Invalid("These are no acts.") from None
    for act in told.acts:
        try:
            with writing(engine()) as session:
                screening_acts.carry_out(session, actor=_actor(session, token), tab=told.tab, act=act)
        except (ServiceError, DatabaseUnavailable) as error:
            _keep_refusal(token, act, str(error))


def _keep_refusal(token: str | None, act: Act, why: str) -> None:
    with suppress(DatabaseUnavailable), writing(engine()) as session:
        refused_acts.keep(session, actor=_actor(session, token), act=act, why=why)
        session.commit()


def _actor(session: Session, token: str | None) -> Actor:
    """Asked where the act is carried out: nobody is removed between the question and the act."""
    member = accounts.signed_in(session, token=token)
    if member is None:
        raise Refused("Sign in first.")
    return accounts.actor_of(member)


ROUTES = [Route("/queue-acts", queue_acts, methods=["POST"])]
