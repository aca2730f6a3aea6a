"""Claims come in from files, on both engines: nothing that people wrote is touched, nothing is overwritten."""

from dataclasses import replace
from typing import Any

import invented_claims
import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from db.engine import reading, writing
from db.models import Claim, Label, Wording
from db.queries import claims as claim_queries
from db.queries.claims import ClaimPage
from db.types import Actor, Certainty, ClaimOrigin, Stance, Verdict, WordingKind
from review_app.factcheck import model
from review_app.factcheck.claims_file import ShippedClaim, dump_claims, load_claims
from review_app.factcheck.labels_file import LabelSection, ShippedLabel, load_labels
from review_app.services import claims, claims_library
from review_app.services.errors import Invalid, Refused
from review_app.services.library import SHIPPED_BY

ONSET, TOPIC = invented_claims.ONSET, invented_claims.TOPIC


@pytest.fixture
def people(engine: Engine) -> dict[str, Actor]:
    return invented_claims.fill(engine)


def shipped() -> ShippedClaim:
    return next(claim for claim in load_claims(invented_claims.CLAIMS) if claim.id == ONSET)


def ship(engine: Engine, *given: ShippedClaim) -> int:
    with writing(engine) as session:
        changed = claims_library.load_shipped(
            session, actor=SHIPPED_BY, topic_id=TOPIC, claims=given, labels=(), notices=()
        )
        session.commit()
    return changed


def ship_label(engine: Engine, label: ShippedLabel) -> Label:
    with writing(engine) as session:
        claims_library.load_shipped(session, actor=SHIPPED_BY, topic_id=TOPIC, claims=(), labels=(label,), notices=())
        session.commit()
        return session.exec(select(Label)).one()


def page(engine: Engine, viewer: Actor) -> ClaimPage:
    with reading(engine) as session:
        found = claim_queries.claim(session, viewer=viewer, claim_id=ONSET)
    assert found is not None
    return found


def test_the_same_file_changes_nothing(engine: Engine, people: dict[str, Actor]) -> None:
    assert ship(engine, shipped()) == 0
    assert page(engine, people["Ada"]).version.number == 1


def test_a_new_statement_is_a_new_version_and_the_old_one_stays(engine: Engine, people: dict[str, Actor]) -> None:
    assert ship(engine, replace(shipped(), statement="Ketamine may ease depression for a day.")) == 1
    with reading(engine) as session:
        said = [row.statement for row in claim_queries.versions(session, claim_id=ONSET)]
    assert said == ["Ketamine may ease depression for a day.", invented_claims.STATEMENT]


def test_what_a_file_no_longer_says_is_withdrawn_and_kept(engine: Engine, people: dict[str, Actor]) -> None:
    ship(engine, replace(shipped(), overstatements=(), evidence=()))
    found = page(engine, people["Ada"])
    assert [row for row in found.wordings if row.kind is WordingKind.GOES_TOO_FAR] == []
    assert found.evidence == ()
    with reading(engine) as session:
        rows = session.exec(select(Wording).where(col(Wording.withdrawn_at).is_not(None))).all()
    assert [row.text for row in rows] == [invented_claims.TOO_FAR]


def test_a_remark_that_changes_is_no_new_version_and_a_verdict_stands(engine: Engine, people: dict[str, Actor]) -> None:
    before = page(engine, people["Ada"])
    with writing(engine) as session:
        claims.give_verdict(
            session, actor=people["Ada"], claim_id=ONSET, version_number=1, verdict=Verdict.SUPPORTED,
            certainty=Certainty.LOW, reason="Read", contradicting_seen=[row.id for row in before.evidence],
        )  # fmt: skip
    evidence = tuple(replace(each, note=f"{each.note}, reworded") for each in shipped().evidence)
    told = replace(shipped(), certainty_note="Unblinded.", source="invented trials, 2026", evidence=evidence)
    assert ship(engine, told) == 1
    found = page(engine, people["Ada"])
    assert (found.version.number, found.version.certainty_note) == (1, "Unblinded.")
    assert found.version.source == "invented trials, 2026"
    assert found.verdict is not None
    assert [row.id for row in found.evidence] == [row.id for row in before.evidence]
    assert all(row.note.endswith(", reworded") for row in found.evidence)
    assert ship(engine, told) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"certainty": "low"},
        {"wordings": ()},
        {"overstatements": (*shipped().overstatements, model.Wording("Ketamine cures.", "contradicted"))},
        {"evidence": shipped().evidence[1:]},
        {"evidence": (replace(shipped().evidence[0], stance="qualifies"), *shipped().evidence[1:])},
    ],
)
def test_what_a_verdict_is_about_makes_a_new_version(
    engine: Engine, people: dict[str, Actor], change: dict[str, Any]
) -> None:
    assert ship(engine, replace(shipped(), **change)) == 1
    assert page(engine, people["Ada"]).version.number == 2


