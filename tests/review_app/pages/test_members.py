"""The members page, driven without a browser."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.engine import reading
from db.queries import accounts as account_queries
from db.types import Actor, Role
from review_app.navigation import seen_by

OpenPage = Callable[[str, str], AppTest]


def test_a_lead_makes_a_link_that_works_once(library: Engine, open_page: OpenPage) -> None:
    page = open_page("members", "Ada")
    page.text_input(key="invite_name").input("Flo")
    page.selectbox(key="invite_role").select(Role.WRITER)
    next(button for button in page.button if button.label == "Make link").click().run()
    assert "/join/" in page.code[0].value
    with reading(library) as session:
        assert [(link.name, link.role) for link in account_queries.open_links(session)] == [("Flo", Role.WRITER)]
    assert any("Invited: **Flo** as writer" in caption.value for caption in page.caption)


def test_an_invitation_that_is_withdrawn_lets_nobody_in(library: Engine, open_page: OpenPage) -> None:
    page = open_page("members", "Ada")
    page.text_input(key="invite_name").input("Flo")
    page = next(button for button in page.button if button.label == "Make link").click().run()
    token = page.code[0].value.rpartition("/join/")[2]
    page = next(button for button in page.button if button.label == "Withdraw").click().run()
    assert not any("Invited" in caption.value for caption in page.caption)
    assert not page.code
    with reading(library) as session:
        assert account_queries.usable_link(session, token=token) is None


def test_a_name_that_is_taken_is_said(open_page: OpenPage) -> None:
    page = open_page("members", "Ada")
    page.text_input(key="invite_name").input("ben")
    next(button for button in page.button if button.label == "Make link").click().run()
    assert "is a member already" in page.error[0].value


def test_a_lead_changes_a_role(library: Engine, open_page: OpenPage) -> None:
    with reading(library) as session:
        cleo = account_queries.member_by_name(session, name="Cleo")
    assert cleo is not None
    page = open_page("members", "Ada")
    page.selectbox(key=f"role_{cleo.id}").select(Role.ADJUDICATOR).run()
    with reading(library) as session:
        changed = account_queries.member_by_name(session, name="Cleo")
    assert changed is not None
    assert changed.role is Role.ADJUDICATOR


def test_the_only_lead_stays_one(library: Engine, open_page: OpenPage) -> None:
    with reading(library) as session:
        ada = account_queries.member_by_name(session, name="Ada")
    assert ada is not None
    page = open_page("members", "Ada")
    page.selectbox(key=f"role_{ada.id}").select(Role.REVIEWER).run()
    assert "is the only lead" in page.error[0].value


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.LEAD])
def test_nobody_but_a_lead_finds_the_page(role: Role) -> None:
    pages = [desk.file for desk in seen_by(Actor(1, "Ben", role))]
    assert "evidence" in pages
    assert "members" not in pages
