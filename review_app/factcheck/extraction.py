"""A file's bytes as the text a writer sees. Refuses, in one line, what it cannot read faithfully."""

import codecs
import re
from pathlib import PurePath

from review_app.factcheck import intricacy, plain_copy
from review_app.factcheck.layout import TooIntricate
from review_app.factcheck.model import SourceText

WORD_LIMIT = 50_000
BYTE_LIMIT = 5_000_000
ACCEPTED = "accepted are text (.txt), Markdown (.md), web pages (.html) and Word documents (.docx)"

_BY_SUFFIX = {".txt": "text", ".text": "text", ".md": "markdown", ".markdown": "markdown",
              ".html": "html", ".htm": "html", ".xhtml": "html", ".docx": "word"}  # fmt: skip
_BY_MEDIA_TYPE = {"text/plain": "text", "text/markdown": "markdown", "text/x-markdown": "markdown",
                  "text/html": "html", "application/xhtml+xml": "html",
                  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "word"}  # fmt: skip
_SIGNATURES = (
    (b"%PDF", "a PDF"),
    (b"\xd0\xcf\x11\xe0", "an old Office file, or one with a password,"),
    (b"{\\rtf", "an RTF file"),
    (b"\x89PNG", "an image"),
    (b"\xff\xd8\xff", "an image"),
    (b"GIF8", "an image"),
    (b"\x1f\x8b", "a compressed file"),
)
_ZIPPED = b"PK\x03\x04"
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_LOOKS_LIKE_HTML = re.compile(
    r"\s*(?:<!--.{0,2000}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE | re.DOTALL
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


class Unreadable(ValueError):
    """A document that cannot be checked; the message is one line for the person who gave it."""


def extract(content: bytes, *, name: str = "", media_type: str | None = None) -> SourceText:
    """The text, title and blocks of a document.

    `name` (a file name or URL) and `media_type` (with an optional charset) say what it is; the media type wins.
    Raises `Unreadable` for other types, binary content, unknown encodings, no words or more than `WORD_LIMIT` words.
    """
    shown = name or "the document"
    _refuse_signatures(content, shown)
    kind, charset = _declared(media_type, name, shown)
    if len(content) > BYTE_LIMIT:
        raise Unreadable(f"{shown}: {len(content):,} bytes; at most {BYTE_LIMIT:,} bytes can be checked at once")
    if content.startswith(_ZIPPED):
        return _read_word(content, shown)
    if kind == "word":
        raise Unreadable(f"{shown}: named as a Word document and is none; save it again as .docx")
    text = decode(content, shown, charset=charset, may_declare=kind == "html")
    if kind == "text" and _LOOKS_LIKE_HTML.match(text):
        kind = "html"
    return _read(text, kind, shown)


def from_text(text: str, *, title: str | None = None) -> SourceText:
    """Pasted text as a document. Raises `Unreadable` as `extract` does."""
    shown = "the pasted text"
    try:
        tidy = _tidy(text, shown)
        intricacy.refuse_lines(tidy)
        return _within_limits(plain_copy.read(tidy, title=title), shown)
    except TooIntricate as problem:
        raise Unreadable(f"{shown}: {problem}") from None


def _read(text: str, kind: str, shown: str) -> SourceText:
    try:
        intricacy.refuse_lines(text)
        if kind == "html":
            # Imported here and below: the readers of a format take longer to import than a short check takes to run.
            from review_app.factcheck import web_page

            if web_page.is_other_xml(text):
                raise Unreadable(f"{shown}: XML that is no web page cannot be read; {ACCEPTED}")
            return _within_limits(web_page.read(text), shown)
        if kind == "markdown":
            from review_app.factcheck import markdown_copy

            return _within_limits(markdown_copy.read(_tidy(text, shown)), shown)
        return _within_limits(plain_copy.read(_tidy(text, shown)), shown)
    except TooIntricate as problem:
        advice = "" if kind == "text" else "; copy the text out of the page and check that"
        raise Unreadable(f"{shown}: {problem}{advice}") from None


def _read_word(content: bytes, shown: str) -> SourceText:
    # Imported here because few documents need it.
    from review_app.factcheck import word_copy

    try:
        return _within_limits(word_copy.read(content), shown)
    except word_copy.NotWord as problem:
        raise Unreadable(f"{shown}: {problem}; {ACCEPTED}") from None
    except TooIntricate as problem:
        raise Unreadable(f"{shown}: {problem}; copy the text out of it and check that") from None


def _refuse_signatures(content: bytes, shown: str) -> None:
    for signature, what in _SIGNATURES:
        if content.startswith(signature):
            raise Unreadable(f"{shown}: {what} cannot be read; {ACCEPTED}")


def _declared(media_type: str | None, name: str, shown: str) -> tuple[str, str | None]:
    if media_type:
        essence, _, parameters = media_type.partition(";")
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters, re.IGNORECASE)
        kind = _BY_MEDIA_TYPE.get(essence.strip().lower())
        if kind is None:
            raise Unreadable(f"{shown}: type {essence.strip()} cannot be read; {ACCEPTED}")
        suffix = _BY_SUFFIX.get(PurePath(name).suffix.lower())
        # Servers send Markdown and HTML files as text/plain more often than not.
        return (suffix or kind) if kind == "text" else kind, charset.group(1) if charset else None
    suffix_text = PurePath(name).suffix.lower()
    if not suffix_text:
        return "text", None
    kind = _BY_SUFFIX.get(suffix_text)
    if kind is None:
        raise Unreadable(f"{shown}: files of type {suffix_text} cannot be read; {ACCEPTED}")
    return kind, None


