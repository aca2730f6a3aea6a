"""Retracted, reinstated, retracted again; by PubMed and by others."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rested_library import TRIAL, add_claim, alerts, article, put, run, told, trial
from sqlalchemy import Engine
from sqlmodel import select

from db import config
from db.engine import open_engine, reading, writing
from db.models import ClaimEvidence, ClaimVerdict
from db.types import Integrity, Stance
from harvester.records import NoticeLink, PublicationType
from harvester.retractions_notices import Told, tell

Clock = Callable[..., None]
RETRACTION = NoticeLink("RetractionIn", "retraction", True, 90000999, "Invented J. 2026;1:1")
MARK = PublicationType("D016441", "Retracted Publication")
WATCH = "retraction_watch"
NOTICES = {
    "retraction": RETRACTION,
    "expression_of_concern": NoticeLink("ExpressionOfConcernIn", "expression_of_concern", True, 90000997, None),
    "erratum": NoticeLink("ErratumIn", "erratum", True, 90000996, None),
}


def says(engine: Engine, *rows: tuple[str, str, date], source: str = WATCH) -> None:
    """What another source says of the trial now: key, kind, date."""
    with writing(engine) as session:
        about = article(session).id
        told_ = [Told(key, about, kind, dated) for key, kind, dated in rows]
        tell(session, told_, run_id=run(session), source=source)
        session.commit()


def standing(engine: Engine) -> Integrity:
    with reading(engine) as session:
        found = article(session).integrity
    # That a retraction which nobody here ever heard of was taken back is no news.
    return Integrity.NONE_KNOWN if found is Integrity.REINSTATED else found


def on_claim(engine: Engine) -> list[str]:
    return [kind for kind, what in told(engine) if what == "claim:onset"]


def test_a_retraction_its_reinstatement_and_a_second_retraction_are_three_alerts(
    rested_on_both: Engine, clock: Clock
) -> None:
    retracted = trial(notices=(RETRACTION,), publication_types=(MARK,))
    for record in (retracted, trial(), retracted):
        put(rested_on_both, record)
        clock(days=1)
    assert on_claim(rested_on_both) == ["retracted", "reinstated", "retracted"]
    assert len({row.key for row in alerts(rested_on_both)}) == 15
    with reading(rested_on_both) as session:
        assert article(session).integrity is Integrity.RETRACTED


def test_a_retraction_that_others_saw_first_is_told_once_and_says_who(rested: Engine, clock: Clock) -> None:
    says(rested, ("1", "retraction", date(2026, 2, 1)))
    assert on_claim(rested) == ["retracted"]
    assert alerts(rested)[0].summary == (
        f"Varga et al. 2025 (PMID {TRIAL}) was retracted according to Retraction Watch, not to PubMed."
    )
    clock(days=1)
    put(rested, trial(notices=(RETRACTION,), publication_types=(MARK,)))
    says(rested, ("a", "retraction", date(2026, 2, 1)), source="crossref")
    assert on_claim(rested) == ["retracted"]


def test_two_sources_that_say_so_in_one_night_are_told_once(rested: Engine) -> None:
    for source in (WATCH, "crossref"):
        says(rested, ("1", "retraction", date(2026, 2, 1)), source=source)
    assert on_claim(rested) == ["retracted"]


def test_a_reinstatement_by_the_source_that_retracted_is_told(rested: Engine, clock: Clock) -> None:
    first = ("1", "retraction", date(2026, 2, 1))
    says(rested, first)
    clock(days=1)
    says(rested, first, ("2", "reinstatement", date(2026, 3, 1)))
    clock(days=1)
    says(rested, first, ("2", "reinstatement", date(2026, 3, 1)), ("3", "retraction", date(2026, 3, 2)))
    assert on_claim(rested) == ["retracted", "reinstated", "retracted"]


def test_a_reinstatement_that_pubmed_does_not_share_is_a_disagreement(rested: Engine, clock: Clock) -> None:
    put(rested, trial(notices=(RETRACTION,), publication_types=(MARK,)))
    first = ("1", "retraction", date(2026, 2, 1))
    says(rested, first)
    clock(days=1)
    says(rested, first, ("2", "reinstatement", date(2026, 3, 1)))
    assert on_claim(rested) == ["retracted", "sources_disagree"]
    assert alerts(rested)[-1].summary == (
        f"Sources disagree about Varga et al. 2025 (PMID {TRIAL}): PubMed keeps the mark, another source took it back."
    )


@pytest.mark.parametrize("then", [(), (("1", "reinstatement", date(2026, 3, 1)),)])
def test_a_statement_that_was_taken_back_or_turned_round_in_place_is_told(
    then: Any, rested: Engine, clock: Clock
) -> None:
    says(rested, ("1", "retraction", date(2026, 2, 1)))
    clock(days=1)
    says(rested, *then)
    clock(days=1)
    says(rested, ("1", "retraction", date(2026, 3, 2)))
    assert on_claim(rested) == ["retracted", "reinstated", "retracted"]


def test_a_concern_that_becomes_a_retraction_is_told_as_that(rested: Engine, clock: Clock) -> None:
    says(rested, ("1", "expression_of_concern", date(2026, 2, 1)))
    clock(days=1)
    says(rested, ("1", "retraction", date(2026, 3, 1)))
    assert on_claim(rested) == ["concern", "retracted"]


def test_a_study_that_comes_retracted_is_told_where_a_claim_named_it_before(rested: Engine) -> None:
    with writing(rested) as session:
        add_claim(session, "early", None)
        session.add(ClaimEvidence(claim_id="early", pmid=90000500, stance=Stance.SUPPORTS, linked_at=config.now()))
        session.commit()
    put(rested, trial(90000500, notices=(RETRACTION,)), trial(90000501, notices=(RETRACTION,)))
    assert told(rested) == [("retracted", "claim:early")]


def test_a_second_reason_is_kept_beside_the_first(rested: Engine, clock: Clock) -> None:
    put(rested, trial(notices=(NoticeLink("ErratumIn", "erratum", True, 90000998, None),)))
    with reading(rested) as session:
        since = session.exec(select(ClaimVerdict.stale_since).where(ClaimVerdict.claim_id == "shipped")).one()
    clock(days=1)
    put(rested, trial(notices=(RETRACTION,)))
    with reading(rested) as session:
        row = session.exec(select(ClaimVerdict).where(ClaimVerdict.claim_id == "shipped")).one()
    assert row.stale_since == since
    assert row.stale_reason is not None
    assert row.stale_reason.startswith("A correction of Varga")
    assert row.stale_reason.endswith("was retracted.")


def test_a_reinstatement_that_was_taken_back_is_the_retraction_again(rested: Engine, clock: Clock) -> None:
    first, second = ("1", "retraction", date(2026, 2, 1)), ("2", "reinstatement", date(2026, 3, 1))
    erratum = ("3", "erratum", date(2026, 1, 1))
    for rows in ((first, erratum), (first, erratum, second), (first, erratum)):
        says(rested, *rows)
        clock(days=1)
    assert on_claim(rested) == ["retracted", "reinstated", "retracted"]


KINDS = ["retraction", "expression_of_concern", "erratum", "reinstatement"]
SAID = st.lists(st.tuples(st.sampled_from("123"), st.sampled_from(KINDS), st.integers(1, 28)), max_size=3)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(nights=[(WATCH, [("1", "retraction", 2)]), (WATCH, [("1", "retraction", 1), ("2", "reinstatement", 1)])])
@given(nights=st.lists(st.tuples(st.sampled_from([WATCH, "crossref", "pubmed"]), SAID), min_size=1, max_size=4))
def test_no_change_of_how_an_article_stands_goes_untold(
    nights: list[tuple[str, list[tuple[str, str, int]]]], rested_template: Path, tmp_path_factory: Any
) -> None:
    path = tmp_path_factory.mktemp("said") / "library.db"
    shutil.copy(rested_template, path)
    engine = open_engine(f"sqlite:///{path}")
    for night, (source, rows) in enumerate(nights, 1):
        before = len(alerts(engine))
        was = standing(engine)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(config, "now", lambda night=night: datetime(2026, 4, night, tzinfo=UTC))
            if source == "pubmed":
                put(engine, trial(notices=tuple(NOTICES[kind] for _, kind, _ in rows if kind in NOTICES)))
            else:
                unique = {key: (key, kind, date(2026, 2, day)) for key, kind, day in rows}
                says(engine, *unique.values(), source=source)
        raised = alerts(engine)[before:]
        if standing(engine) is not was:
            assert raised, (was, standing(engine), nights)
    engine.dispose()
