"""The order of a queue is kept by a process of its own: no click waits for it, and it learns from what is settled."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from unittest.mock import ANY

import invented_screening
import invented_studies
import pytest
from sqlalchemy import Engine
from study_page import actor

from db import audit
from db.engine import reading, writing
from db.models import Review
from db.types import Decision, Stage
from review_app.screening.prioritise import random_order
from review_app.screening.stopping import stopping as advice
from review_app.services import queue_order, screening, screening_view
from review_app.services.errors import Invalid, Refused
from review_app.services.queue_order import Kind, LiveOrder
from review_app.services.queue_order_process import Orders
from review_app.services.screening_view import OnDesk, ScreeningDesk

STAGE = Stage.TITLE_ABSTRACT
INCLUDE, EXCLUDE = Decision.INCLUDE, Decision.EXCLUDE


@pytest.fixture
def review(library: Engine) -> Iterator[Review]:
    """Single votes, so that each settles its record."""
    yield invented_screening.begin(library, plain=12, dual=False)
    change(library, "added")
    live(library)  # lets the process go


def change(engine: Engine, kind: Kind, by: str = "Ada") -> None:
    with writing(engine) as session:
        queue_order.change_order(session, actor=actor(engine, by), review_id=1, kind=kind)


def live(engine: Engine) -> LiveOrder | None:
    with reading(engine) as session:
        return queue_order.live_order(engine, session.get_one(Review, 1))


def desk(engine: Engine, name: str = "Ben") -> ScreeningDesk:
    with reading(engine) as session:
        found = screening_view.screening_desk(
            session, viewer=actor(engine, name), topic_id=invented_studies.TOPIC, stage=STAGE
        )
    assert found is not None
    return found


def vote(engine: Engine, decide: Callable[[OnDesk], Decision]) -> None:
    on_desk = desk(engine).on_desk
    assert on_desk is not None
    with writing(engine) as session:
        screening.vote(
            session,
            actor=actor(engine, "Ben"),
            record_id=on_desk.record_id,
            stage=STAGE,
            decision=decide(on_desk),
            content_hash=on_desk.article.content_hash,
            position=on_desk.position,
        )


def answer(engine: Engine, kind: Kind, seed: int = 0) -> dict[str, object]:
    """What the process says, asked within this one."""
    return Orders(engine).answer({"review": 1, "kind": kind, "seed": seed})


def test_records_come_as_they_were_added_until_a_lead_chooses(library: Engine, review: Review) -> None:
    assert live(library) is None
    found = desk(library)
    assert (found.review.order, found.order) == ("added", None)
    with pytest.raises(Refused):
        change(library, "random", by="Ben")


def test_the_first_click_does_not_wait_for_the_order_and_a_later_one_has_it(library: Engine, review: Review) -> None:
    change(library, "random")
    first = desk(library)
    assert first.order is None
    assert first.on_desk is not None
    assert first.on_desk.feed == "record"
    kept = live(library)
    assert kept is not None
    kept.wait()
    found = desk(library)
    assert found.order is not None
    assert found.on_desk is not None
    assert (found.on_desk.feed, found.on_desk.record_id) == ("ranked", found.order.ids[0])
    assert found.order.ids == random_order(range(1, 18), seed=kept.seed)
    assert live(library) is kept
    change(library, "random")
    assert live(library) is not kept  # drawn anew, with a seed of its own


def test_it_is_renewed_when_enough_was_decided_and_not_while_that_is_under_way(
    library: Engine, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    kept = LiveOrder("sqlite://", 1, "random", 0)
    order = {"ids": [], "trained": False, "why": {}, "stopping": answer(library, "random")["stopping"]}
    monkeypatch.setattr(kept, "_answer", lambda: asked.append("") or json.dumps({**order, "decided": 30}))
    for votes in (0, 1, 2, 3, 4, 30):
        kept.renew(votes)
        kept.wait()
    assert len(asked) == 3  # at once, after 3 votes on 30 decided ones, and after more
    assert kept.newest is not None
    assert kept.newest.decided == 30


def test_a_process_that_cannot_answer_is_not_started_at_every_vote(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    kept = LiveOrder("sqlite://", 1, "random", 0)
    monkeypatch.setattr(kept, "_answer", lambda: asked.append("") or "")
    for votes in range(queue_order.PAUSE + 2):
        kept.renew(votes)
        kept.wait()
    assert len(asked) == 2
    assert kept.newest is None


def test_a_process_that_ends_leaves_the_order_that_is_there(library: Engine, review: Review) -> None:
    change(library, "random")
    kept = live(library)
    assert kept is not None
    kept.renew(0)
    kept.wait()
    before = kept.newest
    assert before is not None
    assert kept._process is not None
    kept._process.kill()
    kept._process.wait()
    kept.renew(100)
    kept.wait()
    assert kept.newest is not None
    assert kept.newest.ids == before.ids


def test_the_likeliest_comes_first_with_its_reasons(library: Engine, review: Review) -> None:
    assert answer(library, "prioritised")["trained"] is False
    for _ in range(10):
        vote(library, lambda on_desk: INCLUDE if "relapse" in on_desk.article.title else EXCLUDE)
    found = answer(library, "prioritised")
    assert (found["trained"], found["decided"]) == (True, 10)
    ids, why = found["ids"], found["why"]
    assert isinstance(ids, tuple)
    assert isinstance(why, dict)
    assert len(ids) == 7
    with reading(library) as session:
        record = screening.queries.record_with_article(session, record_id=ids[0])
    assert record is not None
    assert "relapse" in record[1].title
    assert {term for term, weight in why[ids[0]] if weight > 0}
    stopping = found["stopping"]
    assert isinstance(stopping, dict)
    assert (stopping["screened"], stopping["unseen"]) == (10, 7)
    seen = [True] * stopping["included"] + [False] * (10 - stopping["included"])
    assert answer(library, "random")["stopping"] == asdict(advice(seen, 17, at_random=True)) | {"in_a_row": ANY}


def test_without_scipy_only_that_order_is_refused(
    library: Engine, review: Review, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue_order, "is_installed", lambda: False)
    with pytest.raises(Invalid, match="pip install 'scipy"):
        change(library, "prioritised")
    change(library, "random")
    with reading(library) as session:
        assert audit.problems(session) == []
        assert queue_order.order_kind(session.get_one(Review, 1)) == "random"


def test_one_vote_of_two_teaches_the_order_nothing(library: Engine) -> None:
    invented_screening.begin(library, plain=3)
    vote(library, lambda _: INCLUDE)
    assert answer(library, "random")["decided"] == 0
