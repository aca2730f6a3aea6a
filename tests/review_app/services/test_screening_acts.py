"""What a browser tells of the queue: carried out once and in order, and nothing that no browser of ours would tell."""

from itertools import count
from typing import Any

import invented_screening
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from study_page import actor

from db.engine import reading, writing
from db.models import Record, Review, ScreeningDecision
from db.queries import screening as queries
from db.types import Stage
from review_app.services import review_settings, screening_acts
from review_app.services.errors import Conflict, Invalid, NotFound, Refused

TAB = "a tab"


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library)


def seen(engine: Engine, record: int) -> str:
    with reading(engine) as session:
        found = queries.record_with_article(session, record_id=record)
    assert found is not None
    return found[1].content_hash


def a_vote(engine: Engine, record: int, decision: str = "include", **more: Any) -> dict[str, Any]:
    return {"kind": "vote", "record": record, "decision": decision, "hash": seen(engine, record), **more}


def tell(engine: Engine, name: str, *acts: dict[str, Any], tab: str = TAB, first: int = 1) -> None:
    """All of them, in order, as the ledger does."""
    numbers, who = count(first), actor(engine, name)
    numbered = [{"seq": next(numbers), "stage": "title_abstract", "member": who.id, **act} for act in acts]
    for act in screening_acts.told({"tab": tab, "shows": None, "acts": numbered}).acts:
        with writing(engine) as session:
            screening_acts.carry_out(session, actor=who, tab=tab, act=act)


def votes(engine: Engine) -> list[tuple[int, str, str | None]]:
    with reading(engine) as session:
        rows = session.exec(select(ScreeningDecision).order_by(ScreeningDecision.id))  # type: ignore[arg-type]
        return [(row.record_id, row.decision.value, row.note) for row in rows]


def test_acts_are_carried_out_in_order(library: Engine, review: Review) -> None:
    undo = {"kind": "undo", "record": 1}
    tell(library, "Ben", a_vote(library, 1), a_vote(library, 2, "maybe", note="Which dose?"), undo)
    assert votes(library) == [(1, "include", None), (2, "maybe", "Which dose?"), (1, "withdrawn", None)]


def test_acts_that_are_told_again_are_not_carried_out_again(library: Engine, review: Review) -> None:
    acts = [a_vote(library, 1), {"kind": "undo", "record": 1}, a_vote(library, 1, "exclude")]
    for upto in (1, 2, 3, 3):
        tell(library, "Ben", *acts[:upto])
    assert [decision for _, decision, _ in votes(library)] == ["include", "withdrawn", "exclude"]


def test_an_old_tab_that_wakes_up_takes_nothing_back(library: Engine, review: Review) -> None:
    """Its last act comes again after a restart, when the person has thought better of it elsewhere."""
    tell(library, "Ben", a_vote(library, 1))
    tell(library, "Ben", {"kind": "undo", "record": 1}, tab="another")
    tell(library, "Ben", a_vote(library, 1))
    assert [decision for _, decision, _ in votes(library)] == ["include", "withdrawn"]


def test_only_so_many_tabs_are_remembered(library: Engine, review: Review) -> None:
    for number in range(30):
        tell(library, "Ben", {"kind": "draft", "record": 1, "note": str(number)}, tab=f"tab {number}")
    with reading(library) as session:
        kept = queries.draft(session, viewer=actor(library, "Ben"), key=screening_acts.KEY)["tabs"]
    assert [tab for tab, _ in kept] == [f"tab {number}" for number in range(10, 30)]


def test_one_vote_of_two_browsers_counts_once_and_two_that_differ_are_a_conflict(
    library: Engine, review: Review
) -> None:
    tell(library, "Ben", a_vote(library, 1))
    tell(library, "Ben", a_vote(library, 1), tab="another")
    with pytest.raises(Conflict, match="your vote is not counted"):
        tell(library, "Ben", a_vote(library, 1, "exclude"), tab="another", first=2)
    assert votes(library) == [(1, "include", None)]


def test_an_act_that_is_refused_may_be_told_again(library: Engine, review: Review) -> None:
    with pytest.raises(Conflict, match="changed while you read"):
        tell(library, "Ben", a_vote(library, 1) | {"hash": "before"})
    tell(library, "Ben", a_vote(library, 1))
    assert votes(library) == [(1, "include", None)]


def test_nothing_done_on_the_page_of_one_member_is_saved_as_another_s(library: Engine, review: Review) -> None:
    """Ben signed out in another tab, and Cleo signed in in the same browser."""
    with pytest.raises(Conflict, match="Somebody else was signed in"):
        tell(library, "Cleo", a_vote(library, 1, member=actor(library, "Ben").id))
    assert votes(library) == []


