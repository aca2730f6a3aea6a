"""A night that does not go well: what was not checked is said, nothing is lost, somebody is told."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from refreshed_library import alerts, fetched, night, nights, refresh
from sqlalchemy import Engine
from sqlmodel import Session, select
from synced_library import PMIDS, TOPIC, pmids, sync

from db.engine import reading, writing
from db.models import HarvestRun, Topic
from db.types import RunKind, RunStatus
from harvester.errors import Unreachable
from harvester.night import Night, SourceResult
from harvester.topic import TopicFile
from harvester.topic_run import Progress

DRIFTED = TopicFile(TOPIC.id, TOPIC.name, "ketamin*[tiab] AND depression[tiab]")


@pytest.fixture(autouse=True)
def _clock(clock: Callable[..., None]) -> None:
    """A day on which the invented records were revised long ago."""


def kinds(engine: Engine) -> list[str]:
    return [alert.kind for alert in alerts(engine)]


def watermark(engine: Engine) -> datetime | None:
    with reading(engine) as session:
        return session.get_one(Topic, TOPIC.id).watermark


def runs(engine: Engine) -> list[HarvestRun]:
    with reading(engine) as session:
        return list(session.exec(select(HarvestRun).where(HarvestRun.kind == RunKind.REFRESH)))


def silent(_: Night) -> SourceResult:
    return SourceResult("iCite", "could not check", message="iCite could not be reached; run it again later")


def well(asked: Night) -> SourceResult:
    assert asked.lease.run_id == asked.run_id
    return SourceResult("DailyMed", "checked", 2, 1)


def test_a_neighbour_that_does_not_answer_stops_no_other_and_the_night_is_partial(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    with nights(tmp_path) as pubmed:
        before = refresh(sqlite_engine, pubmed)
        clock(days=1)
        run = night(sqlite_engine, pubmed, 1, neighbours=[silent, well])
        assert run.status is RunStatus.PARTIAL
        assert run.message == "iCite could not be checked: iCite could not be reached; run it again later"
        results = [(each["source"], each["state"]) for each in run.options["sources"]]
        assert results == [("PubMed", "checked"), ("iCite", "could not check"), ("DailyMed", "checked")]
        assert (watermark(sqlite_engine), kinds(sqlite_engine)) == (before.started_at, ["night_partial"])
        asked = len(pubmed.journal())
        again = refresh(sqlite_engine, pubmed, neighbours=[well])
        assert (again.id, again.status) == (run.id, RunStatus.COMPLETE)
        assert fetched(pubmed, asked) == [], "PubMed's part was whole"
    assert watermark(sqlite_engine) == run.started_at


def test_when_pubmed_fails_its_neighbours_are_asked_all_the_same_and_the_night_has_failed(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    with nights(tmp_path) as pubmed:
        before = refresh(sqlite_engine, pubmed)
    clock(days=1)
    with nights(tmp_path, faults=[{"endpoint": "esearch", "nth": 1, "times": 99, "do": "html"}]) as pubmed:
        pubmed.move_to(1)
        with pytest.raises(Unreachable):
            refresh(sqlite_engine, pubmed, neighbours=[well])
    run = runs(sqlite_engine)[-1]
    assert run.status is RunStatus.FAILED
    states = {each["source"]: each["state"] for each in run.options["sources"]}
    assert states == {"PubMed": "could not check", "DailyMed": "checked"}
    assert (watermark(sqlite_engine), kinds(sqlite_engine)) == (before.started_at, ["night_failed"])


def test_a_night_that_was_missed_is_told_by_the_next(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    with nights(tmp_path) as pubmed:
        refresh(sqlite_engine, pubmed)
        clock(hours=36)
        night(sqlite_engine, pubmed, 1)
        assert kinds(sqlite_engine) == []
        clock(hours=37)
        night(sqlite_engine, pubmed, 2)
    (told,) = alerts(sqlite_engine)
    assert (told.kind, told.summary) == ("night_missed", "No nightly run was complete since that of 2026-03-02")
    assert told.member_id is None


def stop_after(batches: int) -> tuple[Callable[[Progress], None], Callable[[], bool]]:
    heard: list[Progress] = []
    return heard.append, lambda: sum(progress.phase == "fetching" for progress in heard) >= batches


def test_an_interrupted_night_goes_on_where_it_was_without_listing_again(
    sqlite_engine: Engine, records: Path, clock: Callable[..., None]
) -> None:
    report, stopped = stop_after(1)
    with LocalPubMed([records], day=0) as pubmed:
        first = refresh(sqlite_engine, pubmed, report=report, stopped=stopped)
        assert (first.status, first.new) == (RunStatus.PARTIAL, 200)
        asked = len(pubmed.journal())
        clock(hours=3)
        second = refresh(sqlite_engine, pubmed)
        assert {row["tool"] for row in pubmed.journal()[asked:]} == {"einfo", "efetch"}
    assert (second.id, second.status, second.new) == (first.id, RunStatus.COMPLETE, 450)
    assert pmids(sqlite_engine) == list(PMIDS)


@pytest.mark.parametrize(("hours", "day"), [(1, 1), (13, 0)])
def test_one_of_another_night_begins_anew(
    sqlite_engine: Engine, records: Path, clock: Callable[..., None], hours: int, day: int
) -> None:
    report, stopped = stop_after(1)
    with LocalPubMed([records], day=0) as pubmed:
        first = refresh(sqlite_engine, pubmed, report=report, stopped=stopped)
        clock(hours=hours)
        second = night(sqlite_engine, pubmed, day)
    assert (second.status, second.new) == (RunStatus.COMPLETE, 250)
    assert second.id != first.id
    assert pmids(sqlite_engine) == list(PMIDS)


def test_a_night_that_died_is_told_by_the_next(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    with nights(tmp_path) as pubmed:
        died = refresh(sqlite_engine, pubmed)
        with writing(sqlite_engine) as session:
            session.get_one(HarvestRun, died.id).status = RunStatus.RUNNING
            session.commit()
        clock(days=1)
        night(sqlite_engine, pubmed, 1)
    assert runs(sqlite_engine)[0].status is RunStatus.FAILED
    (told,) = alerts(sqlite_engine)
    assert told.summary == "The nightly run of 2026-03-01 ended without a word"


def test_another_reading_of_the_query_is_told_with_what_it_added_and_dropped(
    sqlite_engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    wide = write_records(
        tmp_path / "wide.xml",
        [invented(FIRST), invented(FIRST + 1), invented(FIRST + 2, title="Invented ketamines for depression")],
    )
    with LocalPubMed(
        [wide], events=[{"day": 1, "do": "add", "pmid": FIRST + 3, "title": "Depression, ketamine"}]
    ) as pubmed:
        refresh(sqlite_engine, pubmed)
        clock(days=1)
        pubmed.move_to(1)
        run = refresh(sqlite_engine, pubmed, DRIFTED)
        clock(days=1)
        night(sqlite_engine, pubmed, 2, topic=DRIFTED)
        assert run.new == 2
        clock(days=1)
        night(sqlite_engine, pubmed, 3)
    added, dropped = alerts(sqlite_engine)
    assert (added.kind, added.run_id) == ("translation_drift", run.id)
    assert (added.detail["added"], added.detail["dropped"]) == ([FIRST + 2], []), (
        "what is new today was not added by it"
    )
    assert (dropped.detail["added"], dropped.detail["dropped"]) == ([], [FIRST + 2])
    assert "finds 0 older articles that it did not find, and 1 no longer" in dropped.summary


def test_new_articles_are_offered_once_and_not_those_of_the_first_harvest(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    offered: list[tuple[int, list[int], object]] = []

    def offer(session: Session, *, run_id: int, article_ids: Any, stances: Any) -> None:
        offered.append((run_id, list(article_ids), stances and stances("a", article_ids)))

    monkeypatch.setattr("db.impact.offer_new", offer)
    new = [{"day": day, "do": "add", "pmid": FIRST + 10 * day, "title": "Ketamine in depression"} for day in (1, 2)]
    with nights(tmp_path, *new) as pubmed:
        night(sqlite_engine, pubmed, 0)
        first = night(sqlite_engine, pubmed, 1, bearing=lambda session, topic_id: lambda claim, ids: {topic_id: ids})
        pubmed.move_to(2)
        sync(sqlite_engine, pubmed.url)  # what a person harvested by day is offered too
        second = refresh(sqlite_engine, pubmed)
        refresh(sqlite_engine, pubmed)
    assert offered == [(first.id, [4], {TOPIC.id: [4]}), (second.id, [5], None)]
