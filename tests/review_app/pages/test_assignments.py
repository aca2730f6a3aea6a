"""The lead's page of assignments, driven without a browser."""

from collections.abc import Callable

import invented_screening
import pytest
from queue_page import judge
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import actor, press, words

from db.models import Review

OpenPage = Callable[[str, str], AppTest]


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library)


def test_records_are_shared_and_taken_back(library: Engine, review: Review, open_page: OpenPage) -> None:
    desk = open_page("assignments", "Ada")
    assert "<strong>8 records are free</strong>" in words(desk)
    among = [actor(library, name).member_id for name in ("Ben", "Cleo")]
    desk.multiselect[0].set_value(among)
    desk = press(desk, "Share 8 records")
    assert "<strong>Ben</strong>: 8 assigned, 0 of them voted on" in words(desk)
    assert "<strong>Ada</strong>: nothing assigned" in words(desk)
    judge(open_page("queue", "Ben"), "include")
    assert "8 assigned, 1 of them voted on" in words(open_page("assignments", "Ada"))
    desk = press(desk, "Take back")
    assert "<strong>Ben</strong>: nothing assigned" in words(desk)


def test_a_number_for_each(review: Review, open_page: OpenPage) -> None:
    desk = open_page("assignments", "Ada")
    next(each for each in desk.number_input if each.label == "Cleo").set_value(3)
    desk = press(desk, "Assign")
    assert "<strong>Cleo</strong>: 3 assigned" in words(desk)
    assert "<strong>5 records are free</strong>" in words(desk)
    assert "There is nothing to assign" in press(desk, "Assign").error[0].value
