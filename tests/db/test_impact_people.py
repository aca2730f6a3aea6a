"""Whom a change is told to, and what it reaches: owners, writers, reviewers, leads; merged records; old versions."""

import shutil
from pathlib import Path

from rested_library import (
    OTHER,
    PUBMED,
    TOPIC,
    add_version,
    alerts,
    article,
    count,
    give_verdict,
    links,
    put,
    run,
    stale_claims,
    told,
    trial,
)
from sqlalchemy import Engine
from sqlmodel import col, select

from db import config, impact
from db.engine import open_engine, reading, writing
from db.models import (
    Alert,
    ClaimEvidence,
    ClaimState,
    ClaimVerdict,
    ClaimVersion,
    Document,
    Finding,
    Member,
    QuoteAnchor,
    SentenceLink,
    Tagging,
)
from db.types import Actor, Certainty, ClaimStatus, LinkState, Role
from harvester.records import NoticeLink
from harvester.store import store

RETRACTED = trial(notices=(NoticeLink("RetractionIn", "retraction", True, 90000999, "Invented J. 2026;1:1"),))


def receivers(engine: Engine) -> dict[str, str | None]:
    """The name that each alert is for; None for the leads."""
    with reading(engine) as session:
        names = dict(session.exec(select(col(Member.id), Member.name)).all())
    return {row.key.partition("|")[2]: names.get(row.member_id or 0) for row in alerts(engine)}


def raised(engine: Engine) -> dict[str, tuple[object, ...]]:
    """All that an alert says, by its key."""
    return {row.key: (row.kind, row.member_id, row.summary, row.detail) for row in alerts(engine)}


def change(engine: Engine, kind: type, **values: object) -> None:
    """Sets columns of every row of a table."""
    with writing(engine) as session:
        for row in session.exec(select(kind)).all():
            session.add(row.sqlmodel_update(values))
        session.commit()


def test_owners_writers_and_reviewers_are_told_and_the_leads_of_what_nobody_owns(rested_on_both: Engine) -> None:
    put(rested_on_both, RETRACTED)
    assert receivers(rested_on_both) == {
        "claim:onset": "Ben",
        "claim:shipped": None,
        "document:1": "Dov",
        "member:2": "Ben",
        "member:3": "Cleo",
    }


def test_for_those_who_left_the_leads_are_told(rested: Engine) -> None:
    with writing(rested) as session:
        for member in session.exec(select(Member).where(Member.role != Role.LEAD)):
            member.left_at = config.now()
            session.add(member)
        session.commit()
    put(rested, RETRACTED)
    assert set(receivers(rested).values()) == {None}
    assert len(alerts(rested)) == 5


def test_an_alert_names_what_rests_on_the_article(rested: Engine) -> None:
    put(rested, RETRACTED)
    detail = {row.key.partition("|")[2]: row.detail for row in alerts(rested)}
    assert detail["claim:onset"] == {
        "evidence": [1],
        "sentences": [1],
        "quotes": {"1": "anchored"},
        "notices": ["pubmed:1:RetractionIn:90000999"],
        "stale": True,
    }
    assert detail["document:1"] == {
        "sentences": [1, 2, 3],
        "claims": ["onset", "shipped"],
        "notices": ["pubmed:1:RetractionIn:90000999"],
        "stale": True,
    }
    assert detail["member:2"]["findings"] == [1]
    assert detail["member:2"]["quotes"] == {"2": "anchored"}
    assert detail["member:3"]["taggings"] == [1]
    assert {row.article_id for row in alerts(rested)} == {1}


def test_walking_again_raises_nothing_and_marks_nothing(rested_on_both: Engine) -> None:
    put(rested_on_both, RETRACTED)
    with writing(rested_on_both) as session:
        give_verdict(session, "onset", Actor(2, "Ben", Role.REVIEWER))
        session.commit()
    before = [count(rested_on_both, kind) for kind in (Alert, QuoteAnchor, SentenceLink)]
    with writing(rested_on_both) as session:
        assert impact.walk(session, run_id=None, after=0) == impact.Impact()
        session.commit()
    assert [count(rested_on_both, kind) for kind in (Alert, QuoteAnchor, SentenceLink)] == before
    with reading(rested_on_both) as session:
        newest = select(ClaimVerdict).where(ClaimVerdict.member_id == 2).order_by(col(ClaimVerdict.id).desc())
        assert session.exec(newest.limit(1)).one().stale_since is None


def test_what_was_not_committed_is_told_when_it_is(rested: Engine) -> None:
    with writing(rested) as session:  # left without a commit, as by a process that dies
        store(session, [RETRACTED], run_id=run(session), source=PUBMED, topic_id=TOPIC)
    assert told(rested) == []
    put(rested, RETRACTED)
    assert len(told(rested)) == 5


