"""Two texts with the words marked that only one of them has."""

import re
from difflib import SequenceMatcher
from html import escape

_PIECE = re.compile(r"\w+|\s+|[^\w\s]")
# Comparing takes the square of the length; no abstract has as many words.
MOST_PIECES = 6_000


def differing_words(one: str, two: str) -> tuple[str, str]:
    """Both as markup, everything escaped; letters in another case and white space do not differ."""
    if not one.strip() or not two.strip():
        return escape(one), escape(two)
    left, right = _PIECE.findall(one), _PIECE.findall(two)
    if max(len(left), len(right)) > MOST_PIECES:
        return escape(one), escape(two)
    matcher = SequenceMatcher(None, [_folded(p) for p in left], [_folded(p) for p in right], autojunk=False)
    marked: tuple[list[str], list[str]] = ([], [])
    for kind, a, b, c, d in matcher.get_opcodes():
        marked[0].append(_marked(left[a:b], differs=kind != "equal"))
        marked[1].append(_marked(right[c:d], differs=kind != "equal"))
    return "".join(marked[0]), "".join(marked[1])


def _folded(piece: str) -> str:
    return " " if piece.isspace() else piece.casefold()


def _marked(pieces: list[str], *, differs: bool) -> str:
    text = escape("".join(pieces))
    return f'<mark class="fn-differs">{text}</mark>' if differs and text.strip() else text
