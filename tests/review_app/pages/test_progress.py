"""The page of progress: what the lead reads and what a reviewer reads."""

from collections.abc import Callable

import invented_screening
import pytest
from queue_page import judge
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import words

from db.models import Review
from db.types import Decision, Stage

OpenPage = Callable[[str, str], AppTest]


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=0)


def test_the_lead_reads_who_did_what_and_how_far_they_agree(review: Review, open_page: OpenPage) -> None:
    judge(open_page("queue", "Ben"), "include")
    judge(open_page("queue", "Cleo"), "exclude", "design")
    page = words(open_page("progress", "Ada"))
    assert "<strong>1 of 5 records</strong> has all the votes it needs" in page
    assert "1 conflict is open" in page
    assert "<td>Ben and Cleo</td><td>1</td><td>0% (0% to 79%)</td>" in page
    assert '<tr data-level="0"><td>Records identified</td><td>5</td></tr>' in page


def test_what_is_one_is_said_as_one(library: Engine, review: Review, open_page: OpenPage) -> None:
    for name in ("Ben", "Cleo"):
        invented_screening.vote_on_trial(library, name, Decision.INCLUDE, Stage.TITLE_ABSTRACT)
    assert "1 is included, 0 excluded; 0 conflicts are open" in words(open_page("progress", "Ada"))


def test_a_reviewer_reads_how_many_others_voted_on_and_nothing_of_how(review: Review, open_page: OpenPage) -> None:
    judge(open_page("queue", "Ben"), "include")
    page = words(open_page("progress", "Cleo"))
    assert "<td>Ben</td><td>1</td>" in page
    assert "<td>Cleo</td><td>0</td>" in page
    assert "0 are included, 0 excluded" in page
    assert "It is counted when two people have judged the same record whose votes you may see." in page


def test_without_a_review_the_page_says_whom_to_ask(library: Engine, open_page: OpenPage) -> None:
    assert "Ask a lead." in words(open_page("progress", "Ben"))
