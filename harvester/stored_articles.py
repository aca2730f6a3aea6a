"""Which article of the library a record is about: by PMID, else DOI, else title with year and journal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam
from sqlmodel import Session, col, or_, select

from db.models import Article
from harvester.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Stored:
    """What must be known of an article to see whether a record says anything new."""

    id: int
    pmid: int | None
    doi: str | None
    title: str
    abstract: str
    version: int
    date_revised: date | None
    content_hash: str
    raw_hash: str | None
    tombstoned_at: datetime | None


_COLUMNS: list[Any] = [getattr(Article, name) for name in Stored.__dataclass_fields__]
_PLACE: list[Any] = [Article.year, Article.journal]
_NAMED = select(*_COLUMNS).where(
    or_(
        col(Article.pmid).in_(bindparam("pmids", expanding=True)),
        col(Article.doi).in_(bindparam("dois", expanding=True)),
    )
)


class StoredArticles:
    """The articles that a batch of records may be about."""

    def __init__(self, session: Session, records: Sequence[Prepared]) -> None:
        pmids = [record.pmid for record in records if record.pmid is not None]
        dois = [record.doi for record in records if record.doi is not None]
        found = session.connection().execute(_NAMED, {"pmids": pmids, "dois": dois})
        stored = [Stored(*row) for row in found]
        self.by_pmid = {each.pmid: each for each in stored if each.pmid is not None}
        self.by_doi = {each.doi: each for each in stored if each.doi is not None}
        self.by_title = self._titled(session, [r for r in records if r.pmid is None and r.doi is None])

    def of(self, record: Prepared) -> Stored | None:
        """The article this record is about. A DOI that an article with another PMID holds does not make them one."""
        if record.pmid in self.by_pmid:
            return self.by_pmid[record.pmid]
        same_doi = self.by_doi.get(record.doi) if record.doi else None
        if same_doi is not None and (record.pmid is None or same_doi.pmid is None):
            return same_doi
        if record.pmid is None and record.doi is None:
            return self.by_title.get(identity(record))
        return None

    @staticmethod
    def _titled(session: Session, records: Sequence[Prepared]) -> dict[tuple[object, ...], Stored]:
        if not records:
            return {}
        titles = {record.title for record in records}
        found = select(*_COLUMNS, *_PLACE).where(
            col(Article.title).in_(titles), col(Article.pmid).is_(None), col(Article.doi).is_(None)
        )
        rows = [(Stored(*row[:-2]), row[-2], row[-1]) for row in session.exec(found)]
        return {("title", stored.title, year, journal): stored for stored, year, journal in rows}


def stored_by_id(session: Session, ids: Sequence[int]) -> list[Stored]:
    found = select(*_COLUMNS).where(col(Article.id).in_(ids))
    return [Stored(*row) for row in session.exec(found)]


def identity(record: Prepared) -> tuple[object, ...]:
    """What tells records of one batch apart."""
    if record.pmid is not None:
        return "pmid", record.pmid
    return ("doi", record.doi) if record.doi else ("title", record.title, record.year, record.journal)
