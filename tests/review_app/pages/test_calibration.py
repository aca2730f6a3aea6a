"""The page of a calibration round, driven without a browser."""

from collections.abc import Callable

import invented_screening
import pytest
from queue_page import judge, pane
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import actor, buttons, press, words

from db.engine import writing
from db.models import Review
from db.types import Decision, Stage
from review_app.screening.highlights import default_terms
from review_app.services import review_settings

OpenPage = Callable[[str, str], AppTest]


@pytest.fixture
def review(library: Engine) -> Review:
    review = invented_screening.begin(library, plain=5)
    with writing(library) as session:
        review_settings.save_criteria(
            session, actor=actor(library, "Ada"), review_id=review.id, text="Adults only", terms=default_terms()
        )
    return review


def draw(open_page: OpenPage) -> AppTest:
    desk = open_page("calibration", "Ada")
    desk.number_input[0].set_value(5)
    return press(desk, "Draw at random")


def test_before_the_first_round_the_page_says_what_it_is_for(review: Review, open_page: OpenPage) -> None:
    desk = open_page("calibration", "Ben")
    assert "No calibration round yet." in words(desk)
    assert buttons(desk) == []


def test_a_round_from_drawing_to_locked_criteria(review: Review, open_page: OpenPage) -> None:
    desk = draw(open_page)
    assert "<strong>Round 1 is open</strong>: 5 records, drawn by Ada under version 1 of the criteria" in words(desk)
    assert "<td>Ben</td><td>0 of 5</td>" in words(desk)
    assert "Hidden until you have voted." in words(desk)
    for name, first in (("Ben", ("include",)), ("Cleo", ("exclude", "population"))):
        desk = open_page("queue", name)
        assert pane(desk)["records"][0]["calibration"]
        desk = judge(desk, *first)
        for _ in range(4):
            desk = judge(desk, "include")
        assert "You voted on the whole calibration round." in words(desk)
    page = words(open_page("calibration", "Ben"))
    assert "<td>Ben and Cleo</td><td>5</td><td>80% (38% to 96%)</td>" in page
    assert "<li>Cleo: <strong>exclude</strong> (Population)</li>" in page
    assert "Population" not in words(open_page("calibration", "Ada"))
    desk = press(open_page("calibration", "Ada"), "Lock the criteria and end")
    assert "<strong>Round 1 has ended</strong>" in words(desk)
    assert "version 1, locked" in words(open_page("queue", "Ben"))


def test_full_texts_wait_for_a_round_that_one_has_not_voted_on(
    library: Engine, review: Review, open_page: OpenPage
) -> None:
    with writing(library) as session:
        review_settings.change_stages(session, actor=actor(library, "Ada"), review_id=review.id, full_text=True)
    for name in ("Ben", "Cleo"):
        invented_screening.vote_on_trial(library, name, Decision.INCLUDE, Stage.TITLE_ABSTRACT)
    draw(open_page)
    desk = open_page("queue", "Ben").segmented_control[0].set_value(Stage.FULL_TEXT.value).run()
    assert "Full texts wait for the calibration round." in words(desk)
    assert "You voted on the whole" not in words(desk)


def test_a_round_without_criteria_is_refused(library: Engine, open_page: OpenPage) -> None:
    invented_screening.begin(library, plain=5)
    assert "Write the criteria first" in draw(open_page).error[0].value
