"""Counts on raw markup that refuse what no person writes, before a parser spends minutes on it.

The limits are several times what a long article needs; each was set where reading takes a few seconds.
"""

import re

from review_app.factcheck.layout import TooIntricate

LINE_LIMIT = 100_000
RUN_LIMIT = 1_000
LENGTH_LIMIT = 1_000_000
TAG_LIMIT = 50_000
ATTRIBUTES_PER_TAG = 400
ATTRIBUTE_LIMIT = 200_000
# Of each of these Markdown readers look back or ahead for the partner, so their cost is that of all pairs.
MARKDOWN_MARKS = {"[": 10_000, "]": 10_000, "<": 5_000, "`": 10_000, "!": 10_000, "*": 40_000, "_": 40_000,
                  "~": 10_000, "\\": 20_000, "&": 20_000, ">": 50_000, "#": 20_000}  # fmt: skip
CELL_LIMIT = 200_000

_QUOTED_VALUE = re.compile(r"""=\s*+(?:"[^"]*+"|'[^']*+')""")
_SEPARATOR = re.compile(r"[\s/=]++")
_LONG_RUN = re.compile(rf"(?<!\w)\w{{{RUN_LIMIT + 1}}}|(?:(?<=[\w\s])|^)[^\w\s]{{{RUN_LIMIT + 1}}}")


def refuse_lines(text: str) -> None:
    """Raises `TooIntricate` for more lines than a document within the word limit has."""
    lines = len(text.splitlines())
    if lines > LINE_LIMIT:
        raise TooIntricate(f"{lines:,} lines; at most {LINE_LIMIT:,} can be checked at once")


def refuse_length(text: str) -> None:
    """Raises `TooIntricate` for a text too long for the words a document may have, or with a run that is no word."""
    if len(text) > LENGTH_LIMIT:
        raise TooIntricate(f"{len(text):,} characters of text; at most {LENGTH_LIMIT:,} can be checked at once")
    if _LONG_RUN.search(text) is not None:
        raise TooIntricate(f"more than {RUN_LIMIT:,} letters or signs in a row without a space")


def refuse_page(markup: str) -> None:
    """Raises `TooIntricate` for too many tags, or too many attributes in one tag or in all."""
    tags = markup.count("<")
    if tags > TAG_LIMIT:
        raise TooIntricate(f"{tags:,} tags; at most {TAG_LIMIT:,} can be read")
    in_all = 0
    for piece in markup.split("<")[1:]:
        attributes = _attributes(piece)
        in_all += attributes
        if attributes > ATTRIBUTES_PER_TAG:
            raise TooIntricate(f"a tag with more than {ATTRIBUTES_PER_TAG:,} attributes")
    if in_all > ATTRIBUTE_LIMIT:
        raise TooIntricate(f"{in_all:,} attributes; at most {ATTRIBUTE_LIMIT:,} can be read")


def _attributes(piece: str) -> int:
    """At most how many attributes follow a `<`; none where it begins no tag."""
    if not piece[:1].isalpha():
        return 0
    tag = _QUOTED_VALUE.sub(" ", piece).split(">", 1)[0]
    return sum(1 for _ in _SEPARATOR.finditer(tag))


def refuse_markdown(text: str) -> None:
    """Raises `TooIntricate` for too many marks of one kind, or a table that would be filled up to too many cells."""
    for mark, limit in MARKDOWN_MARKS.items():
        found = text.count(mark)
        if found > limit:
            raise TooIntricate(f"{found:,} times {mark}; at most {limit:,} can be read")
    lines = text.splitlines()
    widest = max((line.count("|") for line in lines), default=0)
    if widest * sum(1 for line in lines if line.strip()) > CELL_LIMIT:
        raise TooIntricate(f"a table of more than {CELL_LIMIT:,} cells")
