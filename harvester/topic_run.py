"""A run over one topic, crash-safe: plan, fetch, commit, end. What a sync and a refresh have in common.

Killed at any moment, the next run goes on where this one was and ends with the same library. Records, what is still
to do and the progress of a batch are one transaction. The watermark moves only when a run is complete.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from sqlalchemy import Engine, delete, insert, update
from sqlmodel import Session, col, select

from db import config
from db.engine import reading, writing
from db.models import HarvestRun, HarvestSlice, HarvestTodo, Topic
from db.queries import harvesting
from db.types import RunKind, RunStatus, WorkState
from harvester.errors import Stopped
from harvester.eutils import Eutils, FetchAnswer
from harvester.lease import Lease, acquire
from harvester.listing import Listing, list_query
from harvester.prepared import Prepared, prepare
from harvester.store import Outcome, Source, store_prepared
from harvester.todo import in_state, number, put
from harvester.topic import TopicFile

BATCH = 200
# Records of one transaction: whoever saves meanwhile waits for a tenth of a second at most. It divides a batch, so that
# a run that was killed goes on with the same transactions.
AT_ONCE = 50
# What is new or revised is looked for from before the watermark: PubMed's days are not ours, and revisions appear late.
OVERLAP = timedelta(days=3)
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run tells while it goes on; `phase` is listing, fetching or the status it ended with."""

    phase: str
    done: int = 0
    total: int | None = None
    new: int = 0
    changed: int = 0


