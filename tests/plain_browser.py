"""A browser for the plain pages of signing in, and what a person does with it."""

import asyncio
import re
from typing import Any

import httpx
from sqlalchemy import Engine
from starlette.applications import Starlette

from db.engine import reading
from db.queries import accounts as account_queries
from review_app import sign_in

PASSWORD = "a few words in a row"
BASE = "http://127.0.0.1:8501"


class Browser:
    """What a browser does with plain pages: asks, posts, keeps cookies. Redirects are looked at, not followed."""

    def __init__(self) -> None:
        app = httpx.ASGITransport(Starlette(routes=sign_in.ROUTES))
        self._client = httpx.AsyncClient(transport=app, base_url=BASE, follow_redirects=False)
        self.cookies = self._client.cookies

    def move_to(self, address: str) -> None:
        self._client.base_url = httpx.URL(address)

    def get(self, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._client.get(path, **options))

    def post(self, path: str, **options: Any) -> httpx.Response:
        return asyncio.run(self._client.post(path, **options))

    def close(self) -> None:
        asyncio.run(self._client.aclose())


def hidden(page: str, field: str) -> str:
    found = re.search(rf'name="{field}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


def submit(browser: Browser, name: str, password: str, **more: str) -> tuple[int, str, str]:
    """Sign in as a person does; gives status, where to, and what the page says."""
    form = hidden(browser.get("/sign-in").text, "form")
    answer = browser.post("/sign-in", data={"form": form, "name": name, "password": password, **more})
    return answer.status_code, answer.headers.get("location", ""), answer.text


def join(browser: Browser, token: str, **fields: str) -> tuple[int, str]:
    form = hidden(browser.get(f"/join/{token}").text, "form")
    data = {"form": form, "name": "", "password": PASSWORD, "again": PASSWORD, **fields}
    answer = browser.post(f"/join/{token}", data=data)
    return answer.status_code, answer.text


def who(library: Engine, token: str | None) -> str | None:
    with reading(library) as session:
        member = account_queries.signed_in(session, token=token)
        return member.name if member else None
