"""Plain text as a document: which lines are headings, list items and paragraphs."""

import re

from review_app.factcheck.model import Block, SourceText

_BULLET = re.compile(r"\s*(?:[\u2022\u2023\u25aa\u25cf\u25e6\u00b7*\u2013-]|\(?\d{1,2}[.)])\s+")
_TERMINAL = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]*\s*$")
_QUESTION = re.compile(r"\?[\"'\u201d\u2019)\]]*\s*$")
_BELOW = re.compile(r"\s*+([^\n\v\f\x1c-\x1e\x85\u2028\u2029]*+)")
_SMALL_WORDS = frozenset(
    "a an and as at but by for from in into is of on or the to vs with your you we it our are".split()
)
_HEADING_WORDS = 12
_WRAPPED = range(45, 101)


def read(text: str, *, title: str | None = None) -> SourceText:
    """Every line is a block of its own unless the paragraph is hard-wrapped. `text` is kept as it is."""
    blocks: list[Block] = []
    lead_in: int | None = None
    for paragraph in _paragraphs(text):
        for start, end in paragraph:
            kind = _kind(text[start:end], below=_line_below(text, end))
            if kind != "list_item":
                is_item = lead_in is not None and _is_bare_item(text[start:end])
                kind = "list_item" if is_item else kind
            body = _BULLET.match(text, start, end) if kind == "list_item" else None
            blocks.append(Block(body.end() if body else start, end, kind, lead_in if kind == "list_item" else None))
            if kind != "list_item":
                lead_in = len(blocks) - 1 if text[start:end].rstrip().endswith(":") else None
    return SourceText(text, title or _title(text, blocks), tuple(blocks))


def _title(text: str, blocks: list[Block]) -> str | None:
    first = next(iter(blocks), None)
    return text[first.start : first.end] if first is not None and first.kind == "heading" else None


def _paragraphs(text: str) -> list[list[tuple[int, int]]]:
    """Stretches between blank lines, each as its (start, end) lines; a hard-wrapped stretch is one line."""
    paragraphs: list[list[tuple[int, int]]] = [[]]
    offset = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = offset + line.index(stripped)
            paragraphs[-1].append((start, start + len(stripped)))
        elif paragraphs[-1]:
            paragraphs.append([])
        offset += len(line)
    return [_joined(text, lines) for lines in paragraphs if lines]


def _joined(text: str, lines: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Lines of a hard-wrapped paragraph as one; a bullet always begins a new one."""
    if len(lines) < 2 or not _is_wrapped(text, lines):
        return lines
    joined = [lines[0]]
    for start, end in lines[1:]:
        if _BULLET.match(text, start, end):
            joined.append((start, end))
        else:
            joined[-1] = (joined[-1][0], end)
    return joined


def _is_wrapped(text: str, lines: list[tuple[int, int]]) -> bool:
    full = [end - start in _WRAPPED for start, end in lines[:-1]]
    goes_on = [text[start].islower() for start, _ in lines[1:]]
    return sum(full) * 2 > len(full) and any(goes_on)


def _is_bare_item(line: str) -> bool:
    return len(line.split()) <= _HEADING_WORDS and not _TERMINAL.search(line) and not line.endswith(":")


def _line_below(text: str, end: int) -> str:
    found = _BELOW.match(text, end)
    return found.group(1) if found is not None else ""


def _kind(line: str, below: str) -> str:
    bullet = _BULLET.match(line)
    body = line[bullet.end() :] if bullet else line
    if reads_as_heading(body):
        return "heading" if not bullet or _stands_over_text(below) else "list_item"
    return "list_item" if bullet else "paragraph"


def _stands_over_text(below: str) -> bool:
    """A bulleted heading has a paragraph under it, a list item another item."""
    return bool(below) and not _BULLET.match(below) and bool(_TERMINAL.search(below))


def reads_as_heading(line: str) -> bool:
    """Whether a line that nothing marks as a heading is one by its words: few or capitalised, with no full stop."""
    words = re.findall(r"[^\W\d_][\w'\u2019-]*", line)
    if not words or len(words) > _HEADING_WORDS or line.endswith((":", ",", ";")):
        return False
    if _QUESTION.search(line):
        return True
    if _TERMINAL.search(line):
        return False
    capital = [word[0].isupper() or word.lower() in _SMALL_WORDS for word in words]
    return words[0][0].isupper() and (all(capital) or len(words) <= 4)
