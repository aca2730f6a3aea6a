"""PubMed's baseline and update files into the library, in the order of their numbers.

One process reads and one writes. Every batch is one short transaction, with the place in the file that it ends at, so
that a load that was killed goes on behind its last batch and ends as if nobody had killed it. Of what two files say of
an article the later file is right (`provenance`); what PubMed withdrew is marked as gone and stays.
"""

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session, col, func, select

from db import config
from db.engine import reading, writing
from db.models import Article, HarvestRun, ImportSource, SourceFile
from db.queries import harvesting
from db.types import RunKind, WorkState
from harvester import duplicates
from harvester.baseline_files import BaselineFile, files_in, start_of_year, to_load
from harvester.baseline_reader import Batch, Choice, Unusable
from harvester.errors import HarvestError, Stopped
from harvester.lease import Lease, begin
from harvester.parsed import Rejected
from harvester.reader_process import ReaderDied, ReaderProcess, ReadHere
from harvester.store import Outcome, Source, store_prepared, withdraw
from harvester.topic import TopicFile
from harvester.topic_filter import TopicFilter
from harvester.unreadable import UnreadableFile

REJECTIONS_SHOWN = 20
EVERYTHING = "everything"
_KIND, _NAME = "baseline", "pubmed"
_COMPARED_AT_ONCE = 20


@dataclass(slots=True)
class BaselineReport:
    """`files` loaded and `left`, for they were loaded before; the records that were kept, and what became of them.

    `absent` articles are in the library and in no file of the newest year: only PubMed can say what became of them.
    """

    files: int = 0
    left: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    withdrawn: int = 0
    absent: int = 0
    first_rejected: list[tuple[str, Rejected]] = field(default_factory=list)

    @property
    def kept(self) -> int:
        return self.new + self.changed + self.unchanged


