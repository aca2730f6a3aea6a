"""New articles are offered to the owners of the claims whose own search they match."""

from collections.abc import Mapping, Sequence

import pytest
from rested_library import TRIAL, add_claim, alerts, article, give_verdict, put, stale_claims, told, trial
from sqlalchemy import Engine
from sqlmodel import select

from db import config, impact
from db.engine import writing
from db.models import ClaimEvidence, SentenceLink
from db.types import Actor, LinkState, Role, Stance
from harvester.records import ArticleRecord, NoticeLink, Section

NEW, PLAIN = 90000700, 90000701
ABOUT = (Section("Nasal zebrafish esketamine eased dysphoria.", "RESULTS"),)
OFFERED = trial(NEW, title="Dysphoria and zebrafish: an invented trial", sections=ABOUT)


@pytest.fixture
def asking(rested_on_both: Engine) -> Engine:
    """A library in which Ben's claim asks for zebrafish and dysphoria, with a verdict by Cleo."""
    with writing(rested_on_both) as session:
        add_claim(session, "zebrafish", 2, query="zebrafish dysphoria")
        add_claim(session, "unasked", 2, query="  ")
        give_verdict(session, "zebrafish", Actor(3, "Cleo", Role.REVIEWER))
        session.commit()
    return rested_on_both


def offer(engine: Engine, *records: ArticleRecord, stance: Stance = Stance.RELATED) -> impact.Impact:
    """Stores them and offers them all; `stance` is what they suggest about the claim on zebrafish."""

    def stances(claim: str, ids: Sequence[int]) -> Mapping[int, Stance]:
        return dict.fromkeys(ids, stance if claim == "zebrafish" else Stance.RELATED)

    put(engine, *records)
    with writing(engine) as session:
        ids = [article(session, record.pmid or 0).id for record in records]
        found = impact.offer_new(session, run_id=None, article_ids=ids, stances=stances)
        session.commit()
    return found


def test_a_new_article_is_offered_once_to_the_owner_of_the_claim_it_matches(asking: Engine) -> None:
    found = offer(asking, OFFERED, trial(PLAIN, title="Zebrafish only"))
    assert found == impact.Impact(1, frozenset({"zebrafish"}), frozenset())
    (alert,) = alerts(asking)
    assert (alert.kind, alert.key, alert.member_id) == ("new_study", f"new:pmid:{NEW}|claim:zebrafish", 2)
    assert alert.detail == {"stance": "related", "stale": False}
    assert stale_claims(asking) == {}
    assert offer(asking, OFFERED, stance=Stance.CONTRADICTS) == impact.Impact()


def test_a_study_that_takes_a_side_is_offered_whatever_the_words_of_the_query(asking: Engine) -> None:
    offer(asking, trial(PLAIN, title="Low mood in small fish"), stance=Stance.SUPPORTS)
    assert told(asking) == [("new_study", "claim:zebrafish")]


def test_a_new_study_that_contradicts_re_opens_the_verdict(asking: Engine) -> None:
    offer(asking, OFFERED, stance=Stance.CONTRADICTS)
    assert told(asking) == [("contradicting_study", "claim:zebrafish")]
    assert stale_claims(asking) == {"zebrafish": 1}
    assert "may speak against a claim" in alerts(asking)[0].summary


def test_the_owner_of_copy_that_makes_a_contradicted_claim_is_told_once(asking: Engine) -> None:
    with writing(asking) as session:
        sentence_id = session.exec(select(SentenceLink.sentence_id).where(SentenceLink.claim_id == "onset")).one()
        session.add(
            SentenceLink(
                sentence_id=sentence_id,
                claim_id="zebrafish",
                state=LinkState.ACCEPTED,
                match="exact",
                score=1.0,
                member_id=4,
                at=config.now(),
            )
        )
        session.commit()
    for _ in range(2):
        offer(asking, OFFERED, stance=Stance.CONTRADICTS)
    assert told(asking) == [("contradicting_study", "claim:zebrafish"), ("contradicting_study", "document:1")]


def test_evidence_of_the_claim_notices_and_what_does_not_stand_are_not_offered(asking: Engine) -> None:
    with writing(asking) as session:
        session.add(ClaimEvidence(claim_id="zebrafish", pmid=NEW, stance=Stance.SUPPORTS, linked_at=config.now()))
        session.commit()
    retracted = NoticeLink("RetractionIn", "retraction", True, 90000999, None)
    of = NoticeLink("ErratumFor", "erratum", False, TRIAL, None)
    records = [
        OFFERED,
        trial(90000702, title="Zebrafish dysphoria", notices=(retracted,)),
        trial(90000703, title="Erratum: zebrafish dysphoria", notices=(of,)),
    ]
    offer(asking, *records)
    assert [row for row in alerts(asking) if row.kind == "new_study"] == []


def test_the_next_version_of_a_review_is_offered(asking: Engine) -> None:
    offer(
        asking, trial(NEW, title="Zebrafish dysphoria", notices=(NoticeLink("UpdateOf", "update", False, TRIAL, None),))
    )
    assert told(asking) == [("new_study", "claim:zebrafish")]
