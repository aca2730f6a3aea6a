"""The answer of a check keeps to its schema and says all that a dossier needs."""

import invented_claims
import invented_studies
import jsonschema
import pytest
from sqlalchemy import Engine

from db.engine import writing
from db.types import Actor, Stance
from review_app.factcheck.answer import schema
from review_app.services.documents import GivenAnswer


@pytest.fixture
def given(sqlite_engine: Engine) -> GivenAnswer:
    people: dict[str, Actor] = invented_claims.fill(sqlite_engine)
    return invented_claims.answered(sqlite_engine, people["Dov"])


def test_the_answer_keeps_to_its_schema(given: GivenAnswer) -> None:
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(given.answer)) == []


def test_the_blocks_cover_every_sentence(given: GivenAnswer) -> None:
    blocks = given.answer["blocks"]
    for item in given.answer["sentences"]:
        assert any(block["start"] <= item["start"] and item["end"] <= block["end"] for block in blocks)
    assert [block["kind"] for block in blocks][-1] == "list_item"


def test_a_matched_sentence_says_what_is_missing_and_what_holds_instead(given: GivenAnswer) -> None:
    claim = invented_claims.sentence_about(given.answer, invented_claims.TOO_FAR)["claim"]
    assert claim["missing_qualifiers"] == ["for a few days, not for good"]
    assert claim["rewording"] == invented_claims.REWORDING
    stated = invented_claims.sentence_about(given.answer, invented_claims.STATEMENT)["claim"]
    assert [(one["pmid"], one["stance"]) for one in stated["not_held"]] == [(invented_claims.NOT_HELD, "supports")]


def test_evidence_says_whether_the_claim_names_it(given: GivenAnswer) -> None:
    evidence = invented_claims.sentence_about(given.answer, invented_claims.STATEMENT)["evidence"]
    linked = {one["pmid"] for one in evidence if one["linked"]}
    assert {invented_studies.TRIAL, invented_claims.AGAINST} <= linked


def test_a_sentence_that_is_no_claim_says_why(given: GivenAnswer) -> None:
    item = invented_claims.sentence_about(given.answer, "Our rooms are quiet")
    assert (item["checkable"], item["verdict"]) == (False, None)
    assert item["checkability_reasons"] == ["about the practice or the page"]


def test_what_ships_without_a_quote_carries_its_note(given: GivenAnswer) -> None:
    evidence = invented_claims.sentence_about(given.answer, invented_claims.STATEMENT)["evidence"]
    notes = {one["reference"]: one["note"] for one in evidence if one["linked"]}
    assert "Lower scores at 24 hours" in notes.values()
    assert notes["INVENTEX label, version 3, 2026-01-05, Indications"] == "Adults only"
    assert all(not one["note"] for one in evidence if not one["linked"])


def test_a_study_that_ships_with_the_claim_and_that_somebody_quotes_is_one_piece(sqlite_engine: Engine) -> None:
    people = invented_claims.fill(sqlite_engine)
    with writing(sqlite_engine) as session:
        invented_claims.link(session, actor=people["Ben"], stance=Stance.SUPPORTS)
    answer = invented_claims.answered(sqlite_engine, people["Dov"]).answer
    evidence = invented_claims.sentence_about(answer, invented_claims.STATEMENT)["evidence"]
    (trial,) = [one for one in evidence if one["pmid"] == invented_studies.TRIAL]
    assert trial["reviewed"] is True
    assert trial["quote"]
    assert trial["note"] == "Lower scores at 24 hours"
