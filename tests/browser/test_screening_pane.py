"""Nothing done at the queue is lost: keys in a row, a server that is away, a vote that is refused, a leaving."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import invented_screening
import pytest
from browser import conftest
from browser.seats import Seat, Sit, library_of_members, seated
from free_port import free_port
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine
from sqlmodel import col, delete, select

from db.engine import reading, writing
from db.models import Article, Draft, Member, Record, ReviewCriteria, ScreeningDecision
from review_app import app

pytestmark = pytest.mark.browser

APP = Path(app.__file__)
SAVED = ".fn-progress:not([aria-busy])"


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = library_of_members(tmp_path_factory.mktemp("library"))
    invented_screening.begin(engine, plain=9)
    return engine


@pytest.fixture
def library(filled: Engine) -> Engine:
    """In which nobody has done anything yet."""
    with writing(filled) as session:
        for kind in (ScreeningDecision, Draft, ReviewCriteria):
            session.exec(delete(kind))
        session.commit()
    return filled


class Server:
    """One that can be stopped and comes back at its address."""

    def __init__(self, running: ExitStack, library: Engine, log: Path) -> None:
        self._running, self._library, self._log = running, library, log
        self.start()

    def start(self) -> None:
        self.url = self._running.enter_context(
            conftest.serving(APP, self._log, {"DATABASE_URL": str(self._library.url)})
        ).replace("127.0.0.1", "localhost")

    def stop(self) -> None:
        self._running.close()


@pytest.fixture(scope="module")
def server(filled: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    with pytest.MonkeyPatch.context() as patch, ExitStack() as running:
        patch.setattr(conftest, "free_port", lambda: port)
        yield Server(running, filled, tmp_path_factory.mktemp("server") / "log.txt")


@pytest.fixture
def sit(library: Engine, server: Server, chromium: Browser) -> Iterator[Sit]:
    with seated(chromium, server.url, library) as sit:
        yield sit


def at_queue(seat: Seat) -> Seat:
    seat.open("queue")
    expect(seat.page.locator(".fn-record h2")).to_be_visible()
    return seat


def says(seat: Seat, words: str) -> None:
    """Once all is saved."""
    expect(seat.page.locator(SAVED, has_text=words)).to_be_visible()


def votes(library: Engine, name: str) -> list[tuple[int, str]]:
    with reading(library) as session:
        rows = select(ScreeningDecision).join(Member).where(Member.name == name).order_by(col(ScreeningDecision.id))
        return [(row.record_id, row.decision.value) for row in session.exec(rows)]


def wait_until(seat: Seat, is_so: Callable[[], bool]) -> None:
    for _ in range(conftest.PATIENCE * 10):
        if is_so():
            return
        seat.page.wait_for_timeout(100)


def is_drafted(library: Engine, words: str) -> bool:
    with reading(library) as session:
        return any(words in str(row.value) for row in session.exec(select(Draft)))


def press_at_once(seat: Seat, keys: str) -> None:
    """All within one task of the browser: nothing is painted and nothing answered between them."""
    seat.page.evaluate(
        "(keys) => { for (const key of keys) document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })); }",
        list(keys),
    )


def write_on(seat: Seat, title: str, words: str) -> None:
    """From the moment the record of this title goes, a letter every 0.15 s: as somebody types, and longer than 2 s."""
    seat.page.evaluate(
        "async ([title, letters]) => { const frame = () => new Promise(requestAnimationFrame);"
        "while (document.querySelector('.fn-record h2').textContent === title) await frame();"
        "for (const key of letters) { document.activeElement.dispatchEvent("
        "new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));"
        "await new Promise((go) => setTimeout(go, 150)); } }",
        [title, list(words)],
    )


def test_keys_in_a_row_judge_one_record_each_and_undo_does_not_wait(sit: Sit, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    first = ben.title
    press_at_once(ben, "iue5")
    says(ben, "3 of 14 · last: excluded, design")
    assert votes(library, "Ben") == [(1, "include"), (2, "maybe"), (3, "exclude")]
    press_at_once(ben, "zzziz")
    says(ben, "0 of 14")
    assert ben.title == first
    undone = [(record, "withdrawn") for record in (3, 2, 1)]
    assert votes(library, "Ben")[3:] == [*undone, (1, "include"), (1, "withdrawn")]


def test_a_key_held_down_judges_once(sit: Sit, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    for _ in range(5):
        ben.page.keyboard.down("i")
    ben.page.keyboard.up("i")
    says(ben, "1 of 14")
    assert votes(library, "Ben") == [(1, "include")]


def test_a_double_click_judges_once(sit: Sit, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    ben.page.get_by_role("button", name="Include").dblclick()
    says(ben, "1 of 14")
    assert votes(library, "Ben") == [(1, "include")]


def test_a_server_that_was_away_gets_each_vote_once(sit: Sit, server: Server, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    ben.votes("i", then="1 of 14")
    server.stop()
    ben.page.keyboard.press("u")
    ben.page.keyboard.press("6")
    ben.sees("Not saved yet: the server does not answer.")
    server.start()
    says(ben, "3 of 14 · last: excluded, no study")
    ben.votes("i", then="4 of 14")
    assert votes(library, "Ben") == [(1, "include"), (2, "maybe"), (3, "exclude"), (4, "include")]


def test_a_refused_vote_comes_back_with_its_message_and_the_note_that_was_typed(sit: Sit, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    first = ben.title
    with writing(library) as session:
        session.get_one(Article, session.get_one(Record, 1).article_id).content_hash = "another"
        session.commit()
    ben.page.keyboard.press("n")
    ben.page.keyboard.type("Which dose?")
    ben.page.keyboard.press("Escape")
    ben.page.keyboard.press("i")
    ben.sees("The record changed while you read it. Read it again, then decide.")
    assert ben.title == first
    expect(ben.page.get_by_label("Note (N)")).to_have_value("Which dose?")
    ben.page.wait_for_timeout(500)  # a record that came unasked is not judged by a key that was for another
    ben.votes("i", then="1 of 14")
    with reading(library) as session:
        assert session.exec(select(ScreeningDecision)).one().note == "Which dose?"


def test_a_number_key_gives_no_other_reason_when_a_lead_reorders_them(sit: Sit, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    new = invented_screening.reverse_reasons(library)
    ben.page.keyboard.press("5")
    ben.sees("The reasons for excluding changed: their numbers are new.")
    press_at_once(ben, "5")
    says(ben, "1 of 14 · last: excluded, design")
    ben.page.wait_for_timeout(2000)
    ben.page.keyboard.press("5")
    says(ben, "2 of 14")
    with reading(library) as session:
        rows = session.exec(select(ScreeningDecision).order_by(col(ScreeningDecision.id)))
        assert [row.exclusion_reason for row in rows] == ["design", new[4]]


def test_labels_come_one_by_one_and_are_offered_again(sit: Sit) -> None:
    ben = at_queue(sit("Ben"))
    for label in ("late-life", "key trial", "dose"):
        ben.page.keyboard.press("l")
        ben.page.keyboard.type(label)
        ben.page.keyboard.press("Enter")
        ben.page.keyboard.press("Escape")
        says(ben, "0 of 14")
    ben.page.get_by_role("button", name="Take dose away").click()
    says(ben, "0 of 14")
    ben.page.reload()
    expect(ben.page.locator(".fn-chips .fn-badge")).to_have_text(["late-life×", "key trial×"])
    ben.votes("i", then="1 of 14")
    expect(ben.page.locator(".fn-chips .fn-badge")).to_have_count(0)
    ben.page.keyboard.press("l")
    offered = ben.page.locator("#fn-own-labels option").evaluate_all("found => found.map((each) => each.value)")
    assert offered == ["key trial", "late-life"]


def test_a_note_is_there_after_a_reload_and_when_the_vote_is_taken_back(sit: Sit, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    ben.page.keyboard.press("n")
    ben.page.keyboard.type("Half a thought")
    wait_until(ben, lambda: is_drafted(library, "Half a thought"))
    ben.page.reload()
    note = ben.page.get_by_label("Note (N)")
    expect(note).to_have_value("Half a thought")
    note.press_sequentially(", and half")
    note.press("Escape")
    ben.votes("i", then="1 of 14")
    expect(note).to_have_value("")
    ben.page.keyboard.press("z")
    expect(note).to_have_value("Half a thought, and half")
    ben.votes("u", then="1 of 14 · last: maybe")
    with reading(library) as session:
        given = session.exec(select(ScreeningDecision).order_by(col(ScreeningDecision.id))).all()
    assert [row.note for row in given] == ["Half a thought, and half"] * 3


def test_who_leaves_at_once_loses_nothing(sit: Sit, library: Engine) -> None:
    ben, cleo = at_queue(sit("Ben")), at_queue(sit("Cleo"))
    press_at_once(ben, "iui")
    ben.page.get_by_role("link", name="Home").click()
    ben.sees("Continue screening")
    wait_until(ben, lambda: len(votes(library, "Ben")) == 3)
    press_at_once(cleo, "ii")
    cleo.page.close()
    wait_until(ben, lambda: len(votes(library, "Cleo")) == 2)
    assert votes(library, "Ben") == [(1, "include"), (2, "maybe"), (3, "include")]
    assert votes(library, "Cleo") == [(1, "include"), (2, "include")]
    ben.page.get_by_role("link", name="Queue").click()
    says(ben, "3 of 14")


def test_two_browsers_of_one_person_hold_one_vote(sit: Sit, server: Server, library: Engine, chromium: Browser) -> None:
    here = at_queue(sit("Ben"))
    with seated(chromium, server.url, library) as elsewhere:
        there = at_queue(elsewhere("Ben"))
        there.votes("i", then="1 of 14")
        here.votes("i", then="1 of 14")
        assert votes(library, "Ben") == [(1, "include")]
        there.votes("i", then="2 of 14")
        here.page.keyboard.press("6")
        here.sees("This record was decided meanwhile")
        says(here, "2 of 14 · last: included")
    assert votes(library, "Ben") == [(1, "include"), (2, "include")]


def test_a_record_that_others_decided_meanwhile_goes(sit: Sit, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    for name in ("Ada", "Cleo"):
        invented_screening.vote(library, name, 2)
    ben.votes("i", then="1 of 14")
    ben.page.wait_for_timeout(500)
    ben.votes("i", then="2 of 14")
    assert votes(library, "Ben") == [(1, "include"), (3, "include")]


def test_words_about_a_record_that_goes_meanwhile_judge_no_other(sit: Sit, library: Engine) -> None:
    ben = at_queue(sit("Ben"))
    first = ben.title
    for name in ("Ada", "Cleo"):
        invented_screening.vote(library, name, 1)
    ben.page.keyboard.press("n")
    ben.page.keyboard.type("Unclear ")
    write_on(ben, first, "dose, i.e. unusual")
    says(ben, "0 of 14")
    assert votes(library, "Ben") == []
    ben.page.wait_for_timeout(2100)  # who stopped writing reads, and then judges
    ben.votes("i", then="1 of 14")
    assert votes(library, "Ben") == [(2, "include")]
