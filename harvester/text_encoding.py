"""How a text file is written: UTF-8 with or without a byte-order mark, UTF-16, or Windows-1252."""

import codecs
import io
import re
from dataclasses import dataclass
from typing import Any

from harvester.xml_stream import Readable

BLOCK = 1 << 18
UTF16_LITTLE, UTF16_BIG = "utf-16-le", "utf-16-be"

_UTF16 = {codecs.BOM_UTF16_LE: UTF16_LITTLE, codecs.BOM_UTF16_BE: UTF16_BIG}
# What `surrogateescape` makes of a byte that the encoding does not know.
_UNDECODED = re.compile("[\udc80-\udcff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """The name of the codec, and one line for a person where the file left a doubt."""

    name: str
    note: str | None = None

    def text(self, stream: Readable, *, newline: str | None = None) -> io.TextIOWrapper:
        """The stream as text; bytes that do not belong there stay visible to `undecoded`."""
        buffered = io.BufferedReader(_Raw(stream), buffer_size=1 << 17)
        return io.TextIOWrapper(buffered, encoding=self.name, errors="surrogateescape", newline=newline)


UTF8 = Encoding("utf-8-sig")


def undecoded(text: str) -> str | None:
    """Why a text cannot be trusted, in words, when bytes of it are not what the rest of the file is."""
    if text.isascii() or (found := _UNDECODED.search(text)) is None:
        return None
    return f"byte 0x{ord(found[0]) - 0xDC00:02x} is not the text that the rest of the file is; repair its letters"


def recognise_encoding(stream: Readable) -> Encoding:
    """Reads the stream to its end, in flat memory.

    A file that is UTF-8 but for a few bytes is UTF-8 (records with these are refused); one that has no more letters
    of UTF-8 than bytes that break it is Windows-1252, as old exports for Excel are.
    """
    head = stream.read(BLOCK)
    if head[:2] in _UTF16:
        return Encoding("utf-16")
    if wide := _wide(head[:400]):
        return Encoding(wide)
    decoder = codecs.getincrementaldecoder(UTF8.name)(errors="surrogateescape")
    letters = broken = 0
    block = head
    while True:
        text = decoder.decode(block, final=not block)
        if not text.isascii():
            bad = len(_UNDECODED.findall(text))
            broken, letters = broken + bad, letters + len(_BEYOND_ASCII.findall(text)) - bad
        if not block:
            break
        block = stream.read(BLOCK)
    if not broken:
        return UTF8
    if broken < letters:
        return Encoding(UTF8.name, f"it is UTF-8 with {broken:,} bytes that are not; records with them are rejected")
    return Encoding("cp1252", "it is not UTF-8; read as Windows-1252: check a name with an accent")


def _wide(head: bytes) -> str | None:
    """UTF-16 without a mark: every other byte of plain words is zero."""
    if len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    most = len(head) // 2 * 0.9
    return UTF16_LITTLE if odd >= most and not even else UTF16_BIG if even >= most and not odd else None


class _Raw(io.RawIOBase):
    """Any object with `read`, as the standard library's buffer wants it."""

    def __init__(self, stream: Readable) -> None:
        self.stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int:
        block = self.stream.read(len(buffer))
        buffer[: len(block)] = block
        return len(block)
