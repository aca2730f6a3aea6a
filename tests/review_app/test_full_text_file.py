"""A full text goes to members only, to be saved and never to be run."""

import asyncio
from collections.abc import Callable

import httpx
import invented_screening
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.middleware import Middleware
from study_page import actor, article_id

from db.engine import writing
from review_app import full_text_file
from review_app.auth import SESSION_COOKIE
from review_app.gate import Gate
from review_app.screening.full_text import FullText
from review_app.services import full_texts

SignInAs = Callable[[str | None], str | None]
BODY = b"<html><script>alert(1)</script></html>"


@pytest.fixture
def attached(library: Engine) -> int:
    invented_screening.begin(library, plain=0)
    with writing(library) as session:
        return full_texts.attach(
            session,
            actor=actor(library, "Ben"),
            article_id=article_id(library),
            name='Ä "quoted"\r\nname.html',
            body=BODY,
            text=FullText("text/plain", ("Words",)),
        ).id


def ask(attachment_id: int, token: str | None) -> httpx.Response:
    app = Starlette(routes=full_text_file.ROUTES, middleware=[Middleware(Gate)])

    async def asking() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://127.0.0.1:8501") as client:
            cookie = {"Cookie": f"{SESSION_COOKIE}={token}"} if token else {}
            return await client.get(f"/full-text/{attachment_id}", headers=cookie)

    return asyncio.run(asking())


def test_a_member_gets_the_bytes_as_a_file_of_no_type(attached: int, sign_in_as: SignInAs) -> None:
    answer = ask(attached, sign_in_as("Dov"))
    assert (answer.status_code, answer.content) == (200, BODY)
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%84%20%22quoted%22name.html"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_a_stranger_is_sent_to_sign_in(attached: int) -> None:
    answer = ask(attached, None)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=%2Ffull-text%2F{attached}")


def test_what_was_removed_or_never_there_is_not_found(attached: int, library: Engine, sign_in_as: SignInAs) -> None:
    token = sign_in_as("Cleo")
    assert ask(999, token).status_code == 404
    with writing(library) as session:
        full_texts.remove(session, actor=actor(library, "Ada"), attachment_id=attached)
    assert ask(attached, token).status_code == 404
