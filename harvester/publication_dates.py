"""Dates as bibliographic sources give them: by parts, by season, or in words."""

import re
from calendar import monthrange
from datetime import date
from functools import lru_cache
from typing import NamedTuple

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_NAME = re.compile(r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?", re.IGNORECASE)
_MONTH_NUMBER = {
    written: number
    for number, name in enumerate(_MONTHS, start=1)
    for written in (str(number), f"{number:02}", name.capitalize())
}
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20|21)\d\d(?!\d)", re.ASCII)


class PublicationDate(NamedTuple):
    """`as_given` holds what year, month and day cannot: a season, a range, words."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    as_given: str | None = None


def year_in(text: str) -> int | None:
    """The first year in a text: 1998 for "1998 Dec-1999 Jan"."""
    found = _YEAR.search(text)
    return int(found[0]) if found else None


def month_number(text: str) -> int | None:
    """1 to 12 for "3", "03", "Mar" or "March"; None for anything else."""
    if number := _MONTH_NUMBER.get(text):
        return number
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text) if len(text) <= 2 and 1 <= int(text) <= 12 else None
    found = _MONTH_NAME.fullmatch(text)
    return _MONTHS.index(found[1].lower()) + 1 if found else None


@lru_cache(maxsize=2048)
def publication_date(year: str, month: str = "", day: str = "", season: str = "") -> PublicationDate:
    """A date given by parts. A part that cannot be is left out, and all after it; the year alone may stand."""
    number = year_in(year)
    if number is None:
        return PublicationDate(as_given=" ".join(part for part in (year, season or month, day) if part) or None)
    parsed = month_number(month)
    if parsed is None:
        given = season or month
        return PublicationDate(number, as_given=f"{number} {given}" if given else None)
    return PublicationDate(number, parsed, _day(number, parsed, day))


def date_in_words(text: str) -> PublicationDate:
    """A date such as "1998 Dec-1999 Jan": the year is its first, nothing else is guessed."""
    return PublicationDate(year_in(text), as_given=text or None)


def whole_date(year: str, month: str, day: str) -> date | None:
    """A date that has all its parts and exists; else None."""
    try:
        return date(int(year), month_number(month) or 0, int(day)) if len(year.strip()) == 4 else None
    except (ValueError, OverflowError):
        return None


def _day(year: int, month: int, text: str) -> int | None:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 2):
        return None
    return int(text) if 1 <= int(text) <= monthrange(year, month)[1] else None
