"""Members answer alerts: what was judged still holds, a quote stands elsewhere now, or the change does not matter."""

from collections.abc import Sequence

from sqlmodel import Session, col, select

from db import audit, config
from db.models import Alert, ClaimEvidence, Finding
from db.queries import documents as document_queries
from db.queries.blinding import default_review, is_blinded
from db.queries.claims import ClaimPage
from db.types import Actor, AlertState, LinkState, Stance, Verdict
from review_app.factcheck.verdicts import NO_SUPPORT
from review_app.services import claims, documents, quotes
from review_app.services.alert_answers import answer, open_alert
from review_app.services.check_library import Sources, quote_state, sources_of
from review_app.services.errors import Conflict, Invalid, NotFound
from review_app.services.permissions import May, require

# What befell the night itself: there is nothing to accept and no quote to move.
OF_THE_NIGHT = frozenset({"night_missed", "night_partial", "night_failed", "translation_drift", "mass_vanishing"})
_NEEDS_SUPPORT = frozenset({Verdict.SUPPORTED, Verdict.NEEDS_QUALIFICATION})


def accept(
    session: Session, *, actor: Actor, alert_ids: Sequence[int], reason: str, contradicting_seen: Sequence[int] = ()
) -> None:
    """What was judged holds despite the change: the reason becomes a new verdict, or accepts the links again.

    A retracted study bears nothing: accepting takes the claim's links to it as support back, and is refused where
    nothing else supports the claim. Links to earlier versions of a label point at the new one from then on.
    `contradicting_seen` has the rows of evidence that were shown, as for a verdict.
    """
    require(actor, May.ANSWER_ALERTS)
    for alert_id in alert_ids:
        alert = open_alert(session, actor, alert_id)
        if alert.kind in OF_THE_NIGHT:
            raise Invalid("There is nothing to accept about a night. Dismiss the alert when it has been seen to.")
        if alert.claim_id is not None:
            _uphold_claim(session, actor, alert, reason, contradicting_seen)
        elif alert.document_id is not None:
            _uphold_links(session, actor, alert.document_id, reason)
        answer(session, actor, alert, AlertState.ACCEPTED, reason)
    session.commit()


def dismiss(session: Session, *, actor: Actor, alert_ids: Sequence[int], reason: str) -> None:
    """The change does not matter here. Nothing that is stale becomes current by it."""
    require(actor, May.ANSWER_ALERTS)
    for alert_id in alert_ids:
        answer(session, actor, open_alert(session, actor, alert_id), AlertState.DISMISSED, reason)
    session.commit()


def reanchor(
    session: Session,
    *,
    actor: Actor,
    alert_id: int,
    quote_id: int,
    words: str,
    content_hash: str,
    reason: str,
    holds: bool = False,
    contradicting_seen: Sequence[int] = (),
) -> None:
    """Put the words that stand in the record now in the place of a quote that is gone from it.

    The old quote and its link are withdrawn and stay readable. The alert is answered when no other quote of it is
    gone and no verdict is left stale; `holds` gives the verdict again on the new words.
    """
    require(actor, May.ANSWER_ALERTS)
    require(actor, May.QUOTE)
    alert = open_alert(session, actor, alert_id)
    if alert.claim_id is None:
        _move_finding(session, actor, quote_id, words, content_hash)
        answer(session, actor, alert, AlertState.REANCHORED, reason)
    else:
        page = _move_link(session, actor, alert, quote_id, words, content_hash)
        _record_move(session, actor, alert, quote_id, words, reason)
        done = not _orphans(page, alert, sources_of(session, actor, page.claim.topic_id, page.evidence))
        if done and holds:
            require(actor, May.JUDGE_CLAIMS)
            _renew(session, actor, alert, page, reason, contradicting_seen)
        if done and (holds or not _is_stale(page)):
            answer(session, actor, alert, AlertState.REANCHORED, reason)
    session.commit()


def _uphold_claim(session: Session, actor: Actor, alert: Alert, reason: str, seen: Sequence[int]) -> None:
    require(actor, May.JUDGE_CLAIMS)
    page = claims.open_page(session, actor, alert.claim_id or "")
    sources = sources_of(session, actor, page.claim.topic_id, page.evidence)
    if _orphans(page, alert, sources):
        raise Conflict("A quote of this claim no longer stands in the record. Re-anchor or withdraw it, then accept.")
    if page.verdict is None and is_blinded(default_review(session, topic_id=page.claim.topic_id)):
        raise Conflict("You have not judged this claim yet. Give your own verdict on its page.")
    support = [row for row in page.evidence if row.stance is Stance.SUPPORTS]
    fallen = [row for row in support if _bears_nothing(row, sources) and _is_about(row, alert, sources)]
    needed = page.verdict is None or page.verdict.verdict in _NEEDS_SUPPORT
    if fallen and needed and all(_bears_nothing(row, sources) for row in support):
        raise Conflict("Nothing that still stands supports this claim. Give it another verdict on its page.")
    for row in fallen:
        claims.take_back(session, actor, row)
    if fallen or _is_stale(page):
        _renew(session, actor, alert, page, reason, seen)
    claims.follow_labels(session, actor, page, [alert])


