"""Choosing the order of the queue, and asking why a record is there, driven without a browser."""

from collections.abc import Callable, Iterator

import invented_screening
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import press, words

from db.engine import reading
from db.models import Review
from review_app import database
from review_app.components import screening_settings
from review_app.components.queue_reason import stopping_words
from review_app.screening.stopping import stopping
from review_app.services import queue_order

OpenPage = Callable[[str, str], AppTest]


@pytest.fixture
def review(library: Engine) -> Iterator[Review]:
    yield invented_screening.begin(library, dual=False)
    for kept in queue_order._live.values():
        kept.end()
    queue_order._live.clear()


def why(desk: AppTest) -> str:
    toggle = next(each for each in desk.toggle if each.label.startswith("Why this record"))
    return words(toggle.set_value(True).run())


def choose(desk: AppTest, kind: str) -> AppTest:
    return next(each for each in desk.radio if each.label == "New records come").set_value(kind).run()


def wait() -> None:
    engine = database.engine()
    with reading(engine) as session:
        kept = queue_order.live_order(engine, session.get_one(Review, 1))
    assert kept is not None
    kept.wait()


def test_why_a_record_is_there_is_told_when_asked(review: Review, open_page: OpenPage) -> None:
    desk = open_page("queue", "Ben")
    assert "this is the next one" not in words(desk)
    assert "Records come as they were added, and this is the next one." in why(desk)


def test_random_order_with_the_estimate_of_recall(review: Review, open_page: OpenPage) -> None:
    desk = choose(open_page("queue", "Ada"), "random")
    wait()
    told = why(desk)
    assert "Records come in random order, and this is the next one." in told
    assert "Nothing can be estimated before the first inclusion." in told
    desk = press(press(desk, "Include"), "Population")
    wait()
    told = words(desk.run())
    assert "inclusions among" in told
    assert "<strong>Go on</strong>" in told


def test_without_scikit_learn_the_choice_is_greyed_with_the_command(
    review: Review, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "likeliest inclusion first" in next(each for each in open_page("queue", "Ada").radio).options
    monkeypatch.setattr(screening_settings, "is_installed", lambda: False)
    desk = open_page("queue", "Ada")
    assert "likeliest inclusion first" not in next(each for each in desk.radio).options
    assert next(each for each in desk.checkbox).disabled
    assert any("pip install 'scikit-learn" in each.value for each in desk.caption)


def test_the_advice_says_how_sure_it_is() -> None:
    going_on = stopping_words(stopping([True, False, False], 100))
    assert "Go on" in going_on
    assert "1 inclusions among 3 settled records; 97 are undecided." in going_on
    done = stopping_words(stopping([True] * 20 + [False] * 480, 510))
    assert "You may stop" in done
    assert "Every record is settled." in stopping_words(stopping([True, False], 2))
