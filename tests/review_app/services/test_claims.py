"""Members write claims and decide what holds, on both engines."""

from typing import Any

import invented_claims
import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from db import audit
from db.engine import reading, writing
from db.models import AuditEvent, ClaimVerdict, Review
from db.queries import claims as claim_queries
from db.queries.claims import ClaimPage
from db.types import Actor, Certainty, ClaimOrigin, ClaimStatus, Role, Stance, Verdict, WordingKind
from review_app.services import claims
from review_app.services.check_library import check_library
from review_app.services.claims_view import claim_lines, claim_view
from review_app.services.errors import Conflict, Invalid, NotFound, Refused

ONSET, TOPIC = invented_claims.ONSET, invented_claims.TOPIC


@pytest.fixture
def people(engine: Engine) -> dict[str, Actor]:
    return invented_claims.fill(engine)


def page(engine: Engine, viewer: Actor, claim_id: str = ONSET) -> ClaimPage:
    with reading(engine) as session:
        found = claim_queries.claim(session, viewer=viewer, claim_id=claim_id)
    assert found is not None
    return found


def give(engine: Engine, actor: Actor, verdict: Verdict = Verdict.SUPPORTED, **given: Any) -> ClaimVerdict:
    seen = [row.id for row in page(engine, actor).evidence]
    said: dict[str, Any] = {"version_number": 1, "reason": "Two trials agree.", "contradicting_seen": seen, **given}
    with writing(engine) as session:
        return claims.give_verdict(
            session, actor=actor, claim_id=ONSET, verdict=verdict, certainty=Certainty.LOW, **said
        )


def blind(engine: Engine) -> None:
    """The review of the topic becomes dual and blinded."""
    with writing(engine) as session:
        review = session.exec(select(Review).order_by(col(Review.id)).limit(1)).one()
        review.dual, review.blinded = True, True
        session.add(review)
        session.commit()


def seen_by(engine: Engine, viewer: Actor) -> list[str]:
    return [row.verdict.value for row in page(engine, viewer).verdicts]


def actions(engine: Engine) -> list[str]:
    with reading(engine) as session:
        assert audit.problems(session) == []
        return [event.action for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))]


def test_a_member_writes_a_claim_as_a_draft(engine: Engine, people: dict[str, Actor]) -> None:
    statement = "Ketamine  is given\nin invented clinics."
    with writing(engine) as session:
        made = claims.create_claim(session, actor=people["Dov"], topic_id=TOPIC, statement=statement, topics=["onset"])
    found = page(engine, people["Ben"], made.id)
    assert made.id == "ketamine-is-given-in-invented-clinics"
    assert found.version.statement == "Ketamine is given in invented clinics."
    assert (found.claim.origin, found.status) == (ClaimOrigin.CREATED, ClaimStatus.DRAFT)
    assert actions(engine)[-1] == "claim_created"


def test_two_claims_with_one_beginning_get_two_ids(engine: Engine, people: dict[str, Actor]) -> None:
    made = []
    for end in ("today", "tomorrow"):
        statement = f"Ketamine helps many people in clinics {end}."
        with writing(engine) as session:
            claim = claims.create_claim(session, actor=people["Ada"], topic_id=TOPIC, statement=statement, topics=[])
            made.append(claim.id)
    assert made == ["ketamine-helps-many-people-in-clinics", "ketamine-helps-many-people-in-clinics-2"]


def test_a_draft_vouches_for_nothing_until_somebody_has_judged_it(engine: Engine, people: dict[str, Actor]) -> None:
    def known() -> set[str]:
        with reading(engine) as session:
            return {claim.id for claim in check_library(session, viewer=people["Ben"], topic_id=TOPIC).claims}

    statement = "Ketamine is given in invented clinics."
    with writing(engine) as session:
        made = claims.create_claim(session, actor=people["Ben"], topic_id=TOPIC, statement=statement, topics=[])
    assert ONSET in known()
    assert made.id not in known()
    with writing(engine) as session:
        claims.give_verdict(
            session,
            actor=people["Ben"],
            claim_id=made.id,
            version_number=1,
            verdict=Verdict.SUPPORTED,
            certainty=Certainty.LOW,
            reason="Seen there.",
            contradicting_seen=[],
        )
    assert made.id in known()


