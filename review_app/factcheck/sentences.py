"""Where sentences begin and end, with exact offsets. Headings, list items and table cells are their own sentences."""

import re
import tomllib
from functools import cache
from importlib import resources

from review_app.factcheck.model import Block, Sentence, SourceText

# A terminator with the quotes and brackets that close after it, then a space; or a line break. It starts where its run
# starts and gives nothing back, or a page of dots would be read once for every dot. One set of characters stands first,
# so that a search runs over all others without trying each of the three.
_BOUNDARY = re.compile(
    r"[.!?\u2026\n\u3002\uff01\uff1f](?:"
    r"(?<=[.!?\u2026])(?<![.!?\u2026]{2})[.!?\u2026]*+[\"'\u201d\u2019)\]\u00bb]*+(?=[\u200b-\u200d\u2060\ufeff]*+\s)"
    r"|(?<=\n)[ \t\u00a0]*\n|(?<=[\u3002\uff01\uff1f]))"
)
_LAST_WORD = re.compile(r"(?<![^\s(\[\"'\u201c\u2018])[^\s(\[\"'\u201c\u2018]++$")
_OPENERS = "\"'\u201c\u2018([\u00ab-\u2013\u2014\u2022* \u200b\u200c\u200d\u2060\ufeff"


@cache
def _abbreviations() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    text = resources.files("review_app.factcheck").joinpath("language/abbreviations.toml").read_text("utf-8")
    data = tomllib.loads(text)
    return frozenset(data["never_final"]), frozenset(data["maybe_final"]), frozenset(data["before_a_name"])


def split(text: str) -> tuple[tuple[int, int], ...]:
    """Sentences of running text as (start, end) offsets, in order, without the white space around them.

    A blank line always ends a sentence; a single line break does not.
    """
    spans: list[tuple[int, int]] = []
    start = 0
    for boundary in _BOUNDARY.finditer(text):
        if text[boundary.start()] != "\n" and not _ends_sentence(text, start, boundary):
            continue
        _append(spans, text, start, boundary.end())
        start = boundary.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def _append(spans: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    stretch = text[start:end]
    begin = start + len(stretch) - len(stretch.lstrip())
    finish = start + len(stretch.rstrip())
    if any(map(str.isalnum, text[begin:finish])):
        spans.append((begin, finish))
    elif spans and begin < finish and "\n" not in text[spans[-1][1] : begin]:
        # Stray punctuation belongs to the sentence before it, unless a line break parts them.
        spans[-1] = (spans[-1][0], finish)


def _ends_sentence(text: str, start: int, boundary: re.Match[str]) -> bool:
    following = text[boundary.end() : boundary.end() + 80].lstrip()
    first = following.lstrip(_OPENERS)[:1]
    closed = boundary.group()
    if not closed.startswith("."):
        return not first.islower()
    if first.islower():
        return False
    if len(closed) > 1:
        return True
    return _full_stop_ends(text[max(start, boundary.start() - 40) : boundary.start()], first)


def _full_stop_ends(before: str, first: str) -> bool:
    """Whether the full stop after `before` ends a sentence when the next one would begin with `first`."""
    match = _LAST_WORD.search(before)
    if match is None:
        return True
    word = match.group().lower()
    never, maybe, before_a_name = _abbreviations()
    if word in never:
        # "No." before a figure is a number; at the end it is an answer.
        return word in {"no", "nos"} and not first.isdigit()
    if word in maybe:
        return first.isupper() and word not in before_a_name
    return not _is_initial(before[: match.start()], match.group())


def _is_initial(before: str, word: str) -> bool:
    """`J.` in `John J. Smith`, but not `C.` at the end of `vitamin C.`."""
    if len(word) != 1 or not word.isupper() or word == "I":
        return False
    previous = before.split()[-1:]
    return not previous or previous[0][:1].isupper()


def sentences(document: SourceText) -> tuple[Sentence, ...]:
    """The sentences of a document, block by block; text between blocks belongs to none."""
    found: list[Sentence] = []
    for number, block in enumerate(document.blocks):
        for start, end in _block_spans(document.text, block):
            found.append(Sentence(len(found), start, end, document.text[start:end], number, block.kind))
    return tuple(found)


def _block_spans(text: str, block: Block) -> tuple[tuple[int, int], ...]:
    spans = tuple((block.start + start, block.start + end) for start, end in split(text[block.start : block.end]))
    if block.kind == "heading" and len(spans) > 1:
        return ((spans[0][0], spans[-1][1]),)
    return spans