class Baseline:
    """`report` hears the file and the report after each batch; `stopped` is asked between batches; `reader` says
    where the files are read: beside this process, or in it.

    Without a topic everything is kept; with one, what `wanted` lets through and whatever the library has already.
    """

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        topic: TopicFile | None,
        wanted: TopicFilter | None = None,
        *,
        report: Callable[[str, BaselineReport, bool], None] = lambda name, found, last: None,
        stopped: Callable[[], bool] = lambda: False,
        reader: type[ReaderProcess] | type[ReadHere] = ReaderProcess,
    ) -> None:
        self.engine, self.folder, self.topic, self.wanted = engine, folder, topic, wanted
        self.report, self.stopped, self.reader = report, stopped, reader
        self.scope = EVERYTHING if topic is None else f"{topic.id}: {topic.query}"
        self.found = BaselineReport()
        self.lease: Lease

    def load(self) -> BaselineReport:
        """Raises `UnreadableFile` (nothing was changed, or the file is named), `HarvestError` or
        `DatabaseUnavailable`; all can be repeated."""
        there = files_in(self.folder)
        with reading(self.engine) as session:
            files = to_load(there, self._loaded(session))
            skips = self._begun(session)
            choice = Choice(self.wanted, self._known(session) if self.wanted else set())
        self.found.left = len(there) - len(files)
        self._begin()
        with self.lease.ending():
            self._load([(file, skips.get((file.name, file.md5), 0)) for file in files], choice)
            self._compare()
        return self.found

    def _loaded(self, session: Session) -> dict[str, str]:
        """The MD5 of what was loaded last under each name, for the same topic: another one's articles are others."""
        rows = select(SourceFile, HarvestRun).join(HarvestRun, col(HarvestRun.id) == col(SourceFile.run_id))
        done = rows.where(SourceFile.state == WorkState.DONE).order_by(col(SourceFile.loaded_at))
        return {file.name: file.md5 for file, run in session.exec(done) if run.options["scope"] == self.scope}

    def _begun(self, session: Session) -> dict[tuple[str, str], int]:
        """How many records of a file were loaded before a load of this kind ended in it."""
        rows = select(SourceFile, HarvestRun).join(HarvestRun, col(HarvestRun.id) == col(SourceFile.run_id))
        pending = session.exec(rows.where(SourceFile.state == WorkState.PENDING))
        return {
            (file.name, file.md5): run.options["records"]
            for file, run in pending
            if (run.options["scope"], run.options.get("file")) == (self.scope, file.name)
        }

    @staticmethod
    def _known(session: Session) -> set[int]:
        found = session.exec(select(Article.pmid).where(col(Article.pmid).is_not(None)))
        return {pmid for pmid in found if pmid is not None}

    def _begin(self) -> None:
        with writing(self.engine) as session:
            if topic := self.topic:
                harvesting.upsert_topic(session, topic_id=topic.id, name=topic.name, query=topic.query)
            run = HarvestRun(
                topic_id=topic.id if topic else None,
                kind=RunKind.BASELINE,
                options={"scope": self.scope},
                phase="loading",
                started_at=config.now(),
            )
            self.lease = begin(session, self.engine, run)
            session.commit()

    def _load(self, files: Sequence[tuple[BaselineFile, int]], choice: Choice) -> None:
        remaining = iter(files)
        file, _ = next(remaining, (None, 0))
        if file is None:
            return
        with self.reader(files, choice) as reader, _settled():
            try:
                for answer in reader.answers():
                    if isinstance(answer, Unusable):
                        raise UnreadableFile(f"{file.path}: {answer.reason}; the files before it are loaded")
                    self._write(file, answer)
                    if answer.last:
                        file = next(remaining, (file, 0))[0]
            except ReaderDied as death:
                again = "nothing is lost, run it again to go on"
                raise HarvestError(f"the process that reads {file.path} died: {death}; {again}") from death

    def _write(self, file: BaselineFile, batch: Batch) -> None:
        if self.stopped():
            raise Stopped("stopped as asked; run it again to go on")
        source = Source(_KIND, _NAME, position=file.position)
        run_id, topic_id = self.lease.run_id, self.topic.id if self.topic else None
        parts = ((batch.records, topic_id), (batch.others, None))
        with writing(self.engine) as session:
            self.lease.confirm(session)
            done = [
                store_prepared(session, part, run_id=run_id, source=source, topic_id=topic, propose=False)
                for part, topic in parts
                if part
            ]
            gone = withdraw(session, batch.deleted, run_id=run_id, source=source) if batch.deleted else 0
            self._note_place(session, file, batch, done, gone)
            session.commit()
        self._count(file, batch, done, gone)

    def _note_place(self, session: Session, file: BaselineFile, batch: Batch, done: list[Outcome], gone: int) -> None:
        row = session.exec(select(SourceFile).where(SourceFile.name == file.name, SourceFile.md5 == file.md5)).first()
        row = row or SourceFile(name=file.name, md5=file.md5, position=file.position)
        row.run_id, row.state = self.lease.run_id, WorkState.DONE if batch.last else WorkState.PENDING
        row.loaded_at = config.now() if batch.last else None
        session.add(row)
        run = session.get_one(HarvestRun, self.lease.run_id)
        run.options = {**run.options, "file": file.name, "records": batch.read}
        run.done += sum(each.new + each.changed + each.unchanged for each in done)
        run.new += sum(each.new for each in done)
        run.changed += sum(each.changed for each in done)
        run.unchanged += sum(each.unchanged for each in done)
        run.rejected += len(batch.rejected)
        run.missing += gone

    def _count(self, file: BaselineFile, batch: Batch, done: list[Outcome], gone: int) -> None:
        found = self.found
        found.new += sum(each.new for each in done)
        found.changed += sum(each.changed for each in done)
        found.unchanged += sum(each.unchanged for each in done)
        found.rejected += len(batch.rejected)
        found.withdrawn += gone
        found.files += batch.last
        room = REJECTIONS_SHOWN - len(found.first_rejected)
        found.first_rejected += [(file.name, rejected) for rejected in batch.rejected[:room]]
        self.report(file.name, found, batch.last)

    def _compare(self) -> None:
        """Articles without a PMID, which some of the new ones may be, are compared with them at the end."""
        without = select(Article.id).where(col(Article.pmid).is_(None)).order_by(col(Article.id))
        with reading(self.engine) as session:
            ids = session.exec(without).all() if self.found.new else ()
            self.found.absent = self._absent(session)
        for start in range(0, len(ids), _COMPARED_AT_ONCE):
            with writing(self.engine) as session:
                self.lease.confirm(session)
                duplicates.propose(session, ids=ids[start : start + _COMPARED_AT_ONCE], at=config.now())
                session.commit()

    @staticmethod
    def _absent(session: Session) -> int:
        ours = (col(ImportSource.kind) == _KIND, col(ImportSource.name) == _NAME)
        newest = session.exec(select(func.max(ImportSource.position)).where(*ours)).one() or 0
        told = select(func.count()).select_from(ImportSource).join(Article)
        earlier = (col(ImportSource.position) < start_of_year(newest), col(Article.tombstoned_at).is_(None))
        return session.exec(told.where(*ours, *earlier)).one()


@contextmanager
def _settled() -> Iterator[None]:
    """What is there is not searched for garbage again and again, which would be a twentieth of a load."""
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
