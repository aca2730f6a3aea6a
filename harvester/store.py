"""Record → rows. Everything a batch changes is written in the caller's one transaction, the search index too.

An article whose raw record is the same is left alone. A changed raw record leaves a revision behind; a better parser
does not. What a record adds, changes or takes away is written to the change log.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import update
from sqlmodel import Session, col, select

from db import audit, config, impact
from db.models import Article
from db.types import Actor, ChangeEvent, Role
from harvester import duplicates
from harvester.article_tables import ArticleTables, Change
from harvester.prepared import Prepared, prepare, prepare_content
from harvester.provenance import Source, Told, place_in_topic, trace
from harvester.pubmed_xml import PARSER_VERSION
from harvester.records import ArticleRecord
from harvester.rows import merged
from harvester.stored_articles import Stored, StoredArticles, identity, stored_by_id
from harvester.stored_content import contents_of

__all__ = ["HARVESTER", "Outcome", "Source", "close_batch", "note", "reread", "store", "store_prepared", "withdraw"]

HARVESTER = Actor(None, "harvest", Role.READ_ONLY)


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
    session: Session,
    records: Iterable[Prepared],
    *,
    run_id: int,
    source: Source,
    topic_id: str | None,
    propose: bool = True,
) -> Outcome:
    """The same of records that were made ready before the transaction began, so that it is short.

    Unless `propose`, whoever loads many batches compares the articles without a PMID when all are there.
    """
    outcome = Outcome()
    tables = ArticleTables(session, run_id, config.now())
    waiting = sorted(records, key=lambda record: record.pmid or 2**31)
    while waiting:
        # The same article twice in one batch: the second is compared with what the first left.
        first: dict[tuple[object, ...], Prepared] = {}
        again = [record for record in waiting if first.setdefault(identity(record), record) is not record]
        waiting = again + _write(tables, list(first.values()), source, topic_id, outcome)
    if propose:
        duplicates.propose(session, ids=outcome.touched, at=tables.at)
    close_batch(tables, outcome)
    return outcome


def withdraw(session: Session, pmids: Iterable[int], *, run_id: int, source: Source) -> int:
    """The source says that PubMed took these records away: they stay, marked as gone. How many there were."""
    tables = ArticleTables(session, run_id, config.now())
    found = select(Article.id, Article.content_hash, Article.tombstoned_at).where(col(Article.pmid).in_(sorted(pmids)))
    articles = {article_id: (hashed, gone) for article_id, hashed, gone in session.exec(found)}
    told = Told(session, articles, source)
    known = [article_id for article_id in articles if told.speaks_last(article_id)]
    gone = [article_id for article_id in known if articles[article_id][1] is None]
    session.execute(update(Article).where(col(Article.id).in_(gone)).values(tombstoned_at=tables.at))
    for article_id in gone:
        tables.log_change(article_id, ChangeEvent.TOMBSTONED, [], articles[article_id][0], None)
    trace(tables, gone, source=source)
    close_batch(tables, Outcome(changed=len(gone)))
    return len(gone)


def note(session: Session, ids: Sequence[int], event: ChangeEvent, *, run_id: int) -> None:
    """This happened to these articles without a record that says so: they are missing, or there again as they were."""
    tables = ArticleTables(session, run_id, config.now())
    hashes = select(Article.id, Article.content_hash).where(col(Article.id).in_(ids)).order_by(col(Article.id))
    for article_id, content_hash in session.exec(hashes):
        tables.log_change(article_id, event, [], content_hash, content_hash)
    close_batch(tables, Outcome(changed=len(ids)))


def reread(session: Session, records: Mapping[int, Prepared], *, run_id: int) -> int:
    """What a better parser makes of the raw records of these articles, by id; how many say something else by it.

    An article whose raw record is another one by now is left alone.
    """
    tables = ArticleTables(session, run_id, config.now())
    stored = StoredArticles(session, list(records.values()))
    found = {article.id: article for article in stored_by_id(session, list(records))}
    pairs = [(found[i], record) for i, record in records.items() if found[i].raw_hash == record.raw_hash]
    changes = [Change(a, record, ChangeEvent.REPARSED) for a, record in pairs if a.content_hash != record.content_hash]
    tables.update(changes, {doi: article.id for doi, article in stored.by_doi.items()})
    read = update(Article).where(col(Article.id).in_([article.id for article, _ in pairs]))
    session.execute(read.values(parser_version=PARSER_VERSION))
    close_batch(tables, Outcome(changed=len(changes)))
    return len(changes)


def _write(
    tables: ArticleTables, records: Sequence[Prepared], source: Source, topic_id: str | None, outcome: Outcome
) -> list[Prepared]:
    """Writes what these records say; gives back those of which an article was already spoken for."""
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
    told = Told(tables.session, known, source)
    changes = _changes(tables.session, list(known.values()), told)
    held = {doi: article.id for doi, article in stored.by_doi.items()}
    tables.update(changes, held)
    added = tables.insert(new, held)
    outcome.new += len(added)
    outcome.changed += len(changes)
    outcome.unchanged += len(known) - len(changes)
    outcome.touched += [*added, *(change.stored.id for change in changes)]
    seen = [*added, *known]
    trace(tables, seen, source=source)
    if topic_id is not None:
        place_in_topic(tables, seen, topic_id=topic_id)
    return later


def _changes(session: Session, known: Sequence[tuple[Stored, Prepared]], told: Told) -> list[Change]:
    both_files = [article.id for article, record in known if record.raw_hash is None and article.raw_hash is None]
    before = contents_of(session, both_files)
    changes = []
    for article, record in known:
        if article.id in before:
            record = prepare_content(merged(before[article.id], record.content), None)  # noqa: PLW2901
        if told.speaks_last(article.id) and (event := _event(article, record, told)):
            changes.append(Change(article, record, event))
    return changes


def _event(article: Stored, record: Prepared, told: Told) -> ChangeEvent | None:
    """What the record means for the article; None when it says nothing new."""
    if record.raw_hash is None and article.raw_hash is not None:
        return None  # a reference file knows less than PubMed's own record
    if article.tombstoned_at is not None and told.position is not None:
        return ChangeEvent.RETURNED if told.brings_back(article, record) else None
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


def close_batch(tables: ArticleTables, outcome: Outcome) -> None:
    """One audit event for the batch, which carries the hash of its change log; then whoever is concerned is told."""
    if not tables.log:
        return
    before = impact.mark(tables.session)
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
    impact.walk(tables.session, run_id=tables.run_id, after=before)
