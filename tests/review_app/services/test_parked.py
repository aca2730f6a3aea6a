"""Where one vote is enough, a Maybe is no conflict: the record waits for its voter, or the lead, to decide."""

import invented_screening
import pytest
from invented_studies import TOPIC
from sqlalchemy import Engine
from sqlmodel import Session, col, select
from study_page import actor
from two_votes import State, Vote, state_of

from db import config
from db.engine import reading, writing
from db.models import Record, Review, ScreeningDecision
from db.queries import parked as queries
from db.queries.screening import conflict_count
from db.queries.settled import settled_decisions
from db.types import Actor, Decision, Stage
from review_app.services import home, progress_view, screening, screening_view
from review_app.services.errors import Conflict

STAGE = Stage.TITLE_ABSTRACT
INCLUDE, EXCLUDE, MAYBE = Decision.INCLUDE, Decision.EXCLUDE, Decision.MAYBE


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=0, dual=False)


@pytest.fixture
def ids(library: Engine, review: Review) -> list[int]:
    with reading(library) as session:
        return list(session.exec(select(Record.id).order_by(col(Record.id))))


def hold(engine: Engine, review: Review, *, waits: bool) -> None:
    """Everything waits for a calibration round, or none is open."""
    with writing(engine) as session:
        session.get_one(Review, review.id).settings = {"calibration": {"record_ids": [], "hold": True}} if waits else {}
        session.commit()


def vote(engine: Engine, name: str, record_id: int, decision: Decision) -> None:
    invented_screening.vote(engine, name, record_id, decision)


def kept(engine: Engine, name: str, review: Review) -> list[int]:
    """What lies on this person's desk when they look at the list."""
    with reading(engine) as session:
        desk = screening_view.screening_desk(
            session, viewer=actor(engine, name), topic_id=TOPIC, stage=STAGE, maybe=True
        )
    assert desk is not None
    return [each.record_id for each in desk.records]


def settled(engine: Engine, review: Review) -> dict[int, bool]:
    with reading(engine) as session:
        rows = settled_decisions(session, viewer=actor(engine, "Ada"), review=review, stage=STAGE)
        return {row.record_id: row.included for row in rows}


def counts(engine: Engine, name: str) -> tuple[dict[Stage, int], dict[Stage, int]]:
    with reading(engine) as session:
        view = home.home_view(session, viewer=actor(engine, name), topic_id=TOPIC)
    return view.conflicts, view.parked


def test_a_maybe_waits_in_the_list_of_its_voter_and_of_the_lead(
    library: Engine, review: Review, ids: list[int]
) -> None:
    vote(library, "Ben", ids[0], MAYBE)
    assert kept(library, "Ben", review) == kept(library, "Ada", review) == [ids[0]]
    assert kept(library, "Cleo", review) == []
    assert counts(library, "Ben") == counts(library, "Ada") == ({}, {STAGE: 1})
    assert counts(library, "Cleo") == ({}, {})
    with pytest.raises(Conflict, match="others hold it"):
        vote(library, "Cleo", ids[0], INCLUDE)


@pytest.mark.parametrize("name", ["Ben", "Ada"])
def test_its_voter_or_the_lead_decides_and_the_vote_stays(
    library: Engine, review: Review, ids: list[int], name: str
) -> None:
    vote(library, "Ben", ids[0], MAYBE)
    assert settled(library, review) == {}
    vote(library, name, ids[0], INCLUDE)
    assert settled(library, review) == {ids[0]: True}
    assert counts(library, "Ada") == counts(library, "Ben") == ({}, {})
    with reading(library) as session:
        given = [row.decision for row in session.exec(select(ScreeningDecision).order_by(col(ScreeningDecision.id)))]
    assert given == [MAYBE, INCLUDE]


def test_what_is_put_off_again_comes_last_and_what_is_taken_back_comes_to_the_queue(
    library: Engine, review: Review, ids: list[int]
) -> None:
    for record_id in ids[:3]:
        vote(library, "Ben", record_id, MAYBE)
    vote(library, "Ben", ids[0], MAYBE)
    assert kept(library, "Ben", review) == [ids[1], ids[2], ids[0]]
    with writing(library) as session:
        screening.undo(session, actor=actor(library, "Ben"), record_id=ids[1], stage=STAGE)
    assert kept(library, "Ben", review) == [ids[2], ids[0]]
    with reading(library) as session:
        desk = screening_view.screening_desk(session, viewer=actor(library, "Ben"), topic_id=TOPIC, stage=STAGE)
    assert desk is not None
    assert desk.records[0].record_id == ids[1]


def test_progress_and_the_flow_count_it_as_still_to_be_decided(library: Engine, review: Review, ids: list[int]) -> None:
    vote(library, "Ben", ids[0], MAYBE)
    vote(library, "Ben", ids[1], EXCLUDE)
    with reading(library) as session:
        page = progress_view.progress_page(session, viewer=actor(library, "Ada"), topic_id=TOPIC)
    assert page is not None
    stage = page.stages[0]
    assert (stage.included, stage.excluded, stage.conflicts, stage.parked) == (0, 1, 0, 1)
    assert (page.flow.screened, page.flow.to_screen) == (1, len(ids) - 1)


def test_where_two_votes_are_needed_nothing_is_parked(library: Engine, review: Review, ids: list[int]) -> None:
    with writing(library) as session:
        session.get_one(Review, review.id).dual = True
        session.commit()
    vote(library, "Ben", ids[0], MAYBE)
    vote(library, "Cleo", ids[0], MAYBE)
    assert counts(library, "Ada") == ({STAGE: 1}, {})
    assert kept(library, "Ben", review) == []


def test_while_all_but_a_calibration_round_waits_it_waits_too(library: Engine, review: Review, ids: list[int]) -> None:
    vote(library, "Ben", ids[0], MAYBE)
    hold(library, review, waits=True)
    assert counts(library, "Ben")[1] == {}
    with pytest.raises(Conflict):
        vote(library, "Ben", ids[0], INCLUDE)
    hold(library, review, waits=False)
    assert kept(library, "Ben", review) == [ids[0]]


@pytest.mark.parametrize("first", [INCLUDE, EXCLUDE, MAYBE])
@pytest.mark.parametrize("second", [INCLUDE, EXCLUDE, MAYBE, Decision.WITHDRAWN])
def test_two_votes_on_one_record_say_what_the_rules_say(
    library: Engine, review: Review, ids: list[int], first: Decision, second: Decision
) -> None:
    ada, ben = actor(library, "Ada"), actor(library, "Ben")
    with writing(library) as session:
        for who, decision in ((ben, first), (ada, second)):
            _say(session, who, ids[0], decision)
        session.commit()
    given = [Vote(who.member_id, each.value) for who, each in ((ben, first), (ada, second))]
    state = state_of(given, dual=False)
    asked = {"viewer": ada, "review": review, "stage": STAGE}
    with reading(library) as session:
        assert queries.is_parked(session, record_id=ids[0], **asked) is (state is State.MAYBE)
        assert bool(conflict_count(session, **asked)) is (state is State.CONFLICT)
    expected = {State.INCLUDED: {ids[0]: True}, State.EXCLUDED: {ids[0]: False}}
    assert settled(library, review) == expected.get(state, {})


def _say(session: Session, who: Actor, record_id: int, decision: Decision) -> None:
    about = {"record_id": record_id, "stage": STAGE, "member_id": who.member_id, "decision": decision}
    session.add(ScreeningDecision(**about, decided_at=config.now()))
    session.flush()
