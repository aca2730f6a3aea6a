"""The reasons for excluding of a review: ranked by its lead, locked with the criteria, never lost."""

from dataclasses import replace

import invented_screening
import pytest
from sqlalchemy import Engine
from sqlmodel import select
from study_page import actor

from db.engine import reading, writing
from db.models import Review, ScreeningDecision
from db.types import Decision, Stage
from review_app.screening.exclusion_reasons import ExclusionReason, offered, shipped_reasons
from review_app.screening.highlights import default_terms
from review_app.services import review_settings
from review_app.services.errors import Conflict, Invalid, Refused
from review_app.services.exclusion_reasons import Wanted, change_reasons, reason_words
from review_app.services.progress_view import progress_page

STAGE = Stage.FULL_TEXT


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin_full_text(library)


def now(engine: Engine, review: Review) -> tuple[int, tuple[ExclusionReason, ...]]:
    with reading(engine) as session:
        criteria = review_settings.criteria_of(session, review_id=review.id)
        return criteria.version, criteria.reasons[STAGE.value]


def wanted(engine: Engine, review: Review) -> dict[str, Wanted]:
    """The reasons as they stand, as a form gives them back."""
    listed = enumerate(now(engine, review)[1], start=1)
    return {each.id: Wanted(each.id, each.label, each.means, place, not each.retired) for place, each in listed}


def save(engine: Engine, review: Review, listed: list[Wanted], *, name: str = "Ada", **how: str) -> None:
    with writing(engine) as session:
        seen, who = now(engine, review)[0], actor(engine, name)
        change_reasons(session, actor=who, review_id=review.id, stage=STAGE, seen=seen, wanted=listed, **how)


def change(engine: Engine, review: Review, reason: str, **fields: object) -> None:
    """Change one reason and leave the others."""
    listed = wanted(engine, review)
    save(engine, review, [*({**listed, reason: replace(listed[reason], **fields)}).values()])  # type: ignore[arg-type]


def names(engine: Engine, review: Review, stage: Stage = STAGE) -> list[str]:
    with reading(engine) as session:
        reasons = review_settings.criteria_of(session, review_id=review.id).reasons
    return [each.label for each in offered(reasons[stage.value])]


def exclude(engine: Engine, name: str, reason: str) -> None:
    invented_screening.vote_on_trial(engine, name, Decision.EXCLUDE, STAGE, reason)


def said(engine: Engine, review: Review) -> list[str]:
    with reading(engine) as session:
        words = reason_words(session, review_id=review.id)
        return [words.said(row) for row in session.exec(select(ScreeningDecision)) if row.exclusion_reason]


def counted(engine: Engine) -> dict[str | None, int]:
    with reading(engine) as session:
        page = progress_page(session, viewer=actor(engine, "Ada"), topic_id="ketamine-depression")
    assert page is not None
    return dict(page.flow.excluded_reports)


def test_before_a_lead_ranks_them_the_reasons_that_ship_are_offered(library: Engine, review: Review) -> None:
    assert names(library, review) == [each.label for each in shipped_reasons()[STAGE.value]]


def test_a_reason_that_is_moved_has_the_place_it_was_moved_to(library: Engine, review: Review) -> None:
    change(library, review, "design", place=2)
    assert names(library, review)[:3] == ["Population", "Design", "Intervention"]
    change(library, review, "population", place=2)
    assert names(library, review)[:3] == ["Design", "Population", "Intervention"]


def test_a_reason_of_ones_own_has_an_id_that_nothing_else_ever_had(library: Engine, review: Review) -> None:
    listed = [*wanted(library, review).values(), Wanted(None, "Conference abstract", "Only an abstract.", 9)]
    save(library, review, listed)
    assert now(library, review)[1][-1].id == "conference_abstract"
    change(library, review, "conference_abstract", label="Abstract only", offered=False)
    save(library, review, [*wanted(library, review).values(), Wanted(None, "Conference-abstract", "", 9)])
    assert [each.id for each in now(library, review)[1]][-2:] == ["conference_abstract_2", "conference_abstract"]


