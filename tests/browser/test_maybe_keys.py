"""Ben decides by the keyboard on what he kept as Maybe."""

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
from db.models import Record, ScreeningDecision
from db.types import Decision
from review_app import app

pytestmark = pytest.mark.browser
PRESSED = """keys => [...keys].map(key => {
    document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
    return document.querySelector(".fn-progress b").textContent;
})"""


@pytest.fixture
def library(tmp_path: Path) -> Engine:
    """Ben kept all five records as Maybe."""
    engine = open_engine(f"sqlite:///{tmp_path}/footnote.db")
    migrate.upgrade(engine)
    become_members(engine)
    invented_screening.begin(engine, plain=0, dual=False)
    with reading(engine) as session:
        ids = session.exec(select(Record.id).order_by(col(Record.id))).all()
    for record_id in ids:
        invented_screening.vote(engine, "Ben", record_id, Decision.MAYBE)
    return engine


@pytest.fixture
def sit(library: Engine, serve: Callable[..., str], chromium: Browser) -> Iterator[Sit]:
    url = serve(Path(app.__file__), DATABASE_URL=str(library.url)).replace("127.0.0.1", "localhost")
    with seated(chromium, url, library) as sit:
        yield sit


def test_who_decides_again_has_voted_on_no_more_records(sit: Sit, library: Engine) -> None:
    ben = sit("Ben")
    ben.open("queue?stage=title_abstract&list=maybe")
    expect(ben.page.locator(".fn-record h2")).to_be_visible()
    assert ben.page.evaluate(PRESSED, "iuzzi") == ["5 of 5", "5 of 5", "4 of 5", "3 of 5", "4 of 5"]
    expect(ben.page.locator(".fn-progress:not([aria-busy])", has_text="4 of 5")).to_be_visible()
    with reading(library) as session:
        given = [row.decision for row in session.exec(select(ScreeningDecision).order_by(col(ScreeningDecision.id)))]
    assert given[5:] == ["include", "maybe", "withdrawn", "withdrawn", "include"]
