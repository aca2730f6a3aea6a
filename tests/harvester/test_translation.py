"""What PubMed makes of a query is kept with every run, and another reading of it is told with old and new."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from synced_library import sync

from db import config
from db.engine import open_engine, reading, writing
from db.models import HarvestRun
from db.queries import harvesting
from db.types import RunKind, RunStatus
from harvester.status import library_status, status_lines
from harvester.topic import load_topic
from harvester.translation import translation_change, translation_lines

CHECKOUT = Path(__file__).resolve().parent.parent.parent
OLD = '"ketamine"[MeSH Terms] OR "ketanest"[Title/Abstract] OR ketamin*[Title/Abstract]'
NEW = '"ketamine"[MeSH Terms] OR ketamin*[Title/Abstract] OR "esketamine"[Supplementary Concept]'


def ran(
    engine: Engine,
    translation: str | None,
    status: RunStatus = RunStatus.COMPLETE,
    *,
    kind: RunKind = RunKind.SYNC,
    query: str = "ketamine",
) -> int:
    with writing(engine) as session:
        harvesting.upsert_topic(session, topic_id="ketamine", name="Ketamine", query=query)
        run = HarvestRun(topic_id="ketamine", kind=kind, status=status, query=query, started_at=config.now())
        run.query_translation, run.finished_at = translation, config.now() + timedelta(minutes=1)
        session.add(run)
        session.commit()
        return run.id


def changed_by(engine: Engine) -> tuple[int, int] | None:
    """(The run it changed in, the run before)."""
    with reading(engine) as session:
        change = translation_change(session, "ketamine")
        return (change.run, change.old_run) if change else None


def test_the_same_reading_every_night_is_no_news(engine: Engine) -> None:
    assert changed_by(engine) is None
    for _ in range(3):
        ran(engine, OLD)
    assert changed_by(engine) is None


def test_another_reading_is_told_with_old_and_new_and_what_differs(engine: Engine, clock: Callable[..., None]) -> None:
    before = ran(engine, OLD)
    clock(days=1)
    after = ran(engine, NEW)
    with reading(engine) as session:
        change = translation_change(session, "ketamine")
    assert change is not None
    assert (change.run, change.old_run, change.old, change.new) == (after, before, OLD, NEW)
    assert change.added == ('"esketamine"[Supplementary Concept]',)
    assert change.removed == ('"ketanest"[Title/Abstract]',)
    assert translation_lines(change) == [
        'PubMed reads the query otherwise than on 2026-03-01: now with "esketamine"[Supplementary Concept];'
        ' no longer with "ketanest"[Title/Abstract]',
        f"  was: {OLD}",
        f"  is: {NEW}",
    ]


def test_it_is_measured_against_the_last_complete_run_and_stays_in_the_status(engine: Engine) -> None:
    before = ran(engine, OLD)
    partial = ran(engine, NEW, RunStatus.PARTIAL)
    assert changed_by(engine) == (partial, before)
    complete = ran(engine, NEW)
    assert changed_by(engine) == (complete, before)
    ran(engine, NEW)
    ran(engine, None, RunStatus.FAILED)
    ran(engine, OLD, kind=RunKind.IMPORT)
    assert changed_by(engine) == (complete, before)


def test_what_only_a_failed_run_read_otherwise_is_no_change(engine: Engine) -> None:
    ran(engine, OLD)
    ran(engine, NEW, RunStatus.FAILED)
    ran(engine, OLD)
    assert changed_by(engine) is None


def test_a_reading_that_changes_back_is_a_change_again(engine: Engine) -> None:
    _, middle, last = ran(engine, OLD), ran(engine, NEW), ran(engine, OLD)
    assert changed_by(engine) == (last, middle)


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (OLD.replace(" OR ", " AND "), "the same terms, joined in another way"),
        ("ketamine[All Fields]", 'no longer with "ketamine"[MeSH Terms], "ketanest"[Title/Abstract], ketamin'),
    ],
)
def test_the_status_says_it_in_few_words_and_the_json_whole(sqlite_engine: Engine, new: str, words: str) -> None:
    ran(sqlite_engine, OLD)
    ran(sqlite_engine, new, query="ketamine OR other")
    with reading(sqlite_engine) as session:
        status = library_status(session)
    (topic,) = status["topics"]
    assert topic["query_translation"] == new
    assert (topic["translation_change"]["old"], topic["translation_change"]["new"]) == (OLD, new)
    assert topic["translation_change"]["query_changed"] is True
    (line,) = [line for line in status_lines(status) if "reads the query" in line]
    assert words in line


def test_the_command_tells_it_on_stderr(sqlite_url: str, tmp_path: Path) -> None:
    engine = open_engine(sqlite_url)
    with LocalPubMed([write_records(tmp_path / "a.xml", [invented(FIRST)])]) as pubmed:
        now = sync(engine, pubmed.url, load_topic("ketamine-depression")).query_translation or ""
        then = now.replace("ketamin*", "ketamina*")
        with writing(engine) as session:
            session.get_one(HarvestRun, 1).query_translation = then
            session.commit()
        told = subprocess.run(
            [sys.executable, "-m", "harvester.cli", "sync"],
            cwd=CHECKOUT,
            env=os.environ | {"DATABASE_URL": sqlite_url, "EUTILS_URL": pubmed.url, "NCBI_API_KEY": "invented"},
            capture_output=True,
            text=True,
            timeout=300,
        )
    assert told.returncode == 0
    assert then != now
    assert f"  was: {then}\n  is: {now}\n" in told.stderr
    with reading(engine) as session:
        (topic,) = library_status(session)["topics"]
    assert (topic["query_translation"], topic["translation_change"]["old"]) == (now, then)
    assert topic["translation_change"]["run"] == 2
    engine.dispose()
