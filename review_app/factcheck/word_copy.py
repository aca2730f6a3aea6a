"""A Word document as a document: what a reader sees with every tracked change accepted."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn
from docx.styles.styles import Styles

from review_app.factcheck.layout import Layout, TooIntricate
from review_app.factcheck.model import SourceText
from review_app.factcheck.plain_copy import reads_as_heading

UNPACKED_LIMIT = 100_000_000
PARTS_LIMIT = 5_000
PARAGRAPH_LIMIT = 100_000
DEPTH_LIMIT = 200

_PARAGRAPH, _TABLE_CELL, _BODY = qn("w:p"), qn("w:tc"), qn("w:body")
_TEXT, _BREAKS = qn("w:t"), {qn("w:tab"), qn("w:br"), qn("w:cr")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# Deleted words, field codes and the old rendering of what stands beside it; a paragraph inside another is a text box.
_NOT_READ = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), _FALLBACK, qn("w:pPr"), qn("w:rPr")}
_HIDDEN = qn("w:vanish")


class NotWord(ValueError):
    """The file is zipped and is no Word document, or a broken one; the message says which."""


def read(content: bytes) -> SourceText:
    """Headings, paragraphs, list items with their lead-in, table cells and text boxes, in reading order.

    Raises `NotWord`, and `TooIntricate` for a file that unpacks to more than any person writes.
    """
    word = _opened(content)
    body = word.element.find(_BODY)
    if body is None:
        raise NotWord("a Word document without a body")
    layout = Layout()
    _Walk(layout, word.styles).over(body)
    return layout.document(" ".join((word.core_properties.title or "").split()) or None)


def _opened(content: bytes) -> WordDocument:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            names = packed.namelist()
            unpacked = sum(entry.file_size for entry in packed.infolist())
    except zipfile.BadZipFile:
        raise NotWord("a zipped file that is not whole") from None
    if "word/document.xml" not in names:
        raise NotWord("a zipped file that is no Word document")
    if unpacked > UNPACKED_LIMIT or len(names) > PARTS_LIMIT:
        raise TooIntricate(f"it unpacks to more than {UNPACKED_LIMIT // 1_000_000} MB or {PARTS_LIMIT:,} parts")
    try:
        return Document(io.BytesIO(content))
    except (ValueError, KeyError, TypeError, AttributeError, OSError, SyntaxError, OpcError, zipfile.error) as problem:
        # python-docx says of a broken part only what it stumbled over.
        raise NotWord(f"a Word document that is not whole ({type(problem).__name__})") from problem


class _Walk:
    """One pass over the body; a list remembers the paragraph that introduces it."""

    def __init__(self, layout: Layout, styles: Styles) -> None:
        self.layout = layout
        self._names = {style.style_id: (style.name or "").lower() for style in styles}
        self._numbered = {style.style_id for style in styles if style.element.find(f".//{qn('w:numPr')}") is not None}
        self._in_list = False
        self._paragraphs = 0

    def over(self, body: Any) -> None:
        for paragraph in body.iter(_PARAGRAPH):
            self._paragraphs += 1
            if self._paragraphs > PARAGRAPH_LIMIT:
                raise TooIntricate(f"more than {PARAGRAPH_LIMIT:,} paragraphs")
            if not _is_left_out(paragraph):
                words = " ".join("".join(_words(paragraph)).split())
                kind = self._kind(paragraph)
                # Many people write a heading as a short bold line, without Word's own style.
                self._add(words, "heading" if kind == "paragraph" and reads_as_heading(words) else kind)

    def _add(self, words: str, kind: str) -> None:
        if not words.strip():
            return
        if kind == "list_item" and not self._in_list:
            self.layout.open_list()
        elif kind != "list_item" and self._in_list:
            self.layout.close_list()
        self._in_list = kind == "list_item"
        self.layout.add(words, kind)

    def _kind(self, paragraph: Any) -> str:
        properties = paragraph.find(qn("w:pPr"))
        style = properties.find(qn("w:pStyle")) if properties is not None else None
        style_id = style.get(qn("w:val")) if style is not None else ""
        name = self._names.get(style_id, "")
        if name.startswith(("heading", "title", "subtitle")):
            return "heading"
        listed = properties is not None and properties.find(qn("w:numPr")) is not None
        if listed or style_id in self._numbered or name.startswith("list"):
            return "list_item"
        if any(True for _ in paragraph.iterancestors(_TABLE_CELL)):
            return "table_cell"
        return "quote" if "quote" in name else "paragraph"


def _is_left_out(paragraph: Any) -> bool:
    above = [ancestor.tag for ancestor in paragraph.iterancestors()]
    if len(above) > DEPTH_LIMIT:
        raise TooIntricate(f"paragraphs nested more than {DEPTH_LIMIT} deep")
    return not _NOT_READ.isdisjoint(above)


def _words(element: Any) -> Iterator[str]:
    """The words of a paragraph or of a part of it; a text box inside has paragraphs of its own."""
    for child in element:
        if child.tag == _TEXT:
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield " "
        elif child.tag not in _NOT_READ and child.tag != _PARAGRAPH and not _is_hidden(child):
            yield from _words(child)


def _is_hidden(element: Any) -> bool:
    properties = element.find(qn("w:rPr")) if element.tag == qn("w:r") else None
    return properties is not None and properties.find(_HIDDEN) is not None
