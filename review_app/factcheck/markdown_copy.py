"""Markdown as a document: markup out, headings, list items, quotes and table cells kept apart."""

from collections.abc import Iterable
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.token import Token

from review_app.factcheck import intricacy
from review_app.factcheck.layout import Layout
from review_app.factcheck.model import SourceText

_OPENS = {
    "list_item_open": "list_item",
    "blockquote_open": "quote",
    "heading_open": "heading",
    "th_open": "table_cell",
    "td_open": "table_cell",
}
_CLOSES = frozenset(name.replace("_open", "_close") for name in _OPENS)


def read(text: str) -> SourceText:
    """Links and images give their words; HTML between the paragraphs is read as on a page. Raises `TooIntricate`."""
    intricacy.refuse_markdown(text)
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    layout = Layout()
    kinds = ["paragraph"]
    for token in parser.parse(_without_front_matter(text)):
        if token.type in _OPENS:
            kinds.append(_OPENS[token.type])
        elif token.type in _CLOSES:
            kinds.pop()
        elif token.type.endswith("_list_open"):
            layout.open_list()
        elif token.type.endswith("_list_close"):
            layout.close_list()
        elif token.type == "inline":
            layout.add(_words(token.children or ()), kinds[-1])
        else:
            _add_block(layout, token)
    document = layout.document(None)
    return replace(document, title=_title(document))


def _add_block(layout: Layout, token: Token) -> None:
    if token.type in {"fence", "code_block"}:
        layout.add(token.content, "code")
    elif token.type == "html_block":
        # Imported here because the HTML readers take longer to import than most checks take to run.
        from review_app.factcheck import web_page

        web_page.read_into(layout, token.content)


def _title(document: SourceText) -> str | None:
    heading = next((block for block in document.blocks if block.kind == "heading"), None)
    return document.text[heading.start : heading.end] if heading is not None else None


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
