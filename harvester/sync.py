"""One topic, brought up to date, crash-safe: plan, list, diff, fetch, commit.

Killed at any moment, the next sync goes on where this one was and ends with the same library. Records, what is still
to do and the progress of a batch are one transaction. The watermark moves only when a run is complete, and no run
takes anything away: what PubMed no longer lists stays until it was confirmed gone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, delete, insert, update
from sqlmodel import Session, col, select

from db import config
from db.engine import DatabaseUnavailable, reading, writing
from db.models import Article, HarvestRun, HarvestSlice, HarvestTodo, ImportSource, Topic, TopicArticle
from db.queries import harvesting
from db.types import RunKind, RunStatus, WorkState
from harvester.errors import Stopped
from harvester.eutils import Eutils, FetchAnswer
from harvester.lease import Lease, LeaseHeld, acquire
from harvester.listing import Listing, list_query, list_topic
from harvester.store import Source, store
from harvester.todo import in_state, number, put
from harvester.topic import TopicFile

BATCH = 200
# Revised records are looked for from before the watermark: PubMed's days are not ours, and revisions appear late.
OVERLAP = timedelta(days=3)
LOOK_BACK = timedelta(days=30)
# An interrupted run older than this lists again, so that what appeared since is not left for another night.
STALE = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Progress:
    """What a run tells while it goes on; `phase` is listing, fetching or the status it ended with."""

    phase: str
    done: int = 0
    total: int | None = None
    new: int = 0
    changed: int = 0


class Sync:
    """`report` hears of every batch; `stopped` is asked between batches; `limit` ends a run early, in articles."""

    def __init__(
        self,
        engine: Engine,
        eutils: Eutils,
        topic: TopicFile,
        *,
        full: bool = False,
        limit: int | None = None,
        report: Callable[[Progress], None] = lambda progress: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.engine, self.eutils, self.topic = engine, eutils, topic
        self.full, self.limit, self.report, self.stopped = full, limit, report, stopped
        self.source = Source("pubmed", topic.id)
        self.fetched = 0
        self.remark: str | None = None
        self.lease: Lease

    def run(self) -> HarvestRun:
        """The run as it ended: complete or partial. A failed one is stored as such, and its error raised.

        Raises `HarvestError` (`LeaseHeld` among them) or `DatabaseUnavailable`.
        """
        with writing(self.engine) as session:
            run_id = self._open(session)
            self.lease = acquire(session, self.engine, run_id)
            session.commit()
        self.eutils.transport.stopped = self._interrupted
        try:
            return self._go_on(run_id)
        except Stopped as stop:
            return self._end(run_id, RunStatus.PARTIAL, str(stop))
        except LeaseHeld:
            raise
        except KeyboardInterrupt:
            self._note(run_id, RunStatus.PARTIAL, "interrupted; run it again to go on")
            raise
        except Exception as error:
            self._note(run_id, RunStatus.FAILED, str(error))
            raise
        finally:
            self._release()

    def _go_on(self, run_id: int) -> HarvestRun:
        if not self._is_listed(run_id):
            self.report(Progress("listing"))
            self._list(run_id)
        while pmids := self._next(run_id):
            if self.stopped():
                raise Stopped("stopped as asked; run it again to go on")
            self._fetch(run_id, pmids)
        return self._close(run_id)

    def _interrupted(self) -> bool:
        self.lease.beat()
        return self.stopped()

    def _open(self, session: Session) -> int:
        """The interrupted run to go on with, or a new one."""
        options = {"full": self.full}
        harvesting.upsert_topic(session, topic_id=self.topic.id, name=self.topic.name, query=self.topic.query)
        mine = select(HarvestRun).where(HarvestRun.topic_id == self.topic.id, HarvestRun.kind == RunKind.SYNC)
        last = session.exec(mine.order_by(col(HarvestRun.id).desc()).limit(1)).first()
        run = HarvestRun(
            topic_id=self.topic.id,
            kind=RunKind.SYNC,
            query=self.topic.query,
            options=options,
            started_at=config.now(),
        )
        if last is not None and last.status is not RunStatus.COMPLETE:
            same = last.query == self.topic.query and last.options == options
            if same and config.now() - last.started_at < STALE:
                run = last
                run.status, run.finished_at, run.message = RunStatus.RUNNING, None, None
            elif last.status is RunStatus.RUNNING:
                last.status, last.finished_at = RunStatus.FAILED, config.now()
                last.message = "it ended without a word; a later run has begun anew"
        session.add(run)
        session.flush()
        return run.id or 0

    def _is_listed(self, run_id: int) -> bool:
        with reading(self.engine) as session:
            return session.get_one(HarvestRun, run_id).phase == "fetching"

    def _list(self, run_id: int) -> None:
        """Ask what there is, compare with what the library has, and write down what to fetch, at once."""
        listing = list_topic(self.eutils, self.topic)
        with reading(self.engine) as session:
            topic = session.get_one(Topic, self.topic.id)
            since = topic.watermark or topic.created_at
            known = _fetched(session, self.topic.id)
        self.remark = _unlisted(known, listing.pmids)
        reasons = {pmid: "full" if self.full else "new" for pmid in listing.pmids if self.full or pmid not in known}
        if known and not self.full:
            reasons |= {pmid: "revised" for pmid in self._revised(since) if pmid in known and pmid not in reasons}
        with writing(self.engine) as session:
            self.lease.confirm(session)
            self._write_plan(session, run_id, listing, reasons)
            session.commit()

    def _revised(self, since: datetime) -> Sequence[int]:
        start = min(since - OVERLAP, config.now() - LOOK_BACK)
        query = f"({self.topic.query}) AND {start:%Y/%m/%d}:3000[lr]"
        return list_query(self.eutils, self.topic, query).pmids

    def _write_plan(self, session: Session, run_id: int, listing: Listing, reasons: dict[int, str]) -> None:
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
        with writing(self.engine) as session:
            self.lease.confirm(session)
            outcome = store(session, answer.records, run_id=run_id, source=self.source, topic_id=self.topic.id)
            self._cross_off(session, run_id, answer, gone)
            run = session.get_one(HarvestRun, run_id)
            run.new += outcome.new
            run.changed += outcome.changed
            run.unchanged += outcome.unchanged
            run.rejected += len(answer.rejected)
            run.missing += len(gone) + len(answer.deleted)
            run.done = (run.total or 0) - session.exec(number(run_id, WorkState.PENDING)).one()
            session.commit()
        self.fetched += len(pmids)
        self.report(Progress("fetching", run.done, run.total, run.new, run.changed))

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
        done = [record.pmid for record in answer.records if record.pmid is not None]
        put(session, run_id, done, state=WorkState.DONE)
        put(session, run_id, [*gone, *answer.deleted], state=WorkState.MISSING, message="PubMed has no such record")
        for rejected in answer.rejected:
            if rejected.pmid is not None:
                put(session, run_id, [rejected.pmid], state=WorkState.FAILED, message=rejected.reason)
        left = [pmid for pmid in answer.missing if pmid not in gone]
        put(session, run_id, left, attempts=HarvestTodo.attempts + 1)
        exhausted = (*in_state(run_id, WorkState.PENDING), col(HarvestTodo.attempts) > 1)
        lost = {"state": WorkState.FAILED, "message": "PubMed lists it and did not send it"}
        session.execute(update(HarvestTodo).where(*exhausted).values(lost))

    def _close(self, run_id: int) -> HarvestRun:
        with reading(self.engine) as session:
            pending = session.exec(number(run_id, WorkState.PENDING)).one()
            undelivered = session.exec(number(run_id, WorkState.FAILED).where(col(HarvestTodo.attempts) > 1)).one()
        if pending:
            return self._end(run_id, RunStatus.PARTIAL, f"{pending} articles are still to fetch; run it again to go on")
        if undelivered:
            with writing(self.engine) as session:
                self.lease.prove(session)
                retry = {"state": WorkState.PENDING, "attempts": 0, "message": None}
                lost = (*in_state(run_id, WorkState.FAILED), col(HarvestTodo.attempts) > 1)
                session.execute(update(HarvestTodo).where(*lost).values(retry))
                session.commit()
            lacking = f"PubMed lists {undelivered} articles that it did not send; run it again later"
            return self._end(run_id, RunStatus.PARTIAL, lacking)
        return self._end(run_id, RunStatus.COMPLETE, self.remark)

    def _end(self, run_id: int, status: RunStatus, message: str | None) -> HarvestRun:
        with writing(self.engine) as session:
            self.lease.prove(session)
            run = session.get_one(HarvestRun, run_id)
            run.status, run.message, run.finished_at = status, message, config.now()
            if status is RunStatus.COMPLETE:
                session.get_one(Topic, self.topic.id).watermark = run.started_at
                session.execute(delete(HarvestTodo).where(*in_state(run_id, WorkState.DONE)))
            session.commit()
        self.report(Progress(status.value, run.done, run.total, run.new, run.changed))
        return run

    def _note(self, run_id: int, status: RunStatus, message: str) -> None:
        """A disk that is full keeps even this from being written; the next run sees what happened all the same.
        Who took the run over says how it ended."""
        try:
            self._end(run_id, status, message)
        except (DatabaseUnavailable, LeaseHeld):
            return

    def _release(self) -> None:
        try:
            self.lease.release()
        except DatabaseUnavailable:
            return


def _fetched(session: Session, topic_id: str) -> set[int]:
    """PMIDs that were fetched from PubMed for this topic and stand. One that only a file brought is fetched yet."""
    found = (
        select(Article.pmid)
        .join(TopicArticle, col(TopicArticle.article_id) == col(Article.id))
        .join(ImportSource, col(ImportSource.article_id) == col(Article.id))
        .where(
            TopicArticle.topic_id == topic_id,
            ImportSource.kind == "pubmed",
            ImportSource.name == topic_id,
            col(Article.tombstoned_at).is_(None),
        )
    )
    return {pmid for pmid in session.exec(found) if pmid is not None}


def _unlisted(known: set[int], listed: Sequence[int]) -> str | None:
    """Nothing is taken away for it, but an index that is being rebuilt looks like this too."""
    if lacking := len(known.difference(listed)):
        return f"PubMed no longer lists {lacking} of the {len(known)} articles of this topic; the library keeps them"
    return None
