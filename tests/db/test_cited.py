"""What rests on which articles: what stands counts, what was withdrawn does not."""

from datetime import UTC, datetime

import invented_claims
import pytest
from invented_claims import AGAINST, NOT_HELD
from invented_studies import BARE, RETRACTED, TRIAL
from sqlalchemy import Engine, update
from sqlmodel import Session, col, select

from db import config
from db.engine import reading, writing
from db.models import (
    Article,
    ClaimEvidence,
    Document,
    DocumentCheck,
    DocumentVersion,
    Finding,
    Review,
    Sentence,
    SentenceEvidence,
)
from db.queries.cited import cited_articles, cited_pmids
from db.types import Actor, Verdict


@pytest.fixture
def people(sqlite_engine: Engine) -> dict[str, Actor]:
    return invented_claims.fill(sqlite_engine)


def cited(engine: Engine) -> set[int]:
    """PMIDs; checks that the articles of the library among them are those cited by id."""
    with reading(engine) as session:
        pmids = cited_pmids(session)
        held = select(Article.id).where(col(Article.pmid).in_(pmids))
        assert set(session.exec(held)) == cited_articles(session)
    return set(pmids)


def article_id(session: Session, pmid: int) -> int:
    return session.exec(select(Article.id).where(Article.pmid == pmid)).one()


def test_what_a_claim_names_counts_whether_the_library_holds_it_or_not(engine: Engine) -> None:
    invented_claims.fill(engine)
    assert cited(engine) == {TRIAL, AGAINST, NOT_HELD}


def withdraw_all(engine: Engine) -> None:
    with writing(engine) as session:
        session.execute(update(ClaimEvidence).values(withdrawn_at=config.now()))
        session.commit()


@pytest.mark.usefixtures("people")
def test_what_was_withdrawn_counts_no_more(sqlite_engine: Engine) -> None:
    withdraw_all(sqlite_engine)
    assert cited(sqlite_engine) == set()


def test_what_somebody_was_shown_when_they_decided_counts_for_good(
    sqlite_engine: Engine, people: dict[str, Actor]
) -> None:
    invented_claims.judge(sqlite_engine, people["Ben"], Verdict.SUPPORTED, "Read both trials.")
    withdraw_all(sqlite_engine)
    assert cited(sqlite_engine) == {TRIAL, AGAINST, NOT_HELD}


@pytest.mark.parametrize(("withdrawn_at", "counts"), [(None, True), (datetime(2026, 1, 1, tzinfo=UTC), False)])
def test_a_finding_counts_until_it_is_withdrawn(
    sqlite_engine: Engine, people: dict[str, Actor], withdrawn_at: datetime | None, counts: bool
) -> None:
    with writing(sqlite_engine) as session:
        finding = Finding(
            review_id=session.exec(select(Review.id)).first() or 0,
            article_id=article_id(session, BARE),
            member_id=people["Ben"].member_id,
            domain="depression_severity",
            direction="favours_intervention",
            recorded_at=config.now(),
            withdrawn_at=withdrawn_at,
        )
        session.add(finding)
        session.commit()
    assert (BARE in cited(sqlite_engine)) is counts


def offer(session: Session, version: DocumentVersion, pmid: int) -> None:
    """A check of this version offers this study."""
    sentence = Sentence(version_id=version.id, position=900, start=0, end=1, text="A", text_hash="a")
    check = DocumentCheck(version_id=version.id, engine_version=1, answer={}, checked_at=config.now())
    session.add_all([sentence, check])
    session.flush()
    found = article_id(session, pmid)
    offered = {"sentence_id": sentence.id, "article_id": found, "check_id": check.id}
    session.add(SentenceEvidence(**offered, stance="related", content_hash="a"))


def test_of_a_document_the_newest_version_counts_until_it_is_withdrawn(
    sqlite_engine: Engine, people: dict[str, Actor]
) -> None:
    kept = invented_claims.keep_copy(sqlite_engine, people["Dov"])
    with writing(sqlite_engine) as session:
        first = session.exec(select(DocumentVersion).where(DocumentVersion.document_id == kept)).one()
        offer(session, first, BARE)
        session.commit()
    assert BARE in cited(sqlite_engine)
    with writing(sqlite_engine) as session:
        said = first.model_dump(exclude={"id", "number"})
        second = DocumentVersion(**said, number=2)
        session.add(second)
        session.flush()
        offer(session, second, RETRACTED)
        session.commit()
    assert {BARE, RETRACTED} & cited(sqlite_engine) == {RETRACTED}
    with writing(sqlite_engine) as session:
        session.get_one(Document, kept).withdrawn_at = config.now()
        session.commit()
    assert not {BARE, RETRACTED} & cited(sqlite_engine)
