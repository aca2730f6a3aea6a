"""How a review is done: versions of its criteria, their lock, and who may change it."""

import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from study_page import actor

from db.engine import reading, writing
from db.models import Review, ReviewCriteria
from review_app.screening.exclusion_reasons import shipped_reasons
from review_app.screening.highlights import Terms, default_terms
from review_app.services import review_settings
from review_app.services.errors import Conflict, NotFound, Refused
from review_app.services.review_settings import Criteria

WORDS = Terms(include=(" placebo ", "placebo"), exclude=("rat",), pico=("ketamine*",))


@pytest.fixture
def review_id(library: Engine) -> int:
    invented_studies.fill(library, lead=actor(library, "Ada"), plain=0)
    with reading(library) as session:
        return session.exec(select(Review)).one().id


def save(engine: Engine, review_id: int, text: str, *, name: str = "Ada", amendment: str = "") -> None:
    with writing(engine) as session:
        review_settings.save_criteria(
            session, actor=actor(engine, name), review_id=review_id, text=text, terms=WORDS, amendment=amendment
        )


def lock(engine: Engine, review_id: int) -> None:
    with writing(engine) as session:
        review_settings.lock_criteria(session, actor=actor(engine, "Ada"), review_id=review_id)


def criteria(engine: Engine, review_id: int) -> Criteria:
    with reading(engine) as session:
        return review_settings.criteria_of(session, review_id=review_id)


def test_until_criteria_are_written_the_words_that_ship_are_lit(library: Engine, review_id: int) -> None:
    assert criteria(library, review_id) == Criteria(0, "", default_terms(), shipped_reasons(), is_locked=False)


def test_each_change_of_the_criteria_is_a_version_and_the_earlier_ones_stay(library: Engine, review_id: int) -> None:
    save(library, review_id, "Adults")
    save(library, review_id, "Adults with depression")
    kept = criteria(library, review_id)
    assert (kept.version, kept.text, kept.terms.include) == (2, "Adults with depression", ("placebo",))
    with reading(library) as session:
        assert [row.content["text"] for row in session.exec(select(ReviewCriteria))] == [
            "Adults",
            "Adults with depression",
        ]


def test_locked_criteria_change_only_by_an_amendment_that_says_why(library: Engine, review_id: int) -> None:
    with pytest.raises(NotFound):
        lock(library, review_id)
    save(library, review_id, "Adults")
    lock(library, review_id)
    with pytest.raises(Conflict):
        lock(library, review_id)
    with pytest.raises(Conflict, match="locked"):
        save(library, review_id, "Adults and adolescents")
    save(library, review_id, "Adults and adolescents", amendment="A new label")
    kept = criteria(library, review_id)
    assert (kept.version, kept.is_locked) == (2, True)


def test_only_a_lead_changes_how_a_review_is_done(library: Engine, review_id: int) -> None:
    with pytest.raises(Refused):
        save(library, review_id, "Anything", name="Ben")
    with writing(library) as session, pytest.raises(Refused):
        review_settings.change_settings(
            session, actor=actor(library, "Ben"), review_id=review_id, dual=True, blinded=False
        )
