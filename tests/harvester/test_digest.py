"""What a digest tells of: the changes since the last one, and how many are left."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

import pytest
import rested_library
from refreshed_library import night as refreshed
from refreshed_library import nights
from rested_library import put, trial
from sqlalchemy import Engine

from db import config
from db.engine import reading, writing
from db.models import HarvestRun
from db.types import RunKind, RunStatus
from harvester import digest
from harvester.night import Night, SourceResult

Clock = Callable[..., None]


def night(engine: Engine) -> int:
    now = config.now()
    with writing(engine) as session:
        run = HarvestRun(topic_id=rested_library.TOPIC, kind=RunKind.REFRESH, started_at=now, finished_at=now)
        run.status = RunStatus.COMPLETE
        session.add(run)
        session.commit()
        return run.id


def test_what_is_new_is_told_one_by_one_up_to_a_limit_and_the_rest_is_counted(
    sqlite_engine: Engine, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested_library.furnish(sqlite_engine)
    last = 0
    for titles in (("One",), ("Two", "Three", "Four")):
        for title in titles:
            clock(hours=1)
            put(sqlite_engine, trial(title=f"An invented trial, version {title}"))
        last = night(sqlite_engine)
    monkeypatch.setattr(digest, "CARDS", 2)
    with reading(sqlite_engine) as session:
        found = digest.digest(session, run_id=last)
    assert [after for change in found.changes for _, after in change.passages] == [
        "An invented trial, version Four",
        "An invented trial, version Three",
    ]
    assert (found.more, found.still_open) == (1, 1)


def silent(_: Night) -> SourceResult:
    return SourceResult("iCite", "could not check", message="iCite could not be reached")


def test_how_the_last_night_ended_is_not_told_again(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moments = (datetime(2026, 3, 1, tzinfo=UTC) + timedelta(milliseconds=number) for number in count())
    monkeypatch.setattr(config, "now", lambda: next(moments))
    with nights(tmp_path) as pubmed:
        runs = [refreshed(sqlite_engine, pubmed, day, neighbours=[silent][day:]) for day in (0, 1)]
    with reading(sqlite_engine) as session:
        told = [digest.digest(session, run_id=run.id) for run in runs]
    assert [[change.summary.partition(" is ")[2][:8] for change in each.changes] for each in told] == [["partial:"], []]
    assert told[1].still_open == 1
