"""The figures of a text with their units, for finding those that no quote contains."""

import re
from dataclasses import dataclass

from review_app.factcheck.folding import fold

_UNITS = {"%": "%", "percent": "%", "per cent": "%", "hour": "h", "hours": "h", "hr": "h", "hrs": "h", "h": "h",
          "minute": "min", "minutes": "min", "min": "min", "mins": "min", "day": "d", "days": "d",
          "week": "wk", "weeks": "wk", "month": "mo", "months": "mo", "year": "y", "years": "y",
          "mg/kg": "mg/kg", "mg": "mg", "patients": "n", "people": "n", "participants": "n"}  # fmt: skip
_NAMES = sorted(_UNITS, key=len, reverse=True)
_FIGURE = re.compile(
    r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)(?:\s?(?:-|to)\s?(\d+(?:\.\d+)?))?[ -]?("
    + "|".join(re.escape(name) + ("" if name == "%" else r"\b") for name in _NAMES)
    + r")?"
)

_HOURS = {"min": 1 / 60, "h": 1, "d": 24, "wk": 168, "mo": 730.5, "y": 8766}
_COUNTED = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
            "nine": 9, "ten": 10, "eleven": 11, "twelve": 12}  # fmt: skip
_NUMBER = "(" + "|".join(_COUNTED) + ")"
_WORD = re.compile(rf"\b(half )?(?:{_NUMBER}(?: to | or |-))?{_NUMBER}[ -]({'|'.join(_NAMES)})\b")


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure; `unit` is normalised (`%`, `h`, `min`, `d`, `wk`, `mo`, `y`, `mg`, `mg/kg`, `n`) or empty."""

    value: float
    unit: str
    start: int
    end: int


def quantities(text: str) -> tuple[Quantity, ...]:
    """The figures in a text; both ends of a range are given, with the offsets of the whole range."""
    folded = fold(text)
    found = []
    for match in _FIGURE.finditer(folded.text):
        unit = _UNITS.get(match.group(3) or "", "")
        start, end = folded.span(*match.span())
        for group in (1, 2):
            if match.group(group):
                found.append(Quantity(float(match.group(group).replace(",", "")), unit, start, end))
    return tuple(found)


def not_in(text: str, quotes: tuple[str, ...]) -> tuple[Quantity, ...]:
    """The figures of `text` that no quote has with the same unit; a figure without a unit needs only the value."""
    known = {(quantity.value, quantity.unit) for quote in quotes for quantity in quantities(quote)}
    values = {value for value, _ in known}
    return tuple(
        quantity
        for quantity in quantities(text)
        if (quantity.value, quantity.unit) not in known and (quantity.unit or quantity.value not in values)
    )


def times(text: str) -> frozenset[float]:
    """The lengths in hours of the times that a text gives, in figures or words ("half an hour", "one to two weeks")."""
    given = {(one.value, one.unit) for one in quantities(text)}
    for half, first, last, unit in _WORD.findall(fold(text).text):
        counted = [_COUNTED[word] for word in (first, last) if word]
        given.update((number / (2 if half else 1), _UNITS[unit]) for number in counted)
    return frozenset(value * _HOURS[unit] for value, unit in given if unit in _HOURS)
