"""A check against the library as it stood: claims, evidence, verdicts and studies are invented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import invented_claims
import invented_studies
import jsonschema
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import reading, writing
from db.models import ClaimEvidence, ClaimVersion, Label
from db.types import Actor, LinkState, Role, Stance, Verdict, WordingKind
from harvester.records import NoticeLink, PublicationType, Section
from review_app.factcheck.answer import schema, to_json
from review_app.services import checking, claims, documents
from review_app.services.document_view import document_view
from review_app.services.errors import Invalid

FIRST, TENTH, TWENTIETH = date(2026, 3, 1), date(2026, 3, 10), date(2026, 3, 20)
NEW_WORDING = "A day after ketamine the mood of some people is brighter."
Clock = Callable[..., None]


@pytest.fixture
def people(sqlite_engine: Engine, clock: Clock) -> dict[str, Actor]:
    """The library began on 1 March 2026; it is the 20th now."""
    actors = invented_claims.fill(sqlite_engine)
    clock(days=19)
    return actors


def answer(engine: Engine, day: date | None, copy: str = invented_claims.COPY) -> dict[str, Any]:
    with reading(engine) as session:
        opened = checking.library(session, viewer=_READER, topic_id=invented_claims.TOPIC, day=day)
        text = checking.document_from(copy.encode(), name="pasted text")
        return to_json(checking.check_document(opened, text, source="pasted text", profile="clinic"))


def about(told: dict[str, Any]) -> dict[str, Any]:
    return invented_claims.sentence_about(told, invented_claims.STATEMENT)


def trial(told: dict[str, Any]) -> dict[str, Any]:
    (found,) = [one for one in about(told)["evidence"] if one["pmid"] == invented_studies.TRIAL]
    assert isinstance(found, dict)
    return found


def keep(engine: Engine, *records: Any) -> None:
    with writing(engine) as session:
        invented_studies.keep(session, list(records))
        session.commit()


def retracted() -> Any:
    return replace(
        invented_studies.trial(),
        title="Retracted: a single infusion of ketamine",
        sections=(Section("The authors retract this article.", "RETRACTION"),),
        publication_types=(PublicationType("D016441", "Retracted Publication"),),
        notices=(NoticeLink("RetractionIn", "retraction", True, 90000777),),
    )


_READER = Actor(None, "a reader", Role.READ_ONLY)


def test_an_answer_says_of_which_day_it_is_and_what_could_not_be_derived(
    sqlite_engine: Engine, people: dict[str, Actor]
) -> None:
    then, now = answer(sqlite_engine, TENTH), answer(sqlite_engine, None)
    assert (then["as_of"], now["as_of"], now["limits"]) == ("2026-03-10", None, [])
    assert any("merged" in limit for limit in then["limits"])
    assert list(jsonschema.Draft202012Validator(schema()).iter_errors(then)) == []


def test_nothing_happened_since_so_the_answer_is_that_of_today(sqlite_engine: Engine, people: dict[str, Actor]) -> None:
    then, now = answer(sqlite_engine, FIRST), answer(sqlite_engine, None)
    assert then["sentences"] == now["sentences"]
    assert then["library"] == now["library"]


def test_a_study_that_was_retracted_since_stands_as_it_stood(sqlite_engine: Engine, people: dict[str, Actor]) -> None:
    keep(sqlite_engine, retracted())
    then, now = answer(sqlite_engine, TENTH), answer(sqlite_engine, TWENTIETH)
    assert (trial(then)["integrity"], trial(now)["integrity"]) == ("corrected", "retracted")
    assert trial(then)["title"] == invented_studies.trial().title
    assert trial(now)["title"].startswith("Retracted")
    assert (about(then)["standing"], about(now)["standing"]) == ("current", "stale")


def test_a_study_that_came_since_is_neither_suggested_nor_linked(
    sqlite_engine: Engine, people: dict[str, Actor]
) -> None:
    later = replace(invented_studies.trial(), pmid=invented_claims.NOT_HELD, doi=None, pmcid=None)
    keep(sqlite_engine, later)
    then, now = answer(sqlite_engine, TENTH), answer(sqlite_engine, None)
    assert invented_claims.NOT_HELD not in {one["pmid"] for item in then["sentences"] for one in item["evidence"]}
    assert [one["pmid"] for one in about(then)["claim"]["not_held"]] == [invented_claims.NOT_HELD]
    assert about(now)["claim"]["not_held"] == []
    assert now["library"]["articles"] == then["library"]["articles"] + 1


def test_a_verdict_counts_from_when_it_was_given(sqlite_engine: Engine, people: dict[str, Actor]) -> None:
    invented_claims.judge(sqlite_engine, people["Ben"], Verdict.OVERSTATED, "Too strong for two small trials.")
    then, now = about(answer(sqlite_engine, TENTH)), about(answer(sqlite_engine, TWENTIETH))
    assert (then["verdict"], then["basis"]) == ("supported", "library")
    assert (now["verdict"], now["basis"]) == ("overstated", "reviewed")


def test_evidence_counts_from_when_it_was_linked_until_it_was_taken_back(
    sqlite_engine: Engine, people: dict[str, Actor], clock: Clock
) -> None:
    with writing(sqlite_engine) as session:
        row = invented_claims.link(session, actor=people["Ben"], stance=Stance.SUPPORTS)
    clock(days=2)
    with writing(sqlite_engine) as session:
        claims.withdraw_evidence(session, actor=people["Ben"], evidence_id=row)
    reviewed = {day: trial(answer(sqlite_engine, day))["reviewed"] for day in (TENTH, TWENTIETH)}
    assert reviewed == {TENTH: False, TWENTIETH: True}
    assert trial(answer(sqlite_engine, None))["reviewed"] is False


def test_a_wording_counts_from_when_it_was_added(sqlite_engine: Engine, people: dict[str, Actor]) -> None:
    with writing(sqlite_engine) as session:
        claims.add_wording(
            session,
            actor=people["Ada"],
            claim_id=invented_claims.ONSET,
            text=NEW_WORDING,
            kind=WordingKind.WORDING,
            verdict=Verdict.SUPPORTED,
        )
    (then,), (now,) = (answer(sqlite_engine, day, NEW_WORDING)["sentences"] for day in (TENTH, TWENTIETH))
    assert now["claim"]["match"] == "exact"
    assert then["claim"] is None or then["claim"]["match"] != "exact"


def test_a_label_is_evidence_from_the_day_it_is_effective(sqlite_engine: Engine, people: dict[str, Actor]) -> None:
    with writing(sqlite_engine) as session:
        label = session.exec(select(Label).where(Label.name == "INVENTEX")).one()
        label.effective = date(2026, 3, 15)
        session.commit()
    kinds = {day: [one["kind"] for one in about(answer(sqlite_engine, day))["evidence"]] for day in (TENTH, TWENTIETH)}
    assert "label" not in kinds[TENTH]
    assert "label" in kinds[TWENTIETH]


def test_a_claim_is_used_within_its_own_dates_and_overdue_after_its_review_date(
    sqlite_engine: Engine, people: dict[str, Actor]
) -> None:
    invented_claims.judge(sqlite_engine, people["Ben"], Verdict.SUPPORTED, "Two trials.")
    with writing(sqlite_engine) as session:
        version = session.exec(select(ClaimVersion).where(ClaimVersion.claim_id == invented_claims.ONSET)).one()
        version.valid_from, version.review_by = date(2026, 3, 5), date(2026, 3, 15)
        session.commit()
    named = {day: about(answer(sqlite_engine, day))["claim"] for day in (FIRST, TENTH)}
    assert (named[FIRST] or {}).get("id") != invented_claims.ONSET
    assert named[TENTH]["id"] == invented_claims.ONSET
    assert about(answer(sqlite_engine, TWENTIETH))["standing"] == "overdue"


def test_a_day_that_the_library_cannot_know_is_an_error_that_says_what_to_do(
    sqlite_engine: Engine, people: dict[str, Actor]
) -> None:
    with pytest.raises(Invalid, match="leave --as-of out"):
        answer(sqlite_engine, date(2026, 3, 21))
    with pytest.raises(Invalid, match=r"began on 2026-03-01.*give a day since then"):
        answer(sqlite_engine, date(2026, 2, 28))


def test_nothing_is_written(sqlite_engine: Engine, people: dict[str, Actor]) -> None:
    keep(sqlite_engine, retracted())
    answer(sqlite_engine, TENTH)
    with reading(sqlite_engine) as session:
        assert session.exec(select(ClaimEvidence).where(ClaimEvidence.withdrawn_at.is_not(None))).all() == []  # type: ignore[union-attr]
    assert trial(answer(sqlite_engine, None))["integrity"] == "retracted"


def test_a_link_that_somebody_rejected_is_not_suggested_again_unless_it_is_accepted_later(
    sqlite_engine: Engine, people: dict[str, Actor], clock: Clock
) -> None:
    document = invented_claims.keep_copy(sqlite_engine, people["Dov"])
    assert about(answer(sqlite_engine, None))["claim"]["id"] == invented_claims.ONSET
    decide(sqlite_engine, people["Dov"], document, LinkState.REJECTED)
    clock(days=1)
    rejected = about(answer(sqlite_engine, None, f"Other copy. {invented_claims.STATEMENT}"))
    assert (rejected["claim"] or {}).get("id") != invented_claims.ONSET
    assert "rejected-here" in rejected["rules"]
    assert about(answer(sqlite_engine, TENTH))["claim"]["id"] == invented_claims.ONSET
    decide(sqlite_engine, people["Dov"], document, LinkState.ACCEPTED)
    assert about(answer(sqlite_engine, None))["claim"]["id"] == invented_claims.ONSET


def decide(engine: Engine, actor: Actor, document: int, state: LinkState) -> None:
    with writing(engine) as session:
        view = document_view(session, viewer=actor, document_id=document)
        assert view is not None
        (sentence,) = [one for one in view.sentences if one.answer["text"] == invented_claims.STATEMENT]
        documents.decide_link(
            session, actor=actor, document_id=document, sentence_id=sentence.sentence_id,
            claim_id=invented_claims.ONSET, state=state, reason="It speaks of another drug.",
        )  # fmt: skip
