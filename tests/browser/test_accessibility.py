"""Every page of the desk, filled, in light and in dark, as axe-core and a keyboard meet it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import accessible_library
import invented_claims
import pytest
from accessible_desk import AT_REST, faint_edges, grave_of_ours, skipped_levels
from keyboard_walk import walk
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import Engine

from db import migrate
from db.engine import open_engine, writing
from db.queries import accounts as account_queries
from review_app import app
from review_app.auth import SESSION_COOKIE
from review_app.navigation import DESKS
from review_app.services import accounts
from review_app.sign_in_pages import render

pytest.importorskip("axe_playwright_python", reason="axe-core comes with the package axe-playwright-python")
pytestmark = pytest.mark.browser

LISTED = [desk.file for desk in DESKS[1:] if desk.listed]
STUDY, COPY, CLAIM = "study?id=1", "check_copy?document=1&sentence=1", f"claims?claim={invented_claims.ONSET}"
# An address, and what is pressed there.
PLACES = [
    *[(place, "") for place in ("", *LISTED, CLAIM, COPY)],
    *[(STUDY, tab) for tab in ("Tags", "Consensus", "Findings", "Risk of bias", "Claims", "History")],
    *[(COPY, opened) for opened in ("Balance", "Report", "Makes another claim")],
    ("evidence", "Download"),
    ("alerts", "Re-anchor"),
]
COLOURED = """(scheme) => getComputedStyle(document.querySelector("[data-testid=stApp]") ?? document.documentElement)
  .colorScheme.includes(scheme)"""
SIGNED_OUT: dict[str, dict[str, str]] = {
    "first_visit": {"example": "http://localhost:8501/join/x"},
    "sign_in": {"form": "x", "next": "/", "name": "Ada", "error": "The name and the password do not fit."},
    "join": {
        "heading": "Join this library",
        "explanation": "You were invited.",
        "button": "Join",
        "action": "/join/x",
        "form": "x",
        "name": "",
        "fixed": "",
        "name_hint": "As colleagues know you.",
        "error": "The two passwords differ.",
    },
    "message": {"heading": "Gone", "explanation": "It was used already.", "address": "/sign-in", "link": "Sign in"},
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('library')}/footnote.db")
    migrate.upgrade(engine)
    accessible_library.fill(engine)
    return engine


@pytest.fixture(scope="module")
def token(library: Engine) -> str:
    """Ada is signed in."""
    with writing(library) as session:
        return accounts.sign_in(session, name="Ada", member=account_queries.member_by_name(session, name="Ada"))


@pytest.fixture(scope="module")
def desk(library: Engine, token: str, chromium: Browser, serve: Callable[..., str]) -> Iterator[Page]:
    """Ada's browser, which knows the address of the desk."""
    url = serve(Path(app.__file__), DATABASE_URL=str(library.url)).replace("127.0.0.1", "localhost")
    context = chromium.new_context(viewport={"width": 1366, "height": 768}, base_url=url, reduced_motion="reduce")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": url}])
    context.add_init_script(AT_REST)
    yield context.new_page()
    context.close()


def go(page: Page, address: str) -> None:
    link = page.locator(f"[data-testid=stSidebarNav] a[href$='/{address}']")
    if address in LISTED and link.count():  # without loading everything anew
        link.click()
        page.wait_for_url(f"**/{address}")
    elif not (address and address in page.url):
        page.goto(f"/{address}")
    settle(page)
    folded = page.locator("[data-testid=stExpander] details:not([open]) > summary")
    folded.evaluate_all("all => all.forEach((each) => each.click())")
    settle(page)


def settle(page: Page) -> None:
    """Wait until the page is drawn, also what Streamlit loads when it is first needed."""
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    expect(page.get_by_test_id("stException")).to_have_count(0)
    page.wait_for_load_state("networkidle")


def barriers(page: Page) -> dict[str, object]:
    """What keeps somebody out, by what it is: in light, in dark, and with the Tab key."""
    found: dict[str, object] = {}
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.wait_for_function(COLOURED, arg=scheme)
        found |= {f"{scheme}, axe": grave_of_ours(page), f"{scheme}, faint": faint_edges(page)}
    found["skipped levels of headings"] = skipped_levels(page)
    tab = walk(page)
    found |= {"missed by Tab": tab.missed, "focus unseen": tab.unseen, "keeps Tab": tab.trap}
    return {what: where for what, where in found.items() if where}


@pytest.mark.parametrize(("address", "pressed"), PLACES)
def test_a_page_is_read_by_axe_and_walked_by_tab(desk: Page, address: str, pressed: str) -> None:
    go(desk, address)
    if pressed:
        desk.locator("[data-testid=stMain] :is(button, [role=tab])").filter(has_text=pressed).first.click()
        settle(desk)
    assert barriers(desk) == {}


def test_a_leads_pages_and_the_way_out_are_in_view_on_a_small_screen(desk: Page) -> None:
    go(desk, "")
    last, way_out = desk.get_by_role("link", name="Members"), desk.get_by_role("button", name="Sign out")
    expect(last).to_be_in_viewport(ratio=1)
    expect(way_out).to_be_in_viewport(ratio=1)
    desk.set_viewport_size({"width": 1366, "height": 400})  # the list of pages scrolls, and the way out stays
    expect(last).not_to_be_in_viewport()
    expect(way_out).to_be_in_viewport(ratio=1)
    desk.set_viewport_size({"width": 1366, "height": 768})


@pytest.mark.parametrize("name", SIGNED_OUT)
def test_a_page_before_signing_in_is_read_by_axe_and_walked_by_tab(desk: Page, name: str) -> None:
    desk.goto("about:blank")
    desk.set_content(render(name, "Footnote", **SIGNED_OUT[name]))
    assert barriers(desk) == {}


def test_a_page_whose_session_ended_is_read_by_axe_and_walked_by_tab(desk: Page, library: Engine, token: str) -> None:
    go(desk, "activity")
    with writing(library) as session:
        accounts.sign_out(session, token=token)
    desk.get_by_test_id("stSidebarNav").get_by_role("link", name="Claims").click()
    expect(desk.get_by_text("You are not signed in.")).to_be_visible()
    settle(desk)
    assert barriers(desk) == {}
