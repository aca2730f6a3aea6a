"""A review from its criteria to its evidence: Ada leads, Ben and Cleo screen and tag, Fay settles, Eve only reads."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import invented_pdf
import invented_studies
import pytest
from browser.handshake import handshake
from browser.seats import Seat, Sit, library_of_members, seated
from playwright.sync_api import Browser, expect
from sqlalchemy import Engine
from study_page import actor

from review_app import app, navigation

pytestmark = pytest.mark.browser

APP = Path(app.__file__)
CRITERIA = "Adults with depression. Ketamine or esketamine. A comparator."
DOUBT = "Is this a study at all?"
QUOTE = "Scores fell by 7.4 points at 24 hours."
TRIAL = invented_studies.trial().title
RECORDS, DRAWN = 7, 5


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = library_of_members(tmp_path_factory.mktemp("library"))
    invented_studies.fill(engine, lead=actor(engine, "Ada"), plain=RECORDS - 5)
    return engine


@pytest.fixture(scope="module")
def url(library: Engine, serve: Callable[..., str]) -> str:
    return serve(APP, DATABASE_URL=str(library.url)).replace("127.0.0.1", "localhost")


@pytest.fixture(scope="module")
def sit(library: Engine, url: str, chromium: Browser) -> Iterator[Sit]:
    with seated(chromium, url, library) as sit:
        yield sit


def test_a_review_from_its_criteria_to_its_evidence(sit: Sit) -> None:
    ada, ben, cleo, fay, eve = map(sit, ("Ada", "Ben", "Cleo", "Fay", "Eve"))
    ada_sets_it_up(ada)
    first = they_calibrate(ben, cleo)
    ada_locks_the_criteria(ada, first)
    second = they_screen_the_rest(ben, cleo)
    fay_settles_two_conflicts(fay, {first, second})
    they_read_the_full_text(ben, cleo)
    they_tag(ben, cleo, eve)
    fay_settles_the_tags(fay)
    ada_sees_how_far_they_came(ada)
    trial = eve_takes_the_evidence_out(eve)
    assert trial["suggested"]["sample_size"] == 60
    assert trial["reviewed"]["sample_size"] == 58
    assert trial["reviewed_entry"]["consensus"] is True


def ada_sets_it_up(ada: Seat) -> None:
    ada.open("queue")
    ada.sees("Screening has not started.", "7 articles")
    ada.page.get_by_text("How this review is done: one vote a record").click()
    ada.switch("Two people vote on each record")
    ada.press("Save how we vote")
    ada.sees("two votes a record, blinded")
    ada.switch("Read what was included in full text as well")
    ada.page.get_by_label("Criteria, one a line").fill(CRITERIA)
    ada.press("Save as a new version")
    ada.press(f"Start screening {RECORDS} articles")
    ada.open("calibration")
    ada.fill("Records", str(DRAWN))
    ada.press("Draw at random")
    ada.sees("Round 1 is open")


def screen(seat: Seat, records: range, contested: str, keys: str, said: str) -> str:
    """The trial is included and the rest is no study, but for the contested record: the first that is not the trial
    where nothing is contested yet. Gives its title."""
    seat.open("queue")
    for done in records:
        title = seat.title
        if title == TRIAL:
            given, what = "i", "included"
        elif contested in ("", title):
            contested, given, what = title, keys, said
        else:
            given, what = "6", "excluded, no study"
        seat.votes(given, then=f"{done + 1} of {records.stop} · last: {what}")
    return contested


def they_calibrate(ben: Seat, cleo: Seat) -> str:
    contested = screen(ben, range(DRAWN), "", "u", "maybe")
    ben.follow("See how far you agree")
    ben.sees("Nothing to compare yet.")
    cleo.open("calibration")
    cleo.sees("Hidden until you have voted.")
    cleo.open("conflicts")
    cleo.sees("No conflict waits.")
    screen(cleo, range(DRAWN), contested, "1", "excluded, population")
    cleo.open("calibration")
    cleo.sees("80% (38% to 96%)", contested)
    return contested


def ada_locks_the_criteria(ada: Seat, contested: str) -> None:
    ada.open("calibration")
    ada.sees("Hidden until you have voted.")
    ada.sees_nothing_of(contested)
    ada.press("Lock the criteria and end")
    ada.sees("Round 1 has ended", "80% (38% to 96%)", contested)


def they_screen_the_rest(ben: Seat, cleo: Seat) -> str:
    """Ben doubts in a note; Cleo sees neither it nor his vote, and says otherwise."""
    ben.open("queue")
    ben.sees("version 1, locked")
    ben.key("n")
    ben.page.keyboard.type(DOUBT)
    ben.page.keyboard.press("Escape")
    contested = screen(ben, range(DRAWN, RECORDS), "", "u", "maybe")
    cleo.open("queue")
    cleo.sees_nothing_of(DOUBT, "Ben")
    screen(cleo, range(DRAWN, RECORDS), contested, "1", "excluded, population")
    return contested


def fay_settles_two_conflicts(fay: Seat, contested: set[str]) -> None:
    fay.open("")
    fay.follow("Settle 2 conflicts")
    fay.sees("2 conflicts wait", "version 1, locked")
    for left in ("1 conflict waits", "No conflict waits."):
        contested.remove(fay.title)
        expect(fay.side("Ben")).to_contain_text("Maybe")
        expect(fay.side("Cleo")).to_contain_text("Exclude, Population")
        fay.key("n")
        fay.page.keyboard.type("Nobody was treated.")
        fay.page.keyboard.press("Escape")
        fay.key("e")
        fay.sees(left)
        fay.at_rest()


def they_read_the_full_text(ben: Seat, cleo: Seat) -> None:
    ben.open("queue")
    ben.press("Go on with full text")
    ben.sees("No full text is attached yet.")
    pdf = invented_pdf.pdf(*invented_pdf.PAGES)
    ben.page.locator("input[type=file]").set_input_files(
        {"name": "trial.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    ben.sees("Page 1 of 2")
    ben.page.keyboard.press("j")
    ben.page.locator(".sentence").filter(has_text=QUOTE).locator(".words").click()
    expect(ben.page.get_by_label("Words of page 2, as they stand there")).to_have_value(QUOTE)
    ben.page.keyboard.press("q")
    expect(ben.page.locator("blockquote")).to_have_text(f"{QUOTE} page 2")
    ben.votes("i", then="1 of 1 · last: included")

    cleo.open("queue?stage=full_text")
    cleo.sees("trial.pdf", "Page 1 of 2")
    expect(cleo.page.locator("blockquote")).to_have_count(0)
    cleo.votes("i", then="1 of 1 · last: included")


def they_tag(ben: Seat, cleo: Seat, eve: Seat) -> None:
    """Ben takes the suggestions, Cleo counts two people fewer; neither is told of the other's tags before."""
    ben.open("")
    ben.follow("Tag the next study: 0 tagged by you")
    ben.sees(TRIAL)
    ben.press("Accept all suggestions")
    ben.sees("You saved these tags")
    study = f"study?pmid={invented_studies.TRIAL}"
    for seat in (cleo, eve):
        seat.open(study)
        seat.sees(TRIAL)
        seat.sees_nothing_of("Tags of Ben")
    cleo.fill("Sample size", "58")
    cleo.press("Save tags")
    cleo.sees("You saved these tags", "Tags of Ben")


