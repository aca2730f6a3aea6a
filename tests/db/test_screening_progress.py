"""How far one has come: counted on from the last time, it is what counting from the beginning would say."""

import random

import pytest
from sqlalchemy import Engine
from sqlite_steps import counting_steps
from sqlmodel import Session, select

from db import config
from db.engine import reading, writing
from db.models import Adjudication, Member, Record, Review, ScreeningDecision
from db.queries import screening_progress
from db.queries.screening_progress import Progress, progress
from db.types import Actor, Decision, Role, Stage

People = dict[str, Actor]
FIRST, SECOND = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT


@pytest.fixture
def queue(library: Engine, people: People) -> Engine:
    """A review in two stages with records 1 to 3."""
    with writing(library) as session:
        session.get_one(Review, 1).stages = [FIRST.value, SECOND.value]
        session.add_all(Record(id=n, review_id=1, article_id=n, added_at=config.now()) for n in (1, 2, 3))
        session.commit()
    return library


def counted(session: Session, who: Actor, stage: Stage, before: Progress | None = None) -> Progress:
    return progress(session, viewer=who, review=session.exec(select(Review)).one(), stage=stage, before=before)


def give(session: Session, who: Actor, record_id: int, decision: Decision, stage: Stage = FIRST) -> None:
    given = {"record_id": record_id, "stage": stage, "member_id": who.member_id, "decision": decision}
    session.add(ScreeningDecision(**given, decided_at=config.now()))
    session.flush()


@pytest.mark.parametrize("at_hand", [50, 2])
def test_counting_on_says_what_counting_from_the_beginning_says(
    queue: Engine, people: People, monkeypatch: pytest.MonkeyPatch, at_hand: int
) -> None:
    """Votes by chance of everybody at both stages, repeated and taken back, some of them between two counts."""
    monkeypatch.setattr(screening_progress, "RECENT", at_hand)
    chance, known = random.Random(3), {}
    with writing(queue) as session:
        for _ in range(120):
            who, stage = chance.choice([people["Ben"], people["Cleo"]]), chance.choice([FIRST, SECOND])
            give(session, who, chance.choice([1, 2, 3]), chance.choice(list(Decision)), stage)
            if chance.random() < 0.5:
                afresh = counted(session, who, stage)
                known[who.name, stage] = counted(session, who, stage, known.get((who.name, stage)))
                assert known[who.name, stage] == afresh
    assert {progress.mine for progress in known.values()} != {0}
    assert max(len(progress.votes) for progress in known.values()) == min(at_hand, 3)


def test_while_all_else_waits_a_calibration_round_is_what_is_counted(queue: Engine, people: People) -> None:
    with writing(queue) as session:
        ben, review = people["Ben"], session.get_one(Review, 1)
        give(session, ben, 3, Decision.INCLUDE)
        before = counted(session, ben, FIRST)
        assert (before.mine, before.records) == (1, 3)
        for hold, told in ((True, (0, 2)), (False, (1, 3))):
            review.settings = {"calibration": {"record_ids": [1, 2], "hold": hold}}
            for record_id in (1, 2):
                session.get_one(Record, record_id).calibration = True
            session.flush()
            found = counted(session, ben, FIRST, before)
            assert (found.mine, found.records) == told
        review.settings = {"calibration": {"record_ids": [1, 2], "hold": True}}
        session.flush()
        begun = counted(session, ben, FIRST)
        give(session, ben, 1, Decision.EXCLUDE)
        give(session, ben, 3, Decision.WITHDRAWN)
        found = counted(session, ben, FIRST, begun)
        assert (found.mine, found.records) == (1, 2)
        assert found == counted(session, ben, FIRST)


def test_an_adjudication_brings_a_record_to_the_next_stage_and_is_counted(queue: Engine, people: People) -> None:
    with writing(queue) as session:
        before = counted(session, people["Ben"], SECOND)
        ruling = {"decision": {"decision": "include"}, "reason": "Invented", "decided_at": config.now()}
        ada = people["Ada"].member_id
        session.add(Adjudication(subject="screening", review_id=1, record_id=2, stage=FIRST, member_id=ada, **ruling))
        session.flush()
        assert (before.records, counted(session, people["Ben"], SECOND, before).records) == (0, 1)


def test_what_somebody_else_counted_is_not_counted_on(queue: Engine, people: People) -> None:
    with writing(queue) as session:
        give(session, people["Ben"], 1, Decision.INCLUDE)
        of_ben = counted(session, people["Ben"], FIRST)
        session.commit()
    with reading(queue) as session:
        assert counted(session, people["Cleo"], FIRST, of_ben).mine == 0
        assert counted(session, people["Ben"], SECOND, of_ben).mine == 0


def test_counting_on_costs_the_same_however_much_one_has_voted(sqlite_library: Engine) -> None:
    ben = Actor(1, "Ben", Role.REVIEWER)
    with writing(sqlite_library) as session:
        now = config.now()
        session.add(Member(id=1, name="Ben", name_key="ben", role=Role.REVIEWER, created_at=now))
        session.add_all(Record(id=n, review_id=1, article_id=n, added_at=now) for n in (1, 2, 3))
        session.commit()
    few, many = (_steps(sqlite_library, ben, votes) for votes in (20, 400))
    assert 0 < many < 2 * few


def _steps(engine: Engine, who: Actor, votes: int) -> int:
    """Of counting on after so many votes and one more."""
    with writing(engine) as session:
        for number in range(votes):
            give(session, who, 1 + number % 2, Decision.INCLUDE)
        before = counted(session, who, FIRST)
        give(session, who, 3, Decision.INCLUDE)
        session.commit()
    with counting_steps(engine) as steps, reading(engine) as session:
        counted(session, who, FIRST, before)
    return steps[0]
