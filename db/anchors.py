"""Quote anchors: made from a place in a text, found again only on an exact match, else orphaned. Pure text.

Normalisation (fixed with the first migration): Unicode NFC, every run of white space is one space, ends trimmed.
Numerals, signs and negations take part as they are, so a changed number is never the same quote. A quote that is only
part of a sentence stands for what the whole sentence says ("superior" in "not superior"): the rest of its sentence must
be the same too.
"""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

CONTEXT = 240  # longer than what stands before or after a quote within nearly every sentence
NEAR = 48  # enough to tell two places with the same words apart
# What before or after a quote makes other words or another number of it: 18 points, 1.8, -8, non-inferior, didn't, 45%.
_BEFORE = r"(?<![\w.,·'’/:<>≤≥±+~\-‐‑−–])"
_AFTER = r"(?![\w%‰]|[.,·/:\-‐‑−–]\d|['’\-‐‑]\w)"
_SENTENCE_END = re.compile(r"[.!?][\"'”’)\]]*\s+(?=[^\sa-z])")


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
        make(passages, number, start, end)
        for number, passage in enumerate(passages)
        for start, end in _places(pattern, passage.text)
    ]


def reanchor(anchor: Anchor, passages: Sequence[Passage]) -> Anchor | None:
    """Where the quote stands in a revised text; None orphans it.

    One exact match in the same sentence is taken. Of several, the one whose surroundings are the same on both sides;
    none of them, or more than one, is an orphan: a lookalike is never chosen.
    """
    if _stands_still(anchor, passages):
        return replace(anchor, section_label=passages[anchor.section].label)
    places = [place for place in find(anchor.exact, passages) if _same_sentence(anchor, place)]
    if len(places) > 1:
        places = [place for place in places if _same_surroundings(anchor, place)]
    return places[0] if len(places) == 1 else None


def _stands_still(anchor: Anchor, passages: Sequence[Passage]) -> bool:
    """The section was not touched, so that the quote is where it was, however it was cut."""
    if anchor.section >= len(passages):
        return False
    text = passages[anchor.section].text
    return text[anchor.start : anchor.end] == anchor.exact and text_hash(text) == anchor.text_hash


def _pattern(quote: str) -> re.Pattern[str] | None:
    words = normalise(quote).split(" ")
    if words == [""]:
        return None
    run = r"\s+".join(map(re.escape, words))
    return re.compile(f"{_BEFORE}(?=({run}){_AFTER})")  # looking ahead, so that places that overlap are all found


def _places(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    if unicodedata.is_normalized("NFC", text):
        return [found.span(1) for found in pattern.finditer(text)]
    clusters = _clusters(text)
    composed = "".join(unicodedata.normalize("NFC", text[start:end]) for start, end in clusters)
    back = [place for place in clusters for _ in unicodedata.normalize("NFC", text[slice(*place)])]
    spans = [found.span(1) for found in pattern.finditer(composed)]
    return [(back[start][0], back[end - 1][1]) for start, end in spans]


def _clusters(text: str) -> list[tuple[int, int]]:
    """Each letter together with the marks that follow it: what NFC composes into one."""
    starts = [at for at, letter in enumerate(text) if not at or not unicodedata.combining(letter)]
    return list(zip(starts, [*starts[1:], len(text)], strict=True))


def _same_sentence(old: Anchor, new: Anchor) -> bool:
    before = _sentence_start(old) == _sentence_start(new)
    return before and _sentence_rest(old) == _sentence_rest(new)


def _sentence_start(anchor: Anchor) -> str:
    """The words of the sentence before the quote."""
    mark = anchor.exact.lstrip()[:1]
    return normalise(_SENTENCE_END.split(anchor.prefix + mark)[-1].removesuffix(mark))


def _sentence_rest(anchor: Anchor) -> str:
    """The words of the sentence after the quote; none when the quote ends with its sentence."""
    ends = re.search(r"[.!?][\"'”’)\]]*$", anchor.exact.rstrip())
    if ends and re.match(r"\s+[^\sa-z]|\s*$", anchor.suffix):
        return ""
    return normalise(_SENTENCE_END.split(anchor.suffix)[0]).rstrip(".")


def _same_surroundings(old: Anchor, new: Anchor) -> bool:
    before = normalise(old.prefix)[-NEAR:] == normalise(new.prefix)[-NEAR:]
    return before and normalise(old.suffix)[:NEAR] == normalise(new.suffix)[:NEAR]
