"""What a better parser makes of raw records that an older one read. Every record here is invented."""

import os
import signal
from collections.abc import Callable
from dataclasses import replace

import pytest
from invented_pubmed import FIRST, invented
from sqlalchemy import Engine, update
from sqlmodel import Session, col, func, select

from db import audit, config, search
from db.engine import open_engine, reading, writing
from db.models import Article, ArticleMesh, ChangeLog, HarvestRun, RawRecord, Revision
from db.queries import harvesting
from db.types import ChangeEvent, RunKind, RunStatus
from harvester import cli
from harvester import reparse as reparsing
from harvester.errors import Stopped
from harvester.pubmed_xml import PARSER_VERSION, parse_record
from harvester.reparse import reparse
from harvester.store import Source, store
from harvester.stored_content import contents_of

PMIDS = range(FIRST, FIRST + 450)


def raw(pmid: int) -> bytes:
    return invented(pmid).encode()


def read_by_an_older_parser(engine: Engine, pmids: range = PMIDS) -> None:
    """A library whose titles and headings an older parser got wrong."""
    with writing(engine) as session:
        harvesting.upsert_topic(session, topic_id="ketamine", name="Ketamine", query="ketamine")
        run = HarvestRun(kind=RunKind.SYNC, topic_id="ketamine", started_at=config.now())
        session.add(run)
        session.flush()
        records = [replace(parse_record(raw(pmid)), title="Cut at", mesh=()) for pmid in pmids]
        store(session, records, run_id=run.id, source=Source("pubmed", "ketamine"), topic_id="ketamine")
        session.execute(update(Article).values(parser_version=0))
        session.commit()


def number(session: Session, kind: type, *where: object) -> int:
    return session.exec(select(func.count()).select_from(kind).where(*where)).one()


def test_the_library_says_what_the_better_parser_reads_and_no_revision_is_made(engine: Engine) -> None:
    read_by_an_older_parser(engine)
    heard: list[tuple[int, int]] = []
    found = reparse(engine, report=lambda done, total: heard.append((done, total)))
    assert (found.total, found.read, found.changed, found.rejected) == (450, 450, 450, 0)
    assert heard == [(200, 450), (400, 450), (450, 450)]
    with writing(engine) as session:
        ids = session.exec(select(Article.id).order_by(col(Article.pmid))).all()
        contents = contents_of(session, ids)
        assert [contents[i]["title"] for i in ids] == [parse_record(raw(pmid)).title for pmid in PMIDS]
        assert number(session, Revision) == 0
        assert number(session, ChangeLog, ChangeLog.event == ChangeEvent.REPARSED) == 450
        assert session.exec(select(Article.parser_version).distinct()).all() == [PARSER_VERSION]
        assert search.count(session, '"Cut at"') == 0
        assert (search.check(session.connection()), audit.problems(session)) == ([], [])
        run = session.exec(select(HarvestRun).order_by(col(HarvestRun.id).desc()).limit(1)).one()
        assert (run.kind, run.status, run.done, run.changed) == (RunKind.REPARSE, RunStatus.COMPLETE, 450, 450)


def test_nothing_is_read_twice_unless_everything_is_asked_for(sqlite_engine: Engine) -> None:
    read_by_an_older_parser(sqlite_engine)
    reparse(sqlite_engine)
    again = reparse(sqlite_engine)
    assert (again.total, again.read) == (0, 0)
    everything = reparse(sqlite_engine, everything=True)
    assert (everything.read, everything.changed) == (450, 0)
    with reading(sqlite_engine) as session:
        assert number(session, ChangeLog, ChangeLog.event == ChangeEvent.REPARSED) == 450


