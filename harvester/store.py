"""Record → rows. Everything a batch changes is written in the caller's one transaction, the search index too.

An article whose raw record is the same is left alone. A changed raw record leaves a revision behind; a better parser
does not. What a record adds, changes or takes away is written to the change log.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, update
from sqlmodel import Session, col, select

from db import audit, config
from db.models import ImportSource, TopicArticle
from db.types import Actor, ChangeEvent, Role
from harvester import duplicates
from harvester.article_tables import ArticleTables, Change, contents_of
from harvester.prepared import Prepared, prepare, prepare_content
from harvester.records import ArticleRecord
from harvester.rows import merged
from harvester.stored_articles import Stored, StoredArticles, identity

HARVESTER = Actor(None, "harvest", Role.READ_ONLY)


@dataclass(frozen=True, slots=True)
class Source:
    """Where records come from: `pubmed` and a topic, or `file` and its name."""

    kind: str
    name: str
    sha256: str | None = None


@dataclass(slots=True)
class Outcome:
    """What a batch did, in articles; `touched` are the ids of those that are new or say something new."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    touched: list[int] = field(default_factory=list)


def store(
    session: Session, records: Iterable[ArticleRecord], *, run_id: int, source: Source, topic_id: str | None
) -> Outcome:
    """Write a batch (a few hundred records), by PMID, in the caller's transaction. Safe to repeat."""
    return store_prepared(session, map(prepare, records), run_id=run_id, source=source, topic_id=topic_id)


def store_prepared(
    session: Session, records: Iterable[Prepared], *, run_id: int, source: Source, topic_id: str | None
) -> Outcome:
    """The same of records that were made ready before the transaction began, so that it is short."""
    outcome, at = Outcome(), config.now()
    tables = ArticleTables(session, run_id, at)
    waiting = sorted(records, key=lambda record: record.pmid or 2**31)
    while waiting:
        # The same article twice in one batch: the second is compared with what the first left.
        first: dict[tuple[object, ...], Prepared] = {}
        again = [record for record in waiting if first.setdefault(identity(record), record) is not record]
        ids, more = _write(tables, list(first.values()), outcome)
        _trace(session, ids, run_id, source, topic_id, at)
        waiting = again + more
    duplicates.propose(session, ids=outcome.touched, at=at)
    _close(tables, outcome)
    return outcome


def _write(tables: ArticleTables, records: Sequence[Prepared], outcome: Outcome) -> tuple[list[int], list[Prepared]]:
    """The articles these records are about, and the records of which an article was already spoken for."""
    stored = StoredArticles(tables.session, records)
    new: list[Prepared] = []
    known: dict[int, tuple[Stored, Prepared]] = {}
    later: list[Prepared] = []
    new_dois: set[str] = set()
    for record in records:
        article = stored.of(record)
        if article is None and (record.pmid is not None or record.doi not in new_dois):
            new.append(record)
            new_dois |= {record.doi} if record.doi else set()
        elif article is None or article.id in known:
            later.append(record)
        else:
            known[article.id] = (article, record)
    changes = _changes(tables.session, list(known.values()))
    held = {doi: article.id for doi, article in stored.by_doi.items()}
    tables.update(changes, held)
    added = tables.insert(new, held)
    outcome.new += len(added)
    outcome.changed += len(changes)
    outcome.unchanged += len(known) - len(changes)
    outcome.touched += [*added, *(change.stored.id for change in changes)]
    return [*known, *added], later


def _changes(session: Session, known: Sequence[tuple[Stored, Prepared]]) -> list[Change]:
    both_files = [article.id for article, record in known if record.raw_hash is None and article.raw_hash is None]
    before = contents_of(session, both_files)
    changes = []
    for article, record in known:
        if article.id in before:
            record = prepare_content(merged(before[article.id], record.content), None)  # noqa: PLW2901
        if event := _event(article, record):
            changes.append(Change(article, record, event))
    return changes


def _event(article: Stored, record: Prepared) -> ChangeEvent | None:
    """What the record means for the article; None when it says nothing new."""
    if record.raw_hash is None and article.raw_hash is not None:
        return None  # a reference file knows less than PubMed's own record
    if _is_older(article, record):
        return None
    same_content = record.content_hash == article.content_hash
    if article.tombstoned_at is not None:
        return ChangeEvent.RETURNED
    if record.raw_hash is None:
        return None if same_content else ChangeEvent.REVISED
    if record.raw_hash != article.raw_hash:
        return ChangeEvent.REVISED
    return None if same_content else ChangeEvent.REPARSED


def _is_older(article: Stored, record: Prepared) -> bool:
    if record.raw_hash is None or article.raw_hash is None:
        return False
    if record.version != article.version:
        return record.version < article.version
    return bool(record.date_revised and article.date_revised and record.date_revised < article.date_revised)


def _trace(
    session: Session, ids: Sequence[int], run_id: int, source: Source, topic_id: str | None, at: datetime
) -> None:
    """Where each article came from, and that the topic found it."""
    if not ids:
        return
    here = (
        col(ImportSource.article_id).in_(ids),
        col(ImportSource.kind) == source.kind,
        col(ImportSource.name) == source.name,
    )
    seen = {"sha256": source.sha256, "run_id": run_id, "seen_at": at}
    known = set(session.exec(select(ImportSource.article_id).where(*here)))
    session.execute(update(ImportSource).where(*here).values(seen))
    rows = [{"article_id": i, "kind": source.kind, "name": source.name, "position": None} | seen for i in ids]
    if added := [row for row in rows if row["article_id"] not in known]:
        session.execute(insert(ImportSource), added)
    if topic_id is not None:
        _place_in_topic(session, ids, run_id, topic_id, at)


def _place_in_topic(session: Session, ids: Sequence[int], run_id: int, topic_id: str, at: datetime) -> None:
    here = (col(TopicArticle.article_id).in_(ids), col(TopicArticle.topic_id) == topic_id)
    known = set(session.exec(select(TopicArticle.article_id).where(*here)))
    session.execute(update(TopicArticle).where(*here).values(last_fetched_at=at, misses=0, missing_since=None))
    row = {"topic_id": topic_id, "first_run_id": run_id, "first_seen_at": at, "last_fetched_at": at, "misses": 0}
    if added := [row | {"article_id": i, "missing_since": None} for i in ids if i not in known]:
        session.execute(insert(TopicArticle), added)


def _close(tables: ArticleTables, outcome: Outcome) -> None:
    """One audit event for the batch, which carries the hash of its change log."""
    if not tables.log:
        return
    tables.write_log()
    lines = json.dumps(tables.log, sort_keys=True, default=str, separators=(",", ":"))
    audit.record(
        tables.session,
        actor=HARVESTER,
        action="harvest.batch",
        subject_kind="harvest_run",
        subject_id=tables.run_id,
        detail={
            "new": outcome.new,
            "changed": outcome.changed,
            "change_log": hashlib.sha256(lines.encode()).hexdigest(),
        },
    )