@pytest.mark.parametrize("statement", ["", "Too short", "x" * 601, " \n "])
def test_a_statement_is_one_sentence_of_some_length(engine: Engine, people: dict[str, Actor], statement: str) -> None:
    with writing(engine) as session, pytest.raises(Invalid, match="one sentence"):
        claims.create_claim(session, actor=people["Ada"], topic_id=TOPIC, statement=statement, topics=[])


def test_eve_is_refused_everything(engine: Engine, people: dict[str, Actor]) -> None:
    eve = people["Eve"]
    before = actions(engine)
    with pytest.raises(Refused, match="may not give a verdict"):
        give(engine, eve)
    with writing(engine) as session, pytest.raises(Refused, match="may not write claims"):
        claims.create_claim(session, actor=eve, topic_id=TOPIC, statement="Ketamine is a drug.", topics=[])
    with writing(engine) as session, pytest.raises(Refused, match="may not write claims"):
        claims.add_wording(
            session, actor=eve, claim_id=ONSET, text="Ketamine is quick.", kind=WordingKind.WORDING,
            verdict=Verdict.SUPPORTED,
        )  # fmt: skip
    with writing(engine) as session, pytest.raises(Refused, match="may not link quotes"):
        invented_claims.link(session, actor=eve, stance=Stance.SUPPORTS)
    with writing(engine) as session, pytest.raises(Refused, match="may not link quotes"):
        claims.withdraw_evidence(session, actor=eve, evidence_id=1)
    assert actions(engine) == before


def test_a_writer_does_not_judge(engine: Engine, people: dict[str, Actor]) -> None:
    with pytest.raises(Refused):
        give(engine, people["Dov"])


def test_a_command_is_no_member_and_does_not_judge(engine: Engine, people: dict[str, Actor]) -> None:
    with pytest.raises(ValueError, match="no member"):
        give(engine, Actor(None, "nightly", Role.LEAD))


def test_a_verdict_needs_a_reason(engine: Engine, people: dict[str, Actor]) -> None:
    with pytest.raises(Invalid, match="needs a reason"):
        give(engine, people["Ben"], reason="  ")


def test_contradicting_evidence_must_have_been_seen(engine: Engine, people: dict[str, Actor]) -> None:
    with pytest.raises(Conflict, match="contradicting evidence"):
        give(engine, people["Ben"], contradicting_seen=[])
    assert seen_by(engine, people["Ben"]) == []


def test_a_verdict_on_an_earlier_version_is_refused(engine: Engine, people: dict[str, Actor]) -> None:
    with pytest.raises(Conflict, match="changed while you read"):
        give(engine, people["Ben"], version_number=2)


def test_a_verdict_on_no_claim_is_refused(engine: Engine, people: dict[str, Actor]) -> None:
    with writing(engine) as session, pytest.raises(NotFound):
        claims.give_verdict(
            session, actor=people["Ben"], claim_id="nothing", version_number=1, verdict=Verdict.SUPPORTED,
            certainty=Certainty.LOW, reason="Why not", contradicting_seen=[],
        )  # fmt: skip


def test_a_later_verdict_counts_and_the_earlier_one_stays(engine: Engine, people: dict[str, Actor]) -> None:
    give(engine, people["Ben"], Verdict.SUPPORTED)
    give(engine, people["Ben"], Verdict.OVERSTATED)
    found = page(engine, people["Ada"])
    assert [row.verdict.value for row in found.verdicts] == ["supported", "overstated"]
    assert found.verdict is not None
    assert found.verdict.verdict is Verdict.OVERSTATED
    assert actions(engine)[-2:] == ["verdict_given", "verdict_given"]


def test_in_a_blinded_dual_review_nobody_sees_the_other_verdict_before_their_own(
    engine: Engine, people: dict[str, Actor]
) -> None:
    blind(engine)
    give(engine, people["Ben"], Verdict.SUPPORTED)
    assert seen_by(engine, people["Ben"]) == ["supported"]
    assert seen_by(engine, people["Cleo"]) == []
    with reading(engine) as session:
        line = next(row for row in claim_lines(session, viewer=people["Cleo"], topic_id=TOPIC) if row.id == ONSET)
        view = claim_view(session, viewer=people["Cleo"], claim_id=ONSET)
    assert (line.verdict, line.basis) == ("supported", "library")
    assert view is not None
    assert (view.verdicts, view.blinded) == ((), True)
    give(engine, people["Cleo"], Verdict.OVERSTATED)
    assert seen_by(engine, people["Cleo"]) == ["supported", "overstated"]


