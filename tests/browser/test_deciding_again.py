"""Deciding again by the keyboard alone: Fay on what Ben and Cleo disagree on, Ben on what he kept as Maybe."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import invented_screening
import pytest
from browser.seats import Sit, library_of_members, seated
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine
from sqlmodel import col, select

from db.engine import reading
from db.models import Adjudication, Record, ScreeningDecision
from db.types import Decision
from review_app import app

pytestmark = pytest.mark.browser
Served = Callable[[Engine], Sit]
PRESSED = """keys => [...keys].map(key => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    return document.querySelector(".fn-progress b").textContent;
})"""


@pytest.fixture
def library(tmp_path: Path) -> Engine:
    return library_of_members(tmp_path)


@pytest.fixture
def served(serve: Callable[..., str], chromium: Browser) -> Iterator[Served]:
    """`served(library)` gives the places at a library that has all it needs: an app that starts on it adds to it."""
    with ExitStack() as open_seats:

        def start(library: Engine) -> Sit:
            url = serve(Path(app.__file__), DATABASE_URL=str(library.url)).replace("127.0.0.1", "localhost")
            return open_seats.enter_context(seated(chromium, url, library))

        yield start


def records(library: Engine) -> list[int]:
    with reading(library) as session:
        return list(session.exec(select(Record.id).order_by(col(Record.id))))


def test_a_number_chooses_the_reason_and_none_while_one_writes(served: Served, library: Engine) -> None:
    invented_screening.begin(library, plain=0)
    for record_id in records(library)[:2]:
        invented_screening.vote(library, "Ben", record_id)
        invented_screening.vote(library, "Cleo", record_id, Decision.EXCLUDE, reason="design")
    fay = served(library)("Fay")
    fay.open("conflicts")
    fay.sees("2 conflicts wait")
    keys, chosen = fay.page.keyboard, fay.page.locator('[class*="st-key-settle_exclusion_"] button[aria-checked=true]')
    keys.press("n")
    keys.type("All 2 arms had 7 people.")
    keys.press("Escape")
    expect(chosen).to_have_count(0)
    keys.press("1")
    expect(chosen).to_have_text("Population 1")
    keys.press("5")
    expect(chosen).to_have_text("Design 5")
    keys.press("e")
    fay.sees("1 conflict waits")
    fay.at_rest()
    expect(chosen).to_have_count(0)
    keys.press("n")
    keys.type("Nobody was treated.")
    keys.press("Escape")
    keys.press("2")
    keys.press("e")  # at once: the server has not heard of the number yet
    fay.sees("No conflict waits.")
    with reading(library) as session:
        settled = [row.decision["exclusion_reason"] for row in session.exec(select(Adjudication))]
    assert settled == ["design", "intervention"]


def test_who_decides_again_has_voted_on_no_more_records(served: Served, library: Engine) -> None:
    invented_screening.begin(library, plain=0, dual=False)
    for record_id in records(library):
        invented_screening.vote(library, "Ben", record_id, Decision.MAYBE)
    ben = served(library)("Ben")
    ben.open("queue?stage=title_abstract&list=maybe")
    expect(ben.page.locator(".fn-record h2")).to_be_visible()
    assert ben.page.evaluate(PRESSED, "iuzzi") == ["5 of 5", "5 of 5", "4 of 5", "3 of 5", "4 of 5"]
    expect(ben.page.locator(".fn-progress:not([aria-busy])", has_text="4 of 5")).to_be_visible()
    with reading(library) as session:
        given = [row.decision for row in session.exec(select(ScreeningDecision).order_by(col(ScreeningDecision.id)))]
    assert given[5:] == ["include", "maybe", "withdrawn", "withdrawn", "include"]
