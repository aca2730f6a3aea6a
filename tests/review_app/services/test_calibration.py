"""A calibration round: a random sample that everybody votes on alone, then its agreement, then locked criteria."""

import invented_screening
import invented_studies
import pytest
from invented_screening import vote
from sqlalchemy import Engine
from sqlmodel import col, select
from study_page import actor

from db import audit
from db.engine import reading, writing
from db.models import AuditEvent, Record, Review, ReviewCriteria
from db.queries import screening as queries
from db.queries.screening import Position
from db.types import Decision, Stage
from review_app.screening.highlights import default_terms
from review_app.services import calibration, calibration_view, review_settings
from review_app.services.calibration_view import Round
from review_app.services.errors import Conflict, Invalid, NotFound, Refused

STAGE = Stage.TITLE_ABSTRACT
INCLUDE, EXCLUDE = Decision.INCLUDE, Decision.EXCLUDE


@pytest.fixture
def review(library: Engine) -> Review:
    review = invented_screening.begin(library, plain=7)
    with writing(library) as session:
        ada = actor(library, "Ada")
        review_settings.save_criteria(
            session, actor=ada, review_id=review.id, text="Adults only", terms=default_terms()
        )
    return review


def draw(engine: Engine, name: str = "Ada", number: int = 5, hold: bool = True, seed: int | None = 7) -> list[int]:
    with writing(engine) as session:
        who = actor(engine, name)
        return calibration.draw(session, actor=who, review_id=1, number=number, hold=hold, seed=seed)


def end(engine: Engine, *, lock: bool, name: str = "Ada") -> None:
    with writing(engine) as session:
        calibration.end(session, actor=actor(engine, name), review_id=1, lock=lock)


def waiting(engine: Engine, name: str) -> list[int]:
    with reading(engine) as session:
        review = session.get_one(Review, 1)
        rows = queries.next_records(
            session, viewer=actor(engine, name), review=review, stage=STAGE, after=Position(), limit=99
        )
        return [row.record.id for row in rows]


def shown(engine: Engine, name: str) -> Round:
    with reading(engine) as session:
        page = calibration_view.calibration_page(session, viewer=actor(engine, name), topic_id=invented_studies.TOPIC)
    assert page is not None
    assert page.round is not None
    return page.round


def test_the_same_seed_draws_the_same_records_and_is_kept(library: Engine, review: Review) -> None:
    drawn = draw(library)
    assert len(set(drawn)) == 5
    end(library, lock=False)
    assert draw(library) == drawn
    with reading(library) as session:
        assert session.get_one(Review, 1).settings["calibration"]["seed"] == 7
        marked = session.exec(select(Record.id).where(col(Record.calibration)).order_by(col(Record.id)))
        assert list(marked) == drawn
        assert audit.problems(session) == []
    end(library, lock=False)
    assert draw(library, seed=8) != drawn
    end(library, lock=False)
    draw(library, seed=None)
    assert shown(library, "Ada").seed != 8


def test_only_records_that_nobody_voted_on_are_drawn(library: Engine, review: Review) -> None:
    first = waiting(library, "Ben")[0]
    vote(library, "Ben", first, INCLUDE)
    with pytest.raises(Invalid, match="Records without a vote: 11"):
        draw(library, number=12)
    assert first not in draw(library, number=11)


def test_until_the_round_ends_the_rest_waits_when_the_lead_wants_so(library: Engine, review: Review) -> None:
    drawn = draw(library)
    assert waiting(library, "Ben") == drawn
    other = next(each for each in range(1, 13) if each not in drawn)
    with pytest.raises(Conflict):
        vote(library, "Ben", other, INCLUDE)
    end(library, lock=False)
    assert len(waiting(library, "Ben")) == 12


def test_without_waiting_the_round_comes_first(library: Engine, review: Review) -> None:
    drawn = draw(library, hold=False)
    assert waiting(library, "Ben")[:5] == drawn
    assert len(waiting(library, "Ben")) == 12


