"""Who is asked for a vote next, on both engines: second votes first, whatever was decided before."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlite_steps import counting_steps
from sqlmodel import Session, select

from db import config
from db.engine import reading, writing
from db.models import Adjudication, Article, Member, Record, Review, ScreeningDecision, Study, TopicArticle
from db.queries import screening
from db.queries.screening import Position
from db.queries.screening_progress import progress
from db.types import Actor, Decision, Role, Stage

STAGE = Stage.TITLE_ABSTRACT
INCLUDE, EXCLUDE, MAYBE, WITHDRAWN = Decision.INCLUDE, Decision.EXCLUDE, Decision.MAYBE, Decision.WITHDRAWN
People = dict[str, Actor]


@pytest.fixture
def queue(library: Engine, people: People) -> Engine:
    """A dual review with records 1 to 3."""
    with writing(library) as session:
        session.add_all(Record(id=n, review_id=1, article_id=n, added_at=config.now()) for n in (1, 2, 3))
        session.commit()
    return library


def give(engine: Engine, who: Actor, record_id: int, decision: Decision, stage: Stage = STAGE) -> None:
    with writing(engine) as session:
        row = ScreeningDecision(
            record_id=record_id, stage=stage, member_id=who.member_id, decision=decision, decided_at=config.now()
        )
        session.add(row)
        session.commit()


def review_of(session: Session) -> Review:
    return session.exec(select(Review)).one()


def waiting(engine: Engine, who: Actor, after: Position = Position(), limit: int = 9) -> list[int]:
    with reading(engine) as session:
        kwargs: dict[str, Any] = {"viewer": who, "review": review_of(session), "stage": STAGE}
        return [row.record.id for row in screening.next_records(session, **kwargs, after=after, limit=limit)]


def change(engine: Engine, kind: Any, key: Any, **values: Any) -> None:
    with writing(engine) as session:
        row = session.get_one(kind, key)
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        session.commit()


def test_records_come_in_the_order_in_which_they_were_added(queue: Engine, people: People) -> None:
    assert waiting(queue, people["Ben"]) == [1, 2, 3]
    assert waiting(queue, people["Ben"], limit=2) == [1, 2]


def test_what_waits_for_a_second_vote_comes_first(queue: Engine, people: People) -> None:
    give(queue, people["Ben"], 3, INCLUDE)
    assert waiting(queue, people["Cleo"]) == [3, 1, 2]
    assert waiting(queue, people["Ben"]) == [1, 2]


def test_two_votes_are_enough(queue: Engine, people: People) -> None:
    give(queue, people["Ben"], 1, INCLUDE)
    give(queue, people["Cleo"], 1, EXCLUDE)
    assert waiting(queue, people["Ada"]) == [2, 3]


def test_in_a_single_review_one_vote_is_enough(queue: Engine, people: People) -> None:
    change(queue, Review, 1, dual=False)
    give(queue, people["Ben"], 1, INCLUDE)
    assert waiting(queue, people["Cleo"]) == [2, 3]


def test_everybody_is_asked_in_a_calibration_round(queue: Engine, people: People) -> None:
    change(queue, Record, 1, calibration=True)
    give(queue, people["Ben"], 1, INCLUDE)
    give(queue, people["Cleo"], 1, EXCLUDE)
    assert waiting(queue, people["Ada"]) == [1, 2, 3]


def test_a_vote_taken_back_is_asked_for_again_although_the_place_was_past_it(queue: Engine, people: People) -> None:
    ben = people["Ben"]
    give(queue, ben, 1, INCLUDE)
    give(queue, ben, 2, INCLUDE)
    past = Position(vote=2, record=2)
    assert waiting(queue, ben, past) == [3]
    give(queue, ben, 1, WITHDRAWN)
    assert waiting(queue, ben, past) == [1, 3]


def test_the_place_in_the_queue_misses_nothing(queue: Engine, people: People) -> None:
    """Ben and Cleo take turns, each after the place that the last vote left; both see each record once."""
    kept, seen = {"Ben": Position(), "Cleo": Position()}, {"Ben": [], "Cleo": []}
    for name in ["Ben", "Ben", "Cleo", "Ben", "Cleo", "Cleo"]:
        with reading(queue) as session:
            [item] = screening.next_records(
                session, viewer=people[name], review=review_of(session), stage=STAGE, after=kept[name], limit=1
            )
        give(queue, people[name], item.record.id, INCLUDE)
        kept[name] = item.position
        seen[name].append(item.record.id)
    assert seen == {"Ben": [1, 2, 3], "Cleo": [1, 2, 3]}
    assert [waiting(queue, people[name], kept[name]) for name in kept] == [[], []]


def test_a_record_whose_article_is_gone_or_that_was_settled_is_not_asked_for(queue: Engine, people: People) -> None:
    change(queue, Article, 1, tombstoned_at=config.now())
    with writing(queue) as session:
        settled: dict[str, Any] = {
            "decision": {"decision": "exclude"},
            "reason": "Invented",
            "decided_at": config.now(),
        }
        ada = people["Ada"].member_id
        session.add(Adjudication(subject="screening", review_id=1, record_id=2, stage=STAGE, member_id=ada, **settled))
        session.commit()
    assert waiting(queue, people["Ben"]) == [3]


def test_a_vote_at_the_other_stage_is_another_vote(queue: Engine, people: People) -> None:
    give(queue, people["Ben"], 1, INCLUDE, Stage.FULL_TEXT)
    assert waiting(queue, people["Ben"]) == [1, 2, 3]


def test_figures_count_one_s_own_standing_votes(queue: Engine, people: People) -> None:
    give(queue, people["Ben"], 1, INCLUDE)
    give(queue, people["Ben"], 1, EXCLUDE)
    give(queue, people["Ben"], 2, INCLUDE)
    give(queue, people["Ben"], 2, WITHDRAWN)
    with reading(queue) as session:
        figures = progress(session, viewer=people["Ben"], review=review_of(session), stage=STAGE)
    assert (figures.mine, figures.records) == (1, 3)


def test_only_standing_articles_of_the_topic_are_new(library: Engine, people: People) -> None:
    with writing(library) as session:
        now = config.now()
        for number in (1, 2):
            seen = {"first_seen_at": now, "last_fetched_at": now}
            session.add(TopicArticle(topic_id="invented", article_id=number, **seen))
        session.commit()
    change(library, Article, 2, tombstoned_at=config.now())
    with reading(library) as session:
        review = review_of(session)
        assert list(session.exec(screening.new_articles(review=review))) == [1]
        assert screening.new_article_count(session, review=review) == 1


def test_the_queue_costs_the_same_however_much_is_decided(sqlite_library: Engine) -> None:
    """SQLite's own count of steps, from a place at the end of 20 and of 2,000 decided records."""
    few, many = (_steps(sqlite_library, decided) for decided in (20, 2_000))
    assert 0 < many < 2 * few


