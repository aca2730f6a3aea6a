"""Members move quotes whose words are gone to the words that stand there now."""

import invented_alerts
import invented_claims
import morning_after
import pytest
from morning_after import Night
from sqlalchemy import Engine
from sqlmodel import col, select

from db.engine import reading, writing
from db.models import Alert, ClaimEvidence, Finding
from db.queries import review as review_queries
from db.types import Actor, AlertState, AnchorState, Stance
from review_app.services import alerts, tags
from review_app.services.errors import Conflict, Invalid, NotFound, Refused


def test_a_quote_moves_to_the_words_that_stand_there_now(engine: Engine) -> None:
    reworded = morning_after.reworded(engine)
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
    given = reworded.answer_on(reworded.on_claim)
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


def test_a_verdict_given_again_for_one_change_stays_stale_for_another(reworded: Night) -> None:
    other, _ = invented_alerts.retract_another(reworded.engine, reworded.document)
    reworded.reanchor(holds=True)
    assert not reworded.row(reworded.on_claim).is_open
    verdict = reworded.page().verdict
    assert verdict is not None
    assert verdict.stale_reason == "Varga et al. 2025 (PMID 90000201) was retracted."
    assert reworded.standing() == "stale"
    reworded.accept(other)
    assert reworded.standing() == "current"


def test_a_quote_is_not_moved_without_a_reason(reworded: Night) -> None:
    with pytest.raises(Invalid, match="why"):
        reworded.reanchor(reason=" ")
    reworded.reanchor()
    assert reworded.actions()[-1] == "quote_reanchored"


def test_a_members_own_finding_moves_and_the_old_one_stays_readable(sqlite_engine: Engine) -> None:
    people = invented_claims.fill(sqlite_engine)
    document = invented_alerts.judged_copy(sqlite_engine, people)
    old = recorded(sqlite_engine, people["Ben"])
    invented_alerts.reword(sqlite_engine, document)
    with writing(sqlite_engine) as session:
        told = session.exec(select(Alert).where(Alert.member_id == people["Ben"].id)).one()
        move = {
            "alert_id": told.id,
            "quote_id": old.quote_id or 0,
            "words": invented_alerts.NEW,
            "content_hash": invented_alerts.trial(session).content_hash,
            "reason": "The day was corrected.",
        }
        with pytest.raises(NotFound, match="no finding"):
            alerts.reanchor(session, actor=people["Ada"], **move)
        alerts.reanchor(session, actor=people["Ben"], **move)
    with reading(sqlite_engine) as session:
        first, second = session.exec(select(Finding).order_by(col(Finding.id))).all()
        kept = review_queries.quotes(session, ids=[second.quote_id or 0])
    assert (second.supersedes_id, second.member_id, second.domain) == (first.id, people["Ben"].id, first.domain)
    assert kept[second.quote_id or 0][0].exact == invented_alerts.NEW
    assert first.quote_id == old.quote_id


def recorded(engine: Engine, actor: Actor) -> Finding:
    """A finding with the words that are about to change."""
    with writing(engine) as session:
        article = invented_alerts.trial(session)
        return tags.record_finding(
            session,
            actor=actor,
            topic_id=invented_claims.TOPIC,
            article_id=article.id,
            content_hash=article.content_hash,
            domain="depression_severity",
            direction="no_difference",
            quote=invented_alerts.OLD,
        )
