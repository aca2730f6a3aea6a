"""A topic from the local PubMed into a library, over real sockets."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from scripted_server import FakeTime
from sqlalchemy import Engine, event
from sqlmodel import col, func, select

from db import audit, config, search
from db.engine import DatabaseUnavailable, open_engine, reading, writing
from db.models import Article, ChangeLog, HarvestRun, HarvestSlice, HarvestTodo, Lease, Topic, TopicArticle
from db.queries import harvesting
from db.types import ChangeEvent, RunStatus, WorkState
from harvester import eutils, listing
from harvester.article_tables import contents_of
from harvester.errors import Fatal, Unreachable
from harvester.eutils import Eutils
from harvester.file_import import import_file
from harvester.lease import LeaseHeld
from harvester.pace import Pace
from harvester.status import not_stored
from harvester.sync import Progress, Sync
from harvester.topic import TopicFile
from harvester.transport import Service, Transport

TOPIC = TopicFile("ketamine", "Ketamine", "ketamine[tiab] AND depression[tiab]")
PMIDS = range(FIRST, FIRST + 450)


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("records") / "invented.xml", map(invented, PMIDS))


@contextmanager
def client(url: str) -> Iterator[Eutils]:
    time = FakeTime()
    pace = Pace(0.0, clock=time.clock)
    transport = Transport(Service("PubMed", url, "EUTILS_URL"), pace=pace, clock=time.clock, sleep=time.sleep)
    try:
        yield Eutils(transport)
    finally:
        transport.close()


def sync(engine: Engine, url: str, topic: TopicFile = TOPIC, **options: Any) -> HarvestRun:
    with client(url) as eutils:
        return Sync(engine, eutils, topic, **options).run()


def library(engine: Engine) -> list[dict[str, Any]]:
    """Everything the articles say, by PMID; checks the index and the audit chain on the way."""
    with writing(engine) as session:
        assert search.check(session.connection()) == []
        assert audit.problems(session) == []
        ids = session.exec(select(col(Article.id)).order_by(col(Article.pmid))).all()
        contents = contents_of(session, ids)
        assert session.exec(select(func.count()).select_from(TopicArticle)).one() == len(ids)
        assert session.exec(select(func.count()).select_from(ChangeLog).where(ChangeLog.event == "new")).one() == len(
            ids
        )
    return [contents[i] for i in ids]


def pmids(engine: Engine) -> list[int]:
    return [content["pmid"] for content in library(engine)]


@pytest.fixture(scope="session")
def clean(records: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What a run without any trouble leaves."""
    path = tmp_path_factory.mktemp("clean") / "library.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    with LocalPubMed([records]) as pubmed:
        sync(engine, pubmed.url)
    found = library(engine)
    engine.dispose()
    return found


def test_a_first_sync_brings_everything_the_query_finds(engine: Engine, records: Path) -> None:
    heard: list[Progress] = []
    with LocalPubMed([records]) as pubmed:
        run = sync(engine, pubmed.url, report=heard.append)
        journal = pubmed.journal()
    assert pmids(engine) == list(PMIDS)
    assert (run.status, run.total, run.done, run.new) == (RunStatus.COMPLETE, 450, 450, 450)
    assert run.query_translation is not None
    assert [progress.done for progress in heard if progress.phase == "fetching"] == [200, 400, 450]
    assert [row["ids"] for row in journal if row["tool"] == "efetch"] == [200, 200, 50]
    assert {row["method"] for row in journal} == {"POST"}
    with reading(engine) as session:
        assert session.get_one(Topic, "ketamine").watermark == run.started_at
        assert harvesting.lease(session) is None
        assert session.exec(select(HarvestSlice.count)).all() == [450]


