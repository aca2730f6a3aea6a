"""Whole numbers in a sentence, in digits or in words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from review_app.tagging.passages import Passages, Sentence, data

DATA = "sample_size.toml"
_EQUALS = re.compile(r"(?<![a-z])n ?= ?(\d{1,3}(?:,\d{3})+|\d{1,6})(?![.%\d])")


@cache
def _values() -> dict[str, int]:
    spelled = data(DATA)["numerals"]
    units = {word: value for value, word in enumerate(spelled["units"])}
    return units | {word: 10 * (place + 2) for place, word in enumerate(spelled["tens"])}


@cache
def _spelled() -> re.Pattern[str]:
    word = "|".join(sorted(_values(), key=len, reverse=True))
    return re.compile(rf"(?<![a-z])(?:a |one )?(?:{word}|hundred)(?:(?: and)? (?:{word}|hundred)){{0,4}}(?![a-z])")


@cache
def _digits() -> re.Pattern[str]:
    """Whole numbers that are no decimals, percentages, ranges, doses, signs or times."""
    units = data(DATA)["numerals"]["never_before"]
    return re.compile(
        r"(?<![\w.,=<>≥≤±+/$£€%:-])(?<!\d )(\d{1,3}(?:,\d{3})+|\d{1,6})(?![\d.]*\d)(?![%\w/:±])(?! ?%)"
        rf"(?! ?(?:{units})\b)"
    )


@cache
def _names() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{data(DATA)['numerals']['never_after']}) $")


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
        elif word in _values():
            part += _values()[word]
    total += part
    return total


def numbers(passages: Passages, sentence: Sentence) -> Iterator[Number]:
    text, stop = passages.text, sentence.end
    for found in _EQUALS.finditer(text, sentence.start, stop):
        yield Number(_whole(found.group(1)), found.start(), found.end(), passages.original[found.start()])
    for found in _digits().finditer(text, sentence.start, stop):
        if _names().search(text, max(sentence.start, found.start() - 16), found.start()):
            continue
        yield Number(_whole(found.group(1)), found.start(), found.end())
    for found in _spelled().finditer(text, sentence.start, stop):
        yield Number(spelled_value(found.group()), found.start(), found.end())


def _whole(digits: str) -> int:
    return int(digits.replace(",", ""))