def test_when_it_was_fetched_and_that_it_is_gone_stay_as_they_were(
    sqlite_engine: Engine, clock: Callable[..., None]
) -> None:
    read_by_an_older_parser(sqlite_engine, PMIDS[:2])
    fetched = config.now()
    with writing(sqlite_engine) as session:
        session.execute(update(Article).where(col(Article.pmid) == FIRST).values(tombstoned_at=fetched))
        session.commit()
    clock(days=30)
    reparse(sqlite_engine)
    with reading(sqlite_engine) as session:
        rows = session.exec(select(Article.retrieved_at, Article.tombstoned_at).order_by(col(Article.pmid))).all()
        assert rows == [(fetched, fetched), (fetched, None)]
        bodies = session.exec(select(func.length(RawRecord.body))).all()
        assert len(bodies) == 2


def test_a_record_that_the_better_parser_rejects_keeps_what_it_said_and_is_told(sqlite_engine: Engine) -> None:
    read_by_an_older_parser(sqlite_engine, PMIDS[:3])
    with writing(sqlite_engine) as session:
        broken = session.exec(select(RawRecord).order_by(col(RawRecord.article_id)).limit(1)).one()
        broken.body = b"not packed"
        session.add(broken)
        session.commit()
    found = reparse(sqlite_engine)
    assert (found.read, found.changed, found.rejected) == (3, 2, 1)
    assert found.first_rejected[0].startswith(f"PMID {FIRST} keeps what it said: ")
    with reading(sqlite_engine) as session:
        assert session.exec(select(Article.title).where(Article.pmid == FIRST)).one() == "Cut at"
        assert session.exec(select(Article.title).where(Article.pmid == FIRST + 1)).one() != "Cut at"


def test_only_a_topic_is_read_when_one_is_named(sqlite_engine: Engine) -> None:
    read_by_an_older_parser(sqlite_engine, PMIDS[:3])
    assert reparse(sqlite_engine, topic_id="another").read == 0
    assert reparse(sqlite_engine, topic_id="ketamine").read == 3


def test_a_stop_ends_it_after_the_batch_and_the_next_run_goes_on(sqlite_engine: Engine) -> None:
    read_by_an_older_parser(sqlite_engine)
    heard: list[int] = []
    with pytest.raises(Stopped, match="run it again to go on"):
        reparse(sqlite_engine, report=lambda done, _: heard.append(done), stopped=lambda: bool(heard))
    assert heard == [200]
    with reading(sqlite_engine) as session:
        assert harvesting.last_run(session, status=RunStatus.PARTIAL) is not None
        assert harvesting.lease(session) is None
    rest = reparse(sqlite_engine)
    assert (rest.total, rest.changed) == (250, 250)


def test_killed_in_a_batch_it_loses_nothing(sqlite_engine: Engine, sqlite_url: str) -> None:
    read_by_an_older_parser(sqlite_engine)
    child = os.fork()
    if child == 0:
        _die_in_the_second_batch(sqlite_url)
    _, status = os.waitpid(child, 0)
    assert os.WTERMSIG(status) == signal.SIGKILL
    with reading(sqlite_engine) as session:
        assert number(session, Article, Article.title != "Cut at") == 200
    assert reparse(sqlite_engine).changed == 250
    with reading(sqlite_engine) as session:
        assert number(session, ChangeLog, ChangeLog.event == ChangeEvent.REPARSED) == 450
        assert number(session, ArticleMesh) == sum(len(parse_record(raw(pmid)).mesh) for pmid in PMIDS)


def _die_in_the_second_batch(url: str) -> None:
    """Dies where the batch is written and not yet committed."""
    whole = reparsing.reread

    def reread(session: Session, records: object, *, run_id: int) -> int:
        done = whole(session, records, run_id=run_id)  # type: ignore[arg-type]
        if session.get_one(HarvestRun, run_id).done:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    reparsing.reread = reread
    reparse(open_engine(url))
    os._exit(1)


def test_the_command_tells_what_it_did(
    sqlite_engine: Engine, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read_by_an_older_parser(sqlite_engine, PMIDS[:3])
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # pytest keeps its own
    assert cli.main(["reparse"]) == 0
    assert capsys.readouterr().out == "read 3 stored records again: 3 say something else now, 0 rejected\n"
    assert cli.main(["reparse", "--all"]) == 0
    assert capsys.readouterr().out == "read 3 stored records again: 0 say something else now, 0 rejected\n"