def test_how_a_night_is_cut_into_batches_changes_no_alert(
    rested: Engine, rested_template: Path, tmp_path: Path
) -> None:
    night = [RETRACTED, trial(OTHER, title="Another invented trial of 7 adults")]
    put(rested, *night)
    shutil.copy(rested_template, tmp_path / "cut.db")
    cut = open_engine(f"sqlite:///{tmp_path}/cut.db")
    for record in reversed(night):
        put(cut, record)
        put(cut, record)
    assert raised(cut) == raised(rested)
    assert len(raised(cut)) == 6
    cut.dispose()


def test_only_the_standing_verdict_on_the_statement_as_it_is_becomes_stale(rested: Engine) -> None:
    with writing(rested) as session:
        give_verdict(session, "onset", Actor(2, "Ben", Role.REVIEWER))
        session.add(
            ClaimVersion(
                claim_id="shipped",
                number=2,
                statement="Another statement.",
                certainty=Certainty.LOW,
                content_hash="2",
                created_at=config.now(),
            )
        )
        session.commit()
    put(rested, RETRACTED)
    assert stale_claims(rested) == {"onset": 2}
    with reading(rested) as session:
        of_ben = select(ClaimVerdict.stale_since).where(ClaimVerdict.claim_id == "onset", ClaimVerdict.member_id == 2)
        first, second = session.exec(of_ben.order_by(col(ClaimVerdict.id))).all()
    assert first is None
    assert second is not None


def test_what_was_withdrawn_rests_on_nothing(rested: Engine) -> None:
    change(rested, ClaimEvidence, withdrawn_at=config.now())
    change(rested, Finding, withdrawn_at=config.now())
    change(rested, Document, withdrawn_at=config.now())
    put(rested, RETRACTED)
    assert told(rested) == [("retracted", "member:3")]


def test_a_withdrawn_claim_is_not_told_of(rested: Engine) -> None:
    with writing(rested) as session:
        for claim_id in ("onset", "shipped"):
            session.add(ClaimState(claim_id=claim_id, status=ClaimStatus.WITHDRAWN, at=config.now()))
        session.commit()
    put(rested, RETRACTED)
    assert [what for _, what in told(rested)] == ["document:1", "member:2", "member:3"]
    assert stale_claims(rested) == {}


def test_only_the_newest_version_of_copy_counts(rested: Engine) -> None:
    with writing(rested) as session:
        add_version(session, 1, 4)
        session.commit()
    put(rested, RETRACTED)
    assert "document:1" not in receivers(rested)
    assert LinkState.STALE not in [state for _, state in links(rested)]


def test_a_rejected_link_does_not_make_the_copy_rest_on_the_claim(rested: Engine) -> None:
    with writing(rested) as session:
        for row in session.exec(select(SentenceLink)).all():
            session.add(SentenceLink(**row.model_dump(exclude={"id", "state"}), state=LinkState.REJECTED))
        session.commit()
    put(rested, RETRACTED)
    (document,) = (row for row in alerts(rested) if row.document_id)
    assert document.detail["sentences"] == [3]
    assert document.detail["claims"] == []


def test_another_article_of_the_same_study_is_not_concerned(rested: Engine) -> None:
    with writing(rested) as session:
        other = article(session, OTHER)
        other.study_id = article(session).study_id
        session.add(other)
        session.commit()
    put(rested, trial(OTHER, title="Another invented trial", notices=RETRACTED.notices))
    assert told(rested) == [("retracted", "claim:other")]


def test_what_was_merged_is_one_article_for_those_who_rest_on_either(rested: Engine) -> None:
    with writing(rested) as session:
        goes = article(session)
        goes.merged_into_id = article(session, OTHER).id
        session.add(goes)
        session.commit()
    put(rested, trial(OTHER, title="Another invented trial", notices=RETRACTED.notices))
    assert {what for _, what in told(rested)} == {*("claim:onset", "claim:other", "claim:shipped", "document:1")} | {
        *("member:2", "member:3")
    }
    assert {row.article_id for row in alerts(rested)} == {2}


def test_new_tags_by_the_same_reviewer_are_one_alert(rested: Engine) -> None:
    with writing(rested) as session:
        row = session.exec(select(Tagging)).one()
        session.add(Tagging(**row.model_dump(exclude={"id"})))
        session.commit()
    put(rested, RETRACTED)
    (of_cleo,) = (row for row in alerts(rested) if row.key.endswith("member:3"))
    assert of_cleo.detail["taggings"] == [2]