def _steps(engine: Engine, decided: int) -> int:
    """In tens of virtual machine instructions."""
    ben = Actor(1, "Ben", Role.REVIEWER)
    with writing(engine) as session:
        now = config.now()
        first = decided * 10
        if session.get(Member, 1) is None:
            session.add(Member(id=1, name="Ben", name_key="ben", role=Role.REVIEWER, created_at=now))
        numbers = range(first, first + decided + 2)
        session.add_all(Study(id=n, created_at=now) for n in numbers)
        session.flush()
        text: dict[str, Any] = {"parser_version": 1, "title": "Invented", "content_hash": "x", "retrieved_at": now}
        session.add_all(Article(id=n, study_id=n, **text) for n in numbers)
        session.flush()
        session.add_all(Record(id=n, review_id=1, article_id=n, added_at=now) for n in numbers)
        session.flush()
        vote: dict[str, Any] = {"stage": STAGE, "member_id": 1, "decision": INCLUDE, "decided_at": now}
        session.add_all(ScreeningDecision(record_id=n, **vote) for n in numbers[:decided])
        session.commit()
        last = session.exec(select(ScreeningDecision.id).order_by(ScreeningDecision.id.desc())).first()
    place = Position(last or 0, numbers[decided - 1])
    with counting_steps(engine) as counted:
        found = waiting(engine, ben, place)
    assert found == list(numbers[decided:])
    return counted[0]


def test_two_reviews_that_are_done_alike_keep_their_records_and_votes_apart(queue: Engine, people: People) -> None:
    """What they are asked is put together once, for both."""
    with writing(queue) as session:
        first = session.get_one(Review, 1)
        kind = {"stages": first.stages, "dual": first.dual, "blinded": first.blinded}
        session.add(Review(id=2, topic_id=first.topic_id, name="Another", created_at=config.now(), **kind))
        session.flush()
        session.add(Record(id=4, review_id=2, article_id=1, added_at=config.now()))
        session.commit()
    give(queue, people["Ben"], 4, Decision.INCLUDE)
    with reading(queue) as session:
        for who, number, wanted in (("Ben", 1, [1, 2, 3]), ("Ben", 2, []), ("Cleo", 2, [4]), ("Cleo", 1, [1, 2, 3])):
            at: dict[str, Any] = {"viewer": people[who], "review": session.get_one(Review, number), "stage": STAGE}
            found = screening.next_records(session, **at, after=Position(), limit=9)
            assert [each.record.id for each in found] == wanted
            asked = [each for each in (1, 2, 3, 4) if screening.asked_of(session, **at, record_id=each)]
            assert asked == wanted
