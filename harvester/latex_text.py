"""LaTeX as it prints, for the titles and abstracts of BibTeX files."""

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from bibtexparser.library import Library
from bibtexparser.middlewares import LatexDecodingMiddleware
from bibtexparser.model import Entry, Field

_BARE_PERCENT = re.compile(r"(?<!\\)%")
_FORMULA = re.compile(r"\$([^$]*\\[^$]*)\$")
_DOLLAR = re.compile(r"(?<!\\)\$")
_BRACE = re.compile(r"(?<!\\)[{}]")
# A command that takes what stands behind the space.
_OPEN_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[`'^\"~=.])$")
_LIGATURES = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("{", ""), ("}", ""), ("~", " "))


def plain(text: str) -> str:
    """Accents and signs decoded, braces gone, one space between words. A bare % is a per cent sign, as exports mean it:
    for LaTeX it would hide the rest of the line."""
    if any(sign in text for sign in "\\{}~`'-"):
        text = _printed(text) if "\\" in text else _without_commands(text)
    return " ".join(text.split())


def _printed(text: str) -> str:
    text = _FORMULA.sub(r"\1", _BARE_PERCENT.sub(r"\\%", text))
    if _DOLLAR.search(text):
        return _decoded(text)
    # Decoding costs a hundred times as much as the rest, and few words of an abstract need it.
    return " ".join(_decoded(part) if "\\" in part else _without_commands(part) for part in _parts(text))


def _parts(text: str) -> Iterator[str]:
    """Words, but what is in braces, or belongs to a command, together."""
    part, depth = "", 0
    for word in text.split():
        part = f"{part} {word}" if part else word
        depth += sum(1 if brace == "{" else -1 for brace in _BRACE.findall(word))
        if depth <= 0 and not _OPEN_COMMAND.search(word):
            yield part
            part, depth = "", 0
    if part:
        yield part


def _without_commands(text: str) -> str:
    for mark, sign in _LIGATURES:
        text = text.replace(mark, sign)
    return text


@lru_cache(maxsize=4096)
def _decoded(text: str) -> str:
    field = Field("text", text)
    _decoder().transform_entry(Entry("misc", "", [field]), Library())
    # The decoder has a modifier letter for it, which no text about 10^6 cells means.
    return str(field.value).replace("\u02c6", "^")


@cache
def _decoder() -> LatexDecodingMiddleware:
    return LatexDecodingMiddleware()
