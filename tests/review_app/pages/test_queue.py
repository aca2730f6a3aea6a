"""The queue driven without a browser: one key a decision, the next record at once, and why it is empty."""

import json
from collections.abc import Callable
from typing import NoReturn

import invented_people
import invented_screening
import invented_studies
import pytest
from queue_page import judge, pane, progress, tell, title, undo
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest
from study_page import actor, press, words

from db.engine import DatabaseUnavailable, reading, writing
from db.models import Adjudication, Review, ReviewCriteria, ScreeningDecision
from db.queries import screening as queries
from db.types import Decision, Role, Stage
from review_app import auth
from review_app.components.screening_record import lit_words
from review_app.screening.highlights import Terms
from review_app.services import screening

OpenPage = Callable[[str, str], AppTest]
REASONS = ["Population", "Intervention", "Comparator", "Outcome", "Design", "No study", "Duplicate"]


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library)


def votes(engine: Engine) -> list[tuple[str, str | None]]:
    with reading(engine) as session:
        rows = session.exec(select(ScreeningDecision).order_by(ScreeningDecision.id))  # type: ignore[arg-type]
        return [(row.decision.value, row.exclusion_reason) for row in rows]


def test_the_record_stands_beside_its_keys(review: Review, open_page: OpenPage) -> None:
    shown = pane(open_page("queue", "Ben"))
    assert [each["label"] for each in shown["reasons"]] == REASONS
    first = shown["records"][0]["content"]
    assert ["ketamine", "pico"] in first["title"]
    assert "METHODS" in [label for label, _ in first["sections"]]
    assert (shown["mine"], shown["of"]) == (0, 8)


def test_after_a_vote_the_next_record_is_there_and_undo_brings_the_first_back(
    library: Engine, review: Review, open_page: OpenPage
) -> None:
    desk = open_page("queue", "Ben")
    first = title(desk)
    desk = judge(desk, "include")
    assert title(desk) != first
    assert progress(desk) == "1 of 8"
    assert pane(desk)["votes"][0]["decision"] == "include"
    desk = undo(desk)
    assert title(desk) == first
    assert votes(library) == [("include", None), ("withdrawn", None)]


def test_an_exclusion_says_why_or_not(library: Engine, review: Review, open_page: OpenPage) -> None:
    desk = judge(open_page("queue", "Ben"), "exclude", "design")
    assert pane(desk)["votes"][0]["reason"] == "design"
    judge(desk, "exclude")
    assert votes(library) == [("exclude", "design"), ("exclude", None)]


def test_a_note_goes_with_the_vote(library: Engine, review: Review, open_page: OpenPage) -> None:
    judge(open_page("queue", "Ben"), "maybe", note="Look at the dose")
    with reading(library) as session:
        assert session.exec(select(ScreeningDecision)).one().note == "Look at the dose"


def test_what_was_typed_is_there_again_in_another_session(review: Review, open_page: OpenPage) -> None:
    desk = open_page("queue", "Ben")
    record = pane(desk)["records"][0]["id"]
    tell(desk, {"kind": "draft", "record": record, "note": "Half a thought", "labels": ["late"]}, shows=record)
    again = pane(open_page("queue", "Ben"))["records"][0]
    assert (again["note"], again["labels"]) == ("Half a thought", ["late"])
    other = pane(open_page("queue", "Cleo"))["records"][0]
    assert (other["note"], other["labels"]) == ("", [])


def test_a_second_voter_is_sent_nothing_of_the_first_vote(library: Engine, review: Review, open_page: OpenPage) -> None:
    judge(open_page("queue", "Ben"), "exclude", "comparator", note="Ben's secret thought")
    shown = pane(open_page("queue", "Cleo"))
    assert (shown["votes"], shown["mine"]) == ([], 0)
    assert "secret" not in json.dumps(shown)
    assert "Ben" not in json.dumps(shown)
    assert "No conflict waits." in words(open_page("conflicts", "Cleo"))


def test_an_empty_queue_says_why_and_starts(library: Engine, open_page: OpenPage) -> None:
    invented_studies.fill(library, lead=actor(library, "Ada"), plain=0)
    desk = open_page("queue", "Ben")
    assert "Screening has not started." in words(desk)
    desk = press(desk, "Start screening 5 articles")
    assert progress(desk) == "0 of 5"
    for _ in range(5):
        desk = judge(desk, "include")
    assert "Nothing waits for your vote." in words(desk)
    assert "You voted on 5 of 5 records" in words(desk)
    desk = undo(desk)
    assert progress(desk) == "4 of 5"
    assert "Nothing waits for your vote." not in words(desk)


def test_home_leads_a_reviewer_back_to_the_queue(
    review: Review, open_page: OpenPage, open_desk: Callable[[str | None], AppTest]
) -> None:
    assert "Start screening: 0 of 8" in words(open_desk("Ben"))
    judge(open_page("queue", "Ben"), "include")
    assert "Continue screening: 1 of 8" in words(open_desk("Ben"))
    assert "screening:" not in words(open_desk("Dov"))


