"""Reference files into the library. A file is first read to its end, so that one that is not whole changes nothing;
then it is written in short transactions, so that nobody who reviews has to wait for it."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from sqlalchemy import Engine

from db import config
from db.demonstration import KEY
from db.engine import writing
from db.models import HarvestRun
from db.queries import harvesting
from db.types import RunKind
from harvester.errors import Stopped
from harvester.lease import Lease, begin
from harvester.parsed import Deleted, Rejected
from harvester.records import ArticleRecord
from harvester.reference_files import ReferenceFile, open_reference_file
from harvester.store import Source, store
from harvester.topic import TopicFile
from harvester.unreadable import UnreadableFile

BATCH = 200
# A file of which more than half is refused, after this many, is not what it was taken for.
MOST_REJECTED = 1_000
REJECTIONS_SHOWN = 20


@dataclass(slots=True)
class ImportReport:
    """What a file held and what became of it, in records; `withdrawn` are deletions that the file tells of.

    `first_rejected` are the first of the `rejected`, however many there are; `notes` are lines for a person.
    """

    path: Path
    kind: str
    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rejected: int = 0
    first_rejected: list[Rejected] = field(default_factory=list)
    withdrawn: int = 0
    ignored_columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def import_file(
    engine: Engine,
    path: Path,
    topic: TopicFile,
    *,
    report: Callable[[int, int], None] = lambda done, total: None,
    stopped: Callable[[], bool] = lambda: False,
    demonstration: bool = False,
) -> ImportReport:
    """`demonstration`: invented studies, for a library of nothing else.

    Raises `UnreadableFile` (nothing was changed), `LeaseHeld`, `Stopped` or `DatabaseUnavailable`; all can be
    repeated: what was written is found unchanged."""
    file = open_reference_file(path)
    found = _prove(file)
    source = Source("file", path.name, _sha256(path))
    with writing(engine) as session:
        harvesting.upsert_topic(session, topic_id=topic.id, name=topic.name, query=topic.query)
        run = HarvestRun(
            topic_id=topic.id,
            kind=RunKind.IMPORT,
            options={"file": path.name, "sha256": source.sha256} | ({KEY: True} if demonstration else {}),
            phase="importing",
            total=found.read - found.rejected,
            rejected=found.rejected,
            started_at=config.now(),
        )
        lease = begin(session, engine, run)
        session.commit()
    with lease.ending():
        for batch in _batches(file):
            if stopped():
                raise Stopped(f"{path}: stopped as asked; import it again to go on")
            _write(engine, lease, batch, source, topic, found)
            report(found.new + found.changed + found.unchanged, found.read - found.rejected)
    return found


def _prove(file: ReferenceFile) -> ImportReport:
    """Reads the file to its end and counts."""
    found = ImportReport(file.path, file.kind, ignored_columns=file.ignored_columns, notes=file.notes)
    for item in file.read():
        if isinstance(item, Deleted):
            found.withdrawn += 1
            continue
        found.read += 1
        if isinstance(item, Rejected):
            _reject(found, item)
    return found


def _reject(found: ImportReport, item: Rejected) -> None:
    found.rejected += 1
    if len(found.first_rejected) < REJECTIONS_SHOWN:
        found.first_rejected.append(item)
    if found.rejected > MOST_REJECTED and found.rejected * 2 > found.read:
        why = f"{found.rejected:,} of its first {found.read:,} records cannot be used"
        first = found.first_rejected[0]
        raise UnreadableFile(
            f"{found.path}: {why} (record {first.position}: {first.reason}); nothing was imported. Export it again"
        )


def _batches(file: ReferenceFile) -> Iterator[list[ArticleRecord]]:
    records = (item for item in file.read() if isinstance(item, ArticleRecord))
    while batch := list(islice(records, BATCH)):
        yield batch


def _write(
    engine: Engine, lease: Lease, batch: list[ArticleRecord], source: Source, topic: TopicFile, found: ImportReport
) -> None:
    with writing(engine) as session:
        lease.confirm(session)
        outcome = store(session, batch, run_id=lease.run_id, source=source, topic_id=topic.id)
        run = session.get_one(HarvestRun, lease.run_id)
        run.done += len(batch)
        run.new += outcome.new
        run.changed += outcome.changed
        run.unchanged += outcome.unchanged
        session.commit()
    found.new, found.changed, found.unchanged = run.new, run.changed, run.unchanged


def _sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
