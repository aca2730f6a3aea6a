"""Suggested tags are read once and kept."""

import invented_studies
import pytest
from sqlalchemy import Engine

from db import config
from db.engine import reading, writing
from db.models import Member
from db.queries import literature
from db.types import Actor, Role
from review_app.services import studies
from review_app.tagging.suggest import TAGGER_VERSION


@pytest.fixture
def library(engine: Engine) -> Engine:
    with writing(engine) as session:
        row = Member(name="Ada", name_key="ada", role=Role.LEAD, created_at=config.now())
        session.add(row)
        session.commit()
    invented_studies.fill(engine, lead=Actor(row.id, row.name, row.role), plain=20)
    return engine


def unread(engine: Engine) -> int:
    with reading(engine) as session:
        return literature.without_suggestion_count(session, tagger_version=TAGGER_VERSION)


def test_a_command_reads_new_studies_once(library: Engine) -> None:
    heard: list[int] = []
    studies.catch_up(library, heard.append)
    studies.catch_up(library, heard.append)
    assert heard == [25]
    assert unread(library) == 0


def test_a_large_library_is_left_to_the_app(library: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(studies, "READ_AT_ONCE", 10)
    heard: list[int] = []
    studies.catch_up(library, heard.append)
    assert heard == []
    assert unread(library) == 25