def test_everybody_votes_and_nobody_sees_how_before_having_voted_on_all(library: Engine, review: Review) -> None:
    drawn = draw(library)
    for record_id in drawn:
        vote(library, "Ben", record_id, INCLUDE)
        vote(library, "Cleo", record_id, EXCLUDE if record_id == drawn[0] else INCLUDE)
    vote(library, "Ada", drawn[0], INCLUDE)
    found = shown(library, "Ada")
    assert (found.mine_done, found.pairs, found.splits) == (False, (), ())
    assert dict(found.voted) == {"Ada": 1, "Ben": 5, "Cleo": 5}
    found = shown(library, "Ben")
    assert [pair.names for pair in found.pairs] == [("Ada", "Ben"), ("Ada", "Cleo"), ("Ben", "Cleo")]
    ben_and_cleo = found.pairs[2].agreement
    assert (ben_and_cleo.number, ben_and_cleo.percent.value) == (5, 0.8)
    assert [[name for name, *_ in split.votes] for split in found.splits] == [["Ben", "Cleo", "Ada"]]


def test_what_they_differ_on_is_settled_after_the_round(library: Engine, review: Review) -> None:
    drawn = draw(library)
    vote(library, "Ben", drawn[0], INCLUDE)
    vote(library, "Cleo", drawn[0], EXCLUDE)

    def conflicts() -> int:
        with reading(library) as session:
            review = session.get_one(Review, 1)
            return queries.conflict_count(session, viewer=actor(library, "Ada"), review=review, stage=STAGE)

    assert conflicts() == 0
    end(library, lock=False)
    assert conflicts() == 1
    assert drawn[0] not in waiting(library, "Ada")


def test_a_record_of_an_open_round_does_not_come_to_full_text(library: Engine, review: Review) -> None:
    with writing(library) as session:
        review_settings.change_stages(session, actor=actor(library, "Ada"), review_id=1, full_text=True)
    drawn = draw(library, hold=False)
    for name in ("Ben", "Cleo"):
        vote(library, name, drawn[0], INCLUDE)
    with pytest.raises(Conflict):
        vote(library, "Ben", drawn[0], INCLUDE, Stage.FULL_TEXT)
    end(library, lock=False)
    vote(library, "Ben", drawn[0], INCLUDE, Stage.FULL_TEXT)


def test_ending_the_round_locks_the_criteria_and_both_are_on_record(library: Engine, review: Review) -> None:
    draw(library)
    end(library, lock=True)
    with reading(library) as session:
        assert session.exec(select(ReviewCriteria)).one().locked_at is not None
        told = [row.action for row in session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))][-2:]
    assert told == ["calibration_drawn", "calibration_ended"]
    found = shown(library, "Ben")
    assert (found.is_open, found.records) == (False, 5)
    with writing(library) as session, pytest.raises(Conflict, match="locked"):
        review_settings.save_criteria(
            session, actor=actor(library, "Ada"), review_id=1, text="All", terms=default_terms()
        )


def test_only_a_lead_draws_and_ends_and_only_what_can_be(library: Engine, review: Review) -> None:
    with pytest.raises(Refused):
        draw(library, "Ben")
    with pytest.raises(NotFound):
        end(library, lock=True)
    with pytest.raises(Invalid, match="5 to 200"):
        draw(library, number=4)
    draw(library)
    with pytest.raises(Refused):
        end(library, lock=True, name="Ben")
    with pytest.raises(Conflict, match="is open"):
        draw(library)


def test_without_criteria_there_is_nothing_to_try_out(library: Engine) -> None:
    review = invented_screening.begin(library, plain=3)
    with pytest.raises(Invalid, match="Write the criteria first"):
        draw(library)
    with writing(library) as session:  # words to light are no criteria
        review_settings.save_criteria(
            session, actor=actor(library, "Ada"), review_id=review.id, text=" ", terms=default_terms()
        )
    with pytest.raises(Invalid, match="Write the criteria first"):
        draw(library)
