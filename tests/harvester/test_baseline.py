"""PubMed's baseline and update files, loaded in order. Every record here is invented."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from baseline_folder import publish
from invented_pubmed import FIRST, invented
from sqlalchemy import Engine
from sqlmodel import col, func, select
from synced_library import TOPIC, library

from db import config
from db.engine import reading, writing
from db.models import (
    Article,
    ChangeLog,
    DuplicateProposal,
    HarvestRun,
    ImportSource,
    Revision,
    SourceFile,
    TopicArticle,
)
from db.queries import harvesting
from db.types import ChangeEvent, RunKind, RunStatus, WorkState
from harvester.baseline import Baseline, BaselineReport
from harvester.baseline_reader import BATCH
from harvester.errors import HarvestError, Stopped
from harvester.reader_process import ReaderProcess, ReadHere
from harvester.records import ArticleRecord
from harvester.store import Source, store
from harvester.topic_filter import load_filter
from harvester.unreadable import UnreadableFile

A, B, C = FIRST, FIRST + 1, FIRST + 2


def load(engine: Engine, folder: Path, **options: Any) -> BaselineReport:
    return Baseline(engine, folder, None, reader=ReadHere, **options).load()


def load_topic(engine: Engine, folder: Path) -> BaselineReport:
    return Baseline(engine, folder, TOPIC, load_filter("ketamine-depression"), reader=ReadHere).load()


def titles(engine: Engine) -> dict[int | None, str]:
    with reading(engine) as session:
        standing = select(Article.pmid, Article.title).where(col(Article.tombstoned_at).is_(None))
        return dict(session.exec(standing.order_by(col(Article.pmid))).all())


def events(engine: Engine, pmid: int) -> list[str]:
    with reading(engine) as session:
        said = select(ChangeLog.event).join(Article).where(Article.pmid == pmid).order_by(col(ChangeLog.id))
        return [event.value for event in session.exec(said)]


def test_files_are_loaded_in_order_and_the_last_one_is_right(engine: Engine, tmp_path: Path) -> None:
    publish(tmp_path, 2, [invented(B, title="B as revised"), invented(C)])
    publish(tmp_path, 1, [invented(A), invented(B, title="B as it was")])
    found = load(engine, tmp_path)
    assert (found.files, found.new, found.changed, found.withdrawn) == (2, 3, 1, 0)
    assert titles(engine)[B] == "B as revised"
    assert events(engine, B) == ["new", "revised"]
    with reading(engine) as session:
        files = session.exec(select(SourceFile.name, SourceFile.state).order_by(col(SourceFile.position))).all()
        assert files == [(f"pubmed26n000{n}.xml.gz", WorkState.DONE) for n in (1, 2)]
        run = harvesting.last_run(session)
        assert run is not None
        assert (run.kind, run.status, run.new, run.changed) == (RunKind.BASELINE, RunStatus.COMPLETE, 3, 1)
        seen = select(ImportSource.kind, ImportSource.name, ImportSource.position).order_by(col(ImportSource.position))
        assert session.exec(seen).all() == [("baseline", "pubmed", 26 * 100_000 + n) for n in (1, 2, 2)]


def test_what_is_loaded_is_not_loaded_again(sqlite_engine: Engine, tmp_path: Path) -> None:
    publish(tmp_path, 1, [invented(A)])
    load(sqlite_engine, tmp_path)
    publish(tmp_path, 2, [invented(B)])
    found = load(sqlite_engine, tmp_path)
    assert (found.files, found.left, found.new) == (1, 1, 1)


def test_daily_files_alone_go_on_where_the_library_stands(sqlite_engine: Engine, tmp_path: Path) -> None:
    first, then = tmp_path / "first", tmp_path / "then"
    first.mkdir()
    then.mkdir()
    publish(first, 1, [invented(A)])
    publish(then, 2, [invented(B)])
    load(sqlite_engine, first)
    load(sqlite_engine, then)
    assert list(titles(sqlite_engine)) == [A, B]


def test_a_missing_number_is_refused_by_name_and_changes_nothing(sqlite_engine: Engine, tmp_path: Path) -> None:
    for number in (1, 2, 5):
        publish(tmp_path, number, [invented(FIRST + number)])
    with pytest.raises(UnreadableFile, match=r"pubmed26n0003.xml.gz, pubmed26n0004.xml.gz missing; nothing was loaded"):
        load(sqlite_engine, tmp_path)
    with reading(sqlite_engine) as session:
        assert session.exec(select(HarvestRun)).all() == []
    assert titles(sqlite_engine) == {}


def test_a_file_whose_md5_is_another_ends_the_load_before_it(sqlite_engine: Engine, tmp_path: Path) -> None:
    publish(tmp_path, 1, [invented(A)])
    cut = publish(tmp_path, 2, [invented(B)])
    cut.write_bytes(cut.read_bytes()[:-20])
    with pytest.raises(UnreadableFile, match=r"n0002.xml.gz: its MD5 is not .* the files before it are loaded"):
        load(sqlite_engine, tmp_path)
    assert list(titles(sqlite_engine)) == [A]
    publish(tmp_path, 2, [invented(B)])
    assert load(sqlite_engine, tmp_path).new == 1


def test_a_withdrawn_record_stays_marked_as_gone_and_returns_when_it_is_told_again(
    engine: Engine, tmp_path: Path, clock: Callable[..., None]
) -> None:
    publish(tmp_path, 1, [invented(A), invented(B)])
    publish(tmp_path, 2, [], deleted=[B, 90000999])
    assert load(engine, tmp_path).withdrawn == 1
    assert list(titles(engine)) == [A]
    with reading(engine) as session:
        assert session.exec(select(Article.tombstoned_at).where(Article.pmid == B)).one() == config.now()
    clock(days=1)
    publish(tmp_path, 3, [invented(B)])
    assert load(engine, tmp_path).changed == 1
    assert list(titles(engine)) == [A, B]
    assert events(engine, B) == ["new", "tombstoned", "returned"]
    with reading(engine) as session:
        assert session.exec(select(Revision)).all() == []


def test_a_file_published_again_is_loaded_again_and_overwrites_nothing_later(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    publish(tmp_path, 1, [invented(A, title="A, first"), invented(B, title="B, first"), invented(C)])
    publish(tmp_path, 2, [invented(B, title="B, later")], deleted=[C])
    load(sqlite_engine, tmp_path)
    publish(tmp_path, 1, [invented(A, title="A, again"), invented(B, title="B, again"), invented(C, title="C, again")])
    found = load(sqlite_engine, tmp_path)
    assert (found.files, found.left, found.changed) == (1, 1, 1)
    assert titles(sqlite_engine) == {A: "A, again", B: "B, later"}
    assert load(sqlite_engine, tmp_path).files == 0


def test_an_older_record_never_overwrites_a_newer_one_that_came_another_way(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    publish(tmp_path, 1, [invented(A, title="Newer", revised=date(2026, 2, 2))])
    load(sqlite_engine, tmp_path)
    publish(tmp_path, 2, [invented(A, title="Older", revised=date(2026, 1, 1))])
    assert load(sqlite_engine, tmp_path).unchanged == 1
    assert titles(sqlite_engine) == {A: "Newer"}


def test_an_old_file_does_not_bring_back_what_pubmed_took_away_later(sqlite_engine: Engine, tmp_path: Path) -> None:
    publish(tmp_path, 1, [invented(A, revised=date(2026, 1, 1))])
    load(sqlite_engine, tmp_path)
    with writing(sqlite_engine) as session:
        gone = session.exec(select(Article)).one()
        gone.tombstoned_at = config.now()
        session.add(gone)
        session.commit()
    publish(tmp_path, 2, [invented(A, title="As it was", revised=date(2026, 1, 2))])
    load(sqlite_engine, tmp_path)
    assert titles(sqlite_engine) == {}


def test_a_new_baseline_year_replaces_the_old_one_and_says_what_it_lacks(sqlite_engine: Engine, tmp_path: Path) -> None:
    publish(tmp_path, 1, [invented(A), invented(B)])
    publish(tmp_path, 2, [invented(A, title="A in 2026")])
    load(sqlite_engine, tmp_path)
    publish(tmp_path, 1, [invented(A, title="A in 2027")], year=27)
    found = load(sqlite_engine, tmp_path)
    assert (found.files, found.changed, found.absent) == (1, 1, 1)
    assert titles(sqlite_engine)[A] == "A in 2027"
    publish(tmp_path, 2, [invented(A, title="A of 2026, again")])
    assert load(sqlite_engine, tmp_path).files == 0
    assert titles(sqlite_engine)[A] == "A in 2027"


def test_a_topic_keeps_what_matches_and_follows_what_the_library_has(sqlite_engine: Engine, tmp_path: Path) -> None:
    publish(tmp_path, 1, [invented(A), invented(B, title="Invented trial of lithium"), invented(C)])
    publish(tmp_path, 2, [invented(C, title="RETRACTED: the words are gone"), invented(B, title="Lithium, revised")])
    found = load_topic(sqlite_engine, tmp_path)
    assert (found.new, found.changed, found.unchanged) == (2, 1, 0)
    assert titles(sqlite_engine)[C] == "RETRACTED: the words are gone"
    assert list(titles(sqlite_engine)) == [A, C]
    with reading(sqlite_engine) as session:
        assert session.exec(select(func.count()).select_from(TopicArticle)).one() == 2


def test_what_one_topic_passed_over_is_there_for_everything_and_the_other_way(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    publish(tmp_path, 1, [invented(A), invented(B, title="Invented trial of lithium")])
    assert load(sqlite_engine, tmp_path).new == 2
    assert load_topic(sqlite_engine, tmp_path).unchanged == 2
    with reading(sqlite_engine) as session:
        placed = select(Article.pmid).join(TopicArticle)
        assert session.exec(placed).all() == [A]
    assert load_topic(sqlite_engine, tmp_path).left == 1


def test_a_record_that_cannot_be_read_is_told_and_holds_nothing_up(sqlite_engine: Engine, tmp_path: Path) -> None:
    publish(tmp_path, 1, [invented(A), invented(B).replace("<Language>", "<Lang>"), invented(C)])
    found = load(sqlite_engine, tmp_path)
    assert (found.new, found.rejected) == (2, 1)
    (name, rejected) = found.first_rejected[0]
    assert (name, rejected.position, rejected.pmid) == ("pubmed26n0001.xml.gz", 2, B)


def test_an_article_without_a_pmid_is_compared_with_what_the_files_bring(sqlite_engine: Engine, tmp_path: Path) -> None:
    title = "An invented trial of ketamine for depression in a town without a name"
    with writing(sqlite_engine) as session:
        run = HarvestRun(kind=RunKind.IMPORT, started_at=config.now())
        session.add(run)
        session.flush()
        file = Source("file", "invented.ris")
        store(session, [ArticleRecord(title, year=2025)], run_id=run.id, source=file, topic_id=None)
        session.commit()
    publish(tmp_path, 1, [invented(A, title=title)])
    load(sqlite_engine, tmp_path)
    with reading(sqlite_engine) as session:
        assert len(session.exec(select(DuplicateProposal)).all()) == 1


def test_a_stop_ends_it_after_the_batch_and_the_next_load_goes_on_behind_it(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    publish(tmp_path, 1, [invented(FIRST + n) for n in range(450)])
    heard: list[int] = []
    with pytest.raises(Stopped, match="run it again to go on"):
        load(
            sqlite_engine,
            tmp_path,
            report=lambda _name, found, _last: heard.append(found.kept),
            stopped=lambda: bool(heard),
        )
    assert heard == [BATCH]
    found = load(sqlite_engine, tmp_path)
    assert (found.new, found.unchanged) == (450 - BATCH, 0)
    with reading(sqlite_engine) as session:
        assert harvesting.lease(session) is None
        logged = select(func.count()).select_from(ChangeLog).where(ChangeLog.event == ChangeEvent.NEW)
        assert session.exec(logged).one() == 450


def test_a_reading_process_that_dies_is_one_line_and_nothing_is_lost(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, 1, [invented(FIRST + n) for n in range(3000)])
    begun: list[ReaderProcess] = []
    enter = ReaderProcess.__enter__
    monkeypatch.setattr(ReaderProcess, "__enter__", lambda self: begun.append(self) or enter(self))

    def kill(_name: str, found: BaselineReport, _last: bool) -> None:
        if found.kept == BATCH:
            begun[0].process.kill()

    with pytest.raises(HarvestError) as raised:
        Baseline(sqlite_engine, tmp_path, None, report=kill).load()
    message = str(raised.value)
    assert message.startswith(f"the process that reads {tmp_path}/pubmed26n0001.xml.gz died: it was ended by signal 9;")
    assert message.endswith("nothing is lost, run it again to go on")
    assert BATCH <= len(titles(sqlite_engine)) < 3000
    load(sqlite_engine, tmp_path)
    assert len(titles(sqlite_engine)) == 3000


def test_the_library_is_whole_after_all_of_it(sqlite_engine: Engine, tmp_path: Path) -> None:
    publish(tmp_path, 1, [invented(FIRST + n) for n in range(300)])
    publish(tmp_path, 2, [invented(FIRST + n, title=f"Revised {n}") for n in range(0, 300, 7)])
    load_topic(sqlite_engine, tmp_path)
    contents = library(sqlite_engine)
    assert [content["title"] for content in contents[:2]] == [
        "Revised 0",
        f"Invented trial {B} of ketamine for depression",
    ]
