"""A topic from the local PubMed into a library, over real sockets."""

from datetime import date
from pathlib import Path

from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from sqlmodel import col, select
from synced_library import PMIDS, TOPIC, pmids, sync

from db import config
from db.engine import reading
from db.models import ChangeLog, HarvestSlice, HarvestTodo, Topic
from db.queries import harvesting
from db.types import ChangeEvent, RunStatus, WorkState
from harvester.file_import import import_file
from harvester.status import not_stored
from harvester.sync import Progress


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