def fay_settles_the_tags(fay: Seat) -> None:
    fay.open("")
    fay.follow("Settle 1 dual extraction")
    fay.follow(TRIAL)
    fay.sees("Ben and Cleo differ on 1 field")
    expect(fay.side("Ben")).to_contain_text("60")
    expect(fay.side("Cleo")).to_contain_text("58")
    fay.page.get_by_role("radio", name="Cleo").click()
    fay.fill("Why", "Two left before the infusion.")
    fay.press("Keep the consensus")
    fay.sees("Sample size: Two left before the infusion.")
    fay.open("consensus")
    fay.sees("Nothing waits.")


def ada_sees_how_far_they_came(ada: Seat) -> None:
    ada.open("progress")
    ada.sees(f"{RECORDS} of {RECORDS} records", "1 of 1 record", "Ben and Cleo")


def eve_takes_the_evidence_out(eve: Seat) -> dict[str, Any]:
    """What the JSON lines of *Evidence* say of the trial."""
    eve.open("evidence")
    expect(eve.page.locator("li").filter(has_text=TRIAL)).to_contain_text("✓ tagged")
    eve.press("Download")
    with eve.page.expect_download() as download:
        eve.press("JSON lines")
    lines = map(json.loads, Path(download.value.path()).read_text("utf-8").splitlines())
    (trial,) = (line for line in lines if line["pmid"] == invented_studies.TRIAL)
    return dict(trial)


def test_who_is_no_member_gets_in_nowhere(url: str) -> None:
    for place in ("", *(desk.file for desk in navigation.DESKS), "full-text/1"):
        answer = httpx.get(f"{url}/{place}")
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/sign-in"), place
    assert handshake(url, Origin=url) == 403


def test_who_may_only_read_finds_no_place_to_judge(sit: Sit) -> None:
    eve = sit("Eve")
    for desk in (desk for desk in navigation.DESKS if desk.needs):
        eve.open(desk.file)
        expect(eve.page.get_by_role("heading", level=1)).to_have_text("Home")
        expect(eve.page.get_by_role("link", name=desk.title, exact=True)).to_have_count(0)
