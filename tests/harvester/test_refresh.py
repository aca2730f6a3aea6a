"""The nightly, over real sockets: what it asks PubMed for, what it finds, and what it leaves alone."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from refreshed_library import alerts, article, changes, cite, fetched, night, nights, place, refresh
from sqlalchemy import Engine, event
from sqlmodel import select
from synced_library import TOPIC, library, pmids, sync

from db import config
from db.engine import reading
from db.models import HarvestTodo, Topic, TopicArticle
from db.types import ChangeEvent, Integrity, RunKind, RunStatus
from harvester.file_import import import_file

TITLE = "Invented trial of ketamine for depression"


@pytest.fixture(autouse=True)
def _clock(clock: Callable[..., None]) -> None:
    """A day on which the invented records were revised long ago."""


def test_the_first_refresh_of_an_empty_library_is_its_first_sync(
    engine: Engine, records: Path, clean: list[dict[str, Any]]
) -> None:
    with LocalPubMed([records]) as pubmed:
        run = refresh(engine, pubmed)
        journal = pubmed.journal()
    assert (run.kind, run.status, run.new, run.total) == (RunKind.REFRESH, RunStatus.COMPLETE, 450, 450)
    assert library(engine) == clean
    assert {row["method"] for row in journal} == {"POST"}
    with reading(engine) as session:
        assert session.get_one(Topic, TOPIC.id).watermark == run.started_at


def test_a_night_brings_what_is_new_and_what_was_revised(sqlite_engine: Engine, tmp_path: Path) -> None:
    new = {"day": 1, "do": "add", "pmid": FIRST + 50, "title": TITLE}
    revised = {"day": 1, "do": "revise", "pmid": FIRST + 1, "title": f"{TITLE}, revised"}
    with nights(tmp_path, new, revised, articles=20) as pubmed:
        refresh(sqlite_engine, pubmed)
        run = night(sqlite_engine, pubmed, 1)
    assert (run.new, run.changed) == (1, 1)
    assert article(sqlite_engine, FIRST + 1).title == f"{TITLE}, revised"
    assert changes(sqlite_engine, FIRST + 1) == [ChangeEvent.NEW, ChangeEvent.REVISED]


def test_what_was_reworded_under_its_old_date_is_found_within_a_week(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    quiet = [{"day": 1, "do": "reword", "pmid": FIRST + n, "title": f"{TITLE}, reworded {n}"} for n in range(0, 20, 3)]
    with nights(tmp_path, *quiet, articles=20) as pubmed:
        refresh(sqlite_engine, pubmed)
        runs = []
        for day in range(1, 8):
            clock(days=1)
            runs.append(night(sqlite_engine, pubmed, day))
    assert sum(run.changed for run in runs) == len(quiet)
    assert {run.total for run in runs} == {3}, "a seventh a night"
    with reading(sqlite_engine) as session:
        oldest = min(session.exec(select(TopicArticle.last_fetched_at)))
    assert oldest >= runs[0].started_at


def test_what_something_rests_on_is_fetched_every_night(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    with nights(tmp_path, articles=20) as pubmed:
        refresh(sqlite_engine, pubmed)
        cite(sqlite_engine, FIRST + 19)
        for day in range(1, 4):
            clock(days=1)
            before = len(pubmed.journal())
            night(sqlite_engine, pubmed, day)
            assert FIRST + 19 in set().union(*fetched(pubmed, before))


def test_a_retraction_of_what_a_claim_rests_on_is_an_alert_of_the_same_night(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    with nights(tmp_path, {"day": 1, "do": "retract", "pmid": FIRST, "notice": FIRST + 60, "quiet": True}) as pubmed:
        refresh(sqlite_engine, pubmed)
        cite(sqlite_engine, FIRST)
        run = night(sqlite_engine, pubmed, 1)
    (alert,) = alerts(sqlite_engine)
    assert (alert.kind, alert.run_id, alert.claim_id) == ("retracted", run.id, f"claim-{FIRST}")
    assert article(sqlite_engine).integrity is Integrity.RETRACTED


def test_what_a_claim_names_and_the_query_does_not_find_comes_into_the_library_and_not_into_the_topic(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    other = write_records(tmp_path / "other.xml", [invented(FIRST + 900, title="Invented study of something else")])
    file = write_records(tmp_path / "a.xml", [invented(FIRST), invented(FIRST + 1)])
    cite(sqlite_engine, FIRST + 900)
    cite(sqlite_engine, FIRST + 901)
    with LocalPubMed([file, other], day=0) as pubmed:
        run = refresh(sqlite_engine, pubmed)
    assert (run.status, run.new) == (RunStatus.COMPLETE, 3)
    assert run.message == f"PubMed does not have what claims rest on: PMID {FIRST + 901}"
    with reading(sqlite_engine) as session:
        assert len(session.exec(select(TopicArticle)).all()) == 2
    assert article(sqlite_engine, FIRST + 900).title == "Invented study of something else"


def test_what_only_a_file_brought_is_fetched_in_its_turn(sqlite_engine: Engine, tmp_path: Path) -> None:
    elsewhere = invented(FIRST + 30, title="Invented study of something else")
    import_file(sqlite_engine, write_records(tmp_path / "file.xml", [elsewhere]), TOPIC)
    newer = invented(FIRST + 30, title="Invented study of something else, revised", revised=date(2026, 2, 1))
    file = write_records(tmp_path / "a.xml", [invented(FIRST), newer])
    with LocalPubMed([file], day=0) as pubmed:
        run = refresh(sqlite_engine, pubmed)
    assert (run.new, run.changed) == (1, 1)
    assert run.message == f"not found by the query any more, and kept: PMID {FIRST + 30}"


def test_an_article_that_the_list_lacks_and_the_days_entries_have_is_fetched(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    new = {"day": 1, "do": "add", "pmid": FIRST + 50, "title": TITLE}
    old = {"count": "3", "idlist": [str(FIRST + n) for n in range(3)], "querytranslation": "ketamine[tiab]"}
    lag = {"endpoint": "esearch", "do": "status", "status": 200, "body": json.dumps({"esearchresult": old})}
    # The second night's: the count and the list, between them the newest of all.
    with nights(tmp_path, new, faults=[lag | {"nth": 4}, lag | {"nth": 6}]) as pubmed:
        refresh(sqlite_engine, pubmed)
        run = night(sqlite_engine, pubmed, 1)
    assert (run.status, run.new) == (RunStatus.COMPLETE, 1)
    assert article(sqlite_engine, FIRST + 50).title == TITLE


def test_a_quiet_night_writes_no_article_and_nothing_of_the_index(
    sqlite_engine: Engine, records: Path, clock: Callable[..., None]
) -> None:
    written: list[str] = []

    def hear(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.split(None, 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            written.append(" ".join(statement.split()[:3]))

    with LocalPubMed([records], day=0) as pubmed:
        refresh(sqlite_engine, pubmed)
        before, requests = library(sqlite_engine), len(pubmed.journal())
        clock(days=1)
        event.listen(sqlite_engine, "before_cursor_execute", hear)
        run = night(sqlite_engine, pubmed, 1)
        event.remove(sqlite_engine, "before_cursor_execute", hear)
        asked = pubmed.journal()[requests:]
    assert (run.status, run.new, run.changed, run.unchanged) == (RunStatus.COMPLETE, 0, 0, 65)
    assert library(sqlite_engine) == before
    touched = {name.split()[1] if name.startswith("UPDATE") else name.split()[2] for name in written}
    of_runs = {"lease", "harvest_run", "harvest_slice", "harvest_todo"}
    assert touched == {"topic", "topic_article", "import_source"} | of_runs
    assert written.count("INSERT INTO topic_article") == 2, "one for each transaction"
    assert len(asked) == 9, "of the index its day, 3 lists with their parts, one batch"


def test_a_refresh_after_a_sync_asks_only_for_a_seventh(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records], day=0) as pubmed:
        sync(sqlite_engine, pubmed.url)
        run = night(sqlite_engine, pubmed, 1)
    assert (run.total, run.unchanged) == (65, 65)
    assert pmids(sqlite_engine)[0] == FIRST
    with reading(sqlite_engine) as session:
        assert session.exec(select(HarvestTodo)).all() == []
    assert place(sqlite_engine).last_fetched_at == config.now()
