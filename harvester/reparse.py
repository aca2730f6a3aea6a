"""Stored raw records read again by a better parser: without the network, and without a revision, for nobody said
anything new. Killed at any moment, the next run goes on, for what was read carries the parser's version."""

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Engine
from sqlmodel import col, func, select

from db import config
from db.engine import reading, writing
from db.models import Article, HarvestRun, RawRecord, TopicArticle
from db.types import RunKind
from harvester.errors import Stopped
from harvester.lease import Lease, begin
from harvester.prepared import Prepared, prepare
from harvester.pubmed_xml import PARSER_VERSION, parse_record
from harvester.store import reread

BATCH = 200
REJECTIONS_SHOWN = 20


@dataclass(slots=True)
class ReparseReport:
    """In records; `rejected` kept what they said. `first_rejected`: PMID or article, and why."""

    run_id: int
    total: int
    read: int = 0
    changed: int = 0
    rejected: int = 0
    first_rejected: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A raw record as it was read, outside the transaction that writes."""

    article_id: int
    pmid: int | None
    raw_hash: str | None
    body: bytes


def reparse(
    engine: Engine,
    *,
    topic_id: str | None = None,
    everything: bool = False,
    report: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
) -> ReparseReport:
    """Re-reads what an older parser read, or `everything`. Raises `LeaseHeld`, `Stopped` or `DatabaseUnavailable`."""
    which = [] if everything else [col(Article.parser_version) < PARSER_VERSION]
    if topic_id is not None:
        which.append(col(Article.id).in_(select(TopicArticle.article_id).where(TopicArticle.topic_id == topic_id)))
    found, lease = _begin(engine, which, {"topic": topic_id, "all": everything, "parser": PARSER_VERSION})
    after = 0
    with lease.ending():
        while batch := _next(engine, which, after):
            if stopped():
                raise Stopped("stopped as asked; run it again to go on")
            _read_again(engine, lease, batch, found)
            after = batch[-1].article_id
            report(found.read, found.total)
    return found


def _begin(engine: Engine, which: Sequence[object], options: dict[str, object]) -> tuple[ReparseReport, Lease]:
    with writing(engine) as session:
        counted = select(func.count()).select_from(Article).join(RawRecord)
        total = session.exec(counted.where(*which)).one()  # type: ignore[arg-type]
        run = HarvestRun(
            kind=RunKind.REPARSE, options=options, phase="reading again", total=total, started_at=config.now()
        )
        lease = begin(session, engine, run)
        session.commit()
        return ReparseReport(run.id, total), lease


def _next(engine: Engine, which: Sequence[object], after: int) -> list[_Kept]:
    kept = select(Article.id, Article.pmid, Article.raw_hash, RawRecord.body).join(RawRecord)
    page = kept.where(*which, col(Article.id) > after).order_by(col(Article.id)).limit(BATCH)  # type: ignore[arg-type]
    with reading(engine) as session:
        return [_Kept(*row) for row in session.exec(page)]


def _read_again(engine: Engine, lease: Lease, batch: Sequence[_Kept], found: ReparseReport) -> None:
    """Parsed before the transaction begins; what was fetched anew in between is left alone by `reread`."""
    records: dict[int, Prepared] = {}
    for kept in batch:
        try:
            record = parse_record(zlib.decompress(kept.body))
            # It is about the same article, whatever number the parser makes of it.
            records[kept.article_id] = prepare(replace(record, pmid=kept.pmid or record.pmid))
        except (ValueError, zlib.error) as error:
            _reject(found, kept, str(error))
    with writing(engine) as session:
        lease.confirm(session)
        changed = reread(session, records, run_id=lease.run_id)
        run = session.get_one(HarvestRun, lease.run_id)
        run.done, run.rejected = found.read + len(batch), found.rejected
        run.changed += changed
        run.unchanged += len(records) - changed
        session.commit()
    found.read, found.changed = run.done, run.changed


def _reject(found: ReparseReport, kept: _Kept, reason: str) -> None:
    found.rejected += 1
    if len(found.first_rejected) < REJECTIONS_SHOWN:
        which = f"PMID {kept.pmid}" if kept.pmid else f"article {kept.article_id}"
        found.first_rejected.append(f"{which} keeps what it said: {reason}")
