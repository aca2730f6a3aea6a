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
_TOKEN = re.compile(
    r"(?P<number>\d+(?:[.,]\d+)*|(?<!\w)\.\d+)"
    r"|(?P<sign>(?<![\w)\]])[-+](?=\.?\d)|\+/-|\+-|<=|=<|>=|[<>≤≥=≠±≈~%‰])"
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
    old, new = list(_tokens(before)), list(_tokens(after))
    marks = [value for _, value in filter(_is_mark, old)] != [value for _, value in filter(_is_mark, new)]
    return Rewording(words=marks or _words(old) != _words(new), marks=marks)


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    """Numerals, signs and words in their order, each as it is compared."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(_DASHES)
    for found in _TOKEN.finditer(plain):
        kind, value = found.lastgroup or "", found[0]
        if kind == "number":
            yield kind, _number(value)
        elif kind == "sign":
            yield kind, _COMPARED.get(value, value)
        elif value in lexicon().numbers:
            yield "number", lexicon().numbers[value]
        else:
            yield kind, value


def _is_mark(token: tuple[str, str]) -> bool:
    kind, value = token
    return kind != "word" or value in lexicon().negations or value.endswith("n't") or value.startswith("non")


def _words(tokens: list[tuple[str, str]]) -> list[str]:
    return [value for kind, value in tokens if kind != "sign"]


def _number(value: str) -> str:
    """Without the commas that part thousands; any other comma is a decimal one."""
    if re.fullmatch(r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?", value):
        return value.replace(",", "")
    return "0" * value.startswith(".") + value.replace(",", ".")
