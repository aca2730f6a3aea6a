"""A small invented library for the tests of the store."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from db import audit, config, search
from db.engine import writing
from db.models import Article, Member, Review, Study, Topic
from db.types import Actor, Role

PEOPLE = {"Ada": Role.LEAD, "Ben": Role.REVIEWER, "Cleo": Role.REVIEWER, "Dov": Role.WRITER}


def article(number: int) -> Article:
    """An invented article; PMIDs count from 90000000."""
    values: dict[str, Any] = {
        "id": number,
        "study_id": number,
        "parser_version": 1,
        "pmid": 90000000 + number,
        "title": f"Invented trial {number} of ketamine",
        "abstract": f"Scores fell by {number} points.",
        "sections": [{"label": None, "text": f"Scores fell by {number} points."}],
        "content_hash": f"hash-{number}",
        "retrieved_at": datetime(2026, 2, 1, tzinfo=UTC),
    }
    return Article(**values)


@pytest.fixture
def people(engine: Engine) -> dict[str, Actor]:
    """Ada leads, Ben and Cleo review, Dov writes; as the queries take them."""
    with writing(engine) as session:
        members = [
            Member(name=name, name_key=name.casefold(), role=role, created_at=config.now())
            for name, role in PEOPLE.items()
        ]
        session.add_all(members)
        session.commit()
        return {member.name: Actor(member.id, member.name, member.role) for member in members}


def furnish(engine: Engine) -> None:
    """Three articles, indexed, with a review that is dual and blinded, and one audit event."""
    with writing(engine) as session:
        session.add(Topic(id="invented", name="Invented", query="", created_at=config.now()))
        session.add_all(Study(id=number, created_at=config.now()) for number in (1, 2, 3))
        session.flush()
        session.add(Review(topic_id="invented", name="Dual", dual=True, blinded=True, created_at=config.now()))
        articles = [article(number) for number in (1, 2, 3)]
        session.add_all(articles)
        session.flush()
        texts = [search.IndexedText(row.id, row.title, row.abstract) for row in articles]
        search.add(session.connection(), texts)
        nightly = Actor(None, "nightly", Role.READ_ONLY)
        audit.record(session, actor=nightly, action="run_finished", subject_kind="run", subject_id=1)
        session.commit()


@pytest.fixture
def library(engine: Engine) -> Engine:
    """A small library, on both engines."""
    furnish(engine)
    return engine


@pytest.fixture
def sqlite_library(sqlite_engine: Engine) -> Engine:
    """The same, for what does not depend on the engine."""
    furnish(sqlite_engine)
    return sqlite_engine
