"""Fay settles by the keyboard alone what Ben and Cleo disagree on."""

from collections.abc import Callable, Iterator
from pathlib import Path

import invented_screening
import pytest
from browser.seats import Sit, become_members, seated
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine
from sqlmodel import col, select

from db import migrate
from db.engine import open_engine, reading
from db.models import Adjudication, Record
from db.types import Decision
from review_app import app

pytestmark = pytest.mark.browser


@pytest.fixture
def library(tmp_path: Path) -> Engine:
    """Two records are in conflict."""
    engine = open_engine(f"sqlite:///{tmp_path}/footnote.db")
    migrate.upgrade(engine)
    become_members(engine)
    invented_screening.begin(engine, plain=0)
    with reading(engine) as session:
        first, second = session.exec(select(Record.id).order_by(col(Record.id)).limit(2)).all()
    for record_id in (first, second):
        invented_screening.vote(engine, "Ben", record_id)
        invented_screening.vote(engine, "Cleo", record_id, Decision.EXCLUDE, reason="design")
    return engine


@pytest.fixture
def sit(library: Engine, serve: Callable[..., str], chromium: Browser) -> Iterator[Sit]:
    url = serve(Path(app.__file__), DATABASE_URL=str(library.url)).replace("127.0.0.1", "localhost")
    with seated(chromium, url, library) as sit:
        yield sit


def test_a_number_chooses_the_reason_and_none_while_one_writes(sit: Sit, library: Engine) -> None:
    fay = sit("Fay")
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
