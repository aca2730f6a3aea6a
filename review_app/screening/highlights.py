"""The words of a title or an abstract that speak for including or excluding a record, or name a part of its PICO."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

Kind = Literal["include", "exclude", "pico"]
KINDS: tuple[Kind, ...] = ("include", "exclude", "pico")


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and phrases; one that ends in `*` stands for any ending."""

    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    pico: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """Offsets (code points) of a lit word."""

    start: int
    end: int
    kind: Kind


@cache
def default_terms() -> Terms:
    """The terms that ship, from highlights.toml."""
    text = (resources.files("review_app.screening") / "highlights.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)["words"]
    return Terms(**{kind: tuple(t for row in rows if row["kind"] == kind for t in row["terms"]) for kind in KINDS})


def in_order(terms: Sequence[str]) -> tuple[str, ...]:
    """Terms as they are kept: without blanks around them, each once, none that is only a `*`."""
    cleaned = (" ".join(term.split()) for term in terms)
    return tuple(dict.fromkeys(term for term in cleaned if term.strip("* ")))


def lit(text: str, terms: Terms) -> tuple[Found, ...]:
    """The terms that occur in the text, in order and apart; of two that begin alike the longer one is lit."""
    pattern = _pattern(terms)
    if pattern is None:
        return ()
    return tuple(Found(*match.span(), _kind(match.lastgroup)) for match in pattern.finditer(text))


@cache
def _pattern(terms: Terms) -> re.Pattern[str] | None:
    listed = [(term, kind) for kind in KINDS for term in in_order(getattr(terms, kind))]
    listed.sort(key=lambda each: -len(each[0]))
    parts = [f"(?P<{kind}_{number}>{_words(term)})" for number, (term, kind) in enumerate(listed)]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else None


def _words(term: str) -> str:
    stem = r"\s+".join(re.escape(word) for word in term.rstrip("*").split())
    return rf"{stem}\w*" if term.endswith("*") else stem


def _kind(group: str | None) -> Kind:
    return next(kind for kind in KINDS if group is not None and group.startswith(kind))
