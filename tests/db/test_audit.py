"""The audit chain: every event follows the one before it, and nothing can be changed or cut unseen."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine, text

from db import audit
from db.audit import GENESIS, Head
from db.engine import reading, writing
from db.models import AuditEvent
from db.types import Actor, Role

NIGHTLY = Actor(None, "nightly", Role.READ_ONLY)


def record(engine: Engine, *actions: str) -> Head:
    with writing(engine) as session:
        for action in actions:
            detail = {"größe": 2.5, "ids": [1, 2], "none": None}
            audit.record(session, actor=NIGHTLY, action=action, subject_kind="run", subject_id=7, detail=detail)
        session.commit()
        return audit.head(session)


def tamper(engine: Engine, statement: str) -> None:
    with writing(engine) as session:
        session.connection().execute(text(statement))
        session.commit()


def problems(engine: Engine, known: Head | None = None) -> list[str]:
    with reading(engine) as session:
        return audit.problems(session, known)


def test_the_canonical_form_never_changes() -> None:
    event = AuditEvent(
        id=1,
        at=datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
        actor_id=4,
        actor_name="Ada Löw",
        action="verdict_given",
        subject_kind="claim",
        subject_id="ketamine-rapid",
        detail={"b": [1, 2.5, None], "a": "größer"},
        previous_hash=GENESIS,
        hash="",
    )
    assert audit.canonical(event) == (
        '{"action":"verdict_given","actor_id":4,"actor_name":"Ada Löw","at":"2026-03-01T09:00:00.000000+00:00",'
        '"detail":{"a":"größer","b":[1,2.5,null]},"id":1,"previous_hash":"' + "0" * 64 + '",'
        '"subject_id":"ketamine-rapid","subject_kind":"claim"}'
    )
    assert audit.digest(event) == "7a99de897b9b9e4e339f7ea5e5224fb377c2816ae156cc30f63d807f3bb5a9bd"


def test_each_event_follows_the_one_before(engine: Engine) -> None:
    head = record(engine, "started", "stopped", "started")
    with reading(engine) as session:
        events = [session.get_one(AuditEvent, number) for number in (1, 2, 3)]
    assert [event.previous_hash for event in events] == [GENESIS, events[0].hash, events[1].hash]
    assert head == Head(3, events[2].hash)
    assert problems(engine, head) == []


def test_an_event_that_was_not_committed_leaves_no_gap(sqlite_engine: Engine) -> None:
    record(sqlite_engine, "started")
    with writing(sqlite_engine) as session:
        audit.record(session, actor=NIGHTLY, action="lost", subject_kind="run", subject_id=1)
    assert record(sqlite_engine, "stopped").count == 2
    assert problems(sqlite_engine) == []


@pytest.mark.parametrize(
    "change",
    [
        "action = 'nothing'",
        "actor_name = 'Eve'",
        "subject_id = '8'",
        "detail = '{}'",
        "at = '2020-01-01 00:00:00+00:00'",
    ],
)
def test_an_altered_event_shows(sqlite_engine: Engine, change: str) -> None:
    record(sqlite_engine, "started", "stopped", "started")
    tamper(sqlite_engine, f"UPDATE audit_event SET {change} WHERE id = 2")
    assert problems(sqlite_engine) == ["audit event 2 was altered"]


def test_an_event_that_was_altered_and_hashed_anew_shows_at_the_next(sqlite_engine: Engine) -> None:
    record(sqlite_engine, "started", "stopped", "started")
    with writing(sqlite_engine) as session:
        event = session.get_one(AuditEvent, 2)
        event.action = "nothing"
        event.hash = audit.digest(event)
        session.commit()
    assert problems(sqlite_engine) == ["audit event 3 does not follow the event before it"]


def test_a_deleted_event_shows(sqlite_engine: Engine) -> None:
    record(sqlite_engine, "started", "stopped", "started")
    tamper(sqlite_engine, "DELETE FROM audit_event WHERE id = 2")
    assert problems(sqlite_engine) == ["audit event 2 is missing", "audit event 3 does not follow the event before it"]


def test_a_deleted_beginning_shows(sqlite_engine: Engine) -> None:
    record(sqlite_engine, "started", "stopped")
    tamper(sqlite_engine, "DELETE FROM audit_event WHERE id = 1")
    assert "audit event 1 is missing" in problems(sqlite_engine)


def test_a_cut_tail_shows_only_against_a_head_kept_elsewhere(sqlite_engine: Engine) -> None:
    head = record(sqlite_engine, "started", "stopped", "started")
    tamper(sqlite_engine, "DELETE FROM audit_event WHERE id = 3")
    assert problems(sqlite_engine) == []
    assert problems(sqlite_engine, head) == ["the audit chain has 2 events where the head kept elsewhere counts 3"]


def test_a_tail_that_was_cut_and_grown_again_shows_against_the_head(sqlite_engine: Engine) -> None:
    head = record(sqlite_engine, "started", "stopped")
    tamper(sqlite_engine, "DELETE FROM audit_event WHERE id = 2")
    record(sqlite_engine, "another", "story")
    assert problems(sqlite_engine) == []
    assert problems(sqlite_engine, head) == ["audit event 2 is not the one that the head kept elsewhere names"]


def test_an_older_head_is_content_with_a_longer_chain(sqlite_engine: Engine) -> None:
    head = record(sqlite_engine, "started")
    record(sqlite_engine, "stopped")
    assert problems(sqlite_engine, head) == []
    assert problems(sqlite_engine, Head(0, GENESIS)) == []


def test_a_head_survives_its_file() -> None:
    head = Head(12, "ab" * 32)
    assert Head.from_json(head.to_json()) == head


@pytest.mark.parametrize("words", ["", "[]", "{}", '{"count": "many", "hash": ""}', "null"])
def test_what_is_no_head_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match="a head is JSON"):
        Head.from_json(words)
