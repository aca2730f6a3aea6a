"""Joining by an invitation, the first lead, and a new password, over HTTP, on a real library."""

from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from plain_browser import PASSWORD, Browser, join, submit, who
from sqlalchemy import Engine

from db import config
from db.engine import writing
from db.queries import accounts as account_queries
from db.types import Role
from review_app import database
from review_app.app import prepare
from review_app.auth import SESSION_COOKIE
from review_app.services import accounts


def invitation(library: Engine, name: str = "Fay") -> str:
    with writing(library) as session:
        member = account_queries.member_by_name(session, name="Ada")
        assert member is not None
        return accounts.invite(session, actor=account_queries.actor_of(member), name=name, role=Role.REVIEWER)


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
