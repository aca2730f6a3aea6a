"""What a rewording changes: words at all, and the numerals, signs and negations among them. Pure text.

Case, punctuation, spacing, the form of a dash and how a number is written (0·5, 0.5; 1,234, 1234; three, 3) are no
words. The order counts: two numbers that changed places are a change.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

_FILE = Path(__file__).with_name("impact_wording.toml")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-") | {"·": ".", "’": "'"})
_COMPARED = {"<=": "≤", "=<": "≤", ">=": "≥", "+/-": "±", "+-": "±"}
_MARK = re.compile(
    r"(?P<number>(?<![\w)\]])[-+](?=\d|\.\d)|\d+(?:[.,]\d+)*|\.\d+)"
    r"|(?P<sign>\+/-|\+-|<=|=<|>=|[<>≤≥=≠±≈~%‰])"
    r"|(?P<word>[^\W\d_]+(?:'[^\W\d_]+)?)"
)


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`numbers`: words that are numerals, with the numeral; `negations`: words that turn a sentence round."""

    numbers: dict[str, str]
    negations: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rewording:
    """`words`: anything at all was said differently; `marks`: a numeral, a sign or a negation was."""

    words: bool = False
    marks: bool = False


@cache
def lexicon() -> Lexicon:
    data: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    numbers = {word: value for each in data["numbers"] for word, value in each["words"].items()}
    return Lexicon(numbers, frozenset(word for each in data["negations"] for word in each["words"]))


def rewording(before: str, after: str) -> Rewording:
    if before == after:
        return Rewording()
    marks = list(_marks(before)) != list(_marks(after))
    return Rewording(words=marks or _words(before) != _words(after), marks=marks)


def _words(text: str) -> list[str]:
    numbers = lexicon().numbers
    return [numbers.get(word, word) for word in re.findall(r"[^\W_]+", _plain(text))]


def _marks(text: str) -> Iterator[str]:
    known = lexicon()
    for found in _MARK.finditer(_plain(text)):
        value = found[0]
        if found["number"]:
            yield _number(value)
        elif found["sign"]:
            yield _COMPARED.get(value, value)
        elif value in known.numbers:
            yield known.numbers[value]
        elif value in known.negations or value.endswith("n't") or value.startswith("non"):
            yield value


def _number(value: str) -> str:
    """Without the commas that part thousands; any other comma is a decimal one."""
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?", value):
        return value.replace(",", "")
    return "0" * value.startswith(".") + value.replace(",", ".")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold().translate(_DASHES)
