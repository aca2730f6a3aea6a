"""Signing in and out, over HTTP, on a real library."""

import re

import pytest
from plain_browser import Browser, hidden, submit, who
from sqlalchemy import Engine

from db import config
from review_app import web_forms
from review_app.auth import SESSION_COOKIE, sign_out_proof
from review_app.services import accounts


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


def test_a_browser_says_that_another_site_asks_to_sign_out(browser: Browser, library: Engine, ada: str) -> None:
    submit(browser, "Ada", ada)
    token = browser.cookies[SESSION_COOKIE]
    answer = browser.post("/sign-out", data={"proof": sign_out_proof(token)}, headers={"Sec-Fetch-Site": "same-site"})
    assert answer.status_code == 403
    assert who(library, token) == "Ada"


def test_signing_out_without_a_session_touches_no_cookie(browser: Browser) -> None:
    # Another site's form comes without the cookie: an answer that deletes it would sign the member out.
    answer = browser.post("/sign-out", data={"proof": sign_out_proof("")}, headers={"Sec-Fetch-Site": "cross-site"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")
    assert "set-cookie" not in answer.headers


def test_a_form_with_more_fields_than_any_of_ours_is_not_taken(browser: Browser) -> None:
    form = hidden(browser.get("/sign-in").text, "form")
    many = {f"field{number}": "x" for number in range(web_forms.MAX_FIELDS)}
    assert browser.post("/sign-in", data={"form": form, "name": "Ada", **many}).status_code == 403


@pytest.mark.parametrize("field", ["name", "password", "next"])
def test_a_form_with_a_nul_character_is_not_taken(browser: Browser, field: str) -> None:
    form = hidden(browser.get("/sign-in").text, "form")
    assert browser.post("/sign-in", data={"form": form, field: "Ada\0"}).status_code == 403


def test_a_locked_name_costs_no_look_at_the_password(
    browser: Browser, ada: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(accounts.MAX_FAILURES):
        submit(browser, "Ada", "not this one")
    looked: list[str] = []
    monkeypatch.setattr(accounts, "verified", lambda _session, *, name, password: looked.append(name))
    assert "Too many attempts" in submit(browser, "Ada", ada)[2]
    assert looked == []


def test_signing_out_takes_a_post(browser: Browser) -> None:
    assert browser.get("/sign-out").status_code == 405
