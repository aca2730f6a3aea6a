"""What a study that is new in the library suggests about a claim."""

from dataclasses import replace

import invented_claims
import invented_studies
import pytest
from sqlalchemy import Engine

from db.engine import reading, writing
from db.queries import literature
from harvester.records import Section
from review_app.services.claim_bearing import bearing_on_claims

NO_EFFECT = 90000297


@pytest.fixture
def library(sqlite_engine: Engine) -> Engine:
    invented_claims.fill(sqlite_engine)
    told = "At 24 hours after one infusion of ketamine MADRS scores did not differ from those after midazolam."
    trial = replace(invented_claims.against(), pmid=NO_EFFECT, sections=(Section(told, "RESULTS"),))
    with writing(sqlite_engine) as session:
        invented_studies.keep(session, [trial])
        session.commit()
    return sqlite_engine


def suggested(engine: Engine, claim_id: str) -> dict[int, str]:
    """By PMID, of three studies asked about."""
    pmids = (invented_studies.TRIAL, NO_EFFECT, invented_studies.RETRACTED)
    with reading(engine) as session:
        ids = {row.id: pmid for pmid, row in literature.articles_by_pmid(session, pmids=pmids).items()}
        bearing = bearing_on_claims(session, topic_id=invented_claims.TOPIC)
        return {ids[each]: stance for each, stance in bearing(claim_id, sorted(ids)).items()}


def test_a_trial_that_found_no_difference_speaks_against_the_claim(library: Engine) -> None:
    assert suggested(library, invented_claims.ONSET)[NO_EFFECT] == "contradicts"


def test_a_retracted_study_takes_no_side(library: Engine) -> None:
    assert suggested(library, invented_claims.ONSET)[invented_studies.RETRACTED] == "related"


def test_only_the_studies_asked_about_are_answered(library: Engine) -> None:
    assert len(suggested(library, invented_claims.ONSET)) == 3


def test_a_claim_that_is_not_there_is_borne_on_by_nothing(library: Engine) -> None:
    assert suggested(library, "never-made") == {}
