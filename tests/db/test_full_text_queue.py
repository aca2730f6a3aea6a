"""What comes to full-text screening, and whose quotes one may read there, on both engines."""

from typing import Any

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from db import config
from db.engine import reading, writing
from db.models import Adjudication, Draft, Quote, QuoteAnchor, Record, Review, ScreeningDecision
from db.queries import full_texts, screening
from db.queries.screening import Position
from db.queries.screening_progress import progress
from db.types import Actor, AnchorState, Decision, Stage

BEFORE, STAGE = Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
INCLUDE, EXCLUDE, WITHDRAWN = Decision.INCLUDE, Decision.EXCLUDE, Decision.WITHDRAWN
People = dict[str, Actor]


@pytest.fixture
def queue(library: Engine, people: People) -> Engine:
    """A dual review of two stages with records 1 to 3."""
    with writing(library) as session:
        review_of(session).stages = [stage.value for stage in Stage]
        session.add_all(Record(id=n, review_id=1, article_id=n, added_at=config.now()) for n in (1, 2, 3))
        session.commit()
    return library


def review_of(session: Session) -> Review:
    return session.exec(select(Review)).one()


def give(engine: Engine, who: Actor, record_id: int, decision: Decision, stage: Stage = BEFORE) -> None:
    with writing(engine) as session:
        row = ScreeningDecision(
            record_id=record_id, stage=stage, member_id=who.member_id, decision=decision, decided_at=config.now()
        )
        session.add(row)
        session.commit()


def both(engine: Engine, people: People, record_id: int, decision: Decision = INCLUDE) -> None:
    for name in ("Ben", "Cleo"):
        give(engine, people[name], record_id, decision)


def settle(engine: Engine, who: Actor, record_id: int, decision: Decision) -> None:
    with writing(engine) as session:
        row = Adjudication(
            subject="screening",
            review_id=1,
            record_id=record_id,
            stage=BEFORE,
            decision={"decision": decision.value, "exclusion_reason": None},
            reason="Invented",
            member_id=who.member_id,
            decided_at=config.now(),
        )
        session.add(row)
        session.commit()


def queued(engine: Engine, who: Actor, after: Position = Position()) -> list[tuple[int, Position]]:
    with reading(engine) as session:
        rows = screening.next_records(session, viewer=who, review=review_of(session), stage=STAGE, after=after, limit=9)
        return [(row.record.id, row.position) for row in rows]


def waiting(engine: Engine, who: Actor, after: Position = Position()) -> list[int]:
    return [record_id for record_id, _ in queued(engine, who, after)]


def test_what_both_included_is_read_in_full_text(queue: Engine, people: People) -> None:
    both(queue, people, 2)
    both(queue, people, 3, EXCLUDE)
    give(queue, people["Ben"], 1, INCLUDE)
    assert waiting(queue, people["Ben"]) == [2]
    with reading(queue) as session:
        figures = progress(session, viewer=people["Ben"], review=review_of(session), stage=STAGE)
    assert (figures.mine, figures.records) == (0, 1)


def test_a_conflict_comes_there_only_when_it_is_settled_as_included(queue: Engine, people: People) -> None:
    for record_id in (1, 2):
        give(queue, people["Ben"], record_id, INCLUDE)
        give(queue, people["Cleo"], record_id, EXCLUDE)
    assert waiting(queue, people["Ben"]) == []
    settle(queue, people["Ada"], 1, INCLUDE)
    settle(queue, people["Ada"], 2, EXCLUDE)
    assert waiting(queue, people["Ben"]) == [1]


def test_a_vote_taken_back_takes_the_record_out_again(queue: Engine, people: People) -> None:
    both(queue, people, 1)
    give(queue, people["Ben"], 1, WITHDRAWN)
    assert waiting(queue, people["Cleo"]) == []


def test_second_votes_come_first_there_too(queue: Engine, people: People) -> None:
    for record_id in (1, 2, 3):
        both(queue, people, record_id)
    give(queue, people["Ben"], 3, EXCLUDE, STAGE)
    assert waiting(queue, people["Cleo"]) == [3, 1, 2]
    assert waiting(queue, people["Ben"]) == [1, 2]


def test_the_place_misses_nothing_that_comes_later(queue: Engine, people: People) -> None:
    """Record 3 comes first, then 1 by votes and 2 by adjudication, each after the place that was kept."""
    ben, place, seen = people["Ben"], Position(), []
    both(queue, people, 3)
    for record_id in (1, 2):
        give(queue, ben, record_id, INCLUDE)
    for step in ("nothing more", "votes", "adjudication"):
        if step == "votes":
            give(queue, people["Cleo"], 1, INCLUDE)
        if step == "adjudication":
            give(queue, people["Cleo"], 2, EXCLUDE)
            settle(queue, people["Ada"], 2, INCLUDE)
        [(record_id, place)] = queued(queue, ben, place)
        give(queue, ben, record_id, INCLUDE, STAGE)
        seen.append(record_id)
    assert seen == [3, 1, 2]
    assert waiting(queue, ben, place) == []


def test_in_a_single_review_one_inclusion_is_enough(queue: Engine, people: People) -> None:
    with writing(queue) as session:
        review_of(session).dual = False
        session.commit()
    give(queue, people["Ben"], 1, INCLUDE)
    assert waiting(queue, people["Cleo"]) == [1]


def quote(engine: Engine, who: Actor, record_id: int, words: str) -> None:
    with writing(engine) as session:
        row = Quote(exact=words, member_id=who.member_id, created_at=config.now())
        session.add(row)
        session.flush()
        anchor: dict[str, Any] = {"state": AnchorState.ANCHORED, "page": 2, "text_hash": "x", "at": config.now()}
        session.add(QuoteAnchor(quote_id=row.id, **anchor))
        key = full_texts.quotes_key(record_id, STAGE)
        session.add(Draft(member_id=who.member_id, key=key, value={"ids": [row.id]}, saved_at=config.now()))
        session.commit()


def read(engine: Engine, who: Actor, record_id: int = 1) -> list[str]:
    with reading(engine) as session:
        rows = full_texts.full_text_quotes(
            session, viewer=who, review=review_of(session), stage=STAGE, record_id=record_id
        )
        return [row.quote.exact for row in rows]


def test_nobody_reads_another_s_quotes_before_voting(queue: Engine, people: People) -> None:
    quote(queue, people["Ben"], 1, "Ben's words")
    give(queue, people["Ben"], 1, INCLUDE, STAGE)
    assert read(queue, people["Ben"]) == ["Ben's words"]
    assert read(queue, people["Cleo"]) == read(queue, people["Ada"]) == read(queue, people["Dov"]) == []
    give(queue, people["Cleo"], 1, EXCLUDE)  # at the stage before: no vote on the full text
    assert read(queue, people["Cleo"]) == []
    give(queue, people["Cleo"], 1, EXCLUDE, STAGE)
    assert read(queue, people["Cleo"]) == ["Ben's words"]
    assert read(queue, people["Ada"]) == ["Ben's words"]
    assert read(queue, people["Dov"]) == []
    give(queue, people["Cleo"], 1, WITHDRAWN, STAGE)
    assert read(queue, people["Cleo"]) == []


def test_in_an_open_review_all_read_them(queue: Engine, people: People) -> None:
    quote(queue, people["Ben"], 1, "Ben's words")
    with writing(queue) as session:
        review_of(session).blinded = False
        session.commit()
    assert read(queue, people["Dov"]) == ["Ben's words"]
