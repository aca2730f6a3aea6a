"""Members move quotes whose words are gone to the words that stand there now, on both engines."""

import invented_alerts
import morning_after
import pytest
from morning_after import Night
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import reading
from db.models import ClaimEvidence
from db.queries import review as review_queries
from db.types import AlertState, AnchorState, Stance
from review_app.services.errors import Conflict, Invalid, Refused


@pytest.fixture
def reworded(engine: Engine) -> Night:
    return morning_after.reworded(engine)


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
