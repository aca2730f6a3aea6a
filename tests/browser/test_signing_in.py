"""From the first start to signing out, in a real browser, with two tabs open."""

import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from browser.handshake import handshake
from playwright.sync_api import Page, expect

from db import config, migrate
from db.engine import open_engine, writing
from db.models import Member
from db.queries import accounts as account_queries
from db.types import Role
from review_app.services import accounts

pytestmark = pytest.mark.browser

APP = Path(__file__).parent / "apps" / "desk_app.py"
PASSWORD = "a few words in a row"


@pytest.fixture(scope="module")
def started(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """The app's address, and what it wrote while it started on a library that was not there."""
    folder = tmp_path_factory.mktemp("library")
    url = serve(APP, folder / "log.txt", DATABASE_URL=f"sqlite:///{folder}/new/footnote.db")
    return url.replace("127.0.0.1", "localhost"), (folder / "log.txt").read_text("utf-8")


def join(address: str, wrote: str) -> str:
    """Ada joins by the link, over plain HTTP; gives her session's token."""
    link = re.search(r"http://localhost:\d+(/join/\S+)", wrote)
    assert link is not None, wrote
    with httpx.Client(base_url=address, timeout=120) as client:
        form = re.search(r'name="form" value="([^"]+)"', client.get(link.group(1)).text)
        assert form is not None
        fields = {"form": form.group(1), "name": "Ada", "password": PASSWORD, "again": PASSWORD}
        assert client.post(link.group(1), data=fields).status_code == 303
        return client.cookies["footnote_session"]


@pytest.fixture(scope="module")
def url(started: tuple[str, str]) -> str:
    """Ada has joined."""
    join(*started)
    return started[0]


def sign_in(page: Page, password: str = PASSWORD) -> None:
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_the_app_answers_for_its_health(started: tuple[str, str]) -> None:
    assert httpx.get(f"{started[0]}/healthz").json() == {"status": "ok"}
    assert httpx.get(f"{started[0]}/readyz").json() == {"status": "ready"}


def test_the_very_first_run_of_a_server_goes_through_the_desk(
    page: Page, serve: Callable[..., str], tmp_path: Path
) -> None:
    address = serve(APP, tmp_path / "log.txt", DATABASE_URL=f"sqlite:///{tmp_path}/footnote.db")
    token = join(address, (tmp_path / "log.txt").read_text("utf-8"))
    page.context.add_cookies([{"name": "footnote_session", "value": token, "url": address}])
    page.goto(f"{address}/members")
    expect(page.get_by_text("this is members")).to_be_visible()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def test_a_stranger_is_sent_to_sign_in_and_then_where_they_wanted(page: Page, url: str) -> None:
    page.goto(f"{url}/study?pmid=90000001")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sign_in(page, "not this one")
    expect(page.get_by_role("alert")).to_contain_text("do not fit")
    sign_in(page)
    expect(page.get_by_text("this is study")).to_be_visible()
    expect(page.get_by_text("asked for {'pmid': '90000001'}")).to_be_visible()
    expect(page.get_by_role("heading", name="Study", level=1)).to_be_visible()


def test_the_desk_asks_no_other_host_for_anything(page: Page, url: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(url)
    sign_in(page)
    page.get_by_text("this is home").wait_for()
    page.get_by_role("link", name="Claims").click()
    page.get_by_text("this is claims").wait_for()
    host = url.removeprefix("http://")
    assert [address for address in asked if not address.startswith((f"http://{host}", "data:", "blob:"))] == []
    assert len(asked) > 3


def test_there_is_no_deploy_button_and_no_menu(page: Page, url: str) -> None:
    page.goto(url)
    sign_in(page)
    page.get_by_text("this is home").wait_for()
    expect(page.get_by_text("Deploy")).to_have_count(0)
    expect(page.get_by_test_id("stMainMenu")).to_have_count(0)


def test_signing_out_in_one_tab_ends_the_other_on_its_next_act(page: Page, url: str) -> None:
    page.goto(url)
    sign_in(page)
    page.get_by_text("this is home").wait_for()
    other = page.context.new_page()
    other.goto(f"{url}/claims")
    other.get_by_text("this is claims").wait_for()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    other.get_by_role("button", name="Again").click()
    expect(other.get_by_text("You are not signed in.")).to_be_visible()
    expect(other.get_by_text("this is claims")).to_have_count(0)
    expect(other.get_by_text("Page not found")).to_have_count(0)
    other.get_by_role("link", name="Sign in").click()
    sign_in(other)
    expect(other.get_by_text("this is claims")).to_be_visible()


def test_no_page_may_be_framed(url: str) -> None:
    assert httpx.get(f"{url}/_stcore/health").headers["X-Frame-Options"] == "DENY"
    assert httpx.get(url, follow_redirects=True).headers["X-Frame-Options"] == "DENY"


@pytest.fixture(scope="module")
def session_cookie(url: str) -> str:
    """Ada's, as her browser sends it."""
    with httpx.Client(base_url=url, timeout=120) as client:
        form = re.search(r'name="form" value="([^"]+)"', client.get("/sign-in").text)
        assert form is not None
        client.post("/sign-in", data={"form": form.group(1), "name": "Ada", "password": PASSWORD})
        return f"footnote_session={client.cookies['footnote_session']}"


def test_a_stranger_cannot_connect_and_cannot_upload(url: str) -> None:
    assert handshake(url, Origin=url) == 403
    assert httpx.put(f"{url}/_stcore/upload_file/any/file", content=b"x" * 1000).status_code == 403
    assert httpx.get(f"{url}/_stcore/metrics").status_code == 403
    assert httpx.get(f"{url}/media/any.pdf").status_code == 403


def test_a_member_connects_from_each_address_of_this_machine_and_from_no_other_site(
    url: str, session_cookie: str
) -> None:
    assert handshake(url, Origin=url, Cookie=session_cookie) == 101
    other = url.replace("localhost", "127.0.0.1")
    assert handshake(other, Origin=other, Cookie=session_cookie) == 101
    for site in ("http://localhost:9999", "https://evil.example", "null"):
        assert handshake(url, Origin=site, Cookie=session_cookie) == 403


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1"])
def test_a_member_sends_a_file_and_gets_one_back(page: Page, url: str, tmp_path: Path, name: str) -> None:
    page.goto(f"{url.replace('localhost', name)}/check_copy")
    sign_in(page)
    (tmp_path / "copy.txt").write_text("Eve wrote this.", "utf-8")
    page.locator('input[type="file"]').set_input_files(tmp_path / "copy.txt")
    expect(page.get_by_text("was sent: Eve wrote this.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Get it back").click()
    assert download.value.path().read_text("utf-8") == "Eve wrote this."


def test_a_member_connects_at_the_public_address_behind_a_proxy(serve: Callable[..., str], tmp_path: Path) -> None:
    library = f"sqlite:///{tmp_path}/footnote.db"
    token = member_of(library)
    url = serve(APP, DATABASE_URL=library, FOOTNOTE_PUBLIC_URL="https://footnote.example")
    cookie = f"footnote_session={token}"
    assert handshake(url, Origin="https://footnote.example", Cookie=cookie) == 101
    assert handshake(url, Origin="http://footnote.example", Cookie=cookie) == 403


def member_of(library: str) -> str:
    """Ben's session in a new library."""
    engine = open_engine(library)
    migrate.upgrade(engine)
    with writing(engine) as session:
        ben = Member(name="Ben", name_key="ben", role=Role.REVIEWER, created_at=config.now())
        session.add(ben)
        session.commit()
    with writing(engine) as session:
        token = accounts.sign_in(session, name="Ben", member=account_queries.member_by_name(session, name="Ben"))
    engine.dispose()
    return token