def decode(content: bytes, shown: str, *, charset: str | None = None, may_declare: bool = False) -> str:
    """Bytes as text: byte order mark, then the declared charset, then the page's own meta, then UTF-8.

    Bytes that are not UTF-8 and declare nothing are read as Windows-1252, the commonest other encoding of English
    copy, unless that leaves control characters. Raises `Unreadable` when none fits.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _decode_as(content, encoding, shown).lstrip("\ufeff")
    declared = charset or (_meta_charset(content) if may_declare else None)
    if declared:
        return _decode_as(content, declared, shown)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if b"\x00" in content:
        raise Unreadable(f"{shown}: binary content; {ACCEPTED}")
    try:
        return content.decode("cp1252")
    except UnicodeDecodeError:
        raise Unreadable(f"{shown}: the encoding is neither UTF-8 nor Windows-1252; save it as UTF-8") from None


def _meta_charset(content: bytes) -> str | None:
    match = _META_CHARSET.search(content[:4096])
    return match.group(1).decode("ascii") if match else None


def _decode_as(content: bytes, encoding: str, shown: str) -> str:
    try:
        return content.decode("cp1252" if encoding.lower() in {"iso-8859-1", "latin-1", "latin1"} else encoding)
    except LookupError:
        raise Unreadable(f"{shown}: unknown encoding {encoding}; save it as UTF-8") from None
    except UnicodeDecodeError:
        raise Unreadable(f"{shown}: says it is {encoding} but is not; save it as UTF-8") from None


def _tidy(text: str, shown: str) -> str:
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    controls = len(_CONTROL.findall(text))
    if "\x00" in text or controls > max(8, len(text) // 200):
        raise Unreadable(f"{shown}: binary content; {ACCEPTED}")
    return text


def _within_limits(document: SourceText, shown: str) -> SourceText:
    words = len(re.findall(r"\w+", document.text))
    if words == 0 or not document.blocks:
        raise Unreadable(f"{shown}: nothing to check (0 words)")
    if words > WORD_LIMIT:
        raise Unreadable(f"{shown}: {words:,} words; at most {WORD_LIMIT:,} words can be checked at once")
    intricacy.refuse_length(document.text)
    return document
