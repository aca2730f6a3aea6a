"""Quote anchors: made from a place in a text, found again only on an exact match, else orphaned. Pure text.

Normalisation (fixed with the first migration): Unicode NFC, every run of white space is one space, ends trimmed.
Numerals, signs and negations take part as they are, so a changed number is never the same quote.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

CONTEXT = 48


@dataclass(frozen=True, slots=True)
class Passage:
    """A labelled section of an abstract."""

    label: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Anchor:
    """A quote and its place: offsets are into the text of section number `section`."""

    exact: str
    prefix: str
    suffix: str
    section: int
    section_label: str | None
    start: int
    end: int
    text_hash: str


def normalise(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def text_hash(text: str) -> str:
    return hashlib.sha256(normalise(text).encode()).hexdigest()


def make(passages: Sequence[Passage], section: int, start: int, end: int) -> Anchor:
    """The anchor of `text[start:end]` of one section. Raises ValueError for an empty or impossible place."""
    if not 0 <= section < len(passages):
        raise ValueError(f"there is no section {section}")
    text = passages[section].text
    if not 0 <= start < end <= len(text) or not text[start:end].strip():
        raise ValueError(f"characters {start} to {end} are no words of section {section}")
    return Anchor(
        exact=text[start:end],
        prefix=text[max(0, start - CONTEXT) : start],
        suffix=text[end : end + CONTEXT],
        section=section,
        section_label=passages[section].label,
        start=start,
        end=end,
        text_hash=text_hash(text),
    )


def find(quote: str, passages: Sequence[Passage]) -> list[Anchor]:
    """Every place where the words of `quote` stand, exactly after normalisation."""
    pattern = _pattern(quote)
    if pattern is None:
        return []
    return [
        make(passages, number, found.start(), found.end())
        for number, passage in enumerate(passages)
        for found in pattern.finditer(passage.text)
    ]


def reanchor(anchor: Anchor, passages: Sequence[Passage]) -> Anchor | None:
    """Where the quote stands in a revised text; None orphans it.

    One exact match is taken. Of several, the one whose surroundings are the same on both sides; none of them, or more
    than one, is an orphan: a lookalike is never chosen.
    """
    places = find(anchor.exact, passages)
    if len(places) > 1:
        places = [place for place in places if _same_surroundings(anchor, place)]
    return places[0] if len(places) == 1 else None


def _pattern(quote: str) -> re.Pattern[str] | None:
    words = normalise(quote).split(" ")
    if words == [""]:
        return None
    # A word boundary on either side, so that "8 points" is not found in "18 points" nor "improved" in "unimproved".
    return re.compile(r"(?<![\w.])" + r"\s+".join(map(re.escape, words)) + r"(?!\w)")


def _same_surroundings(old: Anchor, new: Anchor) -> bool:
    return normalise(old.prefix) == normalise(new.prefix) and normalise(old.suffix) == normalise(new.suffix)
