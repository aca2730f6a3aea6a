"""Two articles that may be one are proposed to people, in the transaction that brought the second.

The same PMID or DOI is the same article without asking (`stored_articles`). Else title, year and first author decide,
as in the de-duplication that Bramer et al. describe for systematic reviews (J Med Libr Assoc 2016;104:240): those that
carry different PMIDs, or different DOIs, are never proposed.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rapidfuzz import fuzz
from sqlalchemy import Select
from sqlmodel import Session, col, select

from db import search
from db.models import Article
from db.queries import duplicates, literature

BASIS = "title, year and first author"
# Titles from two sources differ in signs, spelling and a word; 0.93 is about three letters in forty.
LEAST_LIKENESS = 0.93
# Of fewer words the whole title has to be the same: "Ketamine in depression." has many namesakes.
SHORT_TITLE = 5
YEARS_APART = 1
CANDIDATES = 25
WORDS_ASKED = 5

# These name a notice or an answer, which has its article's title and is another article.
_ABOUT_ANOTHER = re.compile(
    r"(?:(?:author|publisher)s? )?(?:corrections?|errat(?:um|a)|corrigend(?:um|a)|retraction(?! stud)|withdrawal of|"
    r"expression of concern|comments? on|commentary|repl(?:y|ies)|responses?|letters?|re|editorial|in reply)\b"
)
_MARKED = re.compile(r"(?:retracted|withdrawn)(?: article)?\s*[:-]\s*", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


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
        return cls(row.id, row.pmid, row.doi, row.year, plain(_MARKED.sub("", row.title)), plain(name))


def plain(text: str) -> str:
    """Words in lower case without accents and signs, one space between."""
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(_WORD.findall(bare.casefold()))


def propose(session: Session, *, ids: Sequence[int], at: datetime) -> int:
    """Compare these articles with the library; how many pairs are newly proposed. Safe to repeat."""
    # Two PMIDs are two articles: where every article has one, nothing is left to compare.
    if not ids or not _without_pmid(session):
        return 0
    found: dict[tuple[int, int], float] = {}
    for article in _compared(session, ids):
        for other in _compared(session, _candidates(session, article)):
            if score := likeness(article, other):
                found[(min(article.id, other.id), max(article.id, other.id))] = score
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


def _candidates(session: Session, article: Compared) -> set[int]:
    """Articles with the longest words of either half of the title: a slip of the pen spoils one half only."""
    among = _may_be(article)
    queries = dict.fromkeys(_halves(article.title))
    hits = (search.search(session, q, limit=CANDIDATES, mode="all", article_ids=among) for q in queries)
    return {hit.article_id for found in hits for hit in found} - {article.id}


def _halves(title: str) -> Iterator[str]:
    words = title.split()
    middle = (len(words) + 1) // 2
    for half in (words[:middle], words[middle:]) if len(words) >= 2 * SHORT_TITLE else (words,):
        yield " ".join(f'"{word}"' for word in sorted(set(half), key=lambda word: (-len(word), word))[:WORDS_ASKED])


def _may_be(article: Compared) -> Select[tuple[int]]:
    among = literature.present_ids()
    if article.pmid is not None:
        among = among.where(col(Article.pmid).is_(None))
    if article.year is not None:
        near = col(Article.year).between(article.year - YEARS_APART, article.year + YEARS_APART)
        among = among.where(near | col(Article.year).is_(None))
    return among


def _compared(session: Session, ids: Sequence[int] | set[int]) -> list[Compared]:
    if not ids:
        return []
    rows = select(Article.id, Article.pmid, Article.doi, Article.year, Article.title, Article.authors)  # type: ignore[call-overload]
    return [Compared.of(row) for row in session.exec(rows.where(literature.present(), col(Article.id).in_(ids)))]


def _without_pmid(session: Session) -> bool:
    found = select(Article.id).where(col(Article.pmid).is_(None), literature.present()).limit(1)
    return session.exec(found).first() is not None
