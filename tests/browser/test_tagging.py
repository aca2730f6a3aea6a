"""Tagging in a real browser: a key accepts, a sentence is attached, a lead settles what two reviewers said."""

import time
from collections.abc import Callable
from pathlib import Path

import invented_studies
import pytest
from browser.seats import at_rest
from playwright.sync_api import Page, expect
from sqlmodel import col, select

from db import config, migrate
from db.engine import open_engine, reading, writing
from db.models import Draft, Member, Quote, Review, Tagging
from db.types import Actor, Role
from review_app import app
from review_app.services.accounts import hash_password
from review_app.services.tags import QUOTES

pytestmark = pytest.mark.browser

PATIENCE = 60  # seconds
PASSWORD = "a few words in a row"
STUDY = f"study?pmid={invented_studies.TRIAL}"


@pytest.fixture
def library(tmp_path: Path) -> str:
    """A dual, blinded review of invented studies that Ada leads and Ben and Cleo tag."""
    url = f"sqlite:///{tmp_path}/footnote.db"
    engine = open_engine(url)
    migrate.upgrade(engine)
    hashed = hash_password(PASSWORD)
    with writing(engine) as session:
        for name, role in {"Ada": Role.LEAD, "Ben": Role.REVIEWER, "Cleo": Role.REVIEWER}.items():
            key, now = name.casefold(), config.now()
            session.add(Member(name=name, name_key=key, role=role, password_hash=hashed, created_at=now))
        session.commit()
        ada = session.exec(select(Member).where(Member.name == "Ada")).one()
    invented_studies.fill(engine, lead=Actor(ada.id, ada.name, ada.role), plain=3)
    with writing(engine) as session:
        review = session.exec(select(Review)).one()
        review.dual = review.blinded = True
        session.add(review)
        session.commit()
    engine.dispose()
    return url


@pytest.fixture
def url(serve: Callable[..., str], library: str) -> str:
    return serve(Path(app.__file__), DATABASE_URL=library).replace("127.0.0.1", "localhost")


def opened(page: Page, url: str, name: str, at: str = STUDY) -> None:
    page.context.clear_cookies()
    page.goto(f"{url}/{at}")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def said(page: Page, words: str) -> None:
    expect(page.get_by_test_id("stToast").filter(has_text=words).first).to_be_visible()


def kept(library: str) -> list[Tagging]:
    engine = open_engine(library)
    with reading(engine) as session:
        rows = list(session.exec(select(Tagging).order_by(col(Tagging.id))))
    engine.dispose()
    return rows


def drafted(library: str, words: str) -> None:
    """Wait until these words are kept."""
    engine = open_engine(library)
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with reading(engine) as session:
            if any(words in str(row.value) for row in session.exec(select(Draft))):
                break
    engine.dispose()


def test_two_tag_by_keyboard_and_the_lead_settles(page: Page, url: str, library: str) -> None:
    opened(page, url, "Ben")
    form = page.locator(".st-key-tag_form")
    accept = form.get_by_role("button", name="Accept", exact=False)
    expect(accept).to_have_count(8)  # seven fields with a suggestion, and all of them
    at_rest(page)
    page.keyboard.press("1")
    expect(accept).to_have_count(7)

    sentence = page.get_by_role("button", name=invented_studies.RESULT)
    sentence.focus()
    page.keyboard.press("Enter")
    expect(page.locator("blockquote.fn-quote").filter(has_text="7.4 points lower").first).to_be_visible()
    page.get_by_role("combobox", name="Attach it to").click()
    page.get_by_role("option", name="Sample size").click()
    page.get_by_role("button", name="Attach quote").click()
    expect(form.locator(".st-key-field_sample_size blockquote")).to_contain_text("7.4 points lower")

    sponsor = page.get_by_label("Sponsor", exact=True)
    sponsor.press_sequentially("a quaint 1")  # keys of the page are letters in a field
    expect(sponsor).to_have_value("a quaint 1")
    sponsor.fill("Invented Trust")
    sponsor.press("Tab")
    drafted(library, "Invented Trust")
    expect(accept).to_have_count(7)
    assert kept(library) == []
    page.reload()
    expect(page.get_by_text("What you typed is kept, and not saved yet.")).to_be_visible()
    expect(page.get_by_label("Sponsor", exact=True)).to_have_value("Invented Trust")
    at_rest(page)
    page.keyboard.press("Alt+s")
    said(page, "Tags saved")

    opened(page, url, "Cleo")
    expect(page.get_by_text("Tags of Ben")).to_have_count(0)
    page.get_by_role("button", name="Accept all suggestions").wait_for()
    at_rest(page)
    page.keyboard.press("a")
    said(page, "Tags saved")
    expect(page.get_by_text("Tags of Ben")).to_be_visible()

    opened(page, url, "Ada", "consensus")
    page.get_by_role("link", name=invented_studies.trial().title).click()
    expect(page.get_by_text("Ben and Cleo differ on 1 field")).to_be_visible()
    page.get_by_role("radio", name="Ben").or_(page.get_by_role("button", name="Ben", exact=True)).click()
    why = page.get_by_label("Why", exact=True)
    why.fill("the record names it")
    why.press("Tab")
    page.get_by_role("button", name="Keep the consensus").click()
    said(page, "The consensus is kept")

    ben, cleo, consensus = kept(library)
    assert [ben.consensus, cleo.consensus, consensus.consensus] == [False, False, True]
    assert (ben.tags["sponsor"], cleo.tags["sponsor"], consensus.tags["sponsor"]) == (
        "Invented Trust",
        None,
        "Invented Trust",
    )
    engine = open_engine(library)
    with reading(engine) as session:
        (quote,) = session.exec(select(Quote).where(col(Quote.id).in_(ben.tags[QUOTES]["sample_size"])))
        assert quote.exact == invented_studies.RESULT
        assert session.exec(select(Draft).where(col(Draft.key).startswith("tags:"))).all() == []
    engine.dispose()
    assert consensus.tags[QUOTES]["sample_size"] == ben.tags[QUOTES]["sample_size"]
