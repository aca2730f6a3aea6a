"""What a browser sends as it leaves the queue is carried out once, for members, and only from a page of ours."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import httpx
import invented_screening
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit.testing.v1 import AppTest
from study_page import actor

from db.engine import reading, writing
from db.models import Article, Record, Review, ScreeningDecision
from review_app import queue_acts
from review_app.auth import SESSION_COOKIE
from review_app.gate import Gate
from review_app.services import accounts
from review_app.services.errors import NotFound

SignInAs = Callable[[str | None], str | None]
OURS = {"Origin": "http://localhost:8501", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=0)


def send(body: bytes, token: str | None, **headers: str) -> int:
    app = Starlette(routes=queue_acts.ROUTES, middleware=[Middleware(Gate)])
    cookies = {SESSION_COOKIE: token} if token else {}

    async def post() -> httpx.Response:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8501", cookies=cookies) as client:
            return await client.post("/queue-acts", content=body, headers=OURS | headers)

    return asyncio.run(post()).status_code


def told(engine: Engine, *decisions: str, name: str = "Ben") -> bytes:
    """A vote on each of the first records."""
    by = {"stage": "title_abstract", "member": actor(engine, name).id}
    with reading(engine) as session:
        seen = session.exec(select(Record.id, Article.content_hash).join(Article).order_by(Record.id)).all()  # type: ignore[arg-type]
    acts: list[dict[str, Any]] = [
        {"seq": seq, "kind": "vote", "record": record, "hash": hash_, "decision": decision, **by}
        for seq, ((record, hash_), decision) in enumerate(zip(seen, decisions, strict=False), start=1)
    ]
    return json.dumps({"tab": "a tab", "shows": None, "acts": acts}).encode()


def votes(engine: Engine) -> list[str]:
    with reading(engine) as session:
        rows = session.exec(select(ScreeningDecision).order_by(ScreeningDecision.id))  # type: ignore[arg-type]
        return [row.decision.value for row in rows]


def test_the_last_votes_are_saved_once_and_one_that_is_refused_holds_no_other_up(
    library: Engine, review: Review, sign_in_as: SignInAs
) -> None:
    token = sign_in_as("Ben")
    body = told(library, "include", "exclude", "maybe")
    assert send(body.replace(b'"maybe"', b'"include", "reason": "dull"'), token) == 204
    assert votes(library) == ["include", "exclude"]
    assert send(body, token) == 204
    assert votes(library) == ["include", "exclude", "maybe"]


def test_another_site_or_nobody_saves_nothing(library: Engine, review: Review, sign_in_as: SignInAs) -> None:
    token, body = sign_in_as("Ben"), told(library, "include")
    assert send(body, None) == 403
    assert send(body, token, Origin="https://elsewhere.example") == 403
    assert send(body, token, **{"Sec-Fetch-Site": "cross-site"}) == 403
    assert votes(library) == []


def test_what_are_no_acts_is_refused(library: Engine, review: Review, sign_in_as: SignInAs) -> None:
    token = sign_in_as("Ben")
    for body in (b"", b"\xff", b"[]", b'{"tab": "x", "acts": 1}'):
        assert send(body, token) == 400
    assert send(b"x" * (queue_acts.MOST + 1), token) == 413


def test_who_may_not_screen_saves_nothing_and_is_told(
    library: Engine, review: Review, sign_in_as: SignInAs, open_page: Callable[[str, str], AppTest]
) -> None:
    assert send(told(library, "include", name="Dov"), sign_in_as("Dov")) == 204
    assert votes(library) == []
    (error,) = open_page("evidence", "Dov").error
    assert "may not screen records" in error.value


def test_who_is_removed_while_their_vote_waits_for_another_writer_votes_no_more(
    library: Engine, review: Review, sign_in_as: SignInAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    token, body, ada, ben = sign_in_as("Ben"), told(library, "include"), actor(library, "Ada"), actor(library, "Ben")

    @contextmanager
    def after_the_other(engine: Engine) -> Iterator[Session]:
        with writing(engine) as session, suppress(NotFound):
            accounts.remove_member(session, actor=ada, member_id=ben.member_id)
        with writing(engine) as session:
            yield session

    monkeypatch.setattr(queue_acts, "writing", after_the_other)
    assert send(body, token) == 400
    assert votes(library) == []


def test_who_left_reads_on_the_next_page_what_was_refused_until_they_say_so(
    library: Engine, review: Review, sign_in_as: SignInAs, open_page: Callable[[str, str], AppTest]
) -> None:
    body = told(library, "include", "exclude").replace(b'"exclude"', b'"include", "reason": "dull"')
    for _ in range(2):
        assert send(body, sign_in_as("Ben")) == 204
    page = open_page("evidence", "Ben")
    (error,) = page.error
    assert error.value.startswith("Not saved when you left the queue:")
    assert error.value.count("dull is not a reason of this stage") == 1
    assert not open_page("evidence", "Cleo").error
    page = open_page("home", "Ben")
    page.button(key="refused_acts_read").click().run()
    assert not page.error
    assert not open_page("evidence", "Ben").error


def test_what_is_refused_while_one_reads_of_another_waits_on(
    library: Engine, review: Review, sign_in_as: SignInAs, open_page: Callable[[str, str], AppTest]
) -> None:
    token, body = sign_in_as("Ben"), told(library, "exclude")
    send(body.replace(b'"exclude"', b'"include", "reason": "dull"'), token)
    page = open_page("home", "Ben")
    send(body.replace(b'"exclude"', b'"exclude", "reason": "grey"'), token)
    page.button(key="refused_acts_read").click().run()
    (error,) = page.error
    assert "grey is not a reason" in error.value
    assert "dull" not in error.value


def test_a_reason_goes_by_its_id_when_a_lead_gives_the_reasons_another_order_meanwhile(
    library: Engine, review: Review, sign_in_as: SignInAs
) -> None:
    body = told(library, "exclude").replace(b'"exclude"', b'"exclude", "reason": "design"')
    invented_screening.reverse_reasons(library)
    assert send(body, sign_in_as("Ben")) == 204
    with reading(library) as session:
        (vote,) = session.exec(select(ScreeningDecision)).all()
    assert vote.exclusion_reason == "design"