class TopicRun(ABC):
    """`options` are kept with the run; an interrupted one is gone on with when they are the same and it is not `stale`.

    `report` hears of every batch; `stopped` is asked between batches; `limit` ends a run early, in articles.
    """

    kind: ClassVar[RunKind]
    stale: ClassVar[timedelta]

    def __init__(
        self,
        engine: Engine,
        eutils: Eutils,
        topic: TopicFile,
        *,
        limit: int | None = None,
        report: Callable[[Progress], None] = lambda progress: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.engine, self.eutils, self.topic = engine, eutils, topic
        self.limit, self.report, self.stopped = limit, report, stopped
        self.source = Source("pubmed", topic.id)
        self.fetched = 0
        self.lease: Lease
        self.begun: int | None = None  # the run, once it is stored and holds the lease

    @property
    @abstractmethod
    def options(self) -> dict[str, Any]: ...

    @abstractmethod
    def _go_on(self, run_id: int) -> HarvestRun:
        """From wherever the run is to its end."""

    @abstractmethod
    def _plan(self, run_id: int) -> None:
        """Ask what there is, compare with what the library has, and write down what to fetch, at once."""

    def run(self) -> HarvestRun:
        """The run as it ended: complete or partial. A failed one is stored as such, and its error raised.

        Raises `HarvestError` (`LeaseHeld` among them) or `DatabaseUnavailable`.
        """
        with writing(self.engine) as session:
            run_id = self._open(session)
            self.lease = acquire(session, self.engine, run_id)
            session.commit()
        self.begun = run_id
        self.eutils.transport.stopped = self._interrupted
        with self.lease.ending(self._ended):
            try:
                return self._go_on(run_id)
            except Stopped as stop:
                return self._end(RunStatus.PARTIAL, str(stop))

    def _interrupted(self) -> bool:
        self.lease.beat()
        return self.stopped()

    def _open(self, session: Session) -> int:
        """The interrupted run to go on with, or a new one."""
        harvesting.upsert_topic(session, topic_id=self.topic.id, name=self.topic.name, query=self.topic.query)
        mine = (HarvestRun.topic_id == self.topic.id, HarvestRun.kind == self.kind)
        last = session.exec(select(HarvestRun).where(*mine).order_by(col(HarvestRun.id).desc()).limit(1)).first()
        run = HarvestRun(
            topic_id=self.topic.id,
            kind=self.kind,
            query=self.topic.query,
            options=self.options,
            started_at=config.now(),
        )
        if last is not None and last.status is not RunStatus.COMPLETE:
            same = last.query == self.topic.query and self.options.items() <= last.options.items()
            if same and config.now() - last.started_at < self.stale:
                run = last
                run.status, run.finished_at, run.message = RunStatus.RUNNING, None, None
            elif last.status is RunStatus.RUNNING:
                last.status, last.finished_at = RunStatus.FAILED, config.now()
                last.message = "it ended without a word; a later run has begun anew"
        if run is not last:  # what earlier runs had left to do is looked for anew
            earlier = select(HarvestRun.id).where(*mine)
            session.execute(delete(HarvestTodo).where(col(HarvestTodo.run_id).in_(earlier)))
        session.add(run)
        session.flush()
        return run.id

    def _planned(self, run_id: int) -> None:
        """Plans, unless that was done before the run was interrupted."""
        with reading(self.engine) as session:
            planned = session.get_one(HarvestRun, run_id).phase == "fetching"
        if not planned:
            self.report(Progress("listing"))
            self._plan(run_id)

    def _fetch_pending(self, run_id: int) -> None:
        while pmids := self._next(run_id):
            if self.stopped():
                raise Stopped("stopped as asked; run it again to go on")
            self._fetch(run_id, pmids)

    def _since(self, watermark: datetime, field: str) -> Sequence[int]:
        """The topic's PMIDs of which this date lies after the watermark, or in the last month if that is longer."""
        start = min(watermark - OVERLAP, config.now() - LOOK_BACK)
        query = f"({self.topic.query}) AND {start:%Y/%m/%d}:3000[{field}]"
        return list_query(self.eutils, self.topic, query).pmids

    def _write_plan(self, session: Session, run_id: int, listing: Listing, reasons: Mapping[int, str]) -> HarvestRun:
        session.execute(delete(HarvestSlice).where(col(HarvestSlice.run_id) == run_id))
        session.execute(delete(HarvestTodo).where(col(HarvestTodo.run_id) == run_id))
        slices = [
            {"run_id": run_id, "pmid_lo": s.lo, "pmid_hi": s.hi, "count": s.count, "state": WorkState.DONE}
            for s in listing.slices
        ]
        session.execute(insert(HarvestSlice), slices)
        todo = [
            {"run_id": run_id, "pmid": pmid, "reason": reason, "state": WorkState.PENDING, "attempts": 0}
            for pmid, reason in sorted(reasons.items())
        ]
        if todo:
            session.execute(insert(HarvestTodo), todo)
        run = session.get_one(HarvestRun, run_id)
        run.phase, run.total, run.done = "fetching", len(todo), 0
        run.query_translation = listing.answer.query_translation
        run.not_found = list(listing.answer.not_found)
        return run

    def _next(self, run_id: int) -> Sequence[int]:
        size = BATCH if self.limit is None else min(BATCH, self.limit - self.fetched)
        if size <= 0:
            return ()
        pending = select(HarvestTodo.pmid).where(*in_state(run_id, WorkState.PENDING))
        with reading(self.engine) as session:
            return session.exec(pending.order_by(col(HarvestTodo.attempts), col(HarvestTodo.pmid)).limit(size)).all()

    def _fetch(self, run_id: int, pmids: Sequence[int]) -> None:
        answer = self.eutils.fetch(pmids)
        gone = self._confirmed_gone(run_id, answer.missing)
        for start in range(0, len(answer.records), AT_ONCE):
            self._keep_records(run_id, list(map(prepare, answer.records[start : start + AT_ONCE])))
        with writing(self.engine) as session:
            self.lease.confirm(session)
            self._cross_off(session, run_id, answer, gone)
            run = session.get_one(HarvestRun, run_id)
            run.rejected += len(answer.rejected)
            run.missing += len(gone) + len(answer.deleted)
            run.done = (run.total or 0) - session.exec(number(run_id, WorkState.PENDING)).one()
            session.commit()
        self.fetched += len(pmids)
        self.report(Progress("fetching", run.done, run.total, run.new, run.changed))

    def _keep_records(self, run_id: int, records: Sequence[Prepared]) -> None:
        """In one transaction, short enough that nobody who reviews has to wait for it."""
        with writing(self.engine) as session:
            self.lease.confirm(session)
            outcome = self._store(session, run_id, records)
            put(session, run_id, [record.pmid for record in records if record.pmid is not None], state=WorkState.DONE)
            run = session.get_one(HarvestRun, run_id)
            run.done += len(records)
            run.new += outcome.new
            run.changed += outcome.changed
            run.unchanged += outcome.unchanged
            session.commit()

    def _store(self, session: Session, run_id: int, records: Sequence[Prepared]) -> Outcome:
        return store_prepared(session, records, run_id=run_id, source=self.source, topic_id=self.topic.id)

    def _confirmed_gone(self, run_id: int, missing: Sequence[int]) -> set[int]:
        """Of the PMIDs that did not come a second time, those that PubMed says it does not have."""
        if not missing:
            return set()
        again = select(HarvestTodo.pmid).where(
            HarvestTodo.run_id == run_id, col(HarvestTodo.pmid).in_(missing), col(HarvestTodo.attempts) > 0
        )
        with reading(self.engine) as session:
            twice = session.exec(again).all()
        return set(self.eutils.summaries(twice).gone) if twice else set()

    def _cross_off(self, session: Session, run_id: int, answer: FetchAnswer, gone: set[int]) -> None:
        put(session, run_id, [*gone, *answer.deleted], state=WorkState.MISSING, message="PubMed has no such record")
        for rejected in answer.rejected:
            if rejected.pmid is not None:
                put(session, run_id, [rejected.pmid], state=WorkState.FAILED, message=rejected.reason)
        left = [pmid for pmid in answer.missing if pmid not in gone]
        put(session, run_id, left, attempts=HarvestTodo.attempts + 1)
        exhausted = (*in_state(run_id, WorkState.PENDING), col(HarvestTodo.attempts) > 1)
        lost = {"state": WorkState.FAILED, "message": "PubMed lists it and did not send it"}
        session.execute(update(HarvestTodo).where(*exhausted).values(lost))

    def _lacking(self, run_id: int) -> str | None:
        """What the run could not get, which is to do again the next time."""
        lost = (*in_state(run_id, WorkState.FAILED), col(HarvestTodo.attempts) > 1)
        with reading(self.engine) as session:
            pending = session.exec(number(run_id, WorkState.PENDING)).one()
            undelivered = session.exec(number(run_id, WorkState.FAILED).where(lost[-1])).one()
        if pending:
            return f"{pending} articles are still to fetch; run it again to go on"
        if not undelivered:
            return None
        with writing(self.engine) as session:
            self.lease.prove(session)
            retry = {"state": WorkState.PENDING, "attempts": 0, "message": None}
            session.execute(update(HarvestTodo).where(*lost).values(retry))
            session.commit()
        return f"PubMed lists {undelivered} articles that it did not send; run it again later"

    def _end(self, status: RunStatus, message: str | None) -> HarvestRun:
        run = self.lease.end(status, message, self._ended)
        self.report(Progress(status.value, run.done, run.total, run.new, run.changed))
        return run

    def _ended(self, session: Session, run: HarvestRun) -> None:
        """What belongs to the end of a run, in its transaction."""
        if run.status is RunStatus.COMPLETE:
            session.get_one(Topic, self.topic.id).watermark = run.started_at
            session.execute(delete(HarvestTodo).where(*in_state(run.id, WorkState.DONE)))
