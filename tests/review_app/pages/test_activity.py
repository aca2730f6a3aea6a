"""The page of the audit trail, and its file."""

import csv
import io
from collections.abc import Callable

import invented_screening
import pytest
from queue_page import judge
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import press, words

from db import audit, config
from db.engine import writing
from db.models import Review
from db.queries.activity import Wanted
from db.types import Actor, Role
from review_app.components.activity_list import HIDDEN
from review_app.services.activity import PAGE, activity_as_file
from review_app.services.errors import Refused

OpenPage = Callable[[str, str], AppTest]


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=0)


def narrowed(desk: AppTest, **address: str) -> str:
    desk.query_params.update(address)
    return words(desk.run())


def test_nobody_reads_in_the_trail_how_another_voted(review: Review, open_page: OpenPage) -> None:
    judge(open_page("queue", "Ben"), "include")
    for reader in ("Ada", "Cleo"):
        page = narrowed(open_page("activity", reader), who="Ben", kind="record")
        assert f"<td>{HIDDEN}</td>" in page
        assert "include" not in page.partition("<style>")[0]
    assert HIDDEN not in narrowed(open_page("activity", "Ben"), who="Ben", kind="record")


def test_a_record_leads_to_its_study(review: Review, open_page: OpenPage) -> None:
    judge(open_page("queue", "Ben"), "include")
    assert '<a href="/study?id=1" target="_self"' in narrowed(open_page("activity", "Ada"), kind="record", id="1")


def test_the_day_is_the_readers_and_a_day_that_is_none_is_any(review: Review, open_page: OpenPage) -> None:
    page = open_page("activity", "Ada")
    assert "Nothing was done that fits." in narrowed(page, day="2020-01-01")
    assert "<td>Ada</td>" in narrowed(page, day=config.today().isoformat())


def test_a_long_list_is_told_by_its_length(library: Engine, review: Review, open_page: OpenPage) -> None:
    with writing(library) as session:
        detail = {"few": [1, 2], "many": list(range(1_200))}
        nightly = Actor(None, "nightly", Role.READ_ONLY)
        audit.record(session, actor=nightly, action="told", subject_kind="topic", subject_id="x", detail=detail)
        session.commit()
    assert "few: 1, 2; many: 1,200 of them" in words(open_page("activity", "Ada"))


def test_a_long_trail_goes_on_page_by_page(library: Engine, review: Review, open_page: OpenPage) -> None:
    with writing(library) as session:
        for number in range(PAGE):
            nightly = Actor(None, "nightly", Role.READ_ONLY)
            audit.record(session, actor=nightly, action="run_finished", subject_kind="run", subject_id=number)
        session.commit()
    desk = press(open_page("activity", "Ada"), "Older")
    assert "records added" in words(desk)
    assert "records added" not in words(press(desk, "Newest"))


def test_the_file_is_as_blinded_as_the_page_and_wants_somebody_signed_in(
    library: Engine, review: Review, open_page: OpenPage, sign_in_as: Callable[[str | None], str | None]
) -> None:
    judge(open_page("queue", "Ben"), "include")
    told = {}
    for reader in ("Ben", "Cleo"):
        file = activity_as_file(library, token=sign_in_as(reader), wanted=Wanted(subject_kind="record"))
        told[reader] = [row["detail"] for row in csv.DictReader(io.StringIO(file.decode()))]
    assert told["Cleo"] == [""]
    assert "title_abstract" in told["Ben"][0]
    with pytest.raises(Refused):
        activity_as_file(library, token=None, wanted=Wanted())