def _renew(session: Session, actor: Actor, alert: Alert, page: ClaimPage, reason: str, seen: Sequence[int]) -> None:
    """The verdict that stands, given once more by this member; nothing where nobody has judged the claim.

    It is stale from the first while another change that re-opened the claim waits for its answer.
    """
    given = page.verdict
    if given is None:
        return
    row = claims.keep_verdict(
        session, actor, page, given.verdict, given.certainty, reason=reason, contradicting_seen=seen
    )
    if left := [each for each in page.reopened_by if each.id != alert.id]:
        row.stale_since = left[0].raised_at
        row.stale_reason = " ".join(dict.fromkeys(each.summary for each in left))
        session.add(row)


def _record_move(session: Session, actor: Actor, alert: Alert, quote_id: int, words: str, reason: str) -> None:
    if not reason.strip():
        raise Invalid("Say in a few words why.")
    detail = {"quote": quote_id, "words": words, "reason": reason.strip()}
    audit.record(
        session, actor=actor, action="quote_reanchored", subject_kind="alert", subject_id=alert.id, detail=detail
    )


def _uphold_links(session: Session, actor: Actor, document_id: int, reason: str) -> None:
    """Links that went stale are accepted again."""
    require(actor, May.DECIDE_COPY)
    page = document_queries.document(session, viewer=actor, document_id=document_id)
    for link in page.links if page is not None else ():
        if link.state is LinkState.STALE:
            documents.keep_link(session, actor, link, LinkState.ACCEPTED, reason)


def _move_link(session: Session, actor: Actor, alert: Alert, quote_id: int, words: str, content_hash: str) -> ClaimPage:
    """The claim's link to the old quote gives way to one to the new words; the claim as it is then."""
    page = claims.open_page(session, actor, alert.claim_id or "")
    sources = sources_of(session, actor, page.claim.topic_id, page.evidence)
    old = next((row for row in _orphans(page, alert, sources) if row.quote_id == quote_id), None)
    if old is None or old.article_id is None:
        raise Conflict("This quote was re-anchored or withdrawn meanwhile.")
    claims.take_back(session, actor, old)
    claims.attach(
        session,
        actor,
        claim_id=old.claim_id,
        article_id=sources.kept.get(old.article_id, old.article_id),
        words=words,
        stance=old.stance,
        content_hash=content_hash,
        note=old.note,
    )
    return claims.open_page(session, actor, old.claim_id)


def _move_finding(session: Session, actor: Actor, quote_id: int, words: str, content_hash: str) -> None:
    """The member's finding with the old quote is superseded by the same one with the new words."""
    mine = select(Finding).where(Finding.quote_id == quote_id, Finding.member_id == actor.id)
    old = session.exec(mine.where(col(Finding.withdrawn_at).is_(None)).order_by(col(Finding.id).desc())).first()
    if old is None:
        raise NotFound("You have no finding with this quote.")
    quote = quotes.add(session, actor=actor, article_id=old.article_id, words=words, content_hash=content_hash)
    moved = {"id": None, "quote_id": quote.id, "supersedes_id": old.id, "recorded_at": config.now()}
    new = Finding(**(old.model_dump() | moved))
    session.add(new)
    session.flush()
    detail = {"supersedes": old.id, "quote": quote.id}
    audit.record(
        session, actor=actor, action="finding_reanchored", subject_kind="finding", subject_id=new.id, detail=detail
    )


def _is_stale(page: ClaimPage) -> bool:
    return page.verdict is not None and page.verdict.stale_since is not None


def _orphans(page: ClaimPage, alert: Alert, sources: Sources) -> list[ClaimEvidence]:
    """The claim's links whose quote is gone from the article of the alert."""
    return [row for row in page.evidence if quote_state(row, sources) == "orphaned" and _is_about(row, alert, sources)]


def _is_about(row: ClaimEvidence, alert: Alert, sources: Sources) -> bool:
    study, article_id = sources.study(row), alert.article_id or 0
    return study is not None and study.id == sources.kept.get(article_id, article_id)


def _bears_nothing(row: ClaimEvidence, sources: Sources) -> bool:
    """A study that the library does not hold, or that no longer stands."""
    if row.label_id is not None or row.regulatory_notice_id is not None:
        return False
    study = sources.study(row)
    return study is None or study.integrity in NO_SUPPORT
