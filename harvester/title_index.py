"""Which articles may have nearly the title of another: keys in memory, so that a library of 100,000 is not read again
for every batch. What is found is compared with the rows themselves, so an index that is behind costs nothing but time.
"""

import re
import unicodedata
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db.models import Article

# So many letters at either end are the same unless a slip of the pen is in both.
END = 32
_WORD = re.compile(r"[^\W_]+")
_MARKED = re.compile(r"(?:retracted|withdrawn)(?: article)?\s*[:-]\s*", re.IGNORECASE)
_of_engine: WeakKeyDictionary[object, "TitleIndex"] = WeakKeyDictionary()


def plain(text: str) -> str:
    """Words in lower case without accents and signs, one space between."""
    if not text.isascii():
        text = "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
    return " ".join(_WORD.findall(text.casefold()))


def plain_title(title: str) -> str:
    """The same, without the publisher's "RETRACTED:" in front."""
    return plain(_MARKED.sub("", title, count=1))


class TitleIndex:
    """Articles by the beginning, the end and the initials of their titles, each with the year."""

    def __init__(self) -> None:
        self.places: dict[int, int | list[int]] = {}
        self.years: set[int | None] = set()
        self.last_id = 0

    def read(self, session: Session) -> None:
        """Add the articles that are new since."""
        rows = select(Article.id, Article.year, Article.title).where(col(Article.id) > self.last_id)
        for article_id, year, title in session.exec(rows.order_by(col(Article.id))).yield_per(1000):
            self.add(article_id, year, plain_title(title))
            self.last_id = article_id

    def add(self, article_id: int, year: int | None, title: str) -> None:
        self.years.add(year)
        for key in _keys(title):
            place = hash((key, year))
            there = self.places.get(place)
            if there is None:
                self.places[place] = article_id
            elif isinstance(there, list):
                if article_id not in there[-1:]:
                    there.append(article_id)
            elif there != article_id:
                self.places[place] = [there, article_id]

    def near(self, year: int | None, title: str, *, apart: int) -> set[int]:
        """Articles that share a key, of a year at most so far `apart`, or where either year is unknown."""
        years = self.years if year is None else {None, *range(year - apart, year + apart + 1)} & self.years
        found: set[int] = set()
        for key in _keys(title):
            for each in years:
                there = self.places.get(hash((key, each)), ())
                found.update(there if isinstance(there, list | tuple) else (there,))
        return found


def title_index(session: Session) -> TitleIndex:
    """The index of this library, with everything that is in it now."""
    bind = session.get_bind()
    engine = bind if isinstance(bind, Engine) else bind.engine
    index = _of_engine.setdefault(engine, TitleIndex())
    index.read(session)
    return index


def _keys(title: str) -> Iterator[str]:
    letters = title.replace(" ", "")
    if letters:
        yield "<" + letters[:END]
        yield ">" + letters[-END:]
        yield "".join(word[0] for word in title.split())
