"""Members answer alerts: accept, re-anchor, dismiss; on both engines."""

from dataclasses import dataclass

import invented_alerts
import invented_claims
import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from db import audit
from db.engine import reading, writing
from db.models import AuditEvent, ClaimEvidence, Review
from db.queries import alerts as alert_queries
from db.queries import claims as claim_queries
from db.queries import documents as document_queries
from db.queries import review as review_queries
from db.queries.alerts import AlertRow
from db.queries.claims import ClaimPage
from db.types import Actor, AlertState, AnchorState, LinkState, Stance, Verdict
from review_app.services import alerts
from review_app.services.claims_view import claim_view
from review_app.services.errors import Conflict, Invalid, NotFound, Refused

ONSET = invented_alerts.ONSET
WHY = "The other trial carries it."


@dataclass(frozen=True)
class Night:
    """An invented library on the morning after; `on_claim` is for the leads, `on_copy` for Dov."""

    engine: Engine
    people: dict[str, Actor]
    document: int
    on_claim: int
    on_copy: int

    def page(self, name: str = "Ada") -> ClaimPage:
        with reading(self.engine) as session:
            found = claim_queries.claim(session, viewer=self.people[name], claim_id=ONSET)
        assert found is not None
        return found

    def standing(self, name: str = "Ada") -> str:
        with reading(self.engine) as session:
            view = claim_view(session, viewer=self.people[name], claim_id=ONSET)
        assert view is not None
        return view.line.standing

    def row(self, alert_id: int, name: str = "Ada") -> AlertRow:
        with reading(self.engine) as session:
            card = alert_queries.alert(session, viewer=self.people[name], alert_id=alert_id)
        assert card is not None
        return next(row for row in card.rows if row.alert.id == alert_id)

    def seen(self) -> list[int]:
        return [row.id for row in self.page().evidence if row.stance is Stance.CONTRADICTS]

    def accept(self, *alert_ids: int, by: str = "Ada", reason: str = WHY) -> None:
        with writing(self.engine) as session:
            alerts.accept(
                session,
                actor=self.people[by],
                alert_ids=alert_ids,
                reason=reason,
                contradicting_seen=self.seen(),
            )

    def dismiss(self, *alert_ids: int, by: str = "Ada", reason: str = WHY) -> None:
        with writing(self.engine) as session:
            alerts.dismiss(session, actor=self.people[by], alert_ids=alert_ids, reason=reason)

    def reanchor(self, *, by: str = "Ada", words: str = invented_alerts.NEW, holds: bool = False) -> None:
        with writing(self.engine) as session:
            alerts.reanchor(
                session,
                actor=self.people[by],
                alert_id=self.on_claim,
                quote_id=invented_alerts.quote_id(self.engine),
                words=words,
                content_hash=invented_alerts.trial(session).content_hash,
                reason="The day was corrected.",
                holds=holds,
                contradicting_seen=self.seen(),
            )

    def actions(self) -> list[str]:
        with reading(self.engine) as session:
            assert audit.problems(session) == []
            return list(session.exec(select(AuditEvent.action).order_by(col(AuditEvent.id))))


@pytest.fixture
def library(engine: Engine) -> tuple[Engine, dict[str, Actor], int]:
    people = invented_claims.fill(engine)
    return engine, people, invented_alerts.judged_copy(engine, people)


@pytest.fixture
def retracted(library: tuple[Engine, dict[str, Actor], int]) -> Night:
    engine, people, document = library
    return Night(engine, people, document, *invented_alerts.retract(engine, document, owner=people["Dov"]))


@pytest.fixture
def reworded(library: tuple[Engine, dict[str, Actor], int]) -> Night:
    engine, people, document = library
    return Night(engine, people, document, *invented_alerts.reword(engine, document, owner=people["Dov"]))


def support_elsewhere(night: Night) -> None:
    """Ben links another trial as support, which nobody retracted."""
    with writing(night.engine) as session:
        found = claim_queries.claim(session, viewer=night.people["Ben"], claim_id=ONSET)
        assert found is not None
        other = next(row for row in found.evidence if row.stance is Stance.CONTRADICTS)
        session.add(
            ClaimEvidence(
                claim_id=ONSET,
                pmid=other.pmid,
                stance=Stance.SUPPORTS,
                member_id=night.people["Ben"].id,
                linked_at=other.linked_at,
            )
        )
        session.commit()


