"""The library as it stood at the end of an earlier day, for a check that asks what was known then."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Final

from sqlmodel import Session

from db import config, search
from db.models import Article
from db.queries import earlier
from db.queries.earlier import EarlierArticle
from review_app.factcheck.model import FindStudies, Study
from review_app.services import studies
from review_app.services.errors import Invalid
from review_app.tagging.model import StudyText

# What cannot be derived; the answer says so.
LIMITS: Final = (
    "Studies are searched by the words they have today: one whose record had other words then may not be suggested.",
    "The design, population and size of a study are what the tagger reads in its record as it stood; what people "
    "tagged is left out.",
    "Records that were merged as duplicates since count as one.",
    "The rules of the check are those of today.",
)


def end_of(session: Session, day: date, *, topic_id: str) -> datetime:
    """The last moment of the day in UTC, or now on this day. Raises Invalid for a day that the library cannot know."""
    if day > config.today():
        raise Invalid(f"{day} is in the future; leave --as-of out to check against the library as it stands now.")
    end = datetime.combine(day + timedelta(days=1), time.min, UTC) - timedelta(microseconds=1)
    began = earlier.began(session, topic_id=topic_id)
    if began is None or began > end:
        since = f"began on {began.date()}" if began is not None else "is empty"
        raise Invalid(f"This library {since}, so it knows nothing of {day}; give a day since then.")
    return min(end, config.now())


def studies_at(session: Session, *, ids: Sequence[int], as_of: datetime) -> dict[int, Study]:
    """Of these articles those that the library held then, with their text and standing of that time."""
    held = earlier.articles(session, ids=ids, as_of=as_of)
    now = studies.suggested_studies(session, [key for key, one in held.items() if one.content is None])
    return {
        key: replace(now[key] if one.content is None else _as_it_stood(one), integrity=one.integrity.value)
        for key, one in held.items()
    }


def finder(session: Session, *, as_of: datetime) -> FindStudies:
    """Full-text search over the articles that the library held then."""
    known: dict[int, Study] = {}
    here = earlier.present_ids(as_of)

    @cache
    def find(query: str, limit: int) -> Sequence[Study]:
        hits = search.search(session, query, limit=limit, mode="any", article_ids=here)
        new = [hit.article_id for hit in hits if hit.article_id not in known]
        known.update(studies_at(session, ids=new, as_of=as_of))
        return tuple(replace(known[hit.article_id], search_score=hit.score) for hit in hits)

    return find


def _as_it_stood(one: EarlierArticle) -> Study:
    """The study that the article's revision describes; the row is made for this and belongs to no session."""
    content = one.content or {}
    columns = ("pmid", "title", "sections", "authors", "journal", "iso_abbreviation", "year")
    row = Article(id=one.article.id, **{name: content[name] for name in columns})
    text = StudyText(
        title=content["title"],
        sections=tuple((part.get("label"), part["text"]) for part in content["sections"]),
        publication_types=tuple(kind["name"] for kind in content["publication_types"]),
        mesh=tuple(heading["name"] for heading in content["mesh"]),
        keywords=tuple(content["keywords"]),
        registry_ids=tuple(each["accession"] for each in content["registry_ids"]),
    )
    return studies.study_of(row, text)
