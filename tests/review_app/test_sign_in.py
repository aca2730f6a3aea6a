"""Signing in and out and joining, over HTTP, on a real library."""

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine
from starlette.applications import Starlette

from db import config
from db.engine import reading, writing
from db.queries import accounts as account_queries
from db.types import Role
from review_app import database, sign_in, web_forms
from review_app.app import prepare
from review_app.auth import SESSION_COOKIE, sign_out_proof
from review_app.services import accounts

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


@pytest.fixture
def browser(library: Engine) -> Iterator[Browser]:
    with closing(Browser()) as client:
        yield client


@pytest.fixture
def ada(library: Engine) -> str:
    """Ada's password."""
    password_hash = accounts.hash_password(PASSWORD)
    with writing(library) as session:
        member = account_queries.member_by_name(session, name="Ada")
        assert member is not None
        member.password_hash = password_hash
        session.add(member)
        session.commit()
    return PASSWORD


def hidden(page: str, field: str) -> str:
    found = re.search(rf'name="{field}" value="([^"]*)"', page)
    assert found is not None
    return found.group(1)


def submit(browser: Browser, name: str, password: str, **more: str) -> tuple[int, str, str]:
    """Sign in as a person does; gives status, where to, and what the page says."""
    form = hidden(browser.get("/sign-in").text, "form")
    answer = browser.post("/sign-in", data={"form": form, "name": name, "password": password, **more})
    return answer.status_code, answer.headers.get("location", ""), answer.text


def who(library: Engine, token: str | None) -> str | None:
    with reading(library) as session:
        member = account_queries.signed_in(session, token=token)
        return member.name if member else None


def invitation(library: Engine, name: str = "Fay") -> str:
    with writing(library) as session:
        member = account_queries.member_by_name(session, name="Ada")
        assert member is not None
        return accounts.invite(session, actor=account_queries.actor_of(member), name=name, role=Role.REVIEWER)


def test_the_right_password_opens_a_session(browser: Browser, library: Engine, ada: str) -> None:
    assert submit(browser, "  ADA ", ada)[:2] == (303, "/")
    assert who(library, browser.cookies[SESSION_COOKIE]) == "Ada"


def test_the_cookie_is_out_of_reach_of_scripts_and_of_other_sites(browser: Browser, ada: str) -> None:
    form = hidden(browser.get("/sign-in").text, "form")
    answer = browser.post("/sign-in", data={"form": form, "name": "Ada", "password": ada})
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(SESSION_COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie


def test_the_cookie_is_secure_where_people_come_over_https(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_PUBLIC_URL", "https://footnote.example")
    config.settings.cache_clear()
    browser.move_to("https://footnote.example")
    form = hidden(browser.get("/sign-in").text, "form")
    answer = browser.post("/sign-in", data={"form": form, "name": "Ada", "password": ada})
    assert all("Secure" in cookie for cookie in answer.headers.get_list("set-cookie"))


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(browser: Browser, ada: str) -> None:
    wrong, unknown = submit(browser, "Ada", "not this one"), submit(browser, "Eve", "not this one")
    assert wrong[0] == unknown[0] == 401
    assert "do not fit" in wrong[2]
    assert re.sub("Ada|Eve", "", wrong[2]) == re.sub("Ada|Eve", "", unknown[2])


def test_guessing_is_slowed_down_even_for_the_right_password(browser: Browser, ada: str) -> None:
    for _ in range(accounts.MAX_FAILURES):
        submit(browser, "Ada", "not this one")
    status, _, says = submit(browser, "Ada", ada)
    assert status == 401
    assert "Too many attempts" in says


def test_a_form_that_another_site_made_is_not_taken(browser: Browser, ada: str) -> None:
    browser.get("/sign-in")
    forged = browser.post("/sign-in", data={"form": "guess", "name": "Ada", "password": ada})
    assert forged.status_code == 403
    assert SESSION_COOKIE not in browser.cookies


def test_a_form_without_its_cookie_is_not_taken(browser: Browser, ada: str) -> None:
    form = hidden(browser.get("/sign-in").text, "form")
    browser.cookies.clear()
    assert browser.post("/sign-in", data={"form": form, "name": "Ada", "password": ada}).status_code == 403
    assert browser.post("/sign-in", data={"form": "", "name": "Ada", "password": ada}).status_code == 403


def test_a_form_that_the_browser_calls_cross_site_is_not_taken(browser: Browser, ada: str) -> None:
    form = hidden(browser.get("/sign-in").text, "form")
    data = {"form": form, "name": "Ada", "password": ada}
    assert browser.post("/sign-in", data=data, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_huge_form_is_not_read(browser: Browser) -> None:
    form = hidden(browser.get("/sign-in").text, "form")
    answer = browser.post("/sign-in", data={"form": form, "name": "A", "password": "x" * web_forms.MAX_FORM})
    assert answer.status_code == 403


def test_signing_in_goes_on_to_the_page_that_was_wanted(browser: Browser, ada: str) -> None:
    page = browser.get("/sign-in", params={"next": "/study?pmid=90000001"}).text
    assert submit(browser, "Ada", ada, next=hidden(page, "next"))[1] == "/study?pmid=90000001"


@pytest.mark.parametrize(
    "next_path",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/a\r\nSet-Cookie: x=1", "sign-in", "/sign-in", ""],
)
def test_signing_in_never_leads_out_of_the_app(browser: Browser, ada: str, next_path: str) -> None:
    assert submit(browser, "Ada", ada, next=next_path)[1] == "/"


def test_words_that_come_back_in_the_form_are_escaped(browser: Browser) -> None:
    says = submit(browser, '"><script>alert(1)</script>', "not this one")[2]
    assert "<script>" not in says
    assert "&lt;script&gt;" in says


def test_signing_in_again_ends_the_session_before(browser: Browser, library: Engine, ada: str) -> None:
    submit(browser, "Ada", ada)
    before = browser.cookies[SESSION_COOKIE]
    submit(browser, "Ada", ada)
    assert who(library, before) is None
    assert who(library, browser.cookies[SESSION_COOKIE]) == "Ada"


def test_signing_out_ends_the_session_on_the_server_and_in_the_browser(
    browser: Browser, library: Engine, ada: str
) -> None:
    submit(browser, "Ada", ada)
    token = browser.cookies[SESSION_COOKIE]
    answer = browser.post("/sign-out", data={"proof": sign_out_proof(token)})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert SESSION_COOKIE not in browser.cookies
    assert who(library, token) is None


def test_another_site_cannot_sign_a_member_out(browser: Browser, library: Engine, ada: str) -> None:
    submit(browser, "Ada", ada)
    assert browser.post("/sign-out", data={"proof": "guess"}).status_code == 403
    assert browser.post("/sign-out").status_code == 403
    assert who(library, browser.cookies[SESSION_COOKIE]) == "Ada"


def test_signing_out_takes_a_post(browser: Browser) -> None:
    assert browser.get("/sign-out").status_code == 405


def join(browser: Browser, token: str, **fields: str) -> tuple[int, str]:
    form = hidden(browser.get(f"/join/{token}").text, "form")
    data = {"form": form, "name": "", "password": PASSWORD, "again": PASSWORD, **fields}
    answer = browser.post(f"/join/{token}", data=data)
    return answer.status_code, answer.text


def test_an_invitation_makes_a_member_once(browser: Browser, library: Engine) -> None:
    token = invitation(library)
    assert join(browser, token)[0] == 303
    assert who(library, browser.cookies[SESSION_COOKIE]) == "Fay"
    again = browser.get(f"/join/{token}")
    assert again.status_code == 410
    assert "does not work any more" in again.text


def test_looking_at_an_invitation_does_not_use_it_up(browser: Browser, library: Engine) -> None:
    token = invitation(library)
    for _ in range(3):
        assert browser.get(f"/join/{token}").status_code == 200
    assert join(browser, token)[0] == 303


def test_the_name_on_an_invitation_cannot_be_changed_by_its_holder(browser: Browser, library: Engine) -> None:
    token = invitation(library)
    assert "readonly" in browser.get(f"/join/{token}").text
    join(browser, token, name="Ada")
    assert who(library, browser.cookies[SESSION_COOKIE]) == "Fay"


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"again": "a few words in a roe"}, "The two passwords differ"),
        ({"password": "short", "again": "short"}, "10 to 200 characters"),
    ],
)
def test_a_password_that_cannot_be_taken_leaves_the_link_usable(
    browser: Browser, library: Engine, fields: dict[str, str], says: str
) -> None:
    token = invitation(library)
    status, page = join(browser, token, **fields)
    assert status == 422
    assert says in page
    assert PASSWORD not in page
    assert join(browser, token)[0] == 303


