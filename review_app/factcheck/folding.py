"""Text as the rules read it: lower case, plain quotes and hyphens, no invisible or look-alike characters.

Folding changes the length of a text, so every folded character remembers where it came from.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_PLAIN = {
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201b": "'", "\u2032": "'",
    "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2033": '"', "\u00ab": '"', "\u00bb": '"',
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
}  # fmt: skip
# Cyrillic and Greek letters that pass for Latin ones (Unicode TS 39, confusables, the lower-case part).
_LOOKALIKES = dict(
    zip("аеорсухіјѕԁһкмтвнαοερντικ", "aeopcyxijsdhkmtbhaoepvtik", strict=True),
)

# No word is this long; patterns that look ahead to the end of a word would read a longer run once per character.
LONGEST_WORD = 100
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")
_LONG_RUN = re.compile(rf"(?<!\w)\w{{{LONGEST_WORD + 1},}}")


@dataclass(frozen=True, slots=True)
class Folded:
    """`origins[i]` is the offset in the original text of folded character i; one more entry marks the end."""

    text: str
    origins: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the original text of folded text[start:end]."""
        if end <= start:
            return self.origins[start], self.origins[start]
        return self.origins[start], self.origins[end - 1] + 1


def fold(text: str) -> Folded:
    """The text as the rules read it; a run of more than `LONGEST_WORD` word characters is broken by spaces."""
    folded = _fold(text)
    return folded if _LONG_RUN.search(folded.text) is None else _broken(folded)


def folded_text(text: str) -> str:
    """`fold(text).text` for whoever needs no offsets: several times as fast where few characters are not plain."""
    plain = (text if text.isascii() else _NOT_ASCII.sub(lambda found: _fold_character(found[0]), text)).lower()
    return plain if _LONG_RUN.search(plain) is None else fold(text).text


def _broken(folded: Folded) -> Folded:
    pieces: list[str] = []
    origins: list[int] = []
    done = 0
    for run in _LONG_RUN.finditer(folded.text):
        for cut in range(run.start() + LONGEST_WORD, run.end(), LONGEST_WORD):
            pieces.append(folded.text[done:cut])
            origins.extend(folded.origins[done : cut + 1])
            done = cut
    return Folded(" ".join([*pieces, folded.text[done:]]), [*origins, *folded.origins[done:]])


def _fold(text: str) -> Folded:
    if text.isascii():
        return Folded(text.lower(), range(len(text) + 1))
    characters: list[str] = []
    origins: list[int] = []
    for offset, character in enumerate(text):
        for plain in _fold_character(character):
            characters.append(plain)
            origins.append(offset)
    origins.append(len(text))
    return Folded("".join(characters), origins)


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    if character.isascii():
        return character.lower()
    if character in _PLAIN:
        return _PLAIN[character]
    if unicodedata.category(character) in {"Cf", "Mn", "Me"}:
        return ""
    decomposed = unicodedata.normalize("NFKD", character).lower()
    kept = (_PLAIN.get(part, _LOOKALIKES.get(part, part)) for part in decomposed if not unicodedata.combining(part))
    return "".join(" " if part.isspace() else part for part in kept)
