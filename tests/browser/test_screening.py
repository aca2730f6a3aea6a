"""Ben and Cleo screen blind and by the keyboard alone; Ada settles what they disagree on."""

from collections.abc import Callable
from pathlib import Path

import invented_claims
import invented_screening
import pytest
from browser.seats import at_rest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine
from sqlmodel import select

from db import migrate
from db.engine import open_engine, reading, writing
from db.models import Adjudication, Member, ScreeningDecision
from review_app import app
from review_app.services.accounts import hash_password

pytestmark = pytest.mark.browser

APP = Path(app.__file__)
PASSWORD = "a few words in a row"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('library')}/footnote.db")
    migrate.upgrade(engine)
    invented_claims.people(engine)
    with writing(engine) as session:
        for member in session.exec(select(Member)):
            member.password_hash = hash_password(PASSWORD)
            session.add(member)
        session.commit()
    invented_screening.begin(engine, plain=0)
    return engine


@pytest.fixture(scope="module")
def url(library: Engine, serve: Callable[..., str]) -> str:
    return serve(APP, DATABASE_URL=str(library.url)).replace("127.0.0.1", "localhost")


def sign_in(page: Page, url: str, name: str, place: str) -> None:
    page.context.clear_cookies()
    page.goto(f"{url}/{place}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Include").first).to_be_visible()
    at_rest(page)


def progress(page: Page, words: str) -> None:
    """What the bar says once everything is saved."""
    expect(page.locator(".fn-progress:not([aria-busy])", has_text=words)).to_be_visible()


def title(page: Page) -> str:
    return page.locator(".fn-record h2").inner_text()


def test_a_long_abstract_scrolls_by_itself_and_the_bar_stays(page: Page, url: str) -> None:
    page.set_viewport_size({"width": 1000, "height": 500})
    sign_in(page, url, "Ada", "queue")
    progress(page, "0 of 5")
    bar, record = page.locator(".st-key-screening_bar"), page.locator(".fn-record")
    before = bar.bounding_box()
    expect(record).to_be_focused()
    page.keyboard.press("End")
    page.wait_for_function("document.querySelector('.fn-record').scrollTop > 0")
    assert bar.bounding_box() == before
    page.keyboard.press("i")
    progress(page, "1 of 5")
    assert record.evaluate("element => element.scrollTop") == 0
    assert bar.bounding_box() == before
    page.keyboard.press("z")
    progress(page, "0 of 5")


def decisions(library: Engine) -> int:
    with reading(library) as session:
        return len(session.exec(select(ScreeningDecision.id)).all())


def test_keys_typed_into_a_field_never_vote(page: Page, url: str, library: Engine) -> None:
    sign_in(page, url, "Ada", "queue")
    progress(page, "0 of 5")
    page.get_by_text("How this review is done: two").click()
    before = decisions(library)
    for name in ("Note (N)", "Labels (L)", "Criteria, one a line", "Words of the PICO"):
        field = page.get_by_label(name)
        field.press_sequentially("iuez123456789nl")
        assert str(field.input_value()).endswith("iuez123456789nl"), name
        field.press("Escape")
    page.wait_for_load_state("networkidle")
    progress(page, "0 of 5")
    assert decisions(library) == before
    page.keyboard.press("i")
    progress(page, "1 of 5")
    page.keyboard.press("z")
    progress(page, "0 of 5")


def test_the_first_key_on_a_page_that_has_just_come_counts(page: Page, url: str) -> None:
    sign_in(page, url, "Ada", "queue")
    page.reload(wait_until="commit")
    expect(page.locator(".fn-record h2")).to_be_visible()
    page.keyboard.press("i")
    progress(page, "1 of 5")
    page.keyboard.press("z")
    progress(page, "0 of 5")
    expect(page.locator(".fn-record")).to_be_focused()


def test_two_people_screen_blind_by_keyboard_and_ada_settles(page: Page, url: str, library: Engine) -> None:
    sign_in(page, url, "Ben", "queue")
    progress(page, "0 of 5")
    expect(page.locator(".fn-record")).to_be_focused()
    first = title(page)
    page.keyboard.press("n")
    page.keyboard.type("Is this a trial?")
    page.keyboard.press("Escape")
    page.keyboard.press("i")
    progress(page, "1 of 5 · last: included")
    assert title(page) != first
    page.keyboard.press("e")
    expect(page.get_by_text("Exclude why?")).to_be_visible()
    page.keyboard.press("6")
    progress(page, "2 of 5 · last: excluded, no study")
    page.keyboard.press("z")
    progress(page, "1 of 5")
    page.keyboard.press("u")
    progress(page, "2 of 5 · last: maybe")

    sign_in(page, url, "Cleo", "queue")
    progress(page, "0 of 5")
    assert title(page) == first
    expect(page.get_by_text("Is this a trial?")).to_have_count(0)
    expect(page.get_by_label("Note (N)")).to_have_value("")
    page.keyboard.press("1")
    progress(page, "1 of 5 · last: excluded, population")
    page.keyboard.press("l")
    page.keyboard.type("late-life")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    progress(page, "2 of 5 · last: maybe")

    sign_in(page, url, "Ada", "conflicts")
    expect(page.get_by_text("2 conflicts wait")).to_be_visible()
    expect(page.locator(".fn-side").first).to_contain_text("Is this a trial?")
    expect(page.locator(".fn-side").last).to_contain_text("Population")
    reason = page.get_by_label("Reason for the decision")
    reason.press_sequentially("I include late-life depression.")
    reason.press("Tab")
    expect(page.get_by_text("2 conflicts wait")).to_be_visible()
    page.get_by_role("button", name="Include").click()
    expect(page.get_by_text("1 conflict waits")).to_be_visible()
    expect(page.locator(".fn-side").last).to_contain_text("late-life")
    with reading(library) as session:
        settled = session.exec(select(Adjudication)).one()
        assert (settled.decision["decision"], settled.reason) == ("include", "I include late-life depression.")
        given = select(ScreeningDecision).join(Member).where(Member.name != "Ada")
        rows = session.exec(given.order_by(ScreeningDecision.id)).all()  # type: ignore[arg-type]
    assert [row.decision.value for row in rows] == ["include", "exclude", "withdrawn", "maybe", "exclude", "maybe"]
    assert rows[0].note == "Is this a trial?"
