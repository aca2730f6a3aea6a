"""Every page of the desk, filled, in light and in dark, as axe-core and a keyboard meet it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import invented_claims
import invented_studies
import pytest
from accessible_desk import STREAMLITS, Finding, findings
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine
from study_page import actor

from db import migrate
from db.engine import open_engine, reading, writing
from db.queries import accounts as account_queries
from db.queries.blinding import default_review
from db.types import Decision, Stage
from review_app import app
from review_app.auth import SESSION_COOKIE
from review_app.navigation import DESKS
from review_app.services import accounts, review_settings, screening, screening_view

pytest.importorskip("axe_playwright_python", reason="axe-core comes with the package axe-playwright-python")
pytestmark = pytest.mark.browser

LISTED = [desk.file for desk in DESKS[1:] if desk.listed]
PLACES = [*LISTED, "study?id=1", f"claims?claim={invented_claims.ONSET}", "check_copy?document=1&sentence=1", ""]
CONTRAST = ["color-contrast", "link-in-text-block"]
# What has the focus: what it is called, whether it is ours, and whether one sees it.
AT_FOCUS = """() => {
  const at = document.activeElement, style = getComputedStyle(at);
  const name = at.getAttribute("aria-label") || at.innerText || at.labels?.[0]?.innerText || at.tagName;
  return {
    names: name.split("\\n").map((line) => line.trim()),
    ours: !!at.closest("[data-testid=stHtml]"),
    visible: (style.outlineStyle !== "none" && style.outlineWidth !== "0px") || style.boxShadow !== "none"
      || (style.borderLeftWidth !== "0px" && style.borderLeftColor !== "rgba(0, 0, 0, 0)"),
  };
}"""


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Claims, checked copy, and a review in which Ben and Cleo disagree on a record."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('library')}/footnote.db")
    migrate.upgrade(engine)
    people = invented_claims.fill(engine)
    invented_claims.keep_copy(engine, people["Dov"])
    with reading(engine) as session:
        review = default_review(session, topic_id=invented_studies.TOPIC)
    assert review is not None
    with writing(engine) as session:
        review_settings.change_settings(session, actor=people["Ada"], review_id=review.id, dual=True, blinded=True)
    with writing(engine) as session:
        screening.start(session, actor=people["Ada"], review_id=review.id)
    for name, decision in (("Ben", Decision.INCLUDE), ("Cleo", Decision.EXCLUDE)):
        vote(engine, name, decision)
    return engine


def vote(engine: Engine, name: str, decision: Decision) -> None:
    who, stage = actor(engine, name), Stage.TITLE_ABSTRACT
    with writing(engine) as session:
        desk = screening_view.screening_desk(session, viewer=who, topic_id=invented_studies.TOPIC, stage=stage)
        assert desk is not None
        assert desk.on_desk is not None
        record, seen = desk.on_desk.record_id, desk.on_desk.article.content_hash
        screening.vote(session, actor=who, record_id=record, stage=stage, decision=decision, content_hash=seen)


@pytest.fixture(scope="module")
def desk(library: Engine, chromium: Browser, serve: Callable[..., str]) -> Iterator[tuple[Page, str]]:
    """Ada's browser, signed in, and the address of the desk."""
    url = serve(Path(app.__file__), DATABASE_URL=str(library.url)).replace("127.0.0.1", "localhost")
    with writing(library) as session:
        member = account_queries.member_by_name(session, name="Ada")
        token = accounts.sign_in(session, name="Ada", member=member)
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, color_scheme="light")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    yield context.new_page(), url
    context.close()


def go(desk: tuple[Page, str], place: str) -> Page:
    page, url = desk
    link = page.locator(f"[data-testid=stSidebarNav] a[href$='/{place}']")
    if place in LISTED and link.count():  # without loading everything anew
        link.click()
        page.wait_for_url(f"{url}/{place}")
    else:
        page.goto(f"{url}/{place}")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    page.wait_for_load_state("networkidle")
    return page


def ours(found: list[Finding]) -> list[Finding]:
    return [each for each in found if each.is_ours or each.rule not in STREAMLITS]


@pytest.mark.parametrize("place", PLACES)
def test_axe_finds_nothing_grave_of_ours_in_light_or_dark(desk: tuple[Page, str], place: str) -> None:
    page = go(desk, place)
    page.emulate_media(color_scheme="light")
    light = findings(page)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function("getComputedStyle(document.querySelector('[data-testid=stApp]')).colorScheme === 'dark'")
    dark = findings(page, rules=CONTRAST)
    page.emulate_media(color_scheme="light")
    assert ours(light) == []
    assert ours(dark) == []


def test_a_leads_pages_and_the_way_out_are_in_view_on_a_small_screen(desk: tuple[Page, str]) -> None:
    page = go(desk, "")
    last, way_out = page.get_by_role("link", name="Members"), page.get_by_role("button", name="Sign out")
    expect(last).to_be_in_viewport(ratio=1)
    expect(way_out).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1366, "height": 400})  # the list of pages scrolls, and the way out stays
    expect(last).not_to_be_in_viewport()
    expect(way_out).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.parametrize(
    ("place", "reached"),
    [
        ("queue", {"Include", "Maybe", "Exclude", "Record", "Sign out"}),
        ("evidence", {"Sign out", "Search titles and abstracts"}),
        ("activity", {"Sign out", "Download CSV"}),
    ],
)
def test_everything_is_reached_by_tab_and_shows_that_it_is(
    desk: tuple[Page, str], place: str, reached: set[str]
) -> None:
    page = go(desk, place)
    seen: set[str] = set()
    invisible: list[list[str]] = []
    for _ in range(90):
        page.keyboard.press("Tab")
        at = page.evaluate(AT_FOCUS)
        seen.update(at["names"])
        if at["ours"] and not at["visible"]:
            invisible.append(at["names"])
        if reached <= seen:
            break
    assert reached <= seen
    assert invisible == []
