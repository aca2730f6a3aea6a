"""Agreement and progress as the library counts them, on both engines, and for whom."""

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, select

from db import config
from db.engine import reading, writing
from db.models import Article, ImportSource, Record, Review, ScreeningDecision, TopicArticle
from db.queries.agreement import vote_pairs
from db.queries.flow import identified, study_count
from db.queries.screening_progress import voters_by_record, votes_by_member
from db.types import Actor, Decision, Stage

People = dict[str, Actor]
STAGE = Stage.TITLE_ABSTRACT
INCLUDE, EXCLUDE, WITHDRAWN = Decision.INCLUDE, Decision.EXCLUDE, Decision.WITHDRAWN


@pytest.fixture
def voted(library: Engine, people: People) -> Engine:
    """Ben and Cleo agree on record 1 and differ on 2; on 3 Ben alone voted; Cleo took a vote on it back."""
    with writing(library) as session:
        session.add_all(Record(id=n, review_id=1, article_id=n, added_at=config.now()) for n in (1, 2, 3))
        session.flush()
        for name, record_id, decision in (
            ("Ben", 1, EXCLUDE),
            ("Ben", 1, INCLUDE),
            ("Cleo", 1, INCLUDE),
            ("Cleo", 2, EXCLUDE),
            ("Ben", 2, INCLUDE),
            ("Ben", 3, INCLUDE),
            ("Cleo", 3, EXCLUDE),
            ("Cleo", 3, WITHDRAWN),
        ):
            given = {"record_id": record_id, "member_id": people[name].member_id, "decision": decision}
            session.add(ScreeningDecision(**given, stage=STAGE, decided_at=config.now()))
            session.flush()
        session.commit()
    return library


def review_of(session: Session) -> Review:
    return session.exec(select(Review)).one()


def pairs(engine: Engine, viewer: Actor) -> set[tuple[Decision, Decision, int]]:
    with reading(engine) as session:
        found = vote_pairs(session, viewer=viewer, review=review_of(session), stage=STAGE)
        return {(pair.first, pair.second, pair.number) for pair in found}


def test_pairs_are_of_standing_votes_and_for_those_who_voted_and_who_leads(voted: Engine, people: People) -> None:
    told = {(INCLUDE, INCLUDE, 1), (INCLUDE, EXCLUDE, 1)}
    assert pairs(voted, people["Ben"]) == pairs(voted, people["Cleo"]) == pairs(voted, people["Ada"]) == told
    assert pairs(voted, people["Dov"]) == pairs(voted, Actor(None, "command", people["Dov"].role)) == set()


def test_the_pairs_of_an_open_calibration_round_are_only_for_those_who_voted(voted: Engine, people: People) -> None:
    with writing(voted) as session:
        for record in session.exec(select(Record)):
            record.calibration = True
            session.add(record)
        session.commit()
    assert pairs(voted, people["Ada"]) == set()
    assert len(pairs(voted, people["Ben"])) == 2


def test_how_many_each_voted_on_is_no_judgement(voted: Engine, people: People) -> None:
    ben, cleo = people["Ben"].member_id, people["Cleo"].member_id
    with reading(voted) as session:
        assert votes_by_member(session, review=review_of(session), stage=STAGE) == {ben: 3, cleo: 2}
        assert voters_by_record(session, review=review_of(session), stage=STAGE) == {1: 1, 2: 2}


def test_what_was_identified_counts_each_source_and_what_stands_each_article_once(library: Engine) -> None:
    with writing(library) as session:
        now = config.now()
        seen = {"topic_id": "invented", "first_seen_at": now, "last_fetched_at": now}
        session.add_all(TopicArticle(article_id=n, **seen) for n in (1, 2, 3))
        for article_id, kind in ((1, "pubmed"), (2, "pubmed"), (3, "pubmed"), (1, "file")):
            session.add(ImportSource(article_id=article_id, kind=kind, name=kind, seen_at=now))
        session.get_one(Article, 2).merged_into_id = 1
        session.get_one(Article, 3).tombstoned_at = now
        session.commit()
    with reading(library) as session:
        found = identified(session, topic_id="invented")
        assert found.sources == (("file", "file", 1), ("pubmed", "pubmed", 3))
        assert (found.articles, found.gone) == (1, 1)
        assert study_count(session, article_ids=[1, 2]) == 2
