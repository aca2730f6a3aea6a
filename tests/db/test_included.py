"""What a review has included: what is settled at its last stage, and no more to who is still to vote."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db import config
from db.engine import reading, writing
from db.models import Adjudication, Form, Record, Review, ScreeningDecision, Tagging
from db.queries import review as review_queries
from db.queries.review import Included
from db.types import Actor, Decision, Role, Stage

COMMAND = Actor(None, "command", Role.READ_ONLY)
People = dict[str, Actor]
INCLUDE, EXCLUDE, MAYBE, WITHDRAWN = Decision.INCLUDE, Decision.EXCLUDE, Decision.MAYBE, Decision.WITHDRAWN


@pytest.fixture
def dual(library: Engine, people: People) -> Engine:
    """Three records in a dual, blinded review of titles and abstracts."""
    with writing(library) as session:
        session.add_all(Record(review_id=1, article_id=number, added_at=config.now()) for number in (1, 2, 3))
        session.commit()
    return library


def vote(engine: Engine, who: Actor, decision: Decision, record: int = 1, stage: Stage = Stage.TITLE_ABSTRACT) -> None:
    with writing(engine) as session:
        known = {"record_id": record, "stage": stage, "member_id": who.member_id, "decided_at": config.now()}
        session.add(ScreeningDecision(decision=decision, **known))
        session.commit()


def adjudicate(engine: Engine, who: Actor, decision: Decision, record: int = 1) -> None:
    known: dict[str, Any] = {"review_id": 1, "record_id": record, "stage": Stage.TITLE_ABSTRACT, "reason": "Invented"}
    with writing(engine) as session:
        decided = {"decision": {"decision": decision.value}, "member_id": who.member_id, "decided_at": config.now()}
        session.add(Adjudication(subject="screening", **known, **decided))
        session.commit()


def change(engine: Engine, kind: type[Any], **values: Any) -> None:
    with writing(engine) as session:
        row = session.exec(select(kind).order_by(kind.id)).first()
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        session.commit()


def included(engine: Engine, viewer: Actor = COMMAND) -> Included:
    with reading(engine) as session:
        return review_queries.included(session, viewer=viewer, review=session.exec(select(Review)).one())


def ids(engine: Engine, viewer: Actor = COMMAND) -> tuple[int, ...]:
    return included(engine, viewer).article_ids


def to_tag(engine: Engine, who: Actor) -> int | None:
    with reading(engine) as session:
        review = session.exec(select(Review)).one()
        return review_queries.next_untagged(session, viewer=who, review=review)


def test_a_single_vote_of_a_dual_review_leaves_nowhere(dual: Engine, people: People) -> None:
    vote(dual, people["Ben"], INCLUDE)
    for viewer in (COMMAND, *people.values()):
        assert included(dual, viewer) == Included(Stage.TITLE_ABSTRACT, (), 0, 3)


def test_two_who_agree_settle_it_and_two_who_do_not_leave_it_open(dual: Engine, people: People) -> None:
    for record, second in ((1, INCLUDE), (2, EXCLUDE), (3, MAYBE)):
        vote(dual, people["Ben"], INCLUDE, record)
        vote(dual, people["Cleo"], second, record)
    assert included(dual) == Included(Stage.TITLE_ABSTRACT, (1,), 1, 3)
    assert ids(dual, people["Ada"]) == (1,)


def test_two_maybes_are_no_decision(dual: Engine, people: People) -> None:
    vote(dual, people["Ben"], MAYBE)
    vote(dual, people["Cleo"], MAYBE)
    assert included(dual).decided == 0


def test_a_later_vote_stands_and_a_withdrawn_one_does_not(dual: Engine, people: People) -> None:
    vote(dual, people["Ben"], EXCLUDE)
    vote(dual, people["Cleo"], INCLUDE)
    vote(dual, people["Ben"], INCLUDE)
    assert ids(dual) == (1,)
    vote(dual, people["Ben"], WITHDRAWN)
    assert included(dual).decided == 0


def test_an_adjudication_settles_a_conflict_for_everybody(dual: Engine, people: People) -> None:
    vote(dual, people["Ben"], EXCLUDE)
    vote(dual, people["Cleo"], INCLUDE)
    adjudicate(dual, people["Ada"], INCLUDE)
    assert ids(dual) == ids(dual, people["Dov"]) == (1,)
    adjudicate(dual, people["Ada"], EXCLUDE)
    assert included(dual) == Included(Stage.TITLE_ABSTRACT, (), 1, 3)


@pytest.mark.parametrize("waiting", ["calibration", "assigned_to"])
def test_who_is_still_to_vote_does_not_learn_how_others_agreed(dual: Engine, people: People, waiting: str) -> None:
    vote(dual, people["Ben"], INCLUDE)
    vote(dual, people["Cleo"], INCLUDE)
    ada = people["Ada"]
    change(dual, Record, **{waiting: True if waiting == "calibration" else [ada.member_id]})
    assert included(dual, ada) == Included(Stage.TITLE_ABSTRACT, (), 0, 3)
    assert ids(dual, people["Ben"]) == ids(dual) == (1,)
    vote(dual, ada, INCLUDE)
    assert ids(dual, ada) == (1,)


def test_in_a_review_with_full_texts_the_abstract_alone_includes_nothing(dual: Engine, people: People) -> None:
    change(dual, Review, stages=[Stage.TITLE_ABSTRACT.value, Stage.FULL_TEXT.value])
    for who in ("Ben", "Cleo"):
        vote(dual, people[who], INCLUDE)
    assert included(dual) == Included(Stage.FULL_TEXT, (), 0, 3)
    for who in ("Ben", "Cleo"):
        vote(dual, people[who], INCLUDE, stage=Stage.FULL_TEXT)
    assert ids(dual) == (1,)


def test_who_is_still_to_vote_is_not_led_to_what_others_included(dual: Engine, people: People) -> None:
    vote(dual, people["Ben"], INCLUDE)
    vote(dual, people["Cleo"], INCLUDE)
    change(dual, Record, assigned_to=[people["Ada"].member_id])
    assert (to_tag(dual, people["Ada"]), to_tag(dual, people["Ben"])) == (None, 1)
    vote(dual, people["Ada"], INCLUDE)
    assert to_tag(dual, people["Ada"]) == 1


def test_the_next_study_to_tag_is_included_and_not_tagged_by_oneself(dual: Engine, people: People) -> None:
    assert to_tag(dual, people["Cleo"]) is None
    for who in ("Ben", "Cleo"):
        vote(dual, people[who], INCLUDE, record=2)
        vote(dual, people[who], EXCLUDE, record=3)
    vote(dual, people["Ben"], INCLUDE)
    assert to_tag(dual, people["Ben"]) == to_tag(dual, people["Cleo"]) == 2
    with writing(dual) as session:
        form = Form(name="study-tags", version=1, definition={}, created_at=config.now())
        session.add(form)
        session.flush()
        known = {"form_id": form.id, "content_hash": "x", "tagged_at": config.now()}
        session.add(Tagging(review_id=1, article_id=2, member_id=people["Ben"].member_id, tags={}, **known))
        session.commit()
    assert to_tag(dual, people["Ben"]) is None
    assert to_tag(dual, people["Cleo"]) == 2
    adjudicate(dual, people["Ada"], INCLUDE)
    assert to_tag(dual, people["Ben"]) == 1


def test_where_one_reviewer_is_enough_one_vote_settles(dual: Engine, people: People) -> None:
    change(dual, Review, dual=False)
    vote(dual, people["Ben"], INCLUDE)
    assert ids(dual) == (1,)
    vote(dual, people["Cleo"], EXCLUDE)
    assert included(dual).decided == 0