def test_a_forged_form_does_not_use_an_invitation_up(browser: Browser, library: Engine) -> None:
    token = invitation(library)
    assert join(browser, token, form="guess")[0] == 403
    assert join(browser, token)[0] == 303


def test_a_link_lapses(browser: Browser, library: Engine, clock: Callable[..., None]) -> None:
    token = invitation(library)
    clock(days=8)
    assert browser.get(f"/join/{token}").status_code == 410


def test_a_link_that_never_was_says_so(browser: Browser) -> None:
    assert browser.get("/join/never").status_code == 410
    assert browser.post("/join/never", data={"password": PASSWORD}).status_code == 410


def test_a_reset_signs_the_member_out_elsewhere(browser: Browser, library: Engine, ada: str) -> None:
    submit(browser, "Ada", ada)
    before = browser.cookies[SESSION_COOKIE]
    with writing(library) as session:
        member = account_queries.member_by_name(session, name="Ada")
        assert member is not None
        token = accounts.reset_link(session, actor=account_queries.actor_of(member), name="Ada")
    assert join(browser, token, password="other words in a row", again="other words in a row")[0] == 303
    assert who(library, before) is None
    assert submit(browser, "Ada", ada)[0] == 401
    assert submit(browser, "Ada", "other words in a row")[0] == 303


def test_no_page_may_be_framed_cached_or_leak_its_address(browser: Browser, library: Engine) -> None:
    for address in ("/sign-in", f"/join/{invitation(library)}", "/join/never"):
        headers = browser.get(address).headers
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


@pytest.fixture
def empty(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Browser]:
    """The app on a library without a member."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    config.settings.cache_clear()
    with closing(Browser()) as client:
        yield client
    database.engine().dispose()
    database.forget()


def test_the_first_visit_says_where_the_link_is_and_gives_nothing_away(empty: Browser) -> None:
    page = empty.get("/sign-in").text
    assert "Nobody is here yet" in page
    assert "http://localhost:8501/join/…" in page


def test_the_first_lead_joins_by_the_link_that_the_start_writes(empty: Browser) -> None:
    link = prepare()
    assert link is not None
    newer = prepare()
    assert newer is not None
    assert empty.get(link).status_code == 410
    assert join(empty, newer.rsplit("/", 1)[1], name="Ada")[0] == 303
    assert prepare() is None
