"""Progress and agreement: what the lead reads, what a reviewer reads, and what the flow of records adds up to."""

from collections.abc import Callable
from typing import Any

import invented_screening
import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import col, select
from study_page import actor, article_id

from db.engine import reading, writing
from db.models import Article, Record, Review
from db.types import Decision, Stage
from review_app.screening.agreement import Agreement
from review_app.services import progress_view, screening, tags
from review_app.services.progress_view import ProgressPage, StageProgress
from review_app.services.tag_agreement import FieldAgreement, tag_agreement

STAGE, TOPIC = Stage.TITLE_ABSTRACT, invented_studies.TOPIC
INCLUDE, EXCLUDE, MAYBE = Decision.INCLUDE, Decision.EXCLUDE, Decision.MAYBE
Vote = Callable[..., None]


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=3)


@pytest.fixture
def vote(library: Engine, review: Review) -> Vote:
    """`vote("Ben", 1, INCLUDE)`: on the first record of the review."""

    def give(name: str, number: int, decision: Decision, reason: str | None = None) -> None:
        with writing(library) as session:
            record = session.exec(select(Record).order_by(col(Record.id)).offset(number - 1)).first()
            assert record is not None
            screening.vote(
                session,
                actor=actor(library, name),
                record_id=record.id,
                stage=STAGE,
                decision=decision,
                content_hash=session.get_one(Article, record.article_id).content_hash,
                reason=reason,
            )

    return give


def page(engine: Engine, name: str) -> ProgressPage:
    with reading(engine) as session:
        found = progress_view.progress_page(session, viewer=actor(engine, name), topic_id=TOPIC)
    assert found is not None
    return found


def first(engine: Engine, name: str) -> StageProgress:
    return page(engine, name).stages[0]


def pairs(engine: Engine, name: str) -> dict[tuple[str, str], Agreement]:
    return {pair.names: pair.agreement for pair in first(engine, name).pairs}


def test_agreement_counts_the_records_on_which_both_voted(library: Engine, vote: Vote) -> None:
    for number, ben, cleo in ((1, INCLUDE, INCLUDE), (2, INCLUDE, EXCLUDE), (3, EXCLUDE, EXCLUDE)):
        vote("Ben", number, ben)
        vote("Cleo", number, cleo)
    vote("Ben", 4, MAYBE)
    found = pairs(library, "Ada")["Ben", "Cleo"]
    assert (found.number, round(found.percent.value, 3)) == (3, 0.667)
    assert found.table == ((1, 1, 0), (0, 1, 0), (0, 0, 0))
    assert pairs(library, "Ben") == pairs(library, "Cleo") == pairs(library, "Ada")


def test_a_reviewer_reads_nothing_of_votes_on_records_they_did_not_vote_on(library: Engine, vote: Vote) -> None:
    vote("Ben", 1, INCLUDE)
    assert pairs(library, "Cleo") == pairs(library, "Ben") == pairs(library, "Ada") == {}
    vote("Ada", 1, EXCLUDE)
    assert pairs(library, "Cleo") == {}
    assert list(pairs(library, "Ben")) == [("Ada", "Ben")]


def test_who_screens_reads_how_many_records_each_voted_on(library: Engine, vote: Vote) -> None:
    vote("Ben", 1, INCLUDE)
    vote("Ben", 2, INCLUDE)
    vote("Cleo", 1, INCLUDE)
    for name in ("Ada", "Cleo"):
        told = {each.name: each.votes for each in first(library, name).reviewers}
        assert told == {"Ada": 0, "Ben": 2, "Cleo": 1}


def test_a_stage_says_how_many_records_are_full_and_how_many_wait(library: Engine, vote: Vote) -> None:
    vote("Ben", 1, INCLUDE)
    vote("Cleo", 1, INCLUDE)
    vote("Ben", 2, INCLUDE)
    found = first(library, "Ada")
    assert (found.records, found.needed, found.voters) == (8, 2, {1: 1, 2: 1})
    assert (found.included, found.excluded, found.conflicts) == (1, 0, 0)


def test_the_flow_adds_up(library: Engine, vote: Vote) -> None:
    for number, decision in ((1, INCLUDE), (2, EXCLUDE), (3, EXCLUDE)):
        vote("Ben", number, decision, "population" if decision is EXCLUDE else None)
        vote("Cleo", number, decision, "design" if number == 3 else None)
    flow = page(library, "Ada").flow
    assert (flow.identified, flow.duplicates, flow.screened, flow.to_screen, flow.excluded) == (8, 0, 3, 5, 2)
    assert flow.identified - flow.duplicates - flow.gone - flow.not_added == flow.screened + flow.to_screen
    assert (flow.reports, flow.studies, flow.sought) == (1, 1, None)


def test_a_second_source_of_a_record_is_a_duplicate_removed(library: Engine, review: Review) -> None:
    before = page(library, "Ada").flow
    with writing(library) as session:
        one, other = session.exec(select(Article).order_by(col(Article.id).desc()).limit(2)).all()
        other.merged_into_id = one.id
        session.commit()
    after = page(library, "Ada").flow
    assert (before.duplicates, after.duplicates) == (0, 1)
    assert after.identified == before.identified


def entry(**more: Any) -> dict[str, Any]:
    return {"study_design": "rct", "population": ["trd"]} | more


def test_tags_are_compared_field_by_field_once_one_has_tagged_oneself(library: Engine, review: Review) -> None:
    study, said = article_id(library), {"Ben": entry(), "Cleo": entry(population=["trd", "bipolar_depression"])}
    for name, given in said.items():
        assert _tags(library, name) == _tags(library, "Ada") == {}
        with writing(library) as session:
            content = session.get_one(Article, study).content_hash
            tags.save_tags(
                session,
                actor=actor(library, name),
                topic_id=TOPIC,
                article_id=study,
                tags=given,
                suggested=[],
                content_hash=content,
            )
    for name in ("Ben", "Cleo", "Ada"):
        found = _tags(library, name)
        assert found["Study design"].agreement.percent.value == 1
        assert found["Population"].agreement.percent.value == 0


def _tags(engine: Engine, name: str) -> dict[str, FieldAgreement]:
    with reading(engine) as session:
        found = tag_agreement(session, viewer=actor(engine, name), topic_id=TOPIC)
    return {each.label: each for each in found}
