"""Lists of words from the data files, and where they stand in a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from review_app.tagging.passages import Hit, data


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words (a last `*` stands for any ending) and patterns over plain text, all meaning `id`."""

    id: str
    terms: tuple[tuple[str, bool], ...]
    patterns: tuple[re.Pattern[str], ...]
    about: dict[str, Any]

    def hits(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Hit]:
        stop = len(text) if end is None else end
        for term, open_ended in self.terms:
            at = text.find(term, start, stop)
            while at >= 0:
                after = at + len(term)
                if _stands_alone(text, at, after, open_ended):
                    yield Hit(at, _word_end(text, after, stop) if open_ended else after, self.id)
                at = text.find(term, after, stop)
        for pattern in self.patterns:
            for found in pattern.finditer(text, start, stop):
                yield Hit(found.start(), found.end(), self.id)

    def first(self, text: str, start: int = 0, end: int | None = None) -> Hit | None:
        return next(self.hits(text, start, end), None)


def _stands_alone(text: str, at: int, after: int, open_ended: bool) -> bool:
    if at and text[at - 1].isalnum():
        return False
    return open_ended or after >= len(text) or not text[after].isalnum()


def _word_end(text: str, after: int, stop: int) -> int:
    while after < stop and text[after].isalnum():
        after += 1
    return after


def words(entry: dict[str, Any], name: str = "id") -> Words:
    terms = tuple((t.rstrip("*"), t.endswith("*")) for t in entry.get("terms", ()))
    return Words(str(entry.get(name, "")), terms, tuple(re.compile(p) for p in entry.get("patterns", ())), entry)


@cache
def lexicon(file: str, table: str, name: str = "id") -> tuple[Words, ...]:
    """The entries of one array of tables of a data file, in the order of the file."""
    return tuple(words(entry, name) for entry in data(file)[table])


@cache
def pattern(file: str, key: str) -> re.Pattern[str]:
    """A list of patterns of a data file as one."""
    return re.compile("|".join(f"(?:{p})" for p in data(file)["patterns"][key]))


def all_hits(entries: Iterable[Words], text: str, start: int = 0, end: int | None = None) -> list[Hit]:
    """Every hit in order; where two overlap the longer one stands."""
    found = sorted((h for e in entries for h in e.hits(text, start, end)), key=lambda h: (h.start, h.start - h.end))
    out: list[Hit] = []
    for hit in found:
        if not out or hit.start >= out[-1].end:
            out.append(hit)
    return out