def test_ada_settles_what_ben_and_cleo_disagree_on(library: Engine, review: Review, open_page: OpenPage) -> None:
    judge(open_page("queue", "Ben"), "include")
    judge(open_page("queue", "Cleo"), "exclude", "population")
    assert "A lead or an adjudicator settles it." in [each.value for each in open_page("conflicts", "Ben").caption]
    desk = open_page("conflicts", "Ada")
    page = words(desk)
    assert "1 conflict waits" in page
    assert page.index("<h3>Ben</h3>") < page.index("<strong>Include</strong>") < page.index("<h3>Cleo</h3>")
    assert "<strong>Exclude</strong>, Population" in page
    desk = press(desk, "Include")
    assert "Say why" in desk.error[0].value
    desk.text_area[0].input("The participants are depressed.").run()
    desk = press(desk, "Include")
    assert "No conflict waits." in words(desk)
    with reading(library) as session:
        assert session.exec(select(Adjudication)).one().decision["decision"] == "include"
    assert len(votes(library)) == 2


def test_a_vote_that_came_too_late_is_told_and_not_counted(
    library: Engine, review: Review, open_page: OpenPage
) -> None:
    desk = open_page("queue", "Ben")
    with writing(library) as session:
        session.get_one(Review, review.id).dual = False
        session.commit()
    record_id = pane(desk)["records"][0]["id"]
    with writing(library) as session:
        article = queries.record_with_article(session, record_id=record_id)[1]
        screening.vote(
            session,
            actor=actor(library, "Cleo"),
            record_id=record_id,
            stage=Stage.TITLE_ABSTRACT,
            decision=Decision.MAYBE,
            content_hash=article.content_hash,
        )
    [failed] = pane(judge(desk, "include"))["failed"]
    assert "was decided meanwhile" in failed["message"]
    assert votes(library) == [("maybe", None)]


def test_a_vote_waits_in_the_browser_while_the_library_is_away(
    library: Engine, review: Review, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(_: object) -> NoReturn:
        raise DatabaseUnavailable("library.db is gone")

    desk = open_page("queue", "Ben")
    monkeypatch.setattr(auth, "actor_in", gone)
    desk = judge(desk, "include")
    assert not desk.exception
    assert "The library cannot be reached." in words(desk)
    assert votes(library) == []


@pytest.mark.parametrize("becomes", [Role.WRITER, None])
def test_the_very_next_act_of_who_may_not_screen_any_more_is_refused(
    library: Engine, review: Review, open_page: OpenPage, becomes: Role | None
) -> None:
    desk = judge(open_page("queue", "Ben"), "include")
    if becomes:
        invented_people.change_role(library, "Ben", becomes)
    else:
        invented_people.remove(library, "Ben")
    judge(desk, "exclude")
    assert votes(library) == [("include", None)]


def test_the_record_that_one_reads_stays_when_others_vote_and_says_why_it_is_there(
    library: Engine, review: Review, open_page: OpenPage
) -> None:
    desk = open_page("queue", "Ben")
    reads = pane(desk)["records"][0]["id"]
    for other in range(reads + 1, reads + 5):
        invented_screening.vote(library, "Cleo", other)
    first = pane(desk.run())["records"][0]
    assert first["id"] == reads
    assert first["why"][0] == ["", [["It was on your desk already, or you took your vote on it back.", ""]]]


def test_a_refusal_is_told_until_the_browser_has_heard_it(library: Engine, review: Review, open_page: OpenPage) -> None:
    desk = open_page("queue", "Ben")
    one, two = ({"kind": "vote", "decision": "include", "record": each} for each in (1, 2))
    hashes = {each["id"]: each["hash"] for each in pane(desk)["records"]}
    refused = {"seq": 1, "hash": "before", **one}
    tell(desk, refused)
    both = pane(tell(desk, refused, {"seq": 2, "hash": hashes[2], **two}))
    assert [each["seq"] for each in both["failed"]] == [1]
    assert both["records"][0]["id"] == 1
    after = pane(tell(desk, {"seq": 3, "hash": hashes[1], **one}))
    assert after["failed"] == []
    assert votes(library) == [("include", None), ("include", None)]


def test_the_lead_writes_the_criteria_that_stand_beside_the_record(
    library: Engine, review: Review, open_page: OpenPage
) -> None:
    desk = open_page("queue", "Ada")
    next(area for area in desk.text_area if area.label.startswith("Criteria")).input("Adults <b>only</b>")
    desk = press(desk, "Save as a new version")
    press(desk, "Lock the criteria")
    with reading(library) as session:
        assert session.exec(select(ReviewCriteria)).one().locked_at is not None
    for_ben = open_page("queue", "Ben")
    assert "<p>Adults &lt;b&gt;only&lt;/b&gt;</p>" in words(for_ben)
    assert "version 1, locked" in words(for_ben)
    assert len(for_ben.expander) == 0


def test_words_of_a_study_are_never_markup() -> None:
    terms = Terms(include=("b",), exclude=("<script>",))
    assert lit_words("<b>&", terms) == '&lt;<mark class="fn-lit" data-kind="include">b</mark>&gt;&amp;'
    assert "<script>" not in lit_words("a <script>", terms)


def test_the_script_title_of_a_record_is_shown_as_text(library: Engine, review: Review, open_page: OpenPage) -> None:
    desk = open_page("queue", "Ben")
    while "stars" not in title(desk):
        desk = judge(desk, "include")
    assert "<script>" in title(desk)
    assert "<script>" not in words(desk)
