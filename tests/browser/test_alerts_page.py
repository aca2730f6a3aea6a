"""A lead's morning: Ada accepts one alert with a reason, and re-anchors a quote by a click on its new words."""

from collections.abc import Callable
from pathlib import Path

import invented_alerts
import invented_claims
import morning_after
import pytest
from morning_after import Night
from playwright.sync_api import Page, expect

from db import migrate
from db.engine import open_engine, writing
from db.queries import accounts
from review_app import app
from review_app.services.accounts import hash_password

pytestmark = pytest.mark.browser

APP = Path(app.__file__)
PASSWORD = "a few words in a row"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """A number was changed overnight in an abstract that a judged claim quotes; Ada leads."""
    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('library')}/footnote.db")
    migrate.upgrade(engine)
    invented_claims.people(engine)
    with writing(engine) as session:
        ada = accounts.member_by_name(session, name="Ada")
        assert ada is not None
        ada.password_hash = hash_password(PASSWORD)
        session.add(ada)
        session.commit()
    return morning_after.reworded(engine)


@pytest.fixture(scope="module")
def url(night: Night, serve: Callable[..., str]) -> str:
    return serve(APP, DATABASE_URL=str(night.engine.url)).replace("127.0.0.1", "localhost")


@pytest.fixture
def desk(page: Page, url: str) -> Page:
    """The page of alerts, as Ada sees it."""
    page.goto(f"{url}/alerts")
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alerts")
    return page


def give_reason(desk: Page, why: str, act: str) -> None:
    reason = desk.get_by_label("Reason")
    reason.fill(why)
    reason.press("Tab")
    desk.get_by_role("button", name=f"{act} with this reason").click()


def test_a_quote_is_moved_by_a_click_and_the_copy_accepted_with_a_reason(desk: Page, night: Night) -> None:
    expect(desk.get_by_role("link", name="1 open alert")).to_be_visible()
    expect(desk.get_by_role("link", name="Alerts (1)")).to_be_visible()
    expect(desk.locator("mark.fn-differs").first).to_have_text("7")
    desk.get_by_role("button", name="Re-anchor").click()
    sentence = desk.locator(".sentence").filter(has_text=invented_alerts.NEW)
    sentence.locator(".words").click()
    expect(desk.locator("blockquote").filter(has_text=invented_alerts.NEW)).to_be_visible()
    desk.get_by_text("The verdict on the claim holds on the new words").click()
    give_reason(desk, "The trialists corrected the day.", "Re-anchor")
    expect(desk.get_by_text("No alert waits for you.")).to_be_visible()
    assert night.standing() == "current"
    desk.get_by_text("Everyone's", exact=True).click()
    expect(desk.get_by_role("button", name="Check again")).to_be_visible()
    desk.get_by_role("button", name="Accept", exact=True).press("Enter")
    give_reason(desk, "The sentence makes the claim still.", "Accept")
    expect(desk.get_by_text("No alert is open.")).to_be_visible()
    assert not night.row(night.on_copy).is_open
    desk.get_by_text("Answered", exact=True).click()
    expect(desk.get_by_text("re-anchored on")).to_be_visible()
    expect(desk.get_by_text("The trialists corrected the day.")).to_be_visible()
