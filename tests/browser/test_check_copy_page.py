"""A writer's hour: paste copy, read the marks, open a sentence, decide a link, take the report along."""

import json
from collections.abc import Callable
from pathlib import Path

import invented_claims
import pytest
from browser.seats import at_rest
from playwright.sync_api import Locator, Page, expect

from db import config, migrate
from db.engine import open_engine, writing
from db.models import Member
from db.types import Role
from review_app import app
from review_app.services.accounts import hash_password

pytestmark = pytest.mark.browser

APP = Path(app.__file__)
PASSWORD = "a few words in a row"


@pytest.fixture(scope="module")
def url(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """The app on a library of invented claims and studies; Dov writes."""
    address = f"sqlite:///{tmp_path_factory.mktemp('library')}/footnote.db"
    engine = open_engine(address)
    migrate.upgrade(engine)
    with writing(engine) as session:
        secret = hash_password(PASSWORD)
        session.add(Member(name="Dov", name_key="dov", role=Role.WRITER, password_hash=secret, created_at=config.now()))
        session.commit()
    invented_claims.fill(engine)
    engine.dispose()
    return serve(APP, DATABASE_URL=address).replace("127.0.0.1", "localhost")


@pytest.fixture
def checked(page: Page, url: str) -> Page:
    """Dov has pasted the copy and pressed Check."""
    sign_in(page, f"{url}/check_copy")
    page.get_by_label("Paste the copy").fill(invented_claims.COPY)
    page.get_by_label("Paste the copy").press("Tab")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(sentence(page, invented_claims.STATEMENT)).to_be_visible()
    return page


def sign_in(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Name").fill("Dov")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def sentence(page: Page, words: str) -> Locator:
    return page.locator(".sentence").filter(has_text=words)


def choose(page: Page, words: str) -> None:
    """By its sign: the middle of a sentence that wraps may lie between its lines."""
    sentence(page, words).locator(".sign").click()


def dossier(page: Page) -> Locator:
    return page.locator("[class*='st-key-dossier']")


def test_marks_appear_in_the_structure_of_the_copy(checked: Page) -> None:
    expect(checked.locator("h2.block")).to_have_text("One infusion, one day")
    expect(checked.locator("li.block")).to_have_count(2)
    expect(sentence(checked, invented_claims.STATEMENT)).to_have_attribute("data-verdict", "supported")
    expect(sentence(checked, invented_claims.TOO_FAR)).to_have_attribute("data-verdict", "overstated")
    expect(sentence(checked, "<script>alert('copy')</script>")).to_be_visible()


def test_a_click_opens_the_dossier_and_the_address_keeps_it(checked: Page) -> None:
    choose(checked, invented_claims.STATEMENT)
    expect(dossier(checked).get_by_text("Contradicting evidence")).to_be_visible()
    expect(dossier(checked).get_by_text(invented_claims.AGAINST_TITLE)).to_be_visible()
    expect(dossier(checked).get_by_text(f"PMID {invented_claims.NOT_HELD}").first).to_be_attached()
    checked.wait_for_url("**sentence=1")
    address = checked.url
    choose(checked, invented_claims.TOO_FAR)
    checked.wait_for_url("**sentence=2")
    checked.goto(address)
    expect(dossier(checked).locator("blockquote").first).to_have_text(invented_claims.STATEMENT)


def test_the_dossier_of_another_sentence_begins_at_its_top(checked: Page) -> None:
    checked.set_viewport_size({"width": 1366, "height": 500})
    choose(checked, invented_claims.STATEMENT)
    expect(dossier(checked).get_by_text("Contradicting evidence")).to_be_visible()
    at_rest(checked)
    assert dossier(checked).evaluate("(part) => { part.scrollTop = 200; return part.scrollTop; }") == 200
    choose(checked, invented_claims.TOO_FAR)
    expect(dossier(checked).locator("blockquote").first).to_have_text(invented_claims.TOO_FAR)
    expect(dossier(checked)).to_have_js_property("scrollTop", 0)


def test_the_counts_step_through_the_marks(checked: Page) -> None:
    step = checked.locator(".st-key-count_supported button").first
    step.click()
    expect(sentence(checked, invented_claims.STATEMENT)).to_have_attribute("aria-pressed", "true")
    step.click()
    expect(sentence(checked, "given under the supervision")).to_have_attribute("aria-pressed", "true")
    choose(checked, invented_claims.STATEMENT)
    expect(dossier(checked).locator("blockquote").first).to_have_text(invented_claims.STATEMENT)
    step.click()
    expect(sentence(checked, "given under the supervision")).to_have_attribute("aria-pressed", "true")


def test_a_sentence_that_is_no_claim_loses_its_mark_and_gets_it_back_without_a_mouse(checked: Page) -> None:
    choose(checked, "proven to cure")
    expect(dossier(checked).get_by_role("button", name="Makes no claim")).to_be_visible()
    checked.get_by_role("button", name="Makes no claim").focus()
    checked.keyboard.press("Enter")
    why = checked.get_by_label("Why this sentence makes no claim")
    expect(why).to_be_visible()
    at_rest(checked)
    checked.keyboard.press("Tab")
    expect(why).to_be_focused()
    checked.keyboard.type("It tests the page.")
    checked.keyboard.press("Enter")
    expect(dossier(checked).get_by_text("the sentence makes no claim")).to_be_visible()
    expect(sentence(checked, "proven to cure")).not_to_have_attribute("data-verdict", "overstated")
    checked.get_by_role("button", name="It makes a claim after all").press("Enter")
    expect(sentence(checked, "proven to cure")).to_have_attribute("data-verdict", "overstated")


def test_the_report_goes_along(checked: Page) -> None:
    checked.get_by_test_id("stPopover").filter(has_text="Report").get_by_role("button").click()
    with checked.expect_download() as web:
        checked.get_by_role("button", name="Web page").click()
    report = Path(web.value.path()).read_text("utf-8")
    assert invented_claims.STATEMENT in report
    assert "<script>alert" not in report
    with checked.expect_download() as given:
        checked.get_by_role("button", name="JSON").click()
    answer = json.loads(Path(given.value.path()).read_text("utf-8"))
    assert answer["summary"]["supported"] == 2


def test_a_claim_is_one_click_from_the_list(page: Page, url: str) -> None:
    sign_in(page, f"{url}/claims")
    asked = "within a day in some patients"
    page.get_by_label("Words of the statement").fill(asked)
    page.get_by_label("Words of the statement").press("Enter")
    page.get_by_role("link", name=invented_claims.STATEMENT).click()
    expect(page.get_by_role("heading", name=invented_claims.STATEMENT)).to_be_visible()
    assert page.url == f"{url}/claims?claim={invented_claims.ONSET}"
    expect(page.get_by_text("Contradicting evidence")).to_be_visible()
    page.go_back()
    expect(page.get_by_label("Words of the statement")).to_have_value(asked)
