"""Writes articles into their tables, a batch at a time: the part of `store` that knows the schema.

New rows go to the driver as plain tuples: what SQLAlchemy would do for each row costs more than the database does.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from isal import isal_zlib
from sqlalchemy import bindparam, insert, text
from sqlmodel import Session, col, func, select

from db import search
from db.integrity import integrity_of, standing
from db.models import (
    Article,
    ChangeLog,
    Notice,
    RawRecord,
    Revision,
    Study,
)
from db.queries import duplicates
from db.search import IndexedText
from db.types import ChangeEvent
from harvester.prepared import PREPARED_COLUMNS, Prepared
from harvester.rows import NOTICE_SOURCE, Content, changed_fields, notice_rows
from harvester.stored_articles import Stored
from harvester.stored_content import CHILDREN, contents_of

_RAW = select(Article.id, Article.retrieved_at, RawRecord.body).outerjoin(RawRecord)
_RAW = _RAW.where(col(Article.id).in_(bindparam("ids", expanding=True)))
_INTEGRITY = PREPARED_COLUMNS.index("integrity")


@dataclass(frozen=True, slots=True)
class Change:
    """A record that says something new of an article in the library."""

    stored: Stored
    record: Prepared
    event: ChangeEvent

    @property
    def is_revision(self) -> bool:
        """A source said something else, where a better parser only reads the same bytes better."""
        old, new = self.stored, self.record
        return old.raw_hash != new.raw_hash if new.raw_hash else old.content_hash != new.content_hash

    @property
    def is_reparse(self) -> bool:
        return self.event is ChangeEvent.REPARSED


class ArticleTables:
    """One transaction's writes. `log` collects the rows of the change log."""

    def __init__(self, session: Session, run_id: int, at: datetime) -> None:
        self.session, self.run_id, self.at = session, run_id, at
        self.log: list[dict[str, Any]] = []
        self.dialect = session.connection().dialect
        time: Any = col(Article.retrieved_at)
        self._bound: Any = time.type.dialect_impl(self.dialect).bind_processor(self.dialect) or (lambda value: value)
        self.stamp: Any = self._bound(at)

    def insert(self, records: Sequence[Prepared], held: Mapping[str, int]) -> list[int]:
        """New articles, each a study of its own; returns their ids. `held` says which article holds which DOI."""
        if not records:
            return []
        studies, ids = self._new_ids(Study, len(records)), self._new_ids(Article, len(records))
        self.put(Study, ("id", "created_at"), [(study, self.stamp) for study in studies])
        holders, twins, rows = dict(held), [], []
        for article_id, study, record in zip(ids, studies, records, strict=True):
            doi = record.doi
            if doi is not None and holders.setdefault(doi, article_id) != article_id:
                twins.append((article_id, holders[doi]))
                doi = None
            rows.append((article_id, study, record.pmid, doi, self.stamp, *record.columns))
            self.log_change(article_id, ChangeEvent.NEW, [], None, record.content_hash)
        self.put(Article, ("id", "study_id", "pmid", "doi", "retrieved_at", *PREPARED_COLUMNS), rows)
        for name, kind, columns in CHILDREN:
            self._spread(name, kind, columns, zip(ids, records, strict=True))
        self._keep_raw(zip(ids, records, strict=True))
        self._sync_notices(ids, records, None)
        texts = [IndexedText(i, record.title, record.abstract) for i, record in zip(ids, records, strict=True)]
        search.add(self.session.connection(), texts)
        for one, two in twins:
            self._propose_duplicate(one, two)
        return ids

    def update(self, changes: Sequence[Change], held: dict[str, int]) -> None:
        """Articles that say something new; what they said before becomes a revision when their raw record changed."""
        if not changes:
            return
        ids, records = [change.stored.id for change in changes], [change.record for change in changes]
        before = contents_of(self.session, ids)
        self._keep_revisions([change for change in changes if change.is_revision], before)
        notices = self.session.exec(select(Notice).where(col(Notice.article_id).in_(ids))).all()
        others = _kinds_of_others(notices)
        rows: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
        parts: dict[str, list[tuple[int, Prepared]]] = defaultdict(list)
        removed, added = [], []
        for change in changes:
            article, record = change.stored, change.record
            names = {"pmid": record.pmid or article.pmid, "doi": self._doi(record.doi, article, held)}
            # A column that an index has is written there again for being named, be it the same.
            first: dict[str, Any] = names if names != {"pmid": article.pmid, "doi": article.doi} else {}
            first |= {} if change.is_reparse else {"retrieved_at": self.stamp, "tombstoned_at": None}
            rows[tuple(first)].append((*first.values(), *self._judged(record, others[article.id]), article.id))
            if (record.title, record.abstract) != (article.title, article.abstract):
                removed.append(IndexedText(article.id, article.title, article.abstract))
                added.append(IndexedText(article.id, record.title, record.abstract))
            fields = changed_fields(before[article.id], record.content)
            self.log_change(article.id, change.event, fields, article.content_hash, record.content_hash)
            for name in fields:
                parts[name].append((article.id, record))
        for first_names, values in rows.items():
            self._write_over((*first_names, *PREPARED_COLUMNS), values)
        for name, kind, columns in CHILDREN:
            self._delete(kind, [article_id for article_id, _ in parts[name]])
            self._spread(name, kind, columns, parts[name])
        self._sync_notices(ids, records, [notice for notice in notices if notice.source == NOTICE_SOURCE])
        self._keep_raw((change.stored.id, change.record) for change in changes if not change.is_reparse)
        # One after the other: FTS5 writes what it gathered before most other statements.
        search.remove(self.session.connection(), removed)
        search.add(self.session.connection(), added)

    def write_log(self) -> None:
        names = ("run_id", "article_id", "event", "fields", "old_hash", "new_hash", "at")
        rows = [
            (
                self.run_id,
                row["article_id"],
                row["event"].value,
                json.dumps(row["fields"]) if row["fields"] else "[]",
                row["old_hash"],
                row["new_hash"],
                self.stamp,
            )
            for row in self.log
        ]
        self.put(ChangeLog, names, rows)

    def _judged(self, record: Prepared, others: Iterable[str]) -> tuple[Any, ...]:
        """The record's columns, its integrity in the light of what other sources say."""
        if not (said := set(others)):
            return record.columns
        content = record.content
        kinds = said | {notice["kind"] for notice in content["notices"] if notice["is_subject"]}
        integrity = integrity_of(content["publication_types"], kinds).value
        return (*record.columns[:_INTEGRITY], integrity, *record.columns[_INTEGRITY + 1 :])

    def _doi(self, doi: str | None, article: Stored, held: dict[str, int]) -> str | None:
        """A DOI stays with the article that has it; another that claims it is proposed as a duplicate."""
        if doi is None or held.setdefault(doi, article.id) == article.id:
            return doi or article.doi
        self._propose_duplicate(article.id, held[doi])
        return article.doi

    def _new_ids(self, kind: Any, number: int) -> list[int]:
        """Ids for rows to come, those the database would give: the caller holds the write lock."""
        if self.dialect.name == "sqlite":
            last = self.session.exec(select(func.max(kind.id))).one() or 0
            return list(range(last + 1, last + 1 + number))
        taken = "SELECT nextval(pg_get_serial_sequence(:name, 'id')) FROM generate_series(1, :number)"
        found = self.session.connection().execute(text(taken), {"name": kind.__tablename__, "number": number})
        return sorted(found.scalars())

    def put(self, kind: Any, names: Sequence[str], rows: Sequence[tuple[Any, ...]], *, again: str = "") -> None:
        """New rows of this table, in the driver's own values. `again`: what becomes of those that are there."""
        if rows:
            marks = ", ".join([self._mark] * len(names))
            statement = f"INSERT INTO {kind.__tablename__} ({', '.join(names)}) VALUES ({marks}) {again}"
            self.session.connection().exec_driver_sql(statement, list(rows))

    def _delete(self, kind: Any, ids: Sequence[int]) -> None:
        if ids:
            statement = f"DELETE FROM {kind.__tablename__} WHERE article_id = {self._mark}"
            self.session.connection().exec_driver_sql(statement, [(article_id,) for article_id in ids])

    def _write_over(self, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
        if rows:
            values = ", ".join(f"{name} = {self._mark}" for name in names)
            statement = f"UPDATE article SET {values} WHERE id = {self._mark}"
            self.session.connection().exec_driver_sql(statement, list(rows))

    @property
    def _mark(self) -> str:
        return "?" if self.dialect.paramstyle == "qmark" else "%s"

    def _spread(self, name: str, kind: Any, columns: Sequence[str], records: Iterable[tuple[int, Prepared]]) -> None:
        """The rows of one part that belong to an article beside its own."""
        self.put(kind, columns, [(i, *row) for i, record in records for row in getattr(record, name)])

    def _keep_raw(self, records: Iterable[tuple[int, Prepared]]) -> None:
        # Only what is kept is packed: most of what a night fetches is as it was.
        raw = [(i, record.raw) for i, record in records if record.raw is not None]
        bodies = [(i, "application/xml", isal_zlib.compress(each, 1)) for i, each in raw]
        again = "ON CONFLICT (article_id) DO UPDATE SET media_type = excluded.media_type, body = excluded.body"
        self.put(RawRecord, ("article_id", "media_type", "body"), bodies, again=again)

    def _keep_revisions(self, changes: Sequence[Change], before: Mapping[int, Content]) -> None:
        these = {"ids": [change.stored.id for change in changes]}
        kept = {i: (body, self._bound(at)) for i, at, body in self.session.connection().execute(_RAW, these)}
        said = [(change.stored, json.dumps(before[change.stored.id])) for change in changes]
        rows = [
            (old.id, self.run_id, content, old.content_hash, old.raw_hash, *kept[old.id], self.stamp)
            for old, content in said
        ]
        hashes = ("content", "content_hash", "raw_hash")
        self.put(Revision, ("article_id", "run_id", *hashes, "raw_body", "retrieved_at", "replaced_at"), rows)

    def _sync_notices(self, ids: Sequence[int], records: Sequence[Prepared], known: Sequence[Notice] | None) -> None:
        """Notices that a record gives up are withdrawn, not deleted. A new one about an article that was known (its
        own `known` notices) is a change."""
        pairs = zip(ids, records, strict=True)
        said = [(i, json.loads(record.notices)) for i, record in pairs if record.notices != "[]"]
        if not said and not known:
            return
        wanted = {key: row for i, notices in said for key, row in notice_rows(i, notices).items()}
        found = {notice.source_key: notice for notice in known or ()}
        for key, notice in found.items():
            if key not in wanted:
                notice.withdrawn_at = notice.withdrawn_at or self.at
            else:
                notice.position, notice.withdrawn_at = wanted[key]["position"], None
        self.session.flush()
        added = [row | {"first_seen_at": self.at, "withdrawn_at": None} for k, row in wanted.items() if k not in found]
        if added:
            self.session.connection().execute(insert(Notice), added)
        for row in added if known is not None else ():
            if row["is_subject"]:
                self.log_change(row["article_id"], ChangeEvent.NOTICE, [row["kind"]], None, None)

    def _propose_duplicate(self, one: int, two: int) -> None:
        duplicates.add(self.session, [(one, two)], basis="doi", scores=[1.0], at=self.at)

    def log_change(
        self, article_id: int, event: ChangeEvent, fields: list[str], old: str | None, new: str | None
    ) -> None:
        self.log.append(
            {
                "run_id": self.run_id,
                "article_id": article_id,
                "event": event,
                "fields": fields,
                "old_hash": old,
                "new_hash": new,
                "at": self.at,
            }
        )


def _kinds_of_others(notices: Iterable[Notice]) -> dict[int, set[str]]:
    """What standing notices of other sources than PubMed say, by article."""
    found: dict[int, list[Notice]] = defaultdict(list)
    for notice in notices:
        if notice.source != NOTICE_SOURCE:
            found[notice.article_id or 0].append(notice)
    return defaultdict(set, {i: {notice.kind for notice in standing(some)} for i, some in found.items()})
