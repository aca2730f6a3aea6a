"""What a person typed, as terms that either engine can look for. Pure: no engine, no SQL."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Mode = Literal["all", "any"]
# One token, or several that must stand next to each other, in order (a quoted phrase, `covid-19`, `p<0.05`).
Term = tuple[str, ...]
# How many articles have a term, as far as they were counted; the term of no words stands for all articles.
Frequencies = dict[Term, int]
ALL_ARTICLES: Term = ()

# A pasted book chapter must not become an expression that no engine can plan; a long sentence has fewer words.
MAX_TERMS = 200
# No word of any language; an engine would refuse longer ones.
MAX_TOKEN = 200
TITLE_WEIGHT = 2.0  # against 1 for the abstract

_TOKEN = re.compile(r"[^\W_]+")
# A minus excludes only at the start of a word and before a letter or a quote: not in `-0.5`, not in `a - b`.
_PIECE = re.compile(r'(?P<minus>(?<!\S)-(?=[^\W\d_]|"))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_STRAIGHT = str.maketrans({"\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u2013": "-", "\u2212": "-"})


@dataclass(frozen=True, slots=True)
class Query:
    """Every one of `groups` must match by one of its terms, none of `excluded` may. Empty `groups` match nothing."""

    groups: tuple[tuple[Term, ...], ...] = ()
    excluded: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexedText:
    """What the index holds of an article; to remove it, exactly what it was given when it was added."""

    article_id: int
    title: str
    abstract: str


@cache
def stop_words() -> frozenset[str]:
    """Words that a query drops unless it has no others (db/stop_words.toml)."""
    data = tomllib.loads(resources.files("db").joinpath("stop_words.toml").read_text("utf-8"))
    return frozenset(word for each in data["class"] for word in each["words"])


def plain(text: str) -> str:
    """Lower case and without diacritics, as the index reads text (FTS5's `unicode61 remove_diacritics 2`)."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFD", text.lower())
    return "".join(each for each in decomposed if not unicodedata.combining(each))


def tokens(text: str) -> list[str]:
    """The runs of letters and digits in `text`, plain; every other character only separates them."""
    return [token[:MAX_TOKEN] for token in _TOKEN.findall(plain(text))]


def parse_query(text: str, mode: Mode) -> Query:
    """Never fails. Understands words, "phrases", -excluded words and, in mode `all`, OR between neighbours, AND, NOT.

    Mode `all`: every word must occur; `a OR b c` asks for c and one of a and b. Mode `any`: one word is enough, and OR,
    AND and NOT are only words, because the query may be any sentence. Stop words are dropped unless nothing else is
    left. At most `MAX_TERMS` different terms are kept, the first ones. A query that only excludes matches nothing.
    """
    pieces = tuple(_pieces(text.translate(_STRAIGHT), operators=mode == "all"))
    asked = [piece for piece in pieces if not piece.excluded]
    excluded = _distinct(piece.term for piece in pieces if piece.excluded)
    kept = [piece for piece in asked if not _only_stop_words(piece.term)] or asked
    if mode == "any":
        alternatives = _distinct(_alternatives(kept))
        return Query((alternatives,) if alternatives else (), excluded)
    return Query(tuple(_groups(kept)), excluded)


@dataclass(frozen=True, slots=True)
class _Piece:
    term: Term
    excluded: bool
    quoted: bool
    or_before: bool


def _pieces(text: str, *, operators: bool) -> Iterator[_Piece]:
    negated = alternative = False
    for match in _PIECE.finditer(text):
        phrase, word = match["phrase"], match["word"]
        if operators and word in {"AND", "OR", "NOT"}:
            negated, alternative = word == "NOT", word == "OR"
            continue
        term = tuple(tokens(phrase if word is None else word)[:MAX_TERMS])
        if term:
            yield _Piece(term, negated or match["minus"] is not None, word is None, alternative)
            negated = alternative = False


def _only_stop_words(term: Term) -> bool:
    return all(token in stop_words() for token in term)


def _alternatives(pieces: Iterable[_Piece]) -> Iterator[Term]:
    for piece in pieces:
        if piece.quoted:
            yield piece.term
        words = [token for token in piece.term if token not in stop_words()] or piece.term
        yield from ((token,) for token in words)


def _groups(pieces: Iterable[_Piece]) -> list[tuple[Term, ...]]:
    groups: list[tuple[Term, ...]] = []
    for piece in pieces:
        if piece.or_before and groups:
            groups[-1] = _distinct((*groups[-1], piece.term))
        else:
            groups.append((piece.term,))
    return list(dict.fromkeys(groups))[:MAX_TERMS]


def _distinct(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(terms))[:MAX_TERMS]
