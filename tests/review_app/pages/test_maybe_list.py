"""Records kept as Maybe, on the desk: the way there, the keys, and the way back."""

from collections.abc import Callable

import invented_screening
import pytest
from copy_page import PAGES
from queue_page import judge, pane
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import words

from db.engine import writing
from db.models import Review

OpenPage = Callable[[str, str], AppTest]
OpenDesk = Callable[[str | None], AppTest]


@pytest.fixture
def library_of_one_vote(library: Engine) -> Engine:
    invented_screening.begin(library, plain=0, dual=False)
    return library


def maybe_list(open_desk: OpenDesk, name: str) -> AppTest:
    """As the link leads there."""
    desk = open_desk(name).switch_page(str(PAGES / "queue.py"))
    desk.query_params["list"] = "maybe"
    return desk.run()


def test_a_maybe_is_found_again_and_decided(
    library_of_one_vote: Engine, open_page: OpenPage, open_desk: OpenDesk
) -> None:
    desk = open_page("queue", "Ben")
    assert "list=maybe" in words(desk)
    first = pane(desk)["records"][0]["id"]
    judge(desk, "maybe", note="Which dose?")
    assert 'href="/queue?stage=title_abstract&amp;list=maybe"' in words(open_desk("Ben"))
    assert "A Maybe is no conflict" in words(open_page("conflicts", "Ada"))
    desk = maybe_list(open_desk, "Ben")
    assert [(each["id"], each["note"]) for each in pane(desk)["records"]] == [(first, "Which dose?")]
    desk = judge(desk, "include")
    assert "Nothing is kept as Maybe." in words(desk)
    assert "Back to the queue" in words(desk)
    assert "kept as Maybe" not in words(open_desk("Ben"))


def test_an_empty_queue_leads_to_what_is_kept(library_of_one_vote: Engine, open_page: OpenPage) -> None:
    desk = open_page("queue", "Ben")
    for _ in range(5):
        desk = judge(desk, "maybe")
    assert "Decide on 5 records kept as Maybe" in words(desk)


def test_during_a_calibration_round_the_list_says_that_it_waits(
    library_of_one_vote: Engine, open_page: OpenPage, open_desk: OpenDesk
) -> None:
    judge(open_page("queue", "Ben"), "maybe")
    with writing(library_of_one_vote) as session:
        session.get_one(Review, 1).settings = {"calibration": {"record_ids": [], "hold": True}}
        session.commit()
    assert "What is kept as Maybe waits for the calibration round." in words(maybe_list(open_desk, "Ben"))


def test_where_two_votes_are_needed_an_old_address_of_the_list_leads_back(
    library: Engine, open_page: OpenPage, open_desk: OpenDesk
) -> None:
    invented_screening.begin(library, plain=0)
    assert "kept as Maybe" not in words(open_page("queue", "Ben"))
    assert 'href="/queue?stage=title_abstract"' in words(maybe_list(open_desk, "Ben"))
