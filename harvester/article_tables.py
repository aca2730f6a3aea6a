"""Writes articles into their tables, a batch at a time: the part of `store` that knows the schema."""

import hashlib
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, insert, update
from sqlmodel import Session, col, select

from db import search
from db.models import (
    Article,
    ArticleMesh,
    ArticlePublicationType,
    ArticleRegistryId,
    DuplicateProposal,
    Notice,
    RawRecord,
    Revision,
    Study,
)
from db.queries import literature
from db.search import IndexedText
from db.types import ChangeEvent
from harvester.integrity import integrity_of
from harvester.pubmed_xml import PARSER_VERSION
from harvester.records import ArticleRecord
from harvester.rows import NOTICE_SOURCE, Content, article_columns, changed_fields, notice_rows, stored_content
from harvester.stored_articles import Stored

CHILDREN: tuple[tuple[str, Any], ...] = (
    ("publication_types", ArticlePublicationType),
    ("mesh", ArticleMesh),
    ("registry_ids", ArticleRegistryId),
)


@dataclass(frozen=True, slots=True)
class Change:
    """A record that says something new of an article in the library."""

    stored: Stored
    record: ArticleRecord
    content: Content
    event: ChangeEvent


class ArticleTables:
    """One transaction's writes. `log` collects the rows of the change log."""

    def __init__(self, session: Session, run_id: int, at: datetime) -> None:
        self.session, self.run_id, self.at = session, run_id, at
        self.log: list[dict[str, Any]] = []

    def insert(self, articles: Sequence[tuple[ArticleRecord, Content]], held: Mapping[str, int]) -> list[int]:
        """New articles, each a study of its own; returns their ids. `held` says which article holds which DOI."""
        if not articles:
            return []
        studies = [{"name": None, "created_at": self.at} for _ in articles]
        new_study = insert(Study).returning(col(Study.id), sort_by_parameter_order=True)
        rows: list[dict[str, Any]] = []
        twins: list[tuple[int, str]] = []
        taken = set(held)
        for (record, content), study_id in zip(articles, self.session.scalars(new_study, studies), strict=True):
            row = article_columns(content) | self._stamp(record, content, ()) | {"study_id": study_id}
            if record.doi in taken:
                row["doi"] = None
                twins.append((len(rows), record.doi))
            elif record.doi:
                taken.add(record.doi)
            rows.append(row | {"merged_into_id": None})
        new_article = insert(Article).returning(col(Article.id), sort_by_parameter_order=True)
        ids = [int(i) for i in self.session.scalars(new_article, rows)]
        for article_id, row in zip(ids, rows, strict=True):
            self._log(article_id, ChangeEvent.NEW, [], None, row["content_hash"])
        contents = dict(zip(ids, (content for _, content in articles), strict=True))
        self._spread(contents)
        self._sync_notices(contents, known=False)
        self._keep_raw(zip(ids, (record for record, _ in articles), strict=True))
        texts = [IndexedText(i, row["title"], row["abstract"]) for i, row in zip(ids, rows, strict=True)]
        search.add(self.session.connection(), texts)
        holders = {row["doi"]: i for i, row in zip(ids, rows, strict=True)} | dict(held)
        for place, doi in twins:
            self._propose_duplicate(ids[place], holders[doi])
        return ids

    def update(self, changes: Sequence[Change], held: dict[str, int]) -> None:
        """Articles that say something new; what they said before becomes a revision when their raw record changed."""
        if not changes:
            return
        ids = [change.stored.id for change in changes]
        before = contents_of(self.session, ids)
        self._keep_revisions([c for c in changes if c.event is not ChangeEvent.REPARSED], before)
        others = self._kinds_of_others(ids)
        rows, removed, added = [], [], []
        for change in changes:
            article = change.stored
            row = article_columns(change.content) | self._stamp(change.record, change.content, others[article.id])
            row["pmid"], row["doi"] = row["pmid"] or article.pmid, self._doi(row["doi"], article, held)
            rows.append(row | {"key": article.id})
            if (row["title"], row["abstract"]) != (article.title, article.abstract):
                removed.append(IndexedText(article.id, article.title, article.abstract))
                added.append(IndexedText(article.id, row["title"], row["abstract"]))
            fields = changed_fields(before[article.id], change.content)
            self._log(article.id, change.event, fields, article.content_hash, row["content_hash"])
        connection = self.session.connection()
        search.remove(connection, removed)
        self._write_over(rows)
        search.add(connection, added)
        contents = {change.stored.id: change.content for change in changes}
        for _, kind in CHILDREN:
            self.session.execute(delete(kind).where(kind.article_id.in_(ids)))
        self._spread(contents)
        self._sync_notices(contents, known=True)
        self.session.execute(delete(RawRecord).where(col(RawRecord.article_id).in_(ids)))
        self._keep_raw((change.stored.id, change.record) for change in changes)

    def _stamp(self, record: ArticleRecord, content: Content, others: Iterable[str]) -> dict[str, Any]:
        kinds = {notice["kind"] for notice in content["notices"] if notice["is_subject"]}
        return {
            "integrity": integrity_of(content["publication_types"], kinds | set(others)),
            "raw_hash": raw_digest(record.raw),
            "parser_version": PARSER_VERSION,
            "retrieved_at": self.at,
            "tombstoned_at": None,
        }

    def _doi(self, doi: str | None, article: Stored, held: dict[str, int]) -> str | None:
        """A DOI stays with the article that has it; another that claims it is proposed as a duplicate."""
        if doi is None or held.setdefault(doi, article.id) == article.id:
            return doi or article.doi
        self._propose_duplicate(article.id, held[doi])
        return article.doi

    def _write_over(self, rows: Sequence[dict[str, Any]]) -> None:
        table = Article.__table__  # type: ignore[attr-defined]
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in rows[0] if name != "key"}
        named = [{"key" if name == "key" else f"new_{name}": row[name] for name in row} for row in rows]
        statement = update(table).where(table.c.id == bindparam("key")).values(values)
        self.session.connection().execute(statement, named)

    def _spread(self, contents: Mapping[int, Content]) -> None:
        for name, kind in CHILDREN:
            rows = [
                {"article_id": article_id, "position": position} | part
                for article_id, content in contents.items()
                for position, part in enumerate(content[name])
            ]
            if rows:
                self.session.execute(insert(kind), rows)

    def _keep_raw(self, records: Iterable[tuple[int, ArticleRecord]]) -> None:
        rows = [
            {"article_id": article_id, "media_type": "application/xml", "body": zlib.compress(record.raw, 1)}
            for article_id, record in records
            if record.raw is not None
        ]
        if rows:
            self.session.execute(insert(RawRecord), rows)

    def _keep_revisions(self, changes: Sequence[Change], before: Mapping[int, Content]) -> None:
        ids = [change.stored.id for change in changes]
        raw = select(RawRecord.article_id, RawRecord.body).where(col(RawRecord.article_id).in_(ids))
        bodies = dict(self.session.exec(raw).all())
        times = select(col(Article.id), Article.retrieved_at).where(col(Article.id).in_(ids))
        retrieved = dict(self.session.exec(times).all())
        rows = [
            {
                "article_id": change.stored.id,
                "run_id": self.run_id,
                "content": before[change.stored.id],
                "content_hash": change.stored.content_hash,
                "raw_hash": change.stored.raw_hash,
                "raw_body": bodies.get(change.stored.id),
                "retrieved_at": retrieved[change.stored.id],
                "replaced_at": self.at,
            }
            for change in changes
        ]
        if rows:
            self.session.execute(insert(Revision), rows)

    def _sync_notices(self, contents: Mapping[int, Content], *, known: bool) -> None:
        """Notices that a record gives up are withdrawn, not deleted. A new one about a known article is a change."""
        wanted = {key: row for i, content in contents.items() for key, row in notice_rows(i, content).items()}
        own = (col(Notice.source) == NOTICE_SOURCE, col(Notice.article_id).in_(list(contents)))
        found = {notice.source_key: notice for notice in self.session.exec(select(Notice).where(*own))} if known else {}
        for key, notice in found.items():
            if key not in wanted:
                notice.withdrawn_at = notice.withdrawn_at or self.at
            else:
                notice.position, notice.withdrawn_at = wanted[key]["position"], None
        self.session.flush()
        added = [row | {"first_seen_at": self.at, "withdrawn_at": None} for k, row in wanted.items() if k not in found]
        if added:
            self.session.execute(insert(Notice), added)
        for row in added if known else ():
            if row["is_subject"]:
                self._log(row["article_id"], ChangeEvent.NOTICE, [row["kind"]], None, None)

    def _kinds_of_others(self, ids: Sequence[int]) -> dict[int, set[str]]:
        """What standing notices of other sources say of these articles."""
        found = select(Notice.article_id, Notice.kind).where(
            col(Notice.article_id).in_(ids),
            col(Notice.source) != NOTICE_SOURCE,
            col(Notice.is_subject),
            col(Notice.withdrawn_at).is_(None),
        )
        kinds: dict[int, set[str]] = defaultdict(set)
        for article_id, kind in self.session.exec(found):
            kinds[article_id or 0].add(kind)
        return kinds

    def _propose_duplicate(self, one: int, two: int) -> None:
        first, second = sorted((one, two))
        if self.session.exec(select(DuplicateProposal).filter_by(article_id=first, other_id=second)).first() is None:
            proposal = DuplicateProposal(article_id=first, other_id=second, basis="doi", score=1.0, proposed_at=self.at)
            self.session.add(proposal)
            self.session.flush()

    def _log(self, article_id: int, event: ChangeEvent, fields: list[str], old: str | None, new: str | None) -> None:
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


def raw_digest(raw: bytes | None) -> str | None:
    return None if raw is None else hashlib.sha256(raw).hexdigest()


def contents_of(session: Session, ids: Sequence[int]) -> dict[int, Content]:
    """What these articles say now."""
    if not ids:
        return {}
    articles = literature.articles_by_id(session, ids=ids)
    parts = literature.everything(session, ids=ids)
    return {
        i: stored_content(
            article,
            parts.publication_types.get(i, []),
            parts.mesh.get(i, []),
            parts.registry_ids.get(i, []),
            parts.notices.get(i, []),
        )
        for i, article in articles.items()
    }
