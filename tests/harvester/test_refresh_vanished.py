"""What PubMed lists no more and does not have: counted by nights, marked as gone at the second, never in masses."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from refreshed_library import alerts, article, changes, cite, fetched, night, nights, place, refresh
from sqlalchemy import Engine
from sqlmodel import select
from synced_library import PMIDS, TOPIC, pmids, sync

from db import config
from db.engine import reading
from db.models import ChangeLog, HarvestRun, Topic
from db.types import ChangeEvent, RunStatus
from harvester.errors import Fatal
from harvester.status import library_status, status_lines

NEW, VANISHED, RETURNED, TOMBSTONED = (
    ChangeEvent.NEW,
    ChangeEvent.VANISHED,
    ChangeEvent.RETURNED,
    ChangeEvent.TOMBSTONED,
)


@pytest.fixture(autouse=True)
def _clock(clock: Callable[..., None]) -> None:
    """A day on which the invented records were revised long ago."""


def status(engine: Engine) -> Any:
    with reading(engine) as session:
        return library_status(session)


def test_a_record_away_for_one_night_is_missing_and_returns(
    engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    with nights(tmp_path, {"day": 1, "do": "vanish", "pmid": FIRST}) as pubmed:
        refresh(engine, pubmed)
        clock(days=1)
        run = night(engine, pubmed, 1)
        assert (run.status, run.message) == (RunStatus.COMPLETE, f"missing from PubMed since tonight: PMID {FIRST}")
        assert (place(engine).misses, place(engine).missing_since) == (1, config.now())
        assert article(engine).tombstoned_at is None
        clock(days=1)
        assert night(engine, pubmed, 2).message is None
    assert (place(engine).misses, place(engine).missing_since) == (0, None)
    assert changes(engine) == [NEW, VANISHED, RETURNED]


def test_a_record_away_for_two_nights_is_marked_as_gone_and_is_as_it_was_when_it_is_back(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    with nights(tmp_path, {"day": 1, "do": "vanish", "pmid": FIRST, "nights": 3}) as pubmed:
        refresh(sqlite_engine, pubmed)
        before = article(sqlite_engine)
        for day in range(1, 4):
            clock(days=1)
            night(sqlite_engine, pubmed, day)
        assert article(sqlite_engine).tombstoned_at is not None
        assert changes(sqlite_engine) == [NEW, VANISHED, TOMBSTONED]
        night(sqlite_engine, pubmed, 4)
    back = article(sqlite_engine)
    assert (back.id, back.content_hash, back.tombstoned_at) == (before.id, before.content_hash, None)
    assert changes(sqlite_engine) == [NEW, VANISHED, TOMBSTONED, RETURNED]
    assert place(sqlite_engine).misses == 0


def test_a_night_that_is_run_again_counts_nothing_twice(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    with nights(tmp_path, {"day": 1, "do": "delete", "pmid": FIRST}) as pubmed:
        refresh(sqlite_engine, pubmed)
        for _ in range(3):
            clock(hours=13)  # days may pass for us: as long as PubMed's index is the same, it was asked once
            night(sqlite_engine, pubmed, 1)
        assert (place(sqlite_engine).misses, article(sqlite_engine).tombstoned_at) == (1, None)
        night(sqlite_engine, pubmed, 2)
    assert (place(sqlite_engine).misses, changes(sqlite_engine)) == (2, [NEW, VANISHED, TOMBSTONED])


def test_a_record_that_goes_comes_and_goes_begins_to_count_anew(sqlite_engine: Engine, tmp_path: Path) -> None:
    events = [{"day": day, "do": "vanish", "pmid": FIRST} for day in (1, 3)]
    with nights(tmp_path, *events) as pubmed:
        for day in range(4):
            night(sqlite_engine, pubmed, day)
    assert changes(sqlite_engine) == [NEW, VANISHED, RETURNED, VANISHED]
    assert article(sqlite_engine).tombstoned_at is None


def test_what_only_a_claim_rests_on_is_counted_too(sqlite_engine: Engine, tmp_path: Path) -> None:
    pmid = FIRST + 900
    other = write_records(tmp_path / "b.xml", [invented(pmid, title="Invented study of something else")])
    mine = write_records(tmp_path / "a.xml", [invented(FIRST)])
    cite(sqlite_engine, pmid)
    with LocalPubMed([mine, other], events=[{"day": 1, "do": "delete", "pmid": pmid}], day=0) as pubmed:
        for day in range(3):
            night(sqlite_engine, pubmed, day)
    assert changes(sqlite_engine, pmid) == [NEW, VANISHED, TOMBSTONED]


def test_an_article_that_the_query_does_not_find_any_more_stays_and_is_said(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    other = {"day": 1, "do": "revise", "pmid": FIRST, "title": "Invented trial of something else", "abstract": "None."}
    with nights(tmp_path, other) as pubmed:
        refresh(sqlite_engine, pubmed)
        for day in (1, 2, 3):
            run = night(sqlite_engine, pubmed, day)
            assert run.message == f"not found by the query any more, and kept: PMID {FIRST}"
    assert changes(sqlite_engine) == [NEW, ChangeEvent.REVISED]
    assert article(sqlite_engine).tombstoned_at is None


def test_when_too_many_vanish_at_once_nothing_is_counted_and_the_leads_are_told(
    sqlite_engine: Engine, records: Path, tmp_path: Path, clock: Callable[..., None]
) -> None:
    # Ten of 450 are more than the two in a hundred; the list is short by as many, which nine would not be.
    events = [{"day": 1, "do": "vanish", "pmid": pmid, "nights": 2} for pmid in PMIDS[:10]]
    events += [{"day": 1, "do": "add", "pmid": 91_000_000 + n, "title": "Ketamine in depression"} for n in range(10)]
    with LocalPubMed([records], events=events, day=0) as pubmed:
        before = refresh(sqlite_engine, pubmed)
        for day in (1, 2):
            clock(days=1)
            run = night(sqlite_engine, pubmed, day)
            assert run.status is RunStatus.PARTIAL
            assert (run.message or "").startswith("PubMed has 10 of 460 articles of this topic no more, all since")
        with reading(sqlite_engine) as session:
            assert session.get_one(Topic, TOPIC.id).watermark == before.started_at
            gone = session.exec(select(ChangeLog).where(ChangeLog.event == VANISHED)).all()
        assert (gone, place(sqlite_engine).misses) == ([], 0)
        kinds = [alert.kind for alert in alerts(sqlite_engine)]
        assert kinds == ["mass_vanishing", "night_missed", "mass_vanishing"], "none was complete for two days"
        assert night(sqlite_engine, pubmed, 3).status is RunStatus.COMPLETE


def test_a_list_that_shrank_is_refused_and_what_something_rests_on_is_checked_all_the_same(
    sqlite_engine: Engine, records: Path, tmp_path: Path, clock: Callable[..., None]
) -> None:
    half = write_records(tmp_path / "half.xml", map(invented, PMIDS[::2]))
    cite(sqlite_engine, PMIDS[0])
    with LocalPubMed([records], day=0) as pubmed:
        refresh(sqlite_engine, pubmed)
    clock(days=1)
    with LocalPubMed([half], day=1) as pubmed:
        for _ in range(2):  # it lists again: the next hour may be another
            run = refresh(sqlite_engine, pubmed)
            assert run.status is RunStatus.PARTIAL
            assert (run.message or "").startswith("PubMed lists 225 articles of this topic where it listed 450")
        assert fetched(pubmed) == [{PMIDS[0]}, {PMIDS[0]}]
    assert len(pmids(sqlite_engine)) == 450
    assert [alert.kind for alert in alerts(sqlite_engine)] == ["mass_vanishing"]
    with LocalPubMed([records], day=1) as pubmed:
        assert refresh(sqlite_engine, pubmed).id == run.id
    with reading(sqlite_engine) as session:
        assert session.get_one(HarvestRun, run.id).status is RunStatus.COMPLETE


def test_a_sync_takes_the_shorter_list_as_it_is_and_the_next_night_goes_on_from_there(
    sqlite_engine: Engine, records: Path, tmp_path: Path
) -> None:
    half = write_records(tmp_path / "half.xml", map(invented, PMIDS[:430]))
    with LocalPubMed([records], day=0) as pubmed:
        refresh(sqlite_engine, pubmed)
    with LocalPubMed([half], day=1) as pubmed:
        assert refresh(sqlite_engine, pubmed).status is RunStatus.PARTIAL
        assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE
        run = refresh(sqlite_engine, pubmed)
    assert (run.message or "").startswith("PubMed has 20 of 450 articles of this topic no more"), "not at PubMed at all"


def test_a_query_that_finds_nothing_is_refused(sqlite_engine: Engine, tmp_path: Path) -> None:
    with nights(tmp_path) as pubmed:
        refresh(sqlite_engine, pubmed)
    empty = write_records(tmp_path / "b.xml", [invented(FIRST + 9, title="Something else")])
    with LocalPubMed([empty], day=1) as pubmed, pytest.raises(Fatal, match="nothing was changed"):
        refresh(sqlite_engine, pubmed)
    assert place(sqlite_engine).misses == 0
    assert [alert.kind for alert in alerts(sqlite_engine)] == ["night_failed"]


def test_the_status_says_what_is_missing_and_what_was_marked_as_gone(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    events = [{"day": 1, "do": "delete", "pmid": FIRST}, {"day": 2, "do": "delete", "pmid": FIRST + 1}]
    with nights(tmp_path, *events, articles=200) as pubmed:
        for day in range(3):
            clock(days=1)
            night(sqlite_engine, pubmed, day)
    lines = status_lines(status(sqlite_engine))
    assert "    PubMed: checked, 30 checked, 0 changed" in lines
    assert f"    missing from PubMed since 2026-03-04: PMID {FIRST + 1}" in lines
    assert f"    marked as gone from PubMed: PMID {FIRST}" in lines
    assert status(sqlite_engine)["topics"][0]["last_night"]["gone"] == [FIRST]
