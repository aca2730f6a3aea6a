"""What is listed is downloaded: all of it, in the chosen format, made when it is asked for."""

import json
from collections.abc import Callable
from pathlib import Path

import invented_studies
import pytest
import rispy
from playwright.sync_api import Page, expect
from sqlmodel import select

from db import config, migrate
from db.engine import open_engine, writing
from db.models import Member
from db.types import Actor, Role
from review_app import app
from review_app.services.accounts import hash_password

pytestmark = pytest.mark.browser

APP = Path(app.__file__)
PASSWORD = "a few words in a row"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, serve: Callable[..., str]) -> str:
    """The app on a library of 35 invented studies; Rae may only read."""
    library = f"sqlite:///{tmp_path_factory.mktemp('library')}/footnote.db"
    engine = open_engine(library)
    migrate.upgrade(engine)
    with writing(engine) as session:
        for name, role in {"Ada": Role.LEAD, "Rae": Role.READ_ONLY}.items():
            known = {"name_key": name.casefold(), "password_hash": hash_password(PASSWORD), "created_at": config.now()}
            session.add(Member(name=name, role=role, **known))
        session.commit()
        ada = session.exec(select(Member).where(Member.name == "Ada")).one()
    invented_studies.fill(engine, lead=Actor(ada.id, ada.name, ada.role))
    engine.dispose()
    return serve(APP, DATABASE_URL=library).replace("127.0.0.1", "localhost")


def listed(page: Page, address: str) -> None:
    """The list at this address, as Rae sees it, with the formats open."""
    page.goto(address)
    page.get_by_label("Name").fill("Rae")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Download", exact=False).first.click()
    expect(page.get_by_role("button", name="RIS (")).to_be_visible()


def downloaded(page: Page, name: str) -> tuple[str, bytes]:
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


def test_the_whole_list_is_downloaded_whatever_page_is_shown(page: Page, url: str) -> None:
    listed(page, f"{url}/evidence?page=2")
    expect(page.get_by_text("35 studies as listed")).to_be_visible()
    name, body = downloaded(page, "RIS (")
    found = rispy.loads(body.decode())
    assert name.startswith("footnote-evidence-")
    assert name.endswith(".ris")
    assert len(found) == 35
    assert found[0]["title"] == invented_studies.trial().title  # the newest first, as listed
    assert body.count(b"\r\n") == body.count(b"\n")


def test_a_narrowed_list_is_downloaded_as_narrowed(page: Page, url: str) -> None:
    listed(page, f"{url}/evidence?q=midazolam+infusion")
    expect(page.get_by_text("1 study as listed")).to_be_visible()
    name, body = downloaded(page, "JSON lines")
    (line,) = body.decode().splitlines()
    assert (name.rpartition(".")[2], json.loads(line)["pmid"]) == ("jsonl", invented_studies.TRIAL)