def test_evidence_that_a_person_withdrew_does_not_come_back_with_a_file(
    engine: Engine, people: dict[str, Actor]
) -> None:
    (first, *rest) = page(engine, people["Ada"]).evidence
    with writing(engine) as session:
        claims.withdraw_evidence(session, actor=people["Ada"], evidence_id=first.id)
    ship(engine, replace(shipped(), statement="Ketamine may ease depression for a day."))
    assert [row.id for row in page(engine, people["Ada"]).evidence] == [row.id for row in rest]


def test_what_people_wrote_outlives_a_new_file(engine: Engine, people: dict[str, Actor]) -> None:
    with writing(engine) as session:
        mine = claims.add_wording(
            session, actor=people["Dov"], claim_id=ONSET, text="A day later many feel better.",
            kind=WordingKind.WORDING, verdict=Verdict.SUPPORTED,
        )  # fmt: skip
    with writing(engine) as session:
        linked = invented_claims.link(session, actor=people["Cleo"], stance=Stance.QUALIFIES)
    ship(engine, replace(shipped(), wordings=(), evidence=(), statement="Ketamine may ease depression for a day."))
    found = page(engine, people["Ada"])
    assert mine.id in [row.id for row in found.wordings]
    assert [row.id for row in found.evidence] == [linked]


def test_a_rewording_comes_with_its_wording(engine: Engine, people: dict[str, Actor]) -> None:
    better = "In trials, ketamine eased depression within a day."
    too_far = model.Wording(invented_claims.TOO_FAR, "overstated", better)
    ship(engine, replace(shipped(), overstatements=(too_far,)))
    wordings = [row for row in page(engine, people["Ada"]).wordings if row.kind is WordingKind.GOES_TOO_FAR]
    assert [row.rewording for row in wordings] == [better]


def test_eve_may_not_load_a_file_and_a_writer_may(engine: Engine, people: dict[str, Actor]) -> None:
    other = replace(shipped(), id="invented-other")
    with writing(engine) as session, pytest.raises(Refused):
        claims_library.load_file(session, actor=people["Eve"], topic_id=TOPIC, claims=[other])
    with writing(engine) as session:
        assert claims_library.load_file(session, actor=people["Dov"], topic_id=TOPIC, claims=[other]) == 1
    with reading(engine) as session:
        claim = session.get(Claim, "invented-other")
    assert claim is not None
    assert claim.origin is ClaimOrigin.LOADED


def test_a_claim_of_another_topic_keeps_its_id(engine: Engine, people: dict[str, Actor]) -> None:
    with writing(engine) as session, pytest.raises(Invalid, match="belongs to the topic"):
        claims_library.load_file(session, actor=people["Ada"], topic_id="another-topic", claims=[shipped()])


def test_claims_go_out_as_they_came_in(engine: Engine, people: dict[str, Actor]) -> None:
    with reading(engine) as session:
        out = claims_library.shipped_form(session, viewer=people["Ada"], topic_id=TOPIC)
    text = dump_claims(out, topic=TOPIC, version="2026-03-01", source="an invented library")
    found = {claim.id: claim for claim in load_claims(text)}
    assert found[ONSET] == shipped()


def test_a_new_summary_of_a_label_leaves_the_text_that_a_night_brought(
    engine: Engine, people: dict[str, Actor]
) -> None:
    (label,), _ = load_labels(invented_claims.LABELS)
    night: list[dict[str, Any]] = [
        {"loinc": "34066-1", "title": "BOXED WARNING", "text": "An invented warning."},
        {"loinc": "34067-9", "title": "Indications", "text": "Invented adults.", "points": ["For adults."]},
        {"loinc": "42229-5", "title": "", "text": "One part."},
        {"loinc": "42229-5", "title": "", "text": "Another part."},
    ]
    with writing(engine) as session:
        session.exec(select(Label)).one().sections = night
        session.commit()
    summary = LabelSection("34067-9", "Indications and Usage", ("For adults only.",))
    added = LabelSection("34068-7", "Dosage", ("Under supervision.",))
    kept = ship_label(engine, replace(label, sections=(summary, added)))
    assert kept.sections == [
        night[0],
        {
            "loinc": "34067-9",
            "title": "Indications and Usage",
            "text": "Invented adults.",
            "points": ["For adults only."],
        },
        *night[2:],
        {"loinc": "34068-7", "title": "Dosage", "points": ["Under supervision."]},
    ]
    assert ship_label(engine, replace(label, sections=())).sections == [
        {key: section[key] for key in ("loinc", "title", "text")} for section in kept.sections[:-1]
    ]
