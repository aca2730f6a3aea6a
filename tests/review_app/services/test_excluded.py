"""The list of what was excluded with its reasons, as a file for each to read as far as they may."""

import csv
import io

import invented_screening
import invented_studies
import pytest
from invented_screening import vote
from sqlalchemy import Engine
from sqlmodel import col, select
from study_page import actor

from db.engine import reading, writing
from db.models import Record, Review
from db.queries import accounts as account_queries
from db.types import Decision, Stage
from review_app.services import accounts, screening
from review_app.services.errors import Refused
from review_app.services.excluded import excluded_as_file
from review_app.services.exclusion_reasons import Wanted, change_reasons
from review_app.services.review_settings import criteria_of

EXCLUDE, FULL_TEXT = Decision.EXCLUDE, Stage.FULL_TEXT


@pytest.fixture
def review(library: Engine) -> Review:
    return invented_screening.begin_full_text(library)


def records(engine: Engine) -> list[int]:
    with reading(engine) as session:
        return list(session.exec(select(Record.id).order_by(col(Record.id))))


def told(engine: Engine, name: str) -> list[dict[str, str]]:
    with writing(engine) as session:
        member = account_queries.member_by_name(session, name=name)
        token = accounts.sign_in(session, name=name, member=member)
    file = excluded_as_file(engine, token=token, topic_id=invented_studies.TOPIC)
    return list(csv.DictReader(io.StringIO(file.decode())))


def test_each_exclusion_comes_with_its_stage_and_its_reason(library: Engine, review: Review) -> None:
    trial = invented_screening.trial_record(library)
    other = next(record for record in records(library) if record != trial)
    for name, reason in (("Ben", "design"), ("Cleo", "population")):
        vote(library, name, other, EXCLUDE, reason=reason)
        vote(library, name, trial, EXCLUDE, FULL_TEXT, reason="outcome")
    first, second = told(library, "Ada")
    assert (first["stage"], first["reason_id"], first["reason"]) == ("title_abstract", "population", "Population")
    assert (second["stage"], second["reason_id"]) == ("full_text", "outcome")
    assert second["pmid"] == str(invented_studies.TRIAL)
    assert second["title"] == invented_studies.trial().title


def test_a_retired_reason_and_a_renamed_one_stay_in_the_list(library: Engine, review: Review) -> None:
    trial = invented_screening.trial_record(library)
    for name in ("Ben", "Cleo"):
        vote(library, name, trial, EXCLUDE, FULL_TEXT, reason="design")
    with writing(library) as session:
        listed = criteria_of(session, review_id=review.id).reasons[FULL_TEXT.value]
        wanted = [
            Wanted(each.id, "Not randomised" if each.id == "design" else each.label, "", place, each.id != "design")
            for place, each in enumerate(listed, start=1)
        ]
        change_reasons(
            session, actor=actor(library, "Ada"), review_id=review.id, stage=FULL_TEXT, seen=0, wanted=wanted
        )
    [row] = told(library, "Ada")
    assert (row["reason_id"], row["reason"]) == ("design", "Not randomised")


def test_a_single_vote_is_in_nobodys_list_and_a_ruling_is_in_everybodys(library: Engine, review: Review) -> None:
    trial = invented_screening.trial_record(library)
    vote(library, "Ben", trial, EXCLUDE, FULL_TEXT, reason="design")
    assert told(library, "Cleo") == told(library, "Ada") == told(library, "Ben") == []
    vote(library, "Cleo", trial, Decision.INCLUDE, FULL_TEXT)
    with writing(library) as session:
        ada = actor(library, "Ada")
        screening.adjudicate(
            session, actor=ada, record_id=trial, stage=FULL_TEXT, decision=EXCLUDE, reason="No trial",
            exclusion_reason="outcome",
        )  # fmt: skip
    assert [row["reason_id"] for row in told(library, "Dov")] == ["outcome"]


def test_who_did_not_vote_on_a_record_does_not_read_the_reasons_of_those_who_did(
    library: Engine, review: Review
) -> None:
    trial = invented_screening.trial_record(library)
    for name in ("Ben", "Cleo"):
        vote(library, name, trial, EXCLUDE, FULL_TEXT, reason="design")
    assert [row["reason"] for row in told(library, "Dov")] == [""]
    assert [row["reason"] for row in told(library, "Ben")] == ["Design"]


def test_it_is_not_made_for_who_has_signed_out(library: Engine, review: Review) -> None:
    with pytest.raises(Refused, match="sign in to download"):
        excluded_as_file(library, token="forged", topic_id=invented_studies.TOPIC)
