"""The evidence by what the review decided, and what nobody learns of it too early."""

from collections.abc import Callable

import invented_screening
import invented_studies
import pytest
from invented_screening import vote
from sqlalchemy import Engine
from sqlmodel import col, select
from study_page import actor

from db.engine import reading, writing
from db.models import Record, Review
from db.queries import review as review_queries
from db.queries.judged import OUTCOMES, Outcome
from db.types import Decision, Stage
from review_app.screening.highlights import default_terms
from review_app.services import calibration, review_settings, screening
from review_app.services.evidence_list import Wish, evidence_page

INCLUDE, EXCLUDE, TITLES, FULL_TEXT = Decision.INCLUDE, Decision.EXCLUDE, Stage.TITLE_ABSTRACT, Stage.FULL_TEXT
Listed = Callable[..., set[int]]


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin(library, plain=3)


@pytest.fixture
def records(library: Engine, review: Review) -> dict[int, int]:
    """The article of each record of the review, by the record's id."""
    with reading(library) as session:
        return dict(session.exec(select(Record.id, Record.article_id).order_by(col(Record.id))).all())


@pytest.fixture
def listed(library: Engine, records: dict[int, int]) -> Listed:
    """`listed("Ben", "included")`: the records whose articles Ben finds so."""

    def find(name: str, *outcomes: Outcome) -> set[int]:
        with reading(library) as session:
            page = evidence_page(
                session, viewer=actor(library, name), topic_id=invented_studies.TOPIC, wish=Wish(outcomes=outcomes)
            )
        found = {row.article.id for row in page.rows}
        return {record for record, article in records.items() if article in found}

    return find


def both(engine: Engine, record: int, decision: Decision, stage: Stage = TITLES, reason: str | None = None) -> None:
    for name in ("Ben", "Cleo"):
        vote(engine, name, record, decision, stage, reason=reason)


def test_each_article_has_one_outcome(library: Engine, review: Review, records: dict[int, int], listed: Listed) -> None:
    one, two, three, four, five, *_ = records
    both(library, one, INCLUDE)
    both(library, two, EXCLUDE)
    vote(library, "Ben", three, INCLUDE)
    for record in (four, five):
        vote(library, "Ben", record, INCLUDE)
        vote(library, "Cleo", record, EXCLUDE)
    with writing(library) as session:
        screening.adjudicate(
            session, actor=actor(library, "Ada"), record_id=five, stage=TITLES, decision=EXCLUDE, reason="No trial"
        )
    assert (listed("Dov", "included"), listed("Dov", "excluded")) == ({one}, {two, five})
    assert listed("Dov", "undecided") == set(records) - {one, two, five}
    assert listed("Dov", "included", "undecided") == set(records) - {two, five}
    assert listed("Dov", *OUTCOMES) == listed("Dov") == set(records)
    with reading(library) as session:
        dov = actor(library, "Dov")
        assert review_queries.included(session, viewer=dov, review=review).article_ids == (records[one],)


def test_who_is_still_to_vote_does_not_learn_how_others_agreed(
    library: Engine, records: dict[int, int], listed: Listed
) -> None:
    one, two, *_ = records
    both(library, one, INCLUDE)
    both(library, two, EXCLUDE)
    with writing(library) as session:
        for record in (one, two):
            session.get_one(Record, record).assigned_to = [actor(library, "Ada").member_id]
        session.commit()
    assert (listed("Ada", "included"), listed("Ada", "excluded")) == (set(), set())
    assert {one, two} <= listed("Ada", "undecided")
    assert (listed("Ben", "included"), listed("Ben", "excluded")) == ({one}, {two})


def test_a_calibration_round_decides_nothing_until_it_ends(
    library: Engine, review: Review, records: dict[int, int], listed: Listed
) -> None:
    ada = actor(library, "Ada")
    with writing(library) as session:
        review_settings.save_criteria(
            session, actor=ada, review_id=review.id, text="Adults", terms=default_terms(), amendment=""
        )
    with writing(library) as session:
        drawn, *_ = calibration.draw(session, actor=ada, review_id=review.id, number=5, hold=False)
    both(library, drawn, INCLUDE)
    assert listed("Ben", "included") == set()
    with writing(library) as session:
        calibration.end(session, actor=ada, review_id=review.id, lock=False)
    assert listed("Ben", "included") == {drawn}


def test_of_two_stages_the_last_includes_and_any_excludes(
    library: Engine, review: Review, records: dict[int, int], listed: Listed
) -> None:
    with writing(library) as session:
        review_settings.change_stages(session, actor=actor(library, "Ada"), review_id=review.id, full_text=True)
    one, two, three, four, *_ = records
    for record in (one, two, three):
        both(library, record, INCLUDE)
    both(library, four, EXCLUDE)
    both(library, one, INCLUDE, FULL_TEXT)
    both(library, two, EXCLUDE, FULL_TEXT, "design")
    assert (listed("Ben", "included"), listed("Ben", "excluded")) == ({one}, {two, four})
    assert three in listed("Ben", "undecided")


def test_without_a_review_nothing_is_decided(
    library: Engine, review: Review, records: dict[int, int], listed: Listed
) -> None:
    with writing(library) as session:
        session.get_one(Review, review.id).closed_at = review.created_at
        session.commit()
    assert (listed("Ben", "included"), listed("Ben", "undecided")) == (set(), set(records))