def test_accepting_gives_the_verdict_again_with_the_reason_and_the_old_one_stays_readable(reworded: Night) -> None:
    reworded.reanchor()
    assert reworded.standing() == "stale"
    reworded.accept(reworded.on_claim)
    page = reworded.page()
    assert [(row.verdict, row.reason, row.stale_since is None) for row in page.verdicts] == [
        (Verdict.SUPPORTED, "Two trials agree.", False),
        (Verdict.SUPPORTED, WHY, True),
    ]
    assert reworded.standing() == "current"
    assert reworded.actions()[-2:] == ["verdict_given", "alert_accepted"]


def test_accepting_says_who_why_and_when(reworded: Night) -> None:
    reworded.reanchor()
    reworded.accept(reworded.on_claim)
    given = reworded.row(reworded.on_claim).resolution
    assert given is not None
    assert (given.state, given.by, given.reason) == (AlertState.ACCEPTED, "Ada", WHY)


def test_a_claim_whose_quote_is_gone_is_not_accepted(reworded: Night) -> None:
    with pytest.raises(Conflict, match="Re-anchor or withdraw it"):
        reworded.accept(reworded.on_claim)
    assert reworded.row(reworded.on_claim).is_open


def test_a_retracted_study_is_not_accepted_while_nothing_else_supports_the_claim(retracted: Night) -> None:
    with pytest.raises(Conflict, match="Nothing that still stands supports this claim"):
        retracted.accept(retracted.on_claim)
    assert retracted.standing() == "stale"


def test_accepting_takes_the_links_to_a_retracted_study_back_and_they_stay_readable(retracted: Night) -> None:
    support_elsewhere(retracted)
    before = {row.id for row in retracted.page().evidence}
    retracted.accept(retracted.on_claim)
    gone = before - {row.id for row in retracted.page().evidence}
    with reading(retracted.engine) as session:
        rows = [session.get_one(ClaimEvidence, each) for each in gone]
    assert len(rows) == 2, "the shipped link and Ben's"
    assert {row.withdrawn_by for row in rows} == {retracted.people["Ada"].id}
    assert retracted.standing() == "current"
    assert retracted.actions().count("evidence_withdrawn") == 2


def test_nothing_is_answered_without_a_reason(retracted: Night) -> None:
    support_elsewhere(retracted)
    for act in (retracted.accept, retracted.dismiss):
        with pytest.raises(Invalid):
            act(retracted.on_claim, reason="  ")
    assert retracted.row(retracted.on_claim).is_open
    assert retracted.standing() == "stale"


def test_contradicting_evidence_that_was_not_shown_stops_an_acceptance(reworded: Night) -> None:
    reworded.reanchor()
    with writing(reworded.engine) as session, pytest.raises(Conflict, match="contradicting evidence"):
        alerts.accept(session, actor=reworded.people["Ada"], alert_ids=[reworded.on_claim], reason=WHY)


def test_dismissing_leaves_what_is_stale_stale(retracted: Night) -> None:
    retracted.dismiss(retracted.on_claim)
    given = retracted.row(retracted.on_claim).resolution
    assert given is not None
    assert given.state is AlertState.DISMISSED
    assert retracted.actions()[-1] == "alert_dismissed"
    assert retracted.standing() == "stale"
    assert len(retracted.page().verdicts) == 1


def test_an_alert_is_answered_once(retracted: Night) -> None:
    retracted.dismiss(retracted.on_claim)
    with pytest.raises(Conflict, match="meanwhile"):
        retracted.dismiss(retracted.on_claim)


def test_a_member_answers_their_own_alerts_and_a_lead_the_whole_card(retracted: Night) -> None:
    with pytest.raises(Refused, match="or a lead"):
        retracted.dismiss(retracted.on_claim, by="Dov")
    with pytest.raises(Refused, match="or a lead"):
        retracted.dismiss(retracted.on_copy, by="Ben")
    retracted.dismiss(retracted.on_claim, retracted.on_copy, by="Ada")
    assert not retracted.row(retracted.on_copy).is_open


def test_one_alert_that_cannot_be_answered_leaves_the_whole_card_open(retracted: Night) -> None:
    with pytest.raises(Conflict):
        retracted.accept(retracted.on_copy, retracted.on_claim)
    assert retracted.row(retracted.on_copy).is_open


