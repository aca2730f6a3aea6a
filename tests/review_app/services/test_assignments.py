"""Assigned records come first for those who hold them, and for nobody else; whoever leaves gives theirs back."""

from dataclasses import asdict

import invented_people
import invented_screening
import pytest
from invented_screening import vote
from sqlalchemy import Engine
from sqlmodel import select
from study_page import actor

from db import audit, config
from db.engine import reading, writing
from db.models import Draft, Member, Record, Review
from db.queries import screening as queries
from db.queries.assignments import Assigned, keep_assignments
from db.queries.screening import Position
from db.types import Decision, Role, Stage
from review_app.services import assignments, review_settings, screening
from review_app.services.assignments import AssignmentPage
from review_app.services.errors import Conflict, Invalid, Refused

STAGE = Stage.TITLE_ABSTRACT
INCLUDE, EXCLUDE = Decision.INCLUDE, Decision.EXCLUDE


@pytest.fixture
def review(library: Engine) -> Review:
    """Eight records; Ada, Ben, Cleo and Fay may screen."""
    with writing(library) as session:
        session.add(Member(name="Fay", name_key="fay", role=Role.REVIEWER, created_at=config.now()))
        session.commit()
    return invented_screening.begin(library)


def ids(engine: Engine, *names: str) -> list[int]:
    return [actor(engine, name).member_id for name in names]


def hold(engine: Engine, **held: list[str]) -> None:
    """`hold(engine, r3=["Ben"])`: record 3 is Ben's."""
    with writing(engine) as session:
        keep_assignments(session, assigned={int(key[1:]): ids(engine, *names) for key, names in held.items()})
        session.get_one(Review, 1).settings = {"assigned": True}
        session.commit()


def queued(engine: Engine, name: str, after: Position = Position()) -> list[queries.Queued]:
    with reading(engine) as session:
        review = session.get_one(Review, 1)
        return queries.next_records(
            session, viewer=actor(engine, name), review=review, stage=STAGE, after=after, limit=99
        )


def waiting(engine: Engine, name: str, after: Position = Position()) -> list[int]:
    return [row.record.id for row in queued(engine, name, after)]


def page(engine: Engine) -> AssignmentPage:
    with reading(engine) as session:
        found = assignments.assignment_page(session, topic_id=invented_screening.invented_studies.TOPIC)
    assert found is not None
    return found


def share(engine: Engine, *names: str, by: str = "Ada") -> int:
    with writing(engine) as session:
        return assignments.assign_equally(session, actor=actor(engine, by), review_id=1, members=ids(engine, *names))


def test_mine_comes_first_and_what_two_others_hold_never(library: Engine, review: Review) -> None:
    hold(library, r7=["Ben"], r8=["Ben", "Cleo"], r2=["Cleo", "Fay"])
    assert waiting(library, "Ben") == [7, 8, 1, 3, 4, 5, 6]
    assert waiting(library, "Cleo") == [2, 8, 1, 3, 4, 5, 6, 7]
    assert waiting(library, "Ada") == [1, 3, 4, 5, 6, 7]
    with pytest.raises(Conflict):
        vote(library, "Ada", 2)


def test_a_vote_counts_as_holding_the_record(library: Engine, review: Review) -> None:
    hold(library, r1=["Ben"])
    vote(library, "Cleo", 1)
    assert 1 not in waiting(library, "Ada")
    assert waiting(library, "Ben")[0] == 1
    vote(library, "Ben", 1, EXCLUDE)
    assert 1 not in waiting(library, "Fay")


def test_in_a_single_review_one_holder_is_enough(library: Engine, review: Review) -> None:
    with writing(library) as session:
        session.get_one(Review, 1).dual = False
        session.commit()
    hold(library, r1=["Ben"])
    assert 1 not in waiting(library, "Cleo")
    assert waiting(library, "Ben")[0] == 1


def test_the_place_in_the_queue_misses_nothing(library: Engine, review: Review) -> None:
    hold(library, r6=["Ben"], r4=["Ben"])
    place, seen = Position(), []
    for _ in range(8):
        item = queued(library, "Ben", place)[0]
        place = item.position
        vote(library, "Ben", item.record.id)
        seen.append(item.record.id)
    assert seen == [4, 6, 1, 2, 3, 5, 7, 8]


