"""Lists of words from the data files, and where they stand in a text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from review_app.tagging.passages import Hit, data

_RUN = re.compile(r"[^\W_]+")


# A text to look for, whether any ending may follow, and a run of letters that a text must have for it to be in there.
Term = tuple[str, bool, str | None]


@dataclass(frozen=True, slots=True)
class Words:
    """Plain words (a last `*` stands for any ending) and patterns over plain text, all meaning `id`.

    `runs` are those of the terms, with None where one of them has none.
    """

    id: str
    terms: tuple[Term, ...]
    runs: frozenset[str | None]
    patterns: tuple[re.Pattern[str], ...]
    about: dict[str, Any]

    def hits(self, text: str, start: int = 0, end: int | None = None) -> Iterator[Hit]:
        stop = len(text) if end is None else end
        present = _runs(text)
        for term, open_ended, run in () if self.runs.isdisjoint(present) else self.terms:
            if run in present:
                yield from self._hits_of(term, open_ended, text, start, stop)
        for pattern in self.patterns:
            for found in pattern.finditer(text, start, stop):
                yield Hit(found.start(), found.end(), self.id)

    def _hits_of(self, term: str, open_ended: bool, text: str, start: int, stop: int) -> Iterator[Hit]:
        at = text.find(term, start, stop)
        while at >= 0:
            after = at + len(term)
            if _stands_alone(text, at, after, open_ended):
                yield Hit(at, _word_end(text, after, stop) if open_ended else after, self.id)
            at = text.find(term, after, stop)

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
    terms = tuple(map(_term, entry.get("terms", ())))
    runs = frozenset(run for _, _, run in terms)
    return Words(str(entry.get(name, "")), terms, runs, tuple(re.compile(p) for p in entry.get("patterns", ())), entry)


def _term(written: str) -> Term:
    text, open_ended = written.rstrip("*"), written.endswith("*")
    whole = [run[0] for run in _RUN.finditer(text) if not open_ended or run.end() < len(text)]
    return text, open_ended, max(whole, key=len, default=None)


@lru_cache(maxsize=128)
def _runs(text: str) -> frozenset[str | None]:
    """The runs of letters and digits of a text, and None: most terms are ruled out by them at once."""
    return frozenset([*_RUN.findall(text), None])


@cache
def named(file: str, table: str) -> Words:
    """One table of a data file."""
    return words(data(file)[table])


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
