"""Choosing the order of the queue, and asking why a record is there, driven without a browser."""

from collections.abc import Callable, Iterable, Iterator

import invented_screening
import pytest
from queue_page import judge, pane
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest

from db.engine import reading
from db.models import Review
from review_app import database
from review_app.components import screening_settings
from review_app.components.queue_reason import Line, stopping_words
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
    shown = pane(desk)
    return joined([*shown["records"][0]["why"], *shown["advice"]])


def joined(lines: Iterable[Line]) -> str:
    return " ".join(text for _, runs in lines for text, _ in runs)


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
    assert "Records come as they were added, and this is the next one." in why(desk)


def test_random_order_with_the_estimate_of_recall(review: Review, open_page: OpenPage) -> None:
    desk = choose(open_page("queue", "Ada"), "random")
    wait()
    assert "Nothing can be estimated before the first inclusion." in why(desk.run())
    desk = judge(desk, "include")  # the record that was on the desk before the order was chosen
    assert "Records come in random order, and this is the next one." in why(desk)
    desk = judge(desk, "exclude", "population")
    wait()
    told = why(desk.run())
    assert "inclusions among" in told
    assert "Go on" in told


def test_without_scipy_the_choice_is_greyed_with_the_command(
    review: Review, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "likeliest inclusion first" in next(each for each in open_page("queue", "Ada").radio).options
    monkeypatch.setattr(screening_settings, "is_installed", lambda: False)
    desk = open_page("queue", "Ada")
    assert "likeliest inclusion first" not in next(each for each in desk.radio).options
    assert next(each for each in desk.checkbox).disabled
    assert any("pip install 'scipy" in each.value for each in desk.caption)


def test_the_advice_says_how_sure_it_is() -> None:
    going_on = joined(stopping_words(stopping([True, False, False], 100)))
    assert "Go on" in going_on
    assert "1 inclusions among 3 settled records; 97 are undecided." in going_on
    done = joined(stopping_words(stopping([True] * 20 + [False] * 480, 510)))
    assert "You may stop" in done
    assert "Every record is settled." in joined(stopping_words(stopping([True, False], 2)))
