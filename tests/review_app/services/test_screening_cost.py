"""What one vote asks the library, with the records that come after it: few questions, however much is there."""

from collections.abc import Callable
from dataclasses import dataclass

import invented_screening
import invented_studies
import pytest
from invented_people import members
from sqlalchemy import Engine
from told_statements import statements

from db.engine import reading, writing
from db.models import Review
from db.queries import accounts as account_queries
from db.queries.screening_progress import Progress
from db.types import Decision, Role, Stage
from review_app.services import accounts, screening_acts
from review_app.services.screening_view import ScreeningDesk, screening_desk

AT_MOST = 24


@pytest.fixture
def library(engine: Engine) -> Engine:
    """On both engines."""
    members(engine, Ada=Role.LEAD, Ben=Role.REVIEWER, Cleo=Role.REVIEWER)
    return engine


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=12)


@dataclass
class Seat:
    """Ben at the queue, as a page serves him: who he is is asked wherever he acts."""

    engine: Engine
    token: str
    votes: int = 0
    known: Progress | None = None

    def desk(self) -> ScreeningDesk:
        with reading(self.engine) as session:
            who = account_queries.signed_in(session, token=self.token)
            assert who is not None
            found = screening_desk(
                session,
                viewer=account_queries.actor_of(who),
                topic_id=invented_studies.TOPIC,
                stage=Stage.TITLE_ABSTRACT,
                before=self.known,
            )
        assert found is not None
        self.known = found.progress
        return found

    def judge(self, desk: ScreeningDesk, decision: str) -> ScreeningDesk:
        assert desk.on_desk is not None
        self.votes += 1
        act = {"seq": self.votes, "kind": "vote", "member": desk.member, "record": desk.on_desk.record_id}
        act |= {"stage": desk.review.stage, "hash": desk.on_desk.article.content_hash, "decision": decision}
        [told] = screening_acts.told({"tab": "a tab", "acts": [act]}).acts
        with writing(self.engine) as session:
            who = account_queries.signed_in(session, token=self.token)
            assert who is not None
            screening_acts.carry_out(
                session, actor=account_queries.actor_of(who), tab="a tab", act=told, position=desk.on_desk.position
            )
        return self.desk()


@pytest.fixture
def seat(library: Engine, review: Review) -> Seat:
    with writing(library) as session:
        ben = account_queries.member_by_name(session, name="Ben")
        return Seat(library, accounts.sign_in(session, name="Ben", member=ben))


def cost(seat: Seat, judged: Callable[[], ScreeningDesk]) -> int:
    with statements(seat.engine) as asked:
        judged()
    return len(asked)


def test_a_vote_and_the_records_after_it_are_few_questions(seat: Seat) -> None:
    desk = seat.judge(seat.desk(), "include")  # the first vote of a tab makes the rows that the next ones change
    assert cost(seat, lambda: seat.judge(desk, "exclude")) <= AT_MOST


def test_a_vote_costs_the_same_when_others_have_voted_and_one_has_voted_more(seat: Seat) -> None:
    desk = seat.judge(seat.judge(seat.desk(), "include"), "maybe")
    before = cost(seat, lambda: seat.judge(desk, "exclude"))
    for record_id in (1, 2, 3):
        invented_screening.vote(seat.engine, "Cleo", record_id, Decision.EXCLUDE)
    desk = seat.judge(seat.desk(), "include")
    assert cost(seat, lambda: seat.judge(desk, "include")) == before
