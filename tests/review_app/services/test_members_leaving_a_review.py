"""A reviewer who leaves leaves nothing stuck: what waited for them waits for others, what they said stays."""

from collections.abc import Callable

import invented_screening
import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from study_page import actor

from db.engine import reading, writing
from db.models import Adjudication, Review, ScreeningDecision
from db.types import Decision, Stage
from review_app.services import accounts, screening
from review_app.services.screening_view import OnDesk, conflict_page, screening_desk

STAGE, TOPIC = Stage.TITLE_ABSTRACT, invented_studies.TOPIC
Vote = Callable[[str, Decision], int]


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=0)


@pytest.fixture
def vote(library: Engine, review: Review) -> Vote:
    def give(name: str, decision: Decision) -> int:
        on_desk = shown(library, name)
        with writing(library) as session:
            screening.vote(
                session,
                actor=actor(library, name),
                record_id=on_desk.record_id,
                stage=STAGE,
                decision=decision,
                content_hash=on_desk.article.content_hash,
            )
        return on_desk.record_id

    return give


def shown(engine: Engine, name: str) -> OnDesk:
    with reading(engine) as session:
        desk = screening_desk(session, viewer=actor(engine, name), topic_id=TOPIC, stage=STAGE)
    assert desk is not None
    assert desk.on_desk is not None
    return desk.on_desk


def leave(engine: Engine, name: str) -> None:
    with writing(engine) as session:
        accounts.remove_member(session, actor=actor(engine, "Ada"), member_id=actor(engine, name).member_id)


def test_a_conflict_of_somebody_who_left_is_settled_with_their_vote_beside(library: Engine, vote: Vote) -> None:
    record_id = vote("Ben", Decision.INCLUDE)
    assert vote("Cleo", Decision.EXCLUDE) == record_id
    leave(library, "Ben")
    ada = actor(library, "Ada")
    with reading(library) as session:
        page = conflict_page(session, viewer=ada, topic_id=TOPIC, stage=STAGE)
    assert page is not None
    assert [side.name for side in page.sides] == ["Ben", "Cleo"]
    with writing(library) as session:
        screening.adjudicate(
            session, actor=ada, record_id=record_id, stage=STAGE, decision=Decision.INCLUDE, reason="Fits"
        )
    with reading(library) as session:
        assert len(session.exec(select(Adjudication)).one().settles) == 2


def test_the_vote_of_somebody_who_left_still_counts_and_another_gives_the_second(library: Engine, vote: Vote) -> None:
    record_id = vote("Ben", Decision.INCLUDE)
    leave(library, "Ben")
    assert vote("Cleo", Decision.INCLUDE) == record_id
    with reading(library) as session:
        rows = session.exec(select(ScreeningDecision).where(ScreeningDecision.record_id == record_id)).all()
    assert len(rows) == 2
    assert shown(library, "Ada").record_id != record_id
