"""The frame: who gets in, what they see, and that a session that ended is noticed on the next run."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db import config
from db.engine import writing
from db.queries import accounts as account_queries
from db.types import Actor, Role
from review_app import auth, navigation
from review_app.services import accounts
from review_app.services.errors import Refused

OpenDesk = Callable[[str | None], AppTest]
READ, REVIEWED = (
    {"home", "evidence", "grade", "study", "claims", "alerts", "activity"},
    {"queue", "conflicts", "calibration", "consensus", "duplicates", "progress"},
)


@pytest.fixture(autouse=True)
def _pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages that say their name, so that the frame is judged by itself."""
    for desk in navigation.DESKS:
        (tmp_path / f"{desk.file}.py").write_text(
            f"import streamlit as st\nst.write('this is {desk.file}')\nst.button('Again')\n", "utf-8"
        )
    monkeypatch.setattr(navigation, "_PAGES", tmp_path)


AWAY = "postgresql://ada:swordfish@127.0.0.1:1/footnote"  # nobody listens there
DEMOTE_WHILE_PRESSING = """
import streamlit as st
from db.engine import writing
from db.types import Role
from review_app import auth
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.services import accounts

def invite():
    with explaining("any_trouble"), writing(engine()) as session:
        accounts.invite(session, actor=auth.current_actor(), name="Eve", role=Role.WRITER)

st.write("this is members")
st.button("Invite", on_click=invite)
"""


def words(desk: AppTest) -> str:
    drawn = [str(element.proto.body) for element in desk.get("html")]
    return " ".join([*drawn, *(title.value for title in desk.title), *(text.value for text in desk.markdown)])


def test_a_stranger_sees_the_way_in_and_nothing_else(open_desk: OpenDesk) -> None:
    desk = open_desk(None)
    assert not desk.exception
    assert 'href="/sign-in"' in words(desk)
    assert "this is home" not in words(desk)
    assert "studies" not in words(desk)


def test_without_a_browser_nobody_is_signed_in(library: Engine) -> None:
    # Streamlit's stand-in for cookies is truthy: a gate that tests truthiness would let everybody in.
    desk = AppTest.from_file(str(Path(__file__).parent / "desk_entry.py"), default_timeout=120).run()
    assert "this is home" not in words(desk)
    assert 'href="/sign-in"' in words(desk)


def test_a_member_sees_the_page_the_size_of_the_library_and_their_own_name(open_desk: OpenDesk) -> None:
    desk = open_desk("Ben")
    assert not desk.exception
    assert desk.title[0].value == "Home"
    assert "this is home" in words(desk)
    assert "0 studies · never refreshed" in words(desk)
    assert "<strong>Ben</strong><br>reviewer" in words(desk)
    assert 'action="/sign-out"' in words(desk)


def test_a_session_that_ended_elsewhere_is_noticed_on_the_next_run(open_desk: OpenDesk, library: Engine) -> None:
    desk = open_desk("Ben")
    with writing(library) as session:
        accounts.sign_out(session, token=auth.session_token())
    desk.button[0].click().run()
    assert "this is home" not in words(desk)
    assert 'href="/sign-in"' in words(desk)


def test_a_member_who_left_is_out_on_the_next_run(open_desk: OpenDesk, library: Engine) -> None:
    desk = open_desk("Ben")
    with writing(library) as session:
        ada = account_queries.member_by_name(session, name="Ada")
        ben = account_queries.member_by_name(session, name="Ben")
        assert ada is not None
        assert ben is not None
        accounts.remove_member(session, actor=account_queries.actor_of(ada), member_id=ben.id or 0)
    assert "this is home" not in words(desk.run())


def test_an_act_of_somebody_signed_out_is_refused_before_anything_happens(
    sign_in_as: Callable[[str | None], str | None],
) -> None:
    sign_in_as("Ben")
    assert auth.current_actor().name == "Ben"
    sign_in_as(None)
    with pytest.raises(Refused, match="signed out"):
        auth.current_actor()


@pytest.mark.parametrize(
    ("role", "sees"),
    [
        (Role.LEAD, READ | REVIEWED | {"check_copy", "members", "assignments", "tag_form", "settings"}),
        (Role.REVIEWER, READ | REVIEWED | {"check_copy"}),
        (Role.WRITER, READ | {"check_copy"}),
        (Role.READ_ONLY, READ),
    ],
)
def test_a_role_sees_the_pages_it_may_act_on(role: Role, sees: set[str]) -> None:
    assert {desk.file for desk in navigation.seen_by(Actor(1, "Ada", role))} == sees


def test_a_page_that_a_role_may_not_see_is_not_registered(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk("Dov")
    with pytest.raises(ValueError, match="Could not find a navigation page"):
        desk.switch_page(str(tmp_path / "members.py"))


def test_a_lead_can_open_the_members(open_desk: OpenDesk, tmp_path: Path) -> None:
    desk = open_desk("Ada")
    desk.switch_page(str(tmp_path / "members.py")).run()
    assert "this is members" in words(desk)
    assert desk.title[0].value == "Members"


def test_an_act_refused_after_the_role_changed_says_so_on_the_page_that_is_left(
    open_desk: OpenDesk, library: Engine, tmp_path: Path
) -> None:
    (tmp_path / "members.py").write_text(DEMOTE_WHILE_PRESSING, "utf-8")
    desk = open_desk("Ada")
    desk.switch_page(str(tmp_path / "members.py")).run()
    with writing(library) as session:
        ada = account_queries.member_by_name(session, name="Ada")
        assert ada is not None
        ada.role = Role.REVIEWER
        session.add(ada)
        session.commit()
    desk.button[0].click().run()
    assert not desk.exception
    assert "this is members" not in words(desk)
    assert ["role" in error.value for error in desk.error] == [True]
    assert not desk.run().error


def test_a_page_that_finds_nobody_signed_in_says_so(open_desk: OpenDesk, tmp_path: Path) -> None:
    refusing = "from review_app.services.errors import Refused\nraise Refused('You are signed out. Reload the page.')\n"
    (tmp_path / "home.py").write_text(refusing, "utf-8")
    desk = open_desk("Ben")
    assert not desk.exception
    assert desk.error[0].value == "You are signed out. Reload the page."


def test_without_the_library_the_desk_says_so_and_shows_no_password(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = open_desk("Ben")
    monkeypatch.setenv("DATABASE_URL", AWAY)
    config.settings.cache_clear()
    desk.run()
    assert not desk.exception
    assert "The library cannot be reached." in words(desk)
    assert "this is home" not in words(desk)
    assert "swordfish" not in words(desk)


def test_a_library_that_goes_away_under_a_page_is_said_in_its_frame(open_desk: OpenDesk, tmp_path: Path) -> None:
    breaking = "from db.engine import DatabaseUnavailable\nraise DatabaseUnavailable('library.db is gone')\n"
    (tmp_path / "home.py").write_text(breaking, "utf-8")
    desk = open_desk("Ben")
    assert not desk.exception
    assert "The library cannot be reached." in words(desk)
    assert "library.db is gone" in words(desk)
    assert "<strong>Ben</strong>" in words(desk)