def test_a_second_sync_fetches_nothing_again(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        sync(sqlite_engine, pubmed.url)
        run = sync(sqlite_engine, pubmed.url)
        assert sum(row["tool"] == "efetch" for row in pubmed.journal()) == 3
    assert (run.status, run.total) == (RunStatus.COMPLETE, 0)


def test_a_full_sync_fetches_everything_again_and_changes_nothing(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        sync(sqlite_engine, pubmed.url)
        run = sync(sqlite_engine, pubmed.url, full=True)
    assert (run.new, run.changed, run.unchanged) == (0, 0, 450)


FAULTS = [
    {"endpoint": "efetch", "nth": 2, "do": "html"},
    {"endpoint": "efetch", "nth": 2, "do": "prolog"},
    {"endpoint": "efetch", "nth": 1, "do": "truncate_close", "keep": 5000},
    {"endpoint": "efetch", "nth": 3, "do": "truncate_chunked", "keep": 5000},
    {"endpoint": "efetch", "nth": 2, "do": "truncate_gzip", "keep": 500},
    {"endpoint": "efetch", "nth": 2, "do": "reset", "keep": 3000},
    {"endpoint": "efetch", "nth": 1, "times": 4, "do": "status", "status": 502},
    {"endpoint": "efetch", "nth": 2, "do": "drop", "pmids": [FIRST + 250, FIRST + 399]},
    {"endpoint": "esearch", "nth": 1, "do": "rate_limit", "status": 200},
    {"endpoint": "esearch", "nth": 3, "do": "error", "message": "Search Backend failed: Database is not supported"},
    {"endpoint": "*", "nth": 1, "times": 4, "do": "status", "status": 503},
]


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault['endpoint']}-{fault['do']}")
def test_trouble_on_the_way_leaves_the_same_library(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]], fault: dict[str, Any]
) -> None:
    with LocalPubMed([records], faults=[fault]) as pubmed:
        assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE
        assert any(row["fault"] for row in pubmed.journal())
    assert library(sqlite_engine) == clean


@pytest.mark.parametrize("do", ["html", "prolog", "truncate_close"])
def test_a_pubmed_that_stays_broken_fails_the_run_and_costs_nothing(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]], do: str
) -> None:
    broken = {"endpoint": "efetch", "nth": 2, "times": 99, "do": do} | ({"keep": 999} if "truncate" in do else {})
    with LocalPubMed([records], faults=[broken]) as pubmed, pytest.raises(Unreachable, match="run it again"):
        sync(sqlite_engine, pubmed.url)
    with reading(sqlite_engine) as session:
        failed = session.exec(select(HarvestRun)).one()
        assert (failed.status, failed.done) == (RunStatus.FAILED, 200)
        assert session.get_one(Topic, "ketamine").watermark is None
        assert harvesting.lease(session) is None
    with LocalPubMed([records]) as pubmed:
        run = sync(sqlite_engine, pubmed.url)
        assert [row["ids"] for row in pubmed.journal()] == [200, 50]
    assert (run.id, run.status, run.message) == (failed.id, RunStatus.COMPLETE, None)
    assert library(sqlite_engine) == clean


