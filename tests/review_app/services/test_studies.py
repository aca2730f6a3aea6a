"""Suggested tags are read once and kept."""

from functools import partial

import invented_studies
import pytest
from sqlalchemy import Engine, event
from sqlmodel import select

from db import config
from db.engine import DatabaseUnavailable, reading, writing
from db.models import Member, TagSuggestion
from db.queries import literature
from db.types import Actor, Role
from review_app.services import studies
from review_app.tagging.suggest import TAGGER_VERSION

VIEWER = Actor(None, "factcheck command", Role.READ_ONLY)


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


def test_a_command_says_how_many_studies_are_left_batch_by_batch(
    library: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studies, "refresh_suggestions", partial(studies.refresh_suggestions, limit=10))
    heard: list[int] = []
    studies.catch_up(library, heard.append)
    assert heard == [25, 15, 5]
    assert unread(library) == 0


def test_what_an_answer_had_to_read_is_kept_and_nothing_else(library: Engine) -> None:
    with reading(library) as session:
        find = studies.finder(session, viewer=VIEWER, topic_id=invented_studies.TOPIC)
        found = find("ketamine", 3)
    studies.keep_suggestions(library, session)
    assert len(found) == 3
    assert unread(library) == 25 - 3


def test_a_tag_that_is_kept_takes_the_place_of_an_older_one(library: Engine) -> None:
    studies.catch_up(library, lambda _: None)
    with writing(library) as session:
        for row in session.exec(select(TagSuggestion)):
            row.tagger_version = 0
        session.commit()
    with reading(library) as session:
        articles = list(literature.articles_by_id(session, ids=range(1, 100)).values())
        studies.suggested_tags(session, articles)
    studies.keep_suggestions(library, session)
    assert unread(library) == 0


def test_a_library_that_cannot_be_written_answers_all_the_same(
    library: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with reading(library) as session:
        studies.suggested_tags(session, list(literature.articles_by_id(session, ids=range(1, 100)).values()))

    def refused(_: Engine) -> None:
        raise DatabaseUnavailable("read only")

    monkeypatch.setattr(studies, "writing", refused)
    studies.keep_suggestions(library, session)
    assert unread(library) == 25


def test_a_query_is_asked_of_the_library_once(library: Engine) -> None:
    with reading(library) as session:
        find = studies.finder(session, viewer=VIEWER, topic_id=invented_studies.TOPIC)
        first = find("ketamine placebo", 5)
        asked: list[object] = []
        event.listen(library, "before_cursor_execute", lambda *given: asked.append(given[2]))
        assert find("ketamine placebo", 5) == first
    assert asked == []
