"""Members accept and dismiss alerts."""

import invented_alerts
import invented_claims
import morning_after
import pytest
from morning_after import ONSET, WHY, Night, support_elsewhere
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import reading, writing
from db.models import ClaimEvidence, Review
from db.queries import documents as document_queries
from db.types import AlertState, LinkState, Verdict
from review_app.services import alerts
from review_app.services.alerts_view import one_change
from review_app.services.claims_view import claim_view
from review_app.services.errors import Conflict, Invalid, NotFound, Refused


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
    given = reworded.answer_on(reworded.on_claim)
    assert (given.state, given.by, given.reason) == (AlertState.ACCEPTED, "Ada", WHY)


def test_a_claim_whose_quote_is_gone_is_not_accepted(reworded: Night) -> None:
    with pytest.raises(Conflict, match="Re-anchor or withdraw it"):
        reworded.accept(reworded.on_claim)
    assert reworded.row(reworded.on_claim).is_open


def test_a_retracted_study_is_not_accepted_while_nothing_else_supports_the_claim(retracted: Night) -> None:
    with pytest.raises(Conflict, match="Nothing that still stands supports this claim"):
        retracted.accept(retracted.on_claim)
    assert retracted.standing() == "stale"


def test_accepting_takes_the_links_to_a_retracted_study_back_and_they_stay_readable(engine: Engine) -> None:
    retracted = morning_after.retracted(engine)
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


def test_dismissing_leaves_what_is_stale_stale(engine: Engine) -> None:
    retracted = morning_after.retracted(engine)
    retracted.dismiss(retracted.on_claim)
    given = retracted.answer_on(retracted.on_claim)
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


def test_accepting_copy_accepts_its_stale_links_again(engine: Engine) -> None:
    retracted = morning_after.retracted(engine)
    retracted.accept(retracted.on_copy, by="Dov", reason="The sentence makes the claim still.")
    with reading(retracted.engine) as session:
        page = document_queries.document(session, viewer=retracted.people["Dov"], document_id=retracted.document)
    assert page is not None
    link = next(link for link in page.links if link.claim_id == ONSET and link.member_id is not None)
    assert (link.state, link.reason) == (LinkState.ACCEPTED, "The sentence makes the claim still.")
    assert LinkState.STALE not in {link.state for link in page.links}


def of_label(night: Night) -> list[tuple[str, str | None]]:
    """The claim's evidence from labels: which version says so, and who linked it."""
    with reading(night.engine) as session:
        view = claim_view(session, viewer=night.people["Ada"], claim_id=ONSET)
    assert view is not None
    return [(row.place, row.linked_by) for row in view.evidence if row.kind == "label"]


@pytest.mark.parametrize("by_a_new_verdict", [False, True])
def test_who_upholds_a_claim_on_a_new_version_of_a_label_moves_its_link_there(
    engine: Engine, by_a_new_verdict: bool
) -> None:
    revised = morning_after.label_revised(engine)
    assert revised.standing() == "stale"
    assert of_label(revised) == [("set id 00000000-invented, version 3, effective 2026-01-05", None)]
    if by_a_new_verdict:
        invented_claims.judge(engine, revised.people["Ada"], Verdict.SUPPORTED, "Read in version 4.")
    else:
        revised.accept(revised.on_claim)
    assert revised.standing() == "current"
    assert of_label(revised) == [("set id 00000000-invented, version 4, effective 2026-01-05", "Ada")]
    assert revised.actions().count("evidence_withdrawn") == 1


def test_a_new_verdict_answers_the_alert_on_the_claim(reworded: Night) -> None:
    reworded.reanchor()
    invented_claims.judge(reworded.engine, reworded.people["Ada"], Verdict.NEEDS_QUALIFICATION, "It fades sooner.")
    given = reworded.answer_on(reworded.on_claim)
    assert given.reason == "A new verdict: It fades sooner."


def test_a_new_verdict_on_a_claim_that_stays_in_doubt_answers_nothing(retracted: Night) -> None:
    invented_claims.judge(retracted.engine, retracted.people["Ada"], Verdict.SUPPORTED, "It holds.")
    assert retracted.standing() == "stale"
    assert retracted.row(retracted.on_claim).is_open


def test_a_night_is_only_dismissed(retracted: Night) -> None:
    night, missed = retracted, invented_alerts.miss_the_night(retracted.engine)
    with pytest.raises(Invalid, match="nothing to accept"):
        night.accept(missed)
    night.dismiss(missed, reason="The timer was off.")
    assert not night.row(missed).is_open


def test_an_alert_that_is_not_there_is_said(retracted: Night) -> None:
    with pytest.raises(NotFound):
        retracted.dismiss(999)


def blind(night: Night) -> None:
    with writing(night.engine) as session:
        review = session.exec(select(Review)).one()
        review.dual, review.blinded = True, True
        session.add(review)
        session.commit()


def test_blinded_the_reason_of_an_answer_is_kept_from_whoever_has_not_judged(retracted: Night) -> None:
    blind(retracted)
    retracted.dismiss(retracted.on_claim, reason="Supported all the same.")
    for name, told in (("Ben", "Supported all the same."), ("Cleo", "")):
        with reading(retracted.engine) as session:
            change = one_change(session, viewer=retracted.people[name], alert_id=retracted.on_claim)
        assert change is not None
        row = next(row for row in change.rows if row.claim is not None)
        assert row.resolution is not None
        assert row.resolution.reason == told
        assert row.claim is not None
        assert (row.claim.basis == "reviewed") is bool(told)


def test_blinded_nobody_accepts_a_verdict_that_they_have_not_given(retracted: Night) -> None:
    blind(retracted)
    support_elsewhere(retracted)
    with pytest.raises(Conflict, match="Give your own verdict"):
        retracted.accept(retracted.on_claim)
