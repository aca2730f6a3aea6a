"""The page of settings: how the review is done, and every version of its criteria."""

from collections.abc import Callable

import invented_screening
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import actor, press, words

from db.engine import writing
from db.models import Review
from review_app.screening.highlights import default_terms
from review_app.services import review_settings

OpenPage = Callable[[str, str], AppTest]


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=0)


def test_the_lead_writes_criteria_and_each_version_stays(review: Review, open_page: OpenPage) -> None:
    desk = open_page("settings", "Ada")
    assert "No criteria are written yet." in words(desk)
    for text in ("Adults only", "Adults with depression"):
        next(area for area in desk.text_area if area.key == "criteria_text").input(text)
        desk = press(desk, "Save as a new version")
    folds = [fold.label for fold in desk.expander]
    assert [label.partition(":")[0] for label in folds[1:3]] == ["Version 2", "Version 1"]
    assert "<p>Adults only</p>" in words(desk)
    assert "<p>Adults with depression</p>" in words(desk)


def test_why_locked_criteria_changed_stands_with_the_version(
    library: Engine, review: Review, open_page: OpenPage
) -> None:
    ada = actor(library, "Ada")
    for amendment in ("", "The board asked for it"):
        with writing(library) as session:
            review_settings.save_criteria(
                session, actor=ada, review_id=review.id, text="Adults", terms=default_terms(), amendment=amendment
            )
        if not amendment:
            with writing(library) as session:
                review_settings.lock_criteria(session, actor=ada, review_id=review.id)
    desk = open_page("settings", "Ada")
    assert "<strong>Why it changed:</strong> The board asked for it" in words(desk)
    assert desk.expander[1].label.startswith("Version 2, locked: Ada")


def test_the_vocabulary_is_shown(review: Review, open_page: OpenPage) -> None:
    assert "<td>Randomised controlled trial</td>" in words(open_page("settings", "Ada"))


def test_the_lead_renames_retires_orders_and_adds_reasons_and_all_is_one_version(
    library: Engine, review: Review, open_page: OpenPage
) -> None:
    desk = open_page("settings", "Ada")
    form = "reasons_title_abstract_0"
    desk.text_input(key=f"{form}_population_label").input("Wrong people")
    desk.checkbox(key=f"{form}_comparator_offered").uncheck()
    desk.number_input(key=f"{form}_design_place").set_value(1)
    desk.text_input(key=f"{form}_+_label").input("Animals")
    desk = press(desk, "Save these reasons")
    names = [field.value for field in desk.text_input if str(field.key).endswith("_label")]
    assert names == [
        *("Design", "Wrong people", "Intervention", "Outcome", "No study", "Duplicate", "Animals"),
        *("Comparator", ""),
    ]
    assert "Title and abstract: 7 reasons" in [fold.label for fold in desk.expander]
    assert "Reasons for excluding, title and abstract: Design, Wrong people, Intervention," in words(desk)


def test_a_reason_may_be_called_new(review: Review, open_page: OpenPage) -> None:
    desk = open_page("settings", "Ada")
    desk.text_input(key="reasons_title_abstract_0_+_label").input("New")
    desk = press(desk, "Save these reasons")
    assert not desk.exception
    assert desk.text_input(key="reasons_title_abstract_1_new_label").value == "New"


def test_reasons_of_locked_criteria_change_only_with_a_reason(
    library: Engine, review: Review, open_page: OpenPage
) -> None:
    ada = actor(library, "Ada")
    with writing(library) as session:
        review_settings.save_criteria(
            session, actor=ada, review_id=review.id, text="Adults", terms=default_terms(), amendment=""
        )
    with writing(library) as session:
        review_settings.lock_criteria(session, actor=ada, review_id=review.id)
    desk = open_page("settings", "Ada")
    desk.text_input(key="reasons_title_abstract_1_+_label").input("Animals")
    desk = press(desk, "Save these reasons")
    assert "These criteria are locked" in desk.error[0].value
    desk.text_input(key="reasons_title_abstract_1_amendment").input("Many are of mice")
    desk = press(desk, "Save these reasons")
    assert not desk.error
    assert "<strong>Why it changed:</strong> Many are of mice" in words(desk)