def test_sharing_equally_gives_each_record_two_people_and_each_person_alike(library: Engine, review: Review) -> None:
    assert share(library, "Ben", "Cleo", "Fay") == 8
    found = page(library)
    assert found.unassigned == 0
    assert sorted(each.records for each in found.assigned.values()) == [5, 5, 6]
    assert waiting(library, "Ada") == []
    assert sum(len(waiting(library, name)) for name in ("Ben", "Cleo", "Fay")) == 16
    with reading(library) as session:
        assert audit.problems(session) == []
    with pytest.raises(Invalid, match="nothing to assign"):
        share(library, "Ben")


def test_a_number_for_each_leaves_the_rest_free(library: Engine, review: Review) -> None:
    vote(library, "Cleo", 1)
    [ben, fay] = ids(library, "Ben", "Fay")
    with writing(library) as session:
        ada = actor(library, "Ada")
        assert assignments.assign_counts(session, actor=ada, review_id=1, counts={ben: 3, fay: 3}) == 3
    found = page(library)
    assert (found.assigned[ben], found.unassigned) == (Assigned(3, 0), 4)
    vote(library, "Ben", waiting(library, "Ben", Position(vote=9))[0])
    assert page(library).assigned[ben] == Assigned(3, 1)
    with writing(library) as session, pytest.raises(Invalid, match="Free records: 4"):
        assignments.assign_counts(session, actor=ada, review_id=1, counts={ben: 5})


def test_what_is_assigned_later_comes_first_wherever_one_is_in_the_queue(library: Engine, review: Review) -> None:
    hold(library, r8=["Ben"])
    first = queued(library, "Ben")[0]
    vote(library, "Ben", 8, place=first.position)
    second = queued(library, "Ben", first.position)[0]
    vote(library, "Ben", second.record.id, place=second.position)
    share(library, "Ben", "Cleo")
    with reading(library) as session:
        place = session.exec(select(Draft.value).where(Draft.key == f"queue:{STAGE.value}:1")).one()
    assert place == {**asdict(second.position), "mine": 0}


def test_who_leaves_leaves_nothing_stuck(library: Engine, review: Review) -> None:
    hold(library, r1=["Ben", "Cleo"], r2=["Ben", "Cleo"], r3=["Ben"])
    vote(library, "Ben", 1)
    vote(library, "Ben", 2)
    vote(library, "Cleo", 2, EXCLUDE)
    invented_people.remove(library, "Ben")
    assert 1 not in waiting(library, "Ada")  # Ben's vote and Cleo are two
    assert waiting(library, "Cleo")[0] == 1
    assert 3 in waiting(library, "Ada")
    vote(library, "Cleo", 1)
    with writing(library) as session:
        screening.adjudicate(
            session, actor=actor(library, "Ada"), record_id=2, stage=STAGE, decision=INCLUDE, reason="It fits"
        )
    with reading(library) as session:
        assert [row for row in session.exec(select(Record)) if row.assigned_to] == [
            session.get_one(Record, 1),
            session.get_one(Record, 2),
        ]


def test_who_leaves_leaves_no_full_text_stuck(library: Engine, review: Review) -> None:
    with writing(library) as session:
        review_settings.change_stages(session, actor=actor(library, "Ada"), review_id=1, full_text=True)
    hold(library, r1=["Ben", "Cleo"])
    vote(library, "Ben", 1)
    vote(library, "Cleo", 1)
    invented_people.remove(library, "Ben")
    with reading(library) as session:
        review = session.get_one(Review, 1)
        who = actor(library, "Fay")
        assert queries.asked_of(session, viewer=who, review=review, stage=Stage.FULL_TEXT, record_id=1)


def test_a_role_that_may_not_screen_holds_nothing(library: Engine, review: Review) -> None:
    hold(library, r1=["Ben", "Cleo"])
    invented_people.change_role(library, "Ben", Role.ADJUDICATOR)
    assert page(library).assigned[ids(library, "Ben")[0]] == Assigned(1, 0)
    invented_people.change_role(library, "Ben", Role.WRITER)
    assert 1 in waiting(library, "Ada")


def test_a_lead_takes_records_back(library: Engine, review: Review) -> None:
    share(library, "Ben", "Cleo")
    with writing(library) as session:
        [ben] = ids(library, "Ben")
        assert assignments.give_back(session, actor=actor(library, "Ada"), review_id=1, member_id=ben) == 8
    assert len(waiting(library, "Ada")) == 8


def test_only_a_lead_assigns_and_only_to_who_screens(library: Engine, review: Review) -> None:
    with pytest.raises(Refused):
        share(library, "Ben", by="Ben")
    with pytest.raises(Invalid, match="may screen"):
        share(library, "Dov", "Ben")