def test_an_unreachable_pubmed_is_an_error_that_says_what_to_do(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        sync(sqlite_engine, pubmed.url)
    with pytest.raises(Unreachable, match="Connection refused; check the network or EUTILS_URL, then run it again"):
        sync(sqlite_engine, pubmed.url)
    assert pmids(sqlite_engine) == list(PMIDS)


def test_a_limit_leaves_an_honest_partial_run_that_goes_on(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        run = sync(sqlite_engine, pubmed.url, limit=250)
        assert (run.status, run.message) == (
            RunStatus.PARTIAL,
            "200 articles are still to fetch; run it again to go on",
        )
        with reading(sqlite_engine) as session:
            assert session.get_one(Topic, "ketamine").watermark is None
        assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE
        assert [row["ids"] for row in pubmed.journal() if row["tool"] == "efetch"] == [200, 50, 200]
    assert pmids(sqlite_engine) == list(PMIDS)


def _killed_at_commit(url: str, database: str, number: int) -> int:
    """Syncs in a child that is killed as its n-th commit begins; the child's wait status."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    engine, commits = open_engine(database), 0

    def count(_connection: object) -> None:
        nonlocal commits
        commits += 1
        if commits == number:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(engine, "commit", count)
    ended = 1
    try:
        sync(engine, url)
        ended = 0
    finally:
        os._exit(ended)


def test_killed_at_any_commit_and_run_again_it_ends_as_a_clean_run(
    sqlite_template: Path, tmp_path: Path, records: Path, clean: list[dict[str, Any]]
) -> None:
    kills = 0
    with LocalPubMed([records]) as pubmed:
        for number in range(1, 50):
            path = tmp_path / f"{number}.db"
            path.write_bytes(sqlite_template.read_bytes())
            database = f"sqlite:///{path}"
            status = _killed_at_commit(pubmed.url, database, number)
            if not os.WIFSIGNALED(status):
                assert status == 0
                break
            kills += 1
            engine = open_engine(database)
            assert sync(engine, pubmed.url).status is RunStatus.COMPLETE
            assert library(engine) == clean
            engine.dispose()
    assert kills >= 6


def test_killed_again_and_again_it_still_ends_as_a_clean_run(
    sqlite_url: str, records: Path, clean: list[dict[str, Any]]
) -> None:
    with LocalPubMed([records]) as pubmed:
        for number in (2, 3, 3, 4):
            _killed_at_commit(pubmed.url, sqlite_url, number)
        engine = open_engine(sqlite_url)
        assert sync(engine, pubmed.url).status is RunStatus.COMPLETE
    assert library(engine) == clean
    engine.dispose()


def test_a_field_that_pubmed_does_not_know_changes_nothing(sqlite_engine: Engine, records: Path) -> None:
    typo = TopicFile("ketamine", "Ketamine", "ketamine[tiba] AND depression[tiab]")
    with LocalPubMed([records]) as pubmed, pytest.raises(Fatal, match="tiba and searched for something else"):
        sync(sqlite_engine, pubmed.url, typo)
    assert pmids(sqlite_engine) == []


def test_a_query_that_suddenly_finds_nothing_shrinks_nothing(
    sqlite_engine: Engine, records: Path, tmp_path: Path
) -> None:
    with LocalPubMed([records]) as pubmed:
        before = sync(sqlite_engine, pubmed.url)
    other = write_records(tmp_path / "other.xml", [invented(FIRST, title="Something else")])
    with LocalPubMed([other]) as pubmed, pytest.raises(Fatal, match="finds no article"):
        sync(sqlite_engine, pubmed.url)
    assert pmids(sqlite_engine) == list(PMIDS)
    with reading(sqlite_engine) as session:
        assert session.get_one(Topic, "ketamine").watermark == before.started_at


def test_a_revised_record_is_fetched_again_and_an_unlisted_one_stays(sqlite_engine: Engine, tmp_path: Path) -> None:
    today = config.today()
    first = write_records(tmp_path / "1.xml", [invented(FIRST + n) for n in range(3)])
    second = write_records(
        tmp_path / "2.xml",
        [
            invented(FIRST, title="Invented ketamine trial of depression, corrected", revised=today),
            invented(FIRST + 1),
            invented(FIRST + 7),
        ],
    )
    with LocalPubMed([first]) as pubmed:
        sync(sqlite_engine, pubmed.url)
    with LocalPubMed([second]) as pubmed:
        run = sync(sqlite_engine, pubmed.url)
    assert (run.new, run.changed, run.unchanged) == (1, 1, 0)
    assert pmids(sqlite_engine) == [FIRST, FIRST + 1, FIRST + 2, FIRST + 7]
    with reading(sqlite_engine) as session:
        events = session.exec(select(ChangeLog.event).where(ChangeLog.run_id == run.id).order_by(col(ChangeLog.id)))
        assert set(events) == {ChangeEvent.NEW, ChangeEvent.REVISED}


def test_a_record_that_only_a_file_brought_is_fetched_from_pubmed(
    sqlite_engine: Engine, records: Path, tmp_path: Path
) -> None:
    import_file(sqlite_engine, write_records(tmp_path / "a.xml", [invented(FIRST, revised=date(2025, 1, 1))]), TOPIC)
    with LocalPubMed([records]) as pubmed:
        run = sync(sqlite_engine, pubmed.url)
    assert (run.total, run.new, run.changed) == (450, 449, 1)


def test_a_record_that_pubmed_lists_and_does_not_have_is_missing_not_fetched_for_ever(
    sqlite_engine: Engine, records: Path
) -> None:
    gone = {"endpoint": "efetch", "nth": 1, "times": 99, "do": "drop", "pmids": [FIRST]}
    no_summary = {"endpoint": "esummary", "nth": 1, "times": 99, "do": "drop", "pmids": [FIRST]}
    with LocalPubMed([records], faults=[gone, no_summary]) as pubmed:
        run = sync(sqlite_engine, pubmed.url)
    assert (run.status, run.new, run.missing) == (RunStatus.COMPLETE, 449, 1)
    with reading(sqlite_engine) as session:
        todo = session.exec(select(HarvestTodo)).one()
        assert (todo.pmid, todo.state) == (FIRST, WorkState.MISSING)


def test_a_record_that_pubmed_has_and_does_not_send_leaves_the_run_partial(
    sqlite_engine: Engine, records: Path
) -> None:
    held_back = {"endpoint": "efetch", "nth": 1, "times": 99, "do": "drop", "pmids": [FIRST]}
    with LocalPubMed([records], faults=[held_back]) as pubmed:
        run = sync(sqlite_engine, pubmed.url)
    assert (run.status, run.new) == (RunStatus.PARTIAL, 449)
    assert run.message == "PubMed lists 1 articles that it did not send; run it again later"
    with LocalPubMed([records]) as pubmed:
        assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE
    assert pmids(sqlite_engine) == list(PMIDS)


@pytest.mark.parametrize("limit", [2, 50, 449, 450, 451])
def test_ranges_of_pmids_add_up_whatever_the_limit_of_a_list(
    monkeypatch: pytest.MonkeyPatch, records: Path, limit: int
) -> None:
    monkeypatch.setattr(eutils, "LIST_LIMIT", limit)
    monkeypatch.setattr(listing, "LIST_LIMIT", limit)
    with LocalPubMed([records]) as pubmed, client(pubmed.url) as asked:
        found = listing.list_topic(asked, TOPIC)
    assert found.pmids == tuple(PMIDS)
    assert all(each.count < limit for each in found.slices)
    assert sum(each.count for each in found.slices) == 450


def test_more_articles_than_pubmed_lists_at_once_are_listed_whole(tmp_path: Path) -> None:
    many = write_records(tmp_path / "many.xml", (invented(FIRST + 3 * n) for n in range(10_001)))
    with LocalPubMed([many]) as pubmed, client(pubmed.url) as asked:
        found = listing.list_topic(asked, TOPIC)
    assert len(found.pmids) == 10_001
    assert len(found.slices) == 2


def test_a_stop_ends_the_run_after_the_batch(sqlite_engine: Engine, records: Path) -> None:
    heard: list[Progress] = []
    with LocalPubMed([records]) as pubmed:
        run = sync(
            sqlite_engine,
            pubmed.url,
            report=heard.append,
            stopped=lambda: any(progress.done == 200 for progress in heard),
        )
        assert (run.status, run.done) == (RunStatus.PARTIAL, 200)
        assert sync(sqlite_engine, pubmed.url).id == run.id
    assert pmids(sqlite_engine) == list(PMIDS)


def _with_lease(engine: Engine, change: Callable[[Lease], None]) -> Callable[[Progress], None]:
    """A report that changes the lease after the first batch."""

    def report(progress: Progress) -> None:
        if progress.phase == "fetching" and progress.done == 200:
            with writing(engine) as session:
                held = session.get_one(Lease, "harvest")
                change(held)
                session.add(held)
                session.commit()

    return report


def test_a_cancel_in_the_library_stops_the_run(engine: Engine, records: Path) -> None:
    def cancel(held: Lease) -> None:
        held.cancel_requested_at, held.cancel_requested_by = config.now(), "Ada"

    with LocalPubMed([records]) as pubmed:
        run = sync(engine, pubmed.url, report=_with_lease(engine, cancel))
    assert (run.status, run.done, run.message) == (RunStatus.PARTIAL, 200, "stopped by Ada; run it again to go on")


def test_a_harvest_that_was_overtaken_writes_nothing_more(sqlite_engine: Engine, records: Path) -> None:
    def overtake(held: Lease) -> None:
        held.acquired_at = datetime(2026, 3, 1, tzinfo=UTC)

    with LocalPubMed([records]) as pubmed, pytest.raises(LeaseHeld, match="another harvest has taken over"):
        sync(sqlite_engine, pubmed.url, report=_with_lease(sqlite_engine, overtake))
    assert len(pmids(sqlite_engine)) == 200


def test_a_mistake_of_our_own_is_stored_with_the_run_and_holds_nobody_up(sqlite_engine: Engine, records: Path) -> None:
    def mistake(progress: Progress) -> None:
        if progress.done == 200:
            raise ZeroDivisionError("invented")

    with LocalPubMed([records]) as pubmed:
        with pytest.raises(ZeroDivisionError):
            sync(sqlite_engine, pubmed.url, report=mistake)
        with reading(sqlite_engine) as session:
            run = session.exec(select(HarvestRun)).one()
            assert (run.status, run.message) == (RunStatus.FAILED, "invented")
        assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE


def test_a_record_that_cannot_be_read_is_named_and_asked_for_again_next_time(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    broken = invented(FIRST).replace("</Article>", "</Article><MeshHeadingList>")
    file = write_records(tmp_path / "a.xml", [invented(FIRST + 1)])
    body = file.read_text(encoding="utf-8").replace("<PubmedArticleSet>", f"<PubmedArticleSet>{broken}")
    stand_in = {"endpoint": "efetch", "nth": 1, "do": "status", "status": 200, "body": body}
    listed = write_records(tmp_path / "b.xml", [invented(FIRST), invented(FIRST + 1)])
    with LocalPubMed([listed], faults=[stand_in]) as pubmed:
        run = sync(sqlite_engine, pubmed.url)
        assert (run.status, run.new, run.rejected) == (RunStatus.COMPLETE, 1, 1)
        with reading(sqlite_engine) as session:
            (lost,) = not_stored(session, run.id or 0)
        assert lost["pmid"] == FIRST
        assert sync(sqlite_engine, pubmed.url).new == 1
    assert pmids(sqlite_engine) == [FIRST, FIRST + 1]


def test_a_full_disk_loses_nothing(sqlite_url: str, records: Path, clean: list[dict[str, Any]]) -> None:
    engine = open_engine(sqlite_url)

    def fill(progress: Progress) -> None:
        if progress.done == 200:
            with engine.connect() as connection:
                pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
                connection.connection.cursor().execute(f"PRAGMA max_page_count={pages}").close()

    with LocalPubMed([records]) as pubmed, pytest.raises(DatabaseUnavailable, match="full"):
        sync(engine, pubmed.url, report=fill)
    engine.dispose()
    engine = open_engine(sqlite_url)
    assert len(library(engine)) == 200
    with LocalPubMed([records]) as pubmed:
        assert sync(engine, pubmed.url).status is RunStatus.COMPLETE
    assert library(engine) == clean
    engine.dispose()
