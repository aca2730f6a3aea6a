"""Markdown as a document: markup out, headings, list items, quotes and table cells kept apart."""

from collections.abc import Iterable

from markdown_it import MarkdownIt
from markdown_it.token import Token

from review_app.factcheck.layout import Layout
from review_app.factcheck.model import SourceText

_CONTAINERS = {"list_item_open": "list_item", "blockquote_open": "quote"}


def read(text: str) -> SourceText:
    """Raw HTML inside the Markdown is left out of the text; links and images give their words."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    layout = Layout()
    open_kinds: list[str] = []
    title: str | None = None
    for token in parser.parse(_without_front_matter(text)):
        if token.type in _CONTAINERS:
            open_kinds.append(_CONTAINERS[token.type])
        elif token.type in {"list_item_close", "blockquote_close"}:
            open_kinds.pop()
        elif token.type in {"bullet_list_open", "ordered_list_open"}:
            layout.open_list()
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            layout.close_list()
        elif token.type in {"heading_open", "th_open", "td_open"}:
            open_kinds.append("heading" if token.type == "heading_open" else "table_cell")
        elif token.type in {"heading_close", "th_close", "td_close"}:
            open_kinds.pop()
        elif token.type == "inline":
            kind = open_kinds[-1] if open_kinds else "paragraph"
            words = _words(token.children or ())
            layout.add(words, kind)
            if kind == "heading" and title is None:
                title = " ".join(words.split()) or None
        elif token.type in {"fence", "code_block"}:
            layout.add(token.content, "code")
    return layout.document(title)


def _without_front_matter(text: str) -> str:
    if not text.startswith("---\n"):
        return text
    end = text.find("\n---\n", 4)
    return text[end + 5 :] if end != -1 else text


def _words(tokens: Iterable[Token]) -> str:
    pieces: list[str] = []
    for token in tokens:
        if token.type in {"text", "code_inline"}:
            pieces.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            pieces.append(" ")
        elif token.type == "image":
            pieces.append(_words(token.children or ()))
    return "".join(pieces)
