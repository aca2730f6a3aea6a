"""Whole numbers in a sentence, in digits or in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from review_app.tagging.passages import Passages, Sentence

_UNITS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {word: value for value, word in enumerate(_UNITS)} | {word: 10 * (i + 2) for i, word in enumerate(_TENS)}

_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_SPELLED = re.compile(rf"(?<![a-z])(?:a |one )?(?:{_WORD}|hundred)(?:(?: and)? (?:{_WORD}|hundred)){{0,4}}(?![a-z])")
_DIGITS = re.compile(r"(?<![\w.,=<>≥≤±+/$£€%:-])(?<!\d )(\d{1,3}(?:,\d{3})+|\d{1,6})(?![\d.]*\d)(?![%\w/:±])(?! ?%)(?! ?(?:mg|µg|mcg|ml|h|min|wk)\b)")
_EQUALS = re.compile(r"(?<![a-z])n ?= ?(\d{1,3}(?:,\d{3})+|\d+)(?![.%\d])")


@dataclass(frozen=True, slots=True)
class Number:
    """`of` is "N" or "n" for `N = 12`, empty for a number in running text."""

    value: int
    start: int
    end: int
    of: str = ""


def spelled_value(words: str) -> int:
    """`one hundred twenty six` as 126."""
    total = part = 0
    for word in words.split():
        if word == "hundred":
            part = max(part, 1) * 100
        elif word in _VALUES:
            part += _VALUES[word]
    total += part
    return total


def numbers(passages: Passages, sentence: Sentence) -> Iterator[Number]:
    text, stop = passages.text, sentence.end
    for found in _EQUALS.finditer(text, sentence.start, stop):
        yield Number(_whole(found.group(1)), found.start(), found.end(), passages.original[found.start()])
    for found in _DIGITS.finditer(text, sentence.start, stop):
        yield Number(_whole(found.group(1)), found.start(), found.end())
    for found in _SPELLED.finditer(text, sentence.start, stop):
        yield Number(spelled_value(found.group()), found.start(), found.end())


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))
