"""What reading a file of records gives: a record, a record that could not be read, or word that one is gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from harvester.records import ArticleRecord


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be read: where it stands (record from 1; of a CSV its row, the header being 1), why."""

    position: int
    pmid: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """PubMed has withdrawn this PMID."""

    pmid: int


Parsed: TypeAlias = ArticleRecord | Rejected | Deleted


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer of efetch, sorted by kind, each in the order of the answer."""

    records: tuple[ArticleRecord, ...]
    deleted: tuple[Deleted, ...]
    rejected: tuple[Rejected, ...]

    @classmethod
    def of(cls, parsed: Iterable[Parsed]) -> "Answer":
        items = tuple(parsed)
        return cls(
            records=tuple(item for item in items if isinstance(item, ArticleRecord)),
            deleted=tuple(item for item in items if isinstance(item, Deleted)),
            rejected=tuple(item for item in items if isinstance(item, Rejected)),
        )
