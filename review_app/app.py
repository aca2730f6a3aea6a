"""The review app as an ASGI application: `streamlit run review_app/app.py`."""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from streamlit.runtime.pages_manager import PagesManager

from db import migrate
from db.config import SettingsError, settings
from db.engine import DatabaseUnavailable, writing
from review_app import full_text_file, queue_acts, sign_in
from review_app.database import engine
from review_app.gate import Gate
from review_app.services import accounts
from review_app.services.errors import ServiceError
from review_app.services.library import furnish
from review_app.web_forms import public_address


def prepare() -> str | None:
    """Create or upgrade the library with what ships; the link for the first lead while nobody is a member."""
    migrate.ensure(engine())
    furnish(engine(), topic_id=settings().footnote_topic)
    with writing(engine()) as session:
        token = accounts.first_lead_link(session)
    return token and f"{public_address()}/join/{token}"


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    try:
        link = await run_in_threadpool(prepare)
    except (DatabaseUnavailable, SettingsError, ServiceError) as error:
        sys.stderr.write(f"footnote: {error}\n")
        sys.stderr.flush()
        os._exit(1)  # an exception would reach the screen inside a traceback of the server's
    if link:
        sys.stdout.write(f"\n  Nobody is a member yet. The first lead joins here, once:\n\n  {link}\n\n")
        sys.stdout.flush()
    yield


async def healthz(_request: Request) -> Response:
    """The process answers."""
    return JSONResponse({"status": "ok"})


async def readyz(_request: Request) -> Response:
    """The library can be read and is of this version. Anybody may ask, so where it lies stands in the log only."""
    try:
        at = await run_in_threadpool(lambda: migrate.current_revision(engine()))
    except (DatabaseUnavailable, SettingsError) as error:
        sys.stderr.write(f"footnote: {error}\n")
        return JSONResponse({"status": "not ready", "why": "the library cannot be reached"}, 503)
    if at != migrate.latest_revision():
        return JSONResponse({"status": "not ready", "why": f"the library is at {at}; restart Footnote"}, 503)
    return JSONResponse({"status": "ready"})


# With a folder named `pages` beside the desk, a server's first run would open a page without the desk and its gate.
PagesManager.uses_pages_directory = False
DESK = Path(__file__).parent / "desk.py"
MIDDLEWARE = [Middleware(Gate)]
PROBES = [Route("/healthz", healthz), Route("/readyz", readyz)]
ROUTES = [*PROBES, *sign_in.ROUTES, *full_text_file.ROUTES, *queue_acts.ROUTES]
app = st.App(DESK, lifespan=lifespan, middleware=MIDDLEWARE, routes=ROUTES)
