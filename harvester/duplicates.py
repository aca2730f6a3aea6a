"""Two articles that may be one are proposed to people, in the transaction that brought the second.

The same PMID or DOI is the same article without asking (`stored_articles`). Else title, year and first author decide,
as in the de-duplication that Bramer et al. describe for systematic reviews (J Med Libr Assoc 2016;104:240): those that
carry different PMIDs, or different DOIs, are never proposed.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz
from sqlmodel import Session, col, select

from db.models import Article
from db.queries import duplicates, literature
from harvester.title_index import plain, plain_title, title_index

BASIS = "title, year and first author"
# Titles from two sources differ in signs, spelling and a word; 0.93 is about three letters in forty.
LEAST_LIKENESS = 0.93
# Of fewer words the whole title has to be the same: "Ketamine in depression." has many namesakes.
SHORT_TITLE = 5
YEARS_APART = 1
BATCH = 5_000
_WITHOUT_PMID = select(Article.id).where(col(Article.pmid).is_(None), literature.present()).limit(1)

# These name a notice or an answer, which has its article's title and is another article.
_ABOUT_ANOTHER = re.compile(
    r"(?:(?:author|publisher)s? )?(?:corrections?|errat(?:um|a)|corrigend(?:um|a)|retraction(?! stud)|withdrawal of|"
    r"expression of concern|comments? on|commentary|repl(?:y|ies)|responses?|letters?|re|editorial|in reply)\b"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """What is compared of an article; `title` and `author` are plain words in lower case."""

    id: int
    pmid: int | None
    doi: str | None
    year: int | None
    title: str
    author: str

    @classmethod
    def of(cls, row: Any) -> "Compared":
        first = (row.authors or [{}])[0]
        name = first.get("last") or first.get("collective") or ""
        return cls(row.id, row.pmid, row.doi, row.year, plain_title(row.title), plain(name))


def propose(session: Session, *, ids: Sequence[int], at: datetime) -> int:
    """Compare these articles with the library; how many pairs are newly proposed. Safe to repeat."""
    # Two PMIDs are two articles: where every article has one, nothing is left to compare.
    if not ids or not _without_pmid(session):
        return 0
    articles, index = _compared(session, ids), title_index(session)
    for article in articles:  # its title may have changed since it was read
        index.add(article.id, article.year, article.title)
    near = {article.id: index.near(article.year, article.title, apart=YEARS_APART) for article in articles}
    others = {each.id: each for each in _compared(session, set[int]().union(*near.values()))}
    found: dict[tuple[int, int], float] = {}
    for article in articles:
        for other_id in near[article.id] & others.keys():
            if score := likeness(article, others[other_id]):
                found[(min(article.id, other_id), max(article.id, other_id))] = score
    return duplicates.add(session, found, basis=BASIS, scores=found.values(), at=at)


def likeness(one: Compared, two: Compared) -> float | None:
    """0 to 1, lower where a year or an author is missing; None for two that are not to be proposed."""
    if one.id == two.id or _told_apart(one, two):
        return None
    exact = one.title == two.title
    if not exact and len(min(one.title.split(), two.title.split(), key=len)) < SHORT_TITLE:
        return None
    alike = 1.0 if exact else fuzz.ratio(one.title, two.title, score_cutoff=LEAST_LIKENESS * 100) / 100
    if not alike or not one.title:
        return None
    unsure = sum((one.year is None or two.year is None, not one.author or not two.author, one.year != two.year))
    if unsure and len(one.title.split()) < SHORT_TITLE:
        return None
    return round(alike - 0.02 * unsure, 4)


def _told_apart(one: Compared, two: Compared) -> bool:
    """What no likeness of titles outweighs; a number in a title is a dose, a part or a phase."""
    return (
        bool(one.pmid and two.pmid)
        or bool(one.doi and two.doi and one.doi != two.doi)
        or bool(one.year and two.year and abs(one.year - two.year) > YEARS_APART)
        or bool(one.author and two.author and not _same_author(one.author, two.author))
        or bool(_ABOUT_ANOTHER.match(one.title)) != bool(_ABOUT_ANOTHER.match(two.title))
        or _numbers(one.title) != _numbers(two.title)
    )


def _same_author(one: str, two: str) -> bool:
    """One list may have "van der Berg" where the other has "Berg"."""
    return fuzz.ratio(one, two) >= 85 or set(one.split()) <= set(two.split()) or set(two.split()) <= set(one.split())


def _numbers(title: str) -> list[str]:
    return sorted(word for word in title.split() if any(sign.isdigit() for sign in word))


def _compared(session: Session, ids: Sequence[int] | set[int]) -> list[Compared]:
    rows = select(Article.id, Article.pmid, Article.doi, Article.year, Article.title, Article.authors)  # type: ignore[call-overload]
    listed = sorted(ids)
    batches = [listed[start : start + BATCH] for start in range(0, len(listed), BATCH)]
    found = (session.exec(rows.where(literature.present(), col(Article.id).in_(some))) for some in batches)
    return [Compared.of(row) for some in found for row in some]


def _without_pmid(session: Session) -> bool:
    return session.connection().execute(_WITHOUT_PMID).first() is not None
