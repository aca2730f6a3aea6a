"""A reviewer's afternoon: search the evidence, open a study, link a sentence to a claim, save the tags."""

from collections.abc import Callable
from pathlib import Path

import invented_studies
import pytest
from playwright.sync_api import Page, expect
from sqlmodel import select

from db import config, migrate
from db.engine import open_engine, reading, writing
from db.models import ClaimEvidence, Member, Quote, Tagging
from db.types import Actor, Role, Stance
from review_app import app
from review_app.services.accounts import hash_password

pytestmark = pytest.mark.browser

APP = Path(app.__file__)
PASSWORD = "a few words in a row"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a library of invented studies, with Ada and Ben in it."""
    url = f"sqlite:///{tmp_path_factory.mktemp('library')}/footnote.db"
    engine = open_engine(url)
    migrate.upgrade(engine)
    with writing(engine) as session:
        for name, role in {"Ada": Role.LEAD, "Ben": Role.REVIEWER}.items():
            session.add(
                Member(
                    name=name,
                    name_key=name.casefold(),
                    role=role,
                    password_hash=hash_password(PASSWORD),
                    created_at=config.now(),
                )
            )
        session.commit()
        ada = session.exec(select(Member).where(Member.name == "Ada")).one()
    invented_studies.fill(engine, lead=Actor(ada.id, ada.name, ada.role))
    engine.dispose()
    return url


@pytest.fixture(scope="module")
def url(serve: Callable[..., str], library: str) -> str:
    return serve(APP, DATABASE_URL=library).replace("127.0.0.1", "localhost")


def sign_in(page: Page) -> None:
    page.get_by_label("Name").fill("Ben")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def toast(page: Page, words: str) -> None:
    expect(page.get_by_test_id("stToast").filter(has_text=words).first).to_be_visible()


def test_from_a_search_to_a_linked_sentence_and_saved_tags(page: Page, url: str, library: str) -> None:
    title = invented_studies.trial().title
    page.goto(f"{url}/evidence")
    sign_in(page)
    search = page.get_by_placeholder("Any words, “a phrase”, -without")
    search.fill("midazolam infusion")
    search.press("Enter")
    expect(page.get_by_text("1 of 35 studies")).to_be_visible()
    expect(page).to_have_url(f"{url}/evidence?q=midazolam+infusion")

    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.locator("mark.is-suggestion").first).to_be_visible()
    page.get_by_role("tab", name="Claims").click()
    page.get_by_role("combobox", name="Claim").fill("relieve depression within a day")
    page.get_by_role("option", name=invented_studies.CLAIM).click()
    page.get_by_role("button", name="Supports").or_(page.get_by_role("radio", name="Supports")).click()
    page.get_by_role("button", name=invented_studies.RESULT).click()
    expect(page.locator("blockquote.fn-quote").filter(has_text="7.4 points lower")).to_be_visible()
    page.get_by_role("button", name="Link to the claim").click()
    toast(page, "Sentence linked to the claim")
    expect(page.get_by_role("link", name=invented_studies.CLAIM)).to_be_visible()
    expect(page.locator("mark.is-quote").first).to_be_visible()

    page.get_by_role("tab", name="Tags").click()
    page.get_by_role("button", name="Save tags").click()
    toast(page, "Tags saved")
    expect(page.get_by_text("You saved these tags on")).to_be_visible()

    with reading(open_engine(library)) as session:
        ben = session.exec(select(Member).where(Member.name == "Ben")).one()
        tagging = session.exec(select(Tagging)).one()
        evidence = session.exec(select(ClaimEvidence).where(ClaimEvidence.member_id == ben.id)).one()
        quote = session.get(Quote, evidence.quote_id)
    assert tagging.tags["study_design"] == "rct"
    assert "study_design" in tagging.suggested
    assert evidence.stance is Stance.SUPPORTS
    assert quote is not None
    assert quote.exact == invented_studies.RESULT


def test_back_from_a_study_leads_to_the_same_search(page: Page, url: str) -> None:
    page.goto(f"{url}/evidence?q=depression&page=2")
    sign_in(page)
    expect(page.get_by_text("21–").first).to_be_visible()
    page.locator(".fn-rows a").first.click()
    expect(page.get_by_role("tab", name="Tags")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"{url}/evidence?q=depression&page=2")
    expect(page.get_by_text("21–").first).to_be_visible()
    expect(page.get_by_placeholder("Any words, “a phrase”, -without")).to_have_value("depression")


def test_markup_in_a_title_stays_text_in_the_browser(page: Page, url: str) -> None:
    said: list[str] = []
    page.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    page.goto(f"{url}/study?pmid={invented_studies.SCRIPT}")
    sign_in(page)
    expect(page.get_by_role("heading", name=invented_studies.SCRIPT_TITLE)).to_be_visible()
    page.goto(f"{url}/evidence?q=stars")
    expect(page.get_by_text(invented_studies.SCRIPT_TITLE)).to_be_visible()
    assert said == []
