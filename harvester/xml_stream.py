"""Split a stream of XML into the children of its root, each as the bytes that stand there, in flat memory.

Knows no tag. Cutting bytes before parsing is what keeps memory flat and the parser fast; comments and CDATA that
contain an end tag are seen through. A document type may be named but not defined: entities are refused unread.
"""

import codecs
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Protocol

from harvester.not_pubmed import HEAD, NotPubMedXml, looks_like, one_line

BLOCK = 1 << 18
LARGEST_ELEMENT = 128 * 1024 * 1024

_TOKEN = re.compile(rb"<(?:\?|!--|!DOCTYPE|(/?)([A-Za-z_][\w:.-]*))")
_SPACE = re.compile(rb"[ \t\r\n]*")
_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)")
_SINGLE_BYTE_OR_ASIAN = re.compile(r"iso8859-\d+|cp125\d|koi8-[ru]|gb(18030|k|2312)|big5|shift_jis|euc_(jp|kr)")
_OPAQUE = re.compile(rb"<!--|<!\[CDATA\[")


class Readable(Protocol):
    """Any stream of bytes: a file, a GzipFile, a response."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Element:
    """A child of the root. Not `closed`: another one of the same name began before its end tag."""

    name: str
    raw: bytes
    closed: bool = True


def split_children(
    stream: Readable, *, roots: Collection[str], bare: Collection[str] = (), one_document: bool = False
) -> Iterator[Element]:
    """The children of each root named in `roots`; an element named in `bare` may also stand without a root.

    Several documents may follow each other (as saved by command-line clients) unless `one_document`.
    Bytes are given as UTF-8; other declared encodings are recoded. Raises NotPubMedXml, also at the end when the
    last root is not closed.
    """
    return _Splitter(_Window(_as_utf8(stream)), roots, bare, one_document).elements()


class _Window:
    """The bytes read and not yet consumed; offsets are relative to the first of them."""

    def __init__(self, stream: Readable) -> None:
        self.stream = stream
        self.data = b""
        self.position = 0
        self.grow()
        self.head = self.data[:HEAD]

    def grow(self) -> bool:
        rest = self.data[self.position :]
        if len(rest) > LARGEST_ELEMENT:
            raise NotPubMedXml(f"one element is larger than {LARGEST_ELEMENT >> 20} MB")
        # Doubling keeps a very large element from being copied once a block.
        more = self.stream.read(max(BLOCK, len(rest)))
        self.data = rest + more
        self.position = 0
        return bool(more)

    def find(self, marker: bytes, offset: int = 0) -> int:
        """Where `marker` is from `offset` on, reading on as needed; -1 when the stream ends first."""
        while True:
            at = self.data.find(marker, self.position + offset)
            if at >= 0:
                return at - self.position
            offset = max(offset, len(self.data) - self.position - len(marker) + 1)
            if not self.grow():
                return -1

    def token(self) -> re.Match[bytes] | None:
        """The markup that comes next after white space; None when there is none."""
        while True:
            self.position = _SPACE.match(self.data, self.position).end()  # type: ignore[union-attr]
            found = _TOKEN.match(self.data, self.position)
            # A name or a doctype may go on in the next block.
            if found and found.end() < len(self.data):
                return found
            if len(self.data) - self.position > HEAD or not self.grow():
                return found

    def take(self, length: int) -> bytes:
        start = self.position
        self.position += length
        return self.data[start : self.position]

    def at_end(self) -> bool:
        return self.position >= len(self.data)

    def element_length(self, name: bytes) -> int:
        """Length of the element that begins here, end tag included; -1 when the stream ends first."""
        opened = self.find(b">")
        if opened < 0 or self.data[self.position + opened - 1] == ord("/"):
            return opened + 1 if opened >= 0 else -1
        marker = b"</" + name
        at = self.find(marker, opened)
        while at >= 0:
            end = self.find(b">", at)
            if end < 0:
                return -1
            between = self.data[self.position + at + len(marker) : self.position + end]
            if not between.strip() and not _is_opaque(self.data, self.position, self.position + at):
                return end + 1
            at = self.find(marker, at + 1)
        return -1


class _Splitter:
    def __init__(self, window: _Window, roots: Collection[str], bare: Collection[str], one_document: bool) -> None:
        self.window = window
        self.roots = roots
        self.bare = bare
        self.one_document = one_document
        self.root: str | None = None
        self.roots_seen = 0
        self.elements_seen = 0

    def elements(self) -> Iterator[Element]:
        while (token := self.window.token()) is not None:
            name = (token[2] or b"").decode("ascii", "replace")
            if not name:
                self._skip_aside(token[0])
            elif token[1]:
                self._close_root(name)
            elif self.root is None and name not in self.bare:
                self._open_root(name)
            else:
                yield self._take_element(name)
        self._check_end()

    def _skip_aside(self, opening: bytes) -> None:
        ends = {b"<?": b"?>", b"<!--": b"-->"}.get(opening, b">")
        at = self.window.find(ends, len(opening))
        if at < 0:
            raise NotPubMedXml(looks_like(self.window.head) if not self.roots_seen else "it is cut short in a comment")
        aside = self.window.take(at + len(ends))
        if opening == b"<!DOCTYPE" and (b"[" in aside or b"<!ENTITY" in aside):
            raise NotPubMedXml(looks_like(aside))

    def _open_root(self, name: str) -> None:
        if name not in self.roots or (self.one_document and self.roots_seen):
            raise NotPubMedXml(
                f"<{one_line(name, 60)}> follows the end of the set"
                if self.roots_seen
                else looks_like(self.window.head)
            )
        at = self.window.find(b">")
        if at < 0:
            raise NotPubMedXml("it is cut short in its first tag")
        self.roots_seen += 1
        if not self.window.take(at + 1).endswith(b"/>"):
            self.root = name

    def _close_root(self, name: str) -> None:
        if name != self.root or self.window.find(b">") < 0:
            raise NotPubMedXml(f"</{one_line(name, 60)}> closes nothing, after {self._records()}")
        self.window.take(self.window.find(b">") + 1)
        self.root = None

    def _take_element(self, name: str) -> Element:
        encoded = name.encode("ascii")
        length = self.window.element_length(encoded)
        if length < 0:
            raise NotPubMedXml(f"it is cut short: <{name}> begins after {self._records()} and does not end")
        self.elements_seen += 1
        if self.root is None:
            self.roots_seen += 1
        start = self.window.position
        inner = _inner_start(self.window.data, encoded, start + 1, start + length)
        if inner < 0:
            return Element(name, self.window.take(length))
        return Element(name, self.window.take(inner - start), closed=False)

    def _check_end(self) -> None:
        if not self.window.at_end():
            reason = f"text stands where a record should begin, after {self._records()}"
            raise NotPubMedXml(reason if self.roots_seen else looks_like(self.window.head))
        if self.root is not None:
            raise NotPubMedXml(f"it is cut short: it ends after {self._records()} without </{self.root}>")
        if not self.roots_seen:
            raise NotPubMedXml(looks_like(self.window.head))

    def _records(self) -> str:
        return f"{self.elements_seen} whole record{'' if self.elements_seen == 1 else 's'}"


def _inner_start(data: bytes, name: bytes, start: int, end: int) -> int:
    """Where a second element of this name begins inside the first, which then was never closed; else -1."""
    at = data.find(b"<" + name, start, end)
    while at >= 0:
        if data[at + len(name) + 1 : at + len(name) + 2] in b" \t\r\n/>" and not _is_opaque(data, start, at):
            return at
        at = data.find(b"<" + name, at + 1, end)
    return -1


def _is_opaque(data: bytes, start: int, at: int) -> bool:
    """Whether the byte at `at` stands inside a comment or a CDATA section that began after `start`."""
    # One byte is found many times faster than a pattern, and few records have it.
    if data.find(b"!", start, at) < 0:
        return False
    while (opening := _OPAQUE.search(data, start, at)) is not None:
        closing = b"-->" if opening[0] == b"<!--" else b"]]>"
        closed = data.find(closing, opening.end(), at)
        if closed < 0:
            return True
        start = closed + len(closing)
    return False


class _Recoder:
    """A stream in another encoding, read as UTF-8."""

    def __init__(self, first: bytes, stream: Readable, encoding: str) -> None:
        self.first = first
        self.stream = stream
        self.encoding = encoding
        self.decoder = codecs.getincrementaldecoder(encoding)()

    def read(self, size: int, /) -> bytes:
        while True:
            block, self.first = self.first or self.stream.read(size), b""
            try:
                text = self.decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                raise NotPubMedXml(f"it says it is {self.encoding} and is not ({error.reason})") from None
            if text or not block:
                return text.encode()


class _Joined:
    """The bytes already read, then the stream."""

    def __init__(self, first: bytes, stream: Readable) -> None:
        self.first = first
        self.stream = stream

    def read(self, size: int, /) -> bytes:
        block, self.first = self.first, b""
        return block or self.stream.read(size)


def _as_utf8(stream: Readable) -> Readable:
    first = b""
    while len(first) < HEAD and (block := stream.read(HEAD - len(first))):
        first += block
    if first.startswith(codecs.BOM_UTF8):
        return _Joined(first[len(codecs.BOM_UTF8) :], stream)
    encoding = _encoding(first)
    return _Joined(first, stream) if encoding == "utf-8" else _Recoder(first, stream, encoding)


def _encoding(first: bytes) -> str:
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if first[:2] in (b"<\0", b"\0<"):
        return "utf-16-le" if first[:1] == b"<" else "utf-16-be"
    declared = _DECLARED.match(first.lstrip())
    if declared is None:
        return "utf-8"
    name = declared[1].decode("ascii", "replace")
    try:
        known = codecs.lookup(name).name
    except LookupError:
        known = ""
    if known in ("utf-8", "ascii"):
        return "utf-8"
    if not _SINGLE_BYTE_OR_ASIAN.fullmatch(known):
        raise NotPubMedXml(f"it declares the encoding {one_line(name, 40)}, which cannot be read; save it as UTF-8")
    return known