def test_only_one_stage_changes_and_the_criteria_stay(library: Engine, review: Review) -> None:
    with writing(library) as session:
        ada = actor(library, "Ada")
        review_settings.save_criteria(
            session, actor=ada, review_id=review.id, text="Adults", terms=default_terms(), amendment=""
        )
    change(library, review, "design", label="Not randomised")
    with reading(library) as session:
        criteria = review_settings.criteria_of(session, review_id=review.id)
    assert (criteria.version, criteria.text, criteria.terms) == (2, "Adults", default_terms())
    assert names(library, review, Stage.TITLE_ABSTRACT) == [
        each.label for each in shipped_reasons()[Stage.TITLE_ABSTRACT.value]
    ]
    with writing(library) as session:
        review_settings.save_criteria(
            session, actor=ada, review_id=review.id, text="All", terms=default_terms(), amendment=""
        )
    assert "Not randomised" in names(library, review)


def test_a_vote_keeps_the_words_of_its_reason(library: Engine, review: Review) -> None:
    exclude(library, "Ben", "design")
    change(library, review, "design", label="Not randomised")
    exclude(library, "Cleo", "design")
    assert said(library, review) == ["Design", "Not randomised"]
    assert counted(library) == {"design": 1}


def test_what_was_excluded_by_a_retired_reason_is_still_counted_by_it(library: Engine, review: Review) -> None:
    for name in ("Ben", "Cleo"):
        exclude(library, name, "design")
    change(library, review, "design", offered=False)
    assert "Design" not in names(library, review)
    assert counted(library) == {"design": 1}
    assert said(library, review) == ["Design", "Design"]
    change(library, review, "design", offered=True, place=1)
    assert names(library, review)[0] == "Design"


def test_of_two_reasons_the_one_that_the_lead_ranks_first_is_counted(library: Engine, review: Review) -> None:
    exclude(library, "Ben", "design")
    exclude(library, "Cleo", "population")
    assert counted(library) == {"population": 1}
    change(library, review, "design", place=1)
    assert counted(library) == {"design": 1}


def test_no_reason_is_taken_away_or_takes_the_name_that_another_had(library: Engine, review: Review) -> None:
    listed = wanted(library, review)
    with pytest.raises(Invalid, match="Retire it"):
        save(library, review, [each for each in listed.values() if each.id != "design"])
    with pytest.raises(Invalid, match="another reason"):
        change(library, review, "design", label="population")
    change(library, review, "design", label="Not randomised")
    with pytest.raises(Invalid, match="another reason"):
        save(library, review, [*wanted(library, review).values(), Wanted(None, "Design", "", 9)])
    with pytest.raises(Invalid, match="keeps its name"):
        change(library, review, "not_retrieved", label="Wrong language")


def test_a_stage_offers_one_to_nine_reasons_with_a_name_each(library: Engine, review: Review) -> None:
    listed = list(wanted(library, review).values())
    more = [Wanted(None, label, "", 9) for label in ("Animals", "Protocol")]
    with pytest.raises(Invalid, match="1 to 9"):
        save(library, review, [*listed, *more])
    with pytest.raises(Invalid, match="1 to 9"):
        save(library, review, [replace(each, offered=False) for each in listed])
    with pytest.raises(Invalid, match="characters"):
        change(library, review, "design", label=" ")
    with pytest.raises(Invalid, match="changes nothing"):
        save(library, review, listed)


def test_only_a_lead_changes_them_and_not_over_what_another_changed(library: Engine, review: Review) -> None:
    with pytest.raises(Refused):
        save(library, review, [], name="Ben")
    change(library, review, "design", label="Not randomised")
    with writing(library) as session, pytest.raises(Conflict, match="meanwhile"):
        change_reasons(
            session, actor=actor(library, "Ada"), review_id=review.id, stage=STAGE, seen=0, wanted=[], amendment=""
        )


def test_locked_with_the_criteria_they_change_only_by_an_amendment(library: Engine, review: Review) -> None:
    change(library, review, "design", label="Not randomised")
    with writing(library) as session:
        review_settings.lock_criteria(session, actor=actor(library, "Ada"), review_id=review.id)
    with pytest.raises(Conflict, match="locked"):
        change(library, review, "design", place=1)
    listed = wanted(library, review)
    save(library, review, [*listed.values(), Wanted(None, "Animals", "", 9)], amendment="Many are of mice")
    with reading(library) as session:
        newest, *_ = review_settings.criteria_versions(session, review_id=review.id)
    assert (newest.amendment, newest.criteria.is_locked) == ("Many are of mice", True)
