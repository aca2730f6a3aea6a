"""New records in the order of a ranking, and what is settled and may teach it, on both engines."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from db import config
from db.engine import reading, writing
from db.models import Adjudication, Article, Record, Review, ScreeningDecision, Study
from db.queries import record_texts, screening
from db.queries.screening import Position
from db.queries.settled import settled_decisions
from db.types import Actor, Decision, Role, Stage

STAGE = Stage.TITLE_ABSTRACT
INCLUDE, EXCLUDE, MAYBE = Decision.INCLUDE, Decision.EXCLUDE, Decision.MAYBE
COMMAND = Actor(None, "order", Role.READ_ONLY)
People = dict[str, Actor]


@pytest.fixture
def queue(library: Engine, people: People) -> Engine:
    """A dual review with records 1 to 6."""
    with writing(library) as session:
        session.add_all(Study(id=n, created_at=config.now()) for n in (4, 5, 6))
        session.flush()
        text: dict[str, Any] = {"parser_version": 1, "title": "Invented", "content_hash": "x"}
        session.add_all(Article(id=n, study_id=n, retrieved_at=config.now(), **text) for n in (4, 5, 6))
        session.flush()
        session.add_all(Record(id=n, review_id=1, article_id=n, added_at=config.now()) for n in range(1, 7))
        session.commit()
    return library


def review_of(session: Session) -> Review:
    return session.exec(select(Review)).one()


def give(engine: Engine, who: Actor, record_id: int, decision: Decision) -> None:
    with writing(engine) as session:
        row = ScreeningDecision(
            record_id=record_id, stage=STAGE, member_id=who.member_id, decision=decision, decided_at=config.now()
        )
        session.add(row)
        session.commit()


def both(engine: Engine, people: People, record_id: int, ben: Decision, cleo: Decision) -> None:
    give(engine, people["Ben"], record_id, ben)
    give(engine, people["Cleo"], record_id, cleo)


def waiting(engine: Engine, who: Actor, ranked: list[int]) -> list[tuple[int, str]]:
    with reading(engine) as session:
        rows = screening.next_records(
            session, viewer=who, review=review_of(session), stage=STAGE, after=Position(), limit=9, ranked=ranked
        )
        return [(row.record.id, row.feed) for row in rows]


def settled(engine: Engine, who: Actor) -> list[tuple[int, bool]]:
    with reading(engine) as session:
        rows = settled_decisions(session, viewer=who, review=review_of(session), stage=STAGE)
        return [(row.record_id, row.included) for row in rows]


def test_new_records_come_as_ranked_and_then_as_they_were_added(queue: Engine, people: People) -> None:
    found = waiting(queue, people["Ben"], [5, 3, 6])
    assert found == [(5, "ranked"), (3, "ranked"), (6, "ranked"), (1, "record"), (2, "record"), (4, "record")]


def test_second_votes_come_before_the_ranking(queue: Engine, people: People) -> None:
    give(queue, people["Cleo"], 2, INCLUDE)
    assert waiting(queue, people["Ben"], [5, 3])[:2] == [(2, "vote"), (5, "ranked")]


def test_what_was_decided_since_the_ranking_is_passed_over(
    queue: Engine, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(screening, "_CHUNK", 2)
    for record_id in (5, 3):
        both(queue, people, record_id, EXCLUDE, EXCLUDE)
    assert waiting(queue, people["Ben"], [5, 3, 6, 1])[0] == (6, "ranked")
    monkeypatch.setattr(screening, "_RANKED_AT_MOST", 2)
    assert waiting(queue, people["Ben"], [5, 3, 6, 1])[0] == (1, "record")


def test_of_what_is_mine_the_likeliest_comes_first(queue: Engine, people: People) -> None:
    with writing(queue) as session:
        review_of(session).settings = {"assigned": True}
        for record_id in (2, 4):
            session.get_one(Record, record_id).assigned_to = [people["Ben"].member_id]
        session.commit()
    assert waiting(queue, people["Ben"], [5, 4, 2, 1])[:3] == [(4, "mine"), (2, "mine"), (5, "ranked")]


def test_what_is_settled_comes_in_the_order_in_which_it_was(queue: Engine, people: People) -> None:
    both(queue, people, 4, INCLUDE, INCLUDE)
    both(queue, people, 1, INCLUDE, EXCLUDE)
    both(queue, people, 2, MAYBE, MAYBE)
    both(queue, people, 3, EXCLUDE, EXCLUDE)
    give(queue, people["Ben"], 5, INCLUDE)
    with writing(queue) as session:
        ruling: dict[str, Any] = {"subject": "screening", "review_id": 1, "record_id": 1, "stage": STAGE}
        ruling |= {"decision": {"decision": "exclude"}, "reason": "Invented", "decided_at": config.now()}
        session.add(Adjudication(member_id=people["Ada"].member_id, **ruling))
        session.commit()
    assert settled(queue, COMMAND) == [(4, True), (3, False), (1, False)]


def test_who_is_still_to_vote_does_not_learn_how_others_agreed(queue: Engine, people: People) -> None:
    both(queue, people, 1, INCLUDE, INCLUDE)
    with writing(queue) as session:
        session.get_one(Record, 1).calibration = True
        session.commit()
    assert settled(queue, people["Ada"]) == []
    assert settled(queue, people["Ben"]) == [(1, True)]
    give(queue, people["Ada"], 1, INCLUDE)
    assert settled(queue, people["Ada"]) == [(1, True)]


def test_texts_and_ids_of_the_records_whose_articles_stand(queue: Engine) -> None:
    with writing(queue) as session:
        session.get_one(Article, 2).tombstoned_at = config.now()
        session.commit()
    with reading(queue) as session:
        review = review_of(session)
        texts = list(record_texts.record_texts(session, review=review))
        assert record_texts.record_ids(session, review=review) == [each[0] for each in texts] == [1, 3, 4, 5, 6]
        assert texts[0] == (1, "Invented trial 1 of ketamine", "Scores fell by 1 points.")
        assert record_texts.newest_record(session, review=review) == 6