def test_a_command_sees_no_verdict_of_a_blinded_review(engine: Engine, people: dict[str, Actor]) -> None:
    blind(engine)
    give(engine, people["Ben"])
    assert seen_by(engine, Actor(None, "factcheck", Role.READ_ONLY)) == []


def test_a_wording_is_added_once(engine: Engine, people: dict[str, Actor]) -> None:
    for said in ("A day later many feel better.", "a day later  MANY feel better."):
        with writing(engine) as session:
            adding = {"kind": WordingKind.WORDING, "verdict": Verdict.SUPPORTED}
            if said.startswith("A"):
                claims.add_wording(session, actor=people["Dov"], claim_id=ONSET, text=said, **adding)  # type: ignore[arg-type]
            else:
                with pytest.raises(Conflict, match="already"):
                    claims.add_wording(session, actor=people["Dov"], claim_id=ONSET, text=said, **adding)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "verdict"),
    [(WordingKind.WORDING, Verdict.OVERSTATED), (WordingKind.GOES_TOO_FAR, Verdict.SUPPORTED)],
)
def test_a_wording_that_goes_too_far_is_not_supported(
    engine: Engine, people: dict[str, Actor], kind: WordingKind, verdict: Verdict
) -> None:
    with writing(engine) as session, pytest.raises(Invalid, match="goes too far"):
        claims.add_wording(
            session, actor=people["Dov"], claim_id=ONSET, text="Ketamine is quick.", kind=kind, verdict=verdict
        )


def test_a_link_is_withdrawn_by_who_made_it_or_a_lead_and_stays_readable(
    engine: Engine, people: dict[str, Actor]
) -> None:
    with writing(engine) as session:
        row_id = invented_claims.link(session, actor=people["Cleo"], stance=Stance.SUPPORTS)
    with writing(engine) as session, pytest.raises(Refused, match="Only the member"):
        claims.withdraw_evidence(session, actor=people["Ben"], evidence_id=row_id)
    with writing(engine) as session:
        claims.withdraw_evidence(session, actor=people["Ada"], evidence_id=row_id)
    assert row_id not in [row.id for row in page(engine, people["Cleo"]).evidence]
    with writing(engine) as session, pytest.raises(NotFound, match="already"):
        claims.withdraw_evidence(session, actor=people["Cleo"], evidence_id=row_id)
    assert actions(engine)[-2:] == ["evidence_linked", "evidence_withdrawn"]


def test_one_sentence_is_linked_to_a_claim_once(engine: Engine, people: dict[str, Actor]) -> None:
    with writing(engine) as session:
        invented_claims.link(session, actor=people["Cleo"], stance=Stance.SUPPORTS)
    with writing(engine) as session, pytest.raises(Conflict, match="already"):
        invented_claims.link(session, actor=people["Ben"], stance=Stance.QUALIFIES)


def test_a_claim_shows_its_evidence_with_who_linked_it(engine: Engine, people: dict[str, Actor]) -> None:
    with writing(engine) as session:
        invented_claims.link(session, actor=people["Cleo"], stance=Stance.QUALIFIES)
    with reading(engine) as session:
        view = claim_view(session, viewer=people["Ben"], claim_id=ONSET)
    assert view is not None
    linked = {(row.stance.value, row.pmid): row for row in view.evidence}
    assert linked["qualifies", invented_studies.TRIAL].quote == "By day 7 the groups did not differ."
    assert linked["qualifies", invented_studies.TRIAL].linked_by == "Cleo"
    assert linked["supports", invented_claims.NOT_HELD].article_id is None
    assert linked["contradicts", invented_claims.AGAINST].linked_by is None
    assert dict(view.line.stances) == {"supports": 2, "contradicts": 1, "qualifies": 2}
