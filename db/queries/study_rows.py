"""What a study is weighed by: a few columns of its article, with what the tagger kept of it. Reads. Never commits."""

from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlmodel import Session, col

from db.models import Article, TagSuggestion
from db.queries.literature import in_batches
from db.types import Integrity


class StudyRow(NamedTuple):
    """The columns by their names in `Article`; `tags` are those of `TagSuggestion`, None where it does not hold now."""

    id: int
    pmid: int | None
    title: str
    sections: list[dict[str, Any]]
    authors: list[dict[str, Any]]
    year: int | None
    journal: str | None
    iso_abbreviation: str | None
    integrity: Integrity
    tags: dict[str, Any] | None


def study_rows(session: Session, *, ids: Sequence[int], tagger_version: int) -> dict[int, StudyRow]:
    """By id. Whole articles, which most answers need little of, take three times as long to load."""
    found: dict[int, StudyRow] = {}
    for some in in_batches(ids):
        rows = session.execute(_wanted(), {"version": tagger_version, "ids": some})
        found.update((row.id, StudyRow(*row)) for row in rows)
    return found


@cache
def _wanted() -> Select[Any]:
    fresh = (
        (col(TagSuggestion.article_id) == col(Article.id))
        & (col(TagSuggestion.tagger_version) == bindparam("version"))
        & (col(TagSuggestion.content_hash) == col(Article.content_hash))
    )
    columns = [getattr(Article, name) for name in StudyRow._fields[:-1]]
    wanted = select(*columns, col(TagSuggestion.tags)).outerjoin(TagSuggestion, fresh)
    return wanted.where(col(Article.id).in_(bindparam("ids", expanding=True)))