def test_what_is_typed_is_kept_until_the_vote(library: Engine, review: Review) -> None:
    tell(library, "Ben", {"kind": "draft", "record": 1, "note": " Half ", "labels": ["late", "late "]})
    with reading(library) as session:
        kept = queries.draft(session, viewer=actor(library, "Ben"), key="screening:title_abstract:1")
    assert kept == {"note": "Half", "labels": ["late"]}


def test_nobody_votes_on_a_record_that_is_not_asked_of_them(library: Engine, review: Review) -> None:
    tell(library, "Ben", a_vote(library, 1))
    tell(library, "Cleo", a_vote(library, 1))
    with pytest.raises(Conflict):
        tell(library, "Ada", a_vote(library, 1))
    with pytest.raises(NotFound):
        tell(library, "Ben", a_vote(library, 1) | {"record": 999}, first=2)
    with pytest.raises(NotFound):
        tell(library, "Ben", {"kind": "draft", "record": 999, "note": "x"}, first=2)
    with pytest.raises(NotFound):
        tell(library, "Ada", {"kind": "undo", "record": 1}, first=2)
    with pytest.raises(Refused):
        tell(library, "Dov", a_vote(library, 2))


def test_a_record_of_a_review_that_is_closed_takes_nothing(library: Engine, review: Review) -> None:
    act = a_vote(library, 1)
    with writing(library) as session:
        session.get_one(Review, review.id).closed_at = review.created_at
        session.commit()
    for each in (act, {"kind": "undo", "record": 1}):
        with pytest.raises(NotFound, match="closed"):
            tell(library, "Ben", each)


def test_a_stage_that_the_review_does_not_have_or_the_record_has_not_come_to_is_refused(
    library: Engine, review: Review
) -> None:
    in_full_text = a_vote(library, 1) | {"stage": Stage.FULL_TEXT.value}
    with pytest.raises(Invalid, match="does not screen in full text"):
        tell(library, "Ben", in_full_text)
    with writing(library) as session:
        review_settings.change_stages(session, actor=actor(library, "Ada"), review_id=review.id, full_text=True)
    with pytest.raises(Conflict):
        tell(library, "Ben", in_full_text)


VOTE = {"seq": 1, "kind": "vote", "stage": "title_abstract", "member": 1, "record": 1, "decision": "include"}


@pytest.mark.parametrize(
    "value",
    [
        "acts",
        [VOTE],
        {"tab": "x"},
        {"tab": "", "acts": []},
        {"tab": "x" * 41, "acts": []},
        {"tab": "x", "acts": [VOTE], "as": "Ada"},
        {"tab": "x", "acts": [VOTE | {"kind": "settle"}]},
        {"tab": "x", "acts": [VOTE | {"decision": "withdrawn"}]},
        {"tab": "x", "acts": [VOTE | {"decision": "dull"}]},
        {"tab": "x", "acts": [VOTE | {"stage": "peer_review"}]},
        {"tab": "x", "acts": [VOTE | {"record": "1 or 1=1"}]},
        {"tab": "x", "acts": [VOTE | {"record": -1}]},
        {"tab": "x", "acts": [VOTE | {"record": 10**30}]},
        {"tab": "x", "acts": [VOTE | {"record": True}]},
        {"tab": "x", "acts": [VOTE | {"seq": 0}]},
        {"tab": "x", "acts": [VOTE | {"member": "Ada"}]},
        {"tab": "x", "acts": [VOTE | {"labels": "late"}]},
        {"tab": "x", "acts": [VOTE | {"note": ["late"]}]},
        {"tab": "x", "acts": [VOTE | {"seq": number} for number in range(1, 10_001)]},
    ],
)
def test_what_no_browser_of_ours_tells_is_refused_whole(value: Any) -> None:
    assert screening_acts.told({"tab": "x", "acts": [VOTE]}).acts
    with pytest.raises(Invalid, match="nothing of it was saved"):
        screening_acts.told(value)


def test_a_vote_that_does_not_say_which_or_says_too_much_is_refused(library: Engine, review: Review) -> None:
    for act in (
        {"decision": None},
        {"reason": "population"},
        {"decision": "exclude", "reason": "dull"},
        {"labels": ["x" * 61]},
        {"note": "x" * 10_001},
    ):
        with pytest.raises(Invalid):
            tell(library, "Ben", a_vote(library, 1) | act)
    assert votes(library) == []
    with reading(library) as session:
        assert session.exec(select(Record.id)).first() == 1
