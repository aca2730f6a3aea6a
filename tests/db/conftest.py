"""A small invented library for the tests of the store."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import rested_library
from sqlalchemy import Engine

from db import audit, config, search
from db.engine import open_engine, writing
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


@pytest.fixture(scope="session")
def rested_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library in which things rest on a trial (`rested_library`), made on 1 February 2026, to copy from."""
    path = tmp_path_factory.mktemp("rested") / "library.db"
    shutil.copy(sqlite_template, path)
    engine = open_engine(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(config, "now", lambda: datetime(2026, 2, 1, tzinfo=UTC))
        rested_library.furnish(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture
def rested(rested_template: Path, tmp_path: Path, clock: Callable[..., None]) -> Iterator[Engine]:
    """That library a month later."""
    shutil.copy(rested_template, tmp_path / "rested.db")
    engine = open_engine(f"sqlite:///{tmp_path}/rested.db")
    yield engine
    engine.dispose()


@pytest.fixture
def rested_on_both(engine: Engine, clock: Callable[..., None]) -> Engine:
    """The same on either engine."""
    rested_library.furnish(engine)
    clock(days=1)
    return engine
