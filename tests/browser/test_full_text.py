"""Ben reads a full text by the keyboard: attaches it, turns its pages, quotes a sentence and decides."""

from collections.abc import Callable, Iterator
from pathlib import Path

import invented_pdf
import invented_screening
import pytest
from browser.seats import Seat, Sit, library_of_members, seated
from playwright.sync_api import Browser, Route, expect
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import reading
from db.models import QuoteAnchor, ScreeningDecision, StoredFile
from db.types import Stage
from review_app import app

pytestmark = pytest.mark.browser

APP = Path(app.__file__)
BIG = 11_000_000  # bytes: more than any other upload may have


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = library_of_members(tmp_path_factory.mktemp("library"))
    invented_screening.begin_full_text(engine)
    return engine


@pytest.fixture(scope="module")
def sit(library: Engine, chromium: Browser, serve: Callable[..., str]) -> Iterator[Sit]:
    url = serve(APP, DATABASE_URL=str(library.url)).replace("127.0.0.1", "localhost")
    with seated(chromium, url, library) as sit:
        yield sit


def attach(seat: Seat, name: str, body: bytes) -> None:
    file = {"name": name, "mimeType": "application/pdf", "buffer": body}
    seat.page.locator('[data-testid="stFileUploader"] input').set_input_files(files=[file])  # type: ignore[list-item]
    expect(seat.page.get_by_role("link", name=name)).to_be_visible()


def the_words_come_before_the_pager(seat: Seat, then: str) -> None:
    """On a slow line the words of a page are read before the code of the pager has come: the key is pressed then."""

    def press_first(pager: Route) -> None:
        seat.sees("Page 1 of 2.", "Sixty adults took part.")
        seat.page.keyboard.press(then)
        pager.continue_()

    seat.page.route("**/Pagination.*.js", press_first)


def test_a_full_text_is_read_quoted_and_judged_by_the_keyboard(sit: Sit, library: Engine) -> None:
    ben = sit("Ben")
    ben.open("queue?stage=full_text")
    ben.sees("No full text is attached yet.")
    the_words_come_before_the_pager(ben, then="j")
    attach(ben, "trial.pdf", invented_pdf.pdf(*invented_pdf.PAGES))
    ben.sees("Page 2 of 2.")
    ben.page.keyboard.press("k")
    ben.sees("Page 1 of 2.")
    ben.page.keyboard.press("j")
    ben.page.get_by_text("Nausea was common.").click()
    expect(ben.page.get_by_label("Words of page 2, as they stand there")).to_have_value("Nausea was common.")
    ben.page.keyboard.press("q")
    expect(ben.page.locator(".fn-quote")).to_have_text("Nausea was common. page 2")
    ben.page.keyboard.press("w")
    ben.sees("Records come as they were added")
    ben.page.keyboard.press("e")
    ben.sees("Exclude why?")
    ben.page.keyboard.press("8")
    ben.sees("Nothing waits for your vote.")
    with reading(library) as session:
        assert session.exec(select(QuoteAnchor)).one().page == 2
        given = select(ScreeningDecision).where(ScreeningDecision.stage == Stage.FULL_TEXT)
        assert session.exec(given).one().exclusion_reason == "not_retrieved"


def test_a_large_file_is_taken_and_comes_back_as_it_was(sit: Sit, library: Engine) -> None:
    cleo, body = sit("Cleo"), invented_pdf.pdf("Large, invented.") + b"%" * BIG
    cleo.open("queue?stage=full_text")
    attach(cleo, "large.pdf", body)
    with reading(library) as session:
        assert max(session.exec(select(StoredFile.size))) > BIG
    with cleo.page.expect_download() as download:
        cleo.page.get_by_role("link", name="large.pdf").click()
    assert download.value.suggested_filename == "large.pdf"
    assert Path(download.value.path()).read_bytes() == body
    cleo.sees_nothing_of("Nausea was common. page 2")
