"""The audit trail as it is read: by person, kind, number and day, a page at a time, and by whom."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from db import audit, config
from db.engine import reading, writing
from db.queries import activity
from db.queries.activity import Wanted
from db.types import Actor

People = dict[str, Actor]


@pytest.fixture
def trail(library: Engine, people: People) -> Engine:
    """The event of a run; then Ben and Cleo screen, Ben comes in, Ada changes the review."""
    with writing(library) as session:
        for name, action, kind, number in (
            ("Ben", "screened", "record", 1),
            ("Cleo", "screened", "record", 2),
            ("Ben", "signed_in", "member", 2),
            ("Ada", "review_changed", "review", 1),
        ):
            audit.record(
                session,
                actor=people[name],
                action=action,
                subject_kind=kind,
                subject_id=number,
                detail={"decision": number},
            )
        session.commit()
    return library


def told(engine: Engine, viewer: Actor, wanted: Wanted = Wanted(), **more: int) -> list[tuple[str, str]]:
    with reading(engine) as session:
        found = activity.events(session, viewer=viewer, wanted=wanted, **more)
        return [(line.actor_name, line.action) for line in found]


def test_each_filter_narrows_the_trail(trail: Engine, people: People) -> None:
    ada = people["Ada"]
    assert told(trail, ada, Wanted(actor_name="Ben")) == [("Ben", "signed_in"), ("Ben", "screened")]
    assert told(trail, ada, Wanted(subject_kind="record")) == [("Cleo", "screened"), ("Ben", "screened")]
    assert told(trail, ada, Wanted(subject_kind="record", subject_id="2")) == [("Cleo", "screened")]
    assert told(trail, ada, Wanted(actor_name="Nobody")) == []


def test_a_day_is_from_midnight_to_midnight(trail: Engine, people: People) -> None:
    today = config.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    tomorrow = today + timedelta(days=1)
    assert len(told(trail, people["Ada"], Wanted(since=today - timedelta(days=1), until=tomorrow))) == 5
    assert told(trail, people["Ada"], Wanted(since=tomorrow)) == []
    assert told(trail, people["Ada"], Wanted(until=datetime(2020, 1, 1, tzinfo=UTC))) == []


def test_pages_follow_each_other_without_a_gap(trail: Engine, people: People) -> None:
    pages, before = [], 0
    while page := _ids(trail, people["Ada"], before):
        pages.append(page)
        before = page[-1]
    assert pages == [[5, 4], [3, 2], [1]]


def _ids(engine: Engine, viewer: Actor, before: int) -> list[int]:
    with reading(engine) as session:
        return [line.id for line in activity.events(session, viewer=viewer, before=before, limit=2)]


def test_only_a_lead_reads_who_came_and_went(trail: Engine, people: People) -> None:
    assert ("Ben", "signed_in") in told(trail, people["Ada"])
    assert ("Ben", "signed_in") in told(trail, people["Ben"])
    assert ("Ben", "signed_in") not in told(trail, people["Cleo"])


def test_while_a_blinded_review_is_open_what_was_judged_is_hidden(trail: Engine, people: People) -> None:
    def details(viewer: Actor) -> dict[str, object]:
        with reading(trail) as session:
            found = activity.events(session, viewer=viewer)
            return {f"{line.actor_name} {line.action}": line.detail for line in found}

    assert details(people["Ben"])["Ben screened"] == {"decision": 1}
    assert details(people["Ben"])["Cleo screened"] is None
    assert details(people["Ada"])["Cleo screened"] is None
    assert details(people["Cleo"])["Ada review_changed"] == {"decision": 1}
    assert details(Actor(None, "command", people["Dov"].role))["Cleo screened"] is None


def test_who_and_what_there_is_to_choose_from(trail: Engine) -> None:
    with reading(trail) as session:
        assert activity.actors_and_kinds(session) == (
            ["Ada", "Ben", "Cleo", "nightly"],
            ["member", "record", "review", "run"],
        )