def test_accepting_copy_accepts_its_stale_links_again(retracted: Night) -> None:
    retracted.accept(retracted.on_copy, by="Dov", reason="The sentence makes the claim still.")
    with reading(retracted.engine) as session:
        page = document_queries.document(session, viewer=retracted.people["Dov"], document_id=retracted.document)
    assert page is not None
    link = next(link for link in page.links if link.claim_id == ONSET and link.member_id is not None)
    assert (link.state, link.reason) == (LinkState.ACCEPTED, "The sentence makes the claim still.")
    assert LinkState.STALE not in {link.state for link in page.links}


def test_a_quote_moves_to_the_words_that_stand_there_now(reworded: Night) -> None:
    old = invented_alerts.quote_id(reworded.engine)
    reworded.reanchor(holds=True)
    row = next(row for row in reworded.page().evidence if row.quote_id is not None)
    with reading(reworded.engine) as session:
        kept = review_queries.quotes(session, ids=[old, row.quote_id or 0])
        replaced = session.exec(select(ClaimEvidence).where(ClaimEvidence.quote_id == old)).one()
    assert kept[row.quote_id or 0][0].exact == invented_alerts.NEW
    assert kept[row.quote_id or 0][1].state is AnchorState.ANCHORED
    assert kept[old][0].exact == invented_alerts.OLD
    assert kept[old][1].state is AnchorState.ORPHANED
    assert replaced.withdrawn_by == reworded.people["Ada"].id
    assert (row.stance, row.member_id) == (Stance.SUPPORTS, reworded.people["Ada"].id)
    given = reworded.row(reworded.on_claim).resolution
    assert given is not None
    assert given.state is AlertState.REANCHORED
    assert reworded.standing() == "current"


def test_re_anchoring_alone_leaves_a_stale_verdict_to_be_judged(reworded: Night) -> None:
    reworded.reanchor()
    assert reworded.row(reworded.on_claim).is_open
    assert reworded.standing() == "stale"


def test_a_quote_never_moves_to_words_that_do_not_stand_in_the_record(reworded: Night) -> None:
    with pytest.raises(Invalid, match="do not stand in the abstract"):
        reworded.reanchor(words=invented_alerts.OLD)
    assert reworded.standing() == "orphaned"


def test_a_quote_moves_once(reworded: Night) -> None:
    reworded.reanchor()
    with pytest.raises(Conflict, match="meanwhile"):
        reworded.reanchor()


def test_whoever_may_not_link_quotes_moves_none(reworded: Night) -> None:
    with pytest.raises(Refused, match="link quotes"):
        reworded.reanchor(by="Dov")


def test_a_new_verdict_answers_the_alert_on_the_claim(reworded: Night) -> None:
    reworded.reanchor()
    invented_claims.judge(reworded.engine, reworded.people["Ada"], Verdict.NEEDS_QUALIFICATION, "It fades sooner.")
    given = reworded.row(reworded.on_claim).resolution
    assert given is not None
    assert given.reason == "A new verdict: It fades sooner."


def test_a_new_verdict_on_a_claim_that_stays_in_doubt_answers_nothing(retracted: Night) -> None:
    invented_claims.judge(retracted.engine, retracted.people["Ada"], Verdict.SUPPORTED, "It holds.")
    assert retracted.standing() == "stale"
    assert retracted.row(retracted.on_claim).is_open


def test_a_night_is_only_dismissed(library: tuple[Engine, dict[str, Actor], int]) -> None:
    engine, people, document = library
    missed = invented_alerts.miss_the_night(engine)
    night = Night(engine, people, document, missed, missed)
    with pytest.raises(Invalid, match="nothing to accept"):
        night.accept(missed)
    night.dismiss(missed, reason="The timer was off.")
    assert not night.row(missed).is_open


def test_an_alert_that_is_not_there_is_said(retracted: Night) -> None:
    with pytest.raises(NotFound):
        retracted.dismiss(999)


def test_blinded_nobody_accepts_a_verdict_that_they_have_not_given(retracted: Night) -> None:
    with writing(retracted.engine) as session:
        review = session.exec(select(Review)).one()
        review.dual, review.blinded = True, True
        session.add(review)
        session.commit()
    support_elsewhere(retracted)
    with pytest.raises(Conflict, match="Give your own verdict"):
        retracted.accept(retracted.on_claim)
