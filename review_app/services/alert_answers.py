"""What somebody made of an alert, appended: directly, or by an act that answers it. In the caller's transaction."""

from sqlmodel import Session

from db import audit, config
from db.models import Alert, AlertResolution
from db.queries import alert_places, alerts
from db.queries import claims as claim_queries
from db.queries.alerts import AlertRow
from db.types import Actor, AlertState, Role
from review_app.services.check_library import sources_of
from review_app.services.doubts import claim_doubts, standing_of
from review_app.services.errors import Conflict, Invalid, NotFound, Refused

# An offer says nothing about what was judged before, so that judging again does not answer it.
OFFERS = frozenset({"new_study"})


def open_alert(session: Session, actor: Actor, alert_id: int) -> Alert:
    """An alert that waits for an answer which this member may give: their own, or any for a lead."""
    card = alerts.alert(session, viewer=actor, alert_id=alert_id)
    if card is None:
        raise NotFound("This alert is not in the library.")
    row = next(row for row in card.rows if row.alert.id == alert_id)
    if not may_answer(actor, row):
        raise Refused("Only the member whom an alert is for, or a lead, may answer it.")
    if not row.is_open:
        raise Conflict("Somebody answered this alert meanwhile. Read what they said.")
    return row.alert


def may_answer(actor: Actor, row: AlertRow) -> bool:
    return row.mine or actor.role is Role.LEAD


def answer(session: Session, actor: Actor, alert: Alert, state: AlertState, reason: str) -> None:
    """Append the answer. Raises Invalid without a reason."""
    if not reason.strip():
        raise Invalid("Say in a few words why.")
    now = config.now()
    row = AlertResolution(alert_id=alert.id, state=state, reason=reason.strip(), member_id=actor.member_id, at=now)
    session.add(row)
    session.flush()
    detail = {"kind": alert.kind, "reason": row.reason}
    action = f"alert_{state.value}"
    audit.record(session, actor=actor, action=action, subject_kind="alert", subject_id=alert.id, detail=detail)


def answered_by_verdict(session: Session, actor: Actor, claim_id: str, reason: str) -> list[Alert]:
    """A new verdict answers the member's own alerts on the claim, unless it leaves the claim in doubt; which ones."""
    page = claim_queries.claim(session, viewer=actor, claim_id=claim_id)
    if page is None:
        return []
    sources = sources_of(session, actor, page.claim.topic_id, page.evidence)
    if standing_of(claim_doubts(page, sources)) in {"stale", "orphaned"}:
        return []
    found = alert_places.open_on(session, viewer=actor, claim_id=claim_id)
    answered = [alert for alert in found if alert.kind not in OFFERS]
    for alert in answered:
        answer(session, actor, alert, AlertState.ACCEPTED, f"A new verdict: {reason}")
    return answered


def answered_by_check(session: Session, actor: Actor, document_id: int) -> None:
    """Checking again answers the member's own alerts on the document."""
    for alert in alert_places.open_on(session, viewer=actor, document_id=document_id):
        answer(session, actor, alert, AlertState.ACCEPTED, "Checked again against the library of that moment.")
