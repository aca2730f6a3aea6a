"""A place at the desk for each person of a review: a browser of their own, signed in, all on one library."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from browser.conftest import PATIENCE
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import Engine

from db import config, migrate
from db.engine import open_engine, writing
from db.models import Member
from db.queries import accounts as account_queries
from db.types import Role
from review_app.auth import SESSION_COOKIE
from review_app.services import accounts

PEOPLE = {
    "Ada": Role.LEAD,
    "Ben": Role.REVIEWER,
    "Cleo": Role.REVIEWER,
    "Fay": Role.ADJUDICATOR,
    "Eve": Role.READ_ONLY,
}
Sit = Callable[[str], "Seat"]


def library_of_members(folder: Path) -> Engine:
    """A new library in a folder, with these people and nothing else."""
    engine = open_engine(f"sqlite:///{folder}/footnote.db")
    migrate.upgrade(engine)
    with writing(engine) as session:
        for name, role in PEOPLE.items():
            session.add(Member(name=name, name_key=name.casefold(), role=role, created_at=config.now()))
        session.commit()
    return engine


def sign_in(engine: Engine, name: str) -> str:
    """The token of a session."""
    with writing(engine) as session:
        member = account_queries.member_by_name(session, name=name)
        return accounts.sign_in(session, name=name, member=member)


def at_rest(page: Page) -> None:
    """Nothing runs on the server, and no code of a widget is under way to the browser: what is seen can be used."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0)
    page.wait_for_load_state("networkidle")


class Seat:
    """What one person does at their browser, and sees there."""

    def __init__(self, page: Page, url: str) -> None:
        self.page, self._url = page, url

    def open(self, place: str) -> None:
        self.page.goto(f"{self._url}/{place}")
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        self.at_rest()

    def at_rest(self) -> None:
        at_rest(self.page)

    def follow(self, link: str) -> None:
        self.page.get_by_role("link", name=link).click()
        self.at_rest()

    def press(self, button: str) -> None:
        self.page.get_by_role("button", name=button).click()
        self.at_rest()

    def switch(self, words: str) -> None:
        self.page.get_by_text(words, exact=True).click()
        self.at_rest()

    def fill(self, label: str, words: str) -> None:
        field = self.page.get_by_label(label, exact=True)
        field.fill(words)
        field.press("Tab")
        self.at_rest()

    def key(self, key: str) -> None:
        """Press it once the page that is seen can take it."""
        self.at_rest()
        self.page.keyboard.press(key)

    def sees(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_text(each).first).to_be_visible()

    def sees_nothing_of(self, *words: str) -> None:
        for each in words:
            expect(self.page.get_by_text(each)).to_have_count(0)

    def votes(self, key: str, *, then: str) -> None:
        """Press a key at the queue; `then` is what the bar says once the vote is saved."""
        self.page.keyboard.press(key)
        expect(self.page.locator(".fn-progress:not([aria-busy])", has_text=then)).to_be_visible()

    @property
    def title(self) -> str:
        return self.page.locator(".fn-record h2").inner_text()

    def side(self, name: str) -> Locator:
        """What somebody said, in a box headed by their name."""
        return self.page.locator("section").filter(has=self.page.get_by_role("heading", name=name, exact=True))


@contextmanager
def seated(chromium: Browser, url: str, library: Engine) -> Iterator[Sit]:
    """`sit("Ben")` is Ben's place; it stays his for as long as this lasts."""
    seats: dict[str, Seat] = {}

    def sit(name: str) -> Seat:
        if name not in seats:
            context = chromium.new_context(viewport={"width": 1366, "height": 768}, color_scheme="light")
            context.set_default_timeout(PATIENCE * 1000)
            context.add_cookies([{"name": SESSION_COOKIE, "value": sign_in(library, name), "url": url}])
            seats[name] = Seat(context.new_page(), url)
        return seats[name]

    yield sit
    for seat in seats.values():
        seat.page.context.close()
