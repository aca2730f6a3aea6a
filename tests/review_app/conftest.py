"""A library with people in it, the desk as one of them sees it, and a browser before the sign-in form."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from factcheck_command import Answer, Command
from plain_browser import PASSWORD, Browser
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db import config
from db.engine import writing
from db.models import Member
from db.queries import accounts as account_queries
from db.types import Role
from review_app import auth, cli, database
from review_app.services import accounts

DESK = Path(__file__).parent / "desk_entry.py"
PAGES = Path(database.__file__).parent / "pages"
PEOPLE = {"Ada": Role.LEAD, "Ben": Role.REVIEWER, "Cleo": Role.REVIEWER, "Dov": Role.WRITER}


@pytest.fixture
def factcheck(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command on an empty library."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    config.settings.cache_clear()

    def command(*arguments: object) -> Answer:
        code = cli.main([str(each) for each in arguments])
        return Answer(code, *capsys.readouterr())

    return command


@pytest.fixture
def library(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """The app's own engine on a fresh library. Ada leads, Ben and Cleo review, Dov writes; Eve is nobody here."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    config.settings.cache_clear()
    engine = database.engine()
    with writing(engine) as session:
        for name, role in PEOPLE.items():
            session.add(Member(name=name, name_key=name.casefold(), role=role, created_at=config.now()))
        session.commit()
    yield engine
    engine.dispose()
    database.forget()


@pytest.fixture
def sign_in_as(library: Engine, monkeypatch: pytest.MonkeyPatch) -> Callable[[str | None], str | None]:
    """Replace the seam: from now on this person's session is the browser's. Gives its token."""

    def sign_in(name: str | None) -> str | None:
        token = None
        if name is not None:
            with writing(library) as session:
                member = account_queries.member_by_name(session, name=name)
                token = accounts.sign_in(session, name=name, member=member)
        monkeypatch.setattr(auth, "session_token", lambda: token)
        return token

    return sign_in


@pytest.fixture
def open_desk(sign_in_as: Callable[[str | None], str | None]) -> Callable[[str | None], AppTest]:
    """The desk at its front page, as this person (or nobody) sees it."""

    def open_as(name: str | None) -> AppTest:
        sign_in_as(name)
        return AppTest.from_file(str(DESK), default_timeout=120).run()

    return open_as


@pytest.fixture
def open_page(open_desk: Callable[[str | None], AppTest]) -> Callable[[str, str], AppTest]:
    """`open_page("evidence", "Ben")`: that page inside the desk, as this person sees it."""

    def open_as(page: str, name: str) -> AppTest:
        return open_desk(name).switch_page(str(PAGES / f"{page}.py")).run()

    return open_as


@pytest.fixture
def browser(library: Engine) -> Iterator[Browser]:
    with closing(Browser()) as client:
        yield client


@pytest.fixture
def ada(library: Engine) -> str:
    """Ada's password."""
    password_hash = accounts.hash_password(PASSWORD)
    with writing(library) as session:
        member = account_queries.member_by_name(session, name="Ada")
        assert member is not None
        member.password_hash = password_hash
        session.add(member)
        session.commit()
    return PASSWORD
