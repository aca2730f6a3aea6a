"""Two texts with the words that only one of them has. Pure text."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

_PIECE = re.compile(r"\d+(?:[.,·]\d+)+|\w+|\s+|[^\w\s]")  # a number is one word
# Where a sentence ends, or a line: an abstract's sentence begins with anything but a small letter.
_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[^\sa-z])|\n+")
# Comparing takes the square of the length; no abstract has as many words.
MOST_PIECES = 6_000

Marked = tuple[tuple[str, bool], ...]


def differing(one: str, two: str) -> tuple[Marked, Marked]:
    """Both texts in runs, each with whether it differs; letters in another case and white space do not differ.

    Where one is empty or far too long, nothing is marked.
    """
    left, right = _PIECE.findall(one), _PIECE.findall(two)
    if not one.strip() or not two.strip() or max(len(left), len(right)) > MOST_PIECES:
        return ((one, False),), ((two, False),)
    found = list(_matched([_folded(piece) for piece in left], [_folded(piece) for piece in right]))
    return (
        tuple(("".join(left[a:b]), differs) for differs, a, b, _, _ in found if a < b),
        tuple(("".join(right[c:d]), differs) for differs, _, _, c, d in found if c < d),
    )


def differing_sentences(one: str, two: str) -> list[tuple[str, str]]:
    """The sentences that were changed, before and after, in order; one of the two is empty where some were added."""
    left, right = _sentences(one), _sentences(two)
    found = _matched(
        [" ".join(each.split()).casefold() for each in left], [" ".join(e.split()).casefold() for e in right]
    )
    return [(" ".join(left[a:b]), " ".join(right[c:d])) for differs, a, b, c, d in found if differs]


def _sentences(text: str) -> list[str]:
    return [each for each in _END.split(text) if each.strip()]


def _matched(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    for kind, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        yield kind != "equal", a, b, c, d


def _folded(piece: str) -> str:
    return " " if piece.isspace() else piece.casefold()
