"""Files of references to records, each also as .gz, told apart by what is in them: PubMed XML, MEDLINE text, RIS,
EndNote's export, BibTeX, CSV and JSON lines of our own."""

import codecs
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import BinaryIO, TextIO

from harvester import bibtex_references, csv_references, jsonl_references, nbib_references, ris_references
from harvester.csv_headers import FORMATS, recognise_header
from harvester.not_pubmed import HEAD, NotPubMedXml, one_line
from harvester.parsed import Parsed
from harvester.pubmed_xml import read_records
from harvester.text_encoding import UTF8, Encoding, recognise_encoding
from harvester.unreadable import UnreadableFile
from harvester.xml_stream import Readable

__all__ = ["ReferenceFile", "UnreadableFile", "open_reference_file", "read_file"]

# Deflate reaches 1032:1; PubMed files stay below 50:1. Small files are let through, they cannot fill a disk.
LARGEST_RATIO = 200
RATIO_FROM = 64 * 1024 * 1024
MOST_RECORDS = 1_000_000

_GZIP = b"\x1f\x8b"
_BINARY = {
    b"PK\x03\x04": "a spreadsheet or zip archive; save the sheet as CSV UTF-8, or unpack it, and import that",
    b"\xd0\xcf\x11\xe0": "an old Excel or Word file; save it as CSV UTF-8 and import that",
    b"%PDF": "a PDF; import its reference instead",
    b"BZh": "a bzip2 file; unpack it or compress it with gzip",
    b"\xfd7zXZ": "an xz file; unpack it or compress it with gzip",
    b"\x28\xb5\x2f\xfd": "a zstd file; unpack it or compress it with gzip",
    _GZIP: "compressed twice; unpack it once",
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_XML, _CSV = "PubMed XML", "CSV"
_TEXTS: dict[str, tuple[Callable[[str], object], Callable[[TextIO], Iterator[Parsed]]]] = {
    "MEDLINE": (nbib_references.RECOGNISED.match, nbib_references.read_records),
    "EndNote export": (ris_references.RECOGNISED_ENDNOTE.match, ris_references.read_endnote),
    "BibTeX": (bibtex_references.RECOGNISED.match, bibtex_references.read_records),
    "JSON lines": (jsonl_references.RECOGNISED.match, jsonl_references.read_records),
    "RIS": (ris_references.RECOGNISED.match, ris_references.read_records),
}


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """A file that was recognised, as "PubMed XML", "MEDLINE", "RIS", "EndNote export", "BibTeX", "CSV" or "JSON lines".

    A CSV's `ignored_columns` say nothing here; `notes` are lines for whoever imports it.
    """

    path: Path
    kind: str
    ignored_columns: tuple[str, ...] = ()
    encoding: Encoding = UTF8
    notes: tuple[str, ...] = ()

    def read(self) -> Iterator[Parsed]:
        """What the file holds, in its order, in flat memory. Raises UnreadableFile, also half-way."""
        with _opened(self.path) as stream:
            for number, item in enumerate(self._items(stream)):
                if number == MOST_RECORDS:
                    raise UnreadableFile(f"it has more than {MOST_RECORDS:,} records; split it, or export less")
                yield item

    def _items(self, stream: Readable) -> Iterator[Parsed]:
        if self.kind == _XML:
            return read_records(stream)
        if self.kind == _CSV:
            return csv_references.read_rows(self.encoding.text(stream, newline=""))
        return _TEXTS[self.kind][1](self.encoding.text(stream))


def read_file(path: Path) -> Iterator[Parsed]:
    """The records of a file. Raises UnreadableFile with one line: what, which file, what to do."""
    return open_reference_file(path).read()


def open_reference_file(path: Path) -> ReferenceFile:
    """Recognises a file by its content, whatever its name. Raises UnreadableFile."""
    with _opened(path) as stream:
        head = stream.read(HEAD * 16)
    text = head.removeprefix(codecs.BOM_UTF8).lstrip()
    if not text:
        raise UnreadableFile(f"{path}: it is empty; export it again")
    if text.startswith(b"<") or (head[:2] in (*_UTF16, b"<\0", b"\0<") and _utf16_markup(head)):
        return ReferenceFile(path, _XML)
    with _opened(path) as stream:
        _refuse_binary(text)
        encoding = recognise_encoding(stream)
    with _opened(path) as stream:
        return _recognised(path, encoding, encoding.text(stream, newline="").read(HEAD * 16))


def _recognised(path: Path, encoding: Encoding, head: str) -> ReferenceFile:
    notes = (encoding.note,) if encoding.note else ()
    plain = head.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n \ufeff")
    if not plain:
        raise UnreadableFile("it is empty; export it again")
    if "\0" in head:
        raise UnreadableFile(f"it is not text; import {FORMATS} or CSV")
    for kind, (recognise, _) in _TEXTS.items():
        if recognise(plain):
            said = (jsonl_references.NOTE,) if kind == "JSON lines" else ()
            return ReferenceFile(path, kind, (), encoding, notes + said)
    if plain.startswith(("[", "{")):
        raise UnreadableFile("it is JSON of another shape than `factcheck export --format jsonl` gives; export as RIS")
    return ReferenceFile(path, _CSV, recognise_header(head).ignored, encoding, notes)


def _utf16_markup(head: bytes) -> bool:
    if head[:2] not in _UTF16:
        return True
    return head.decode("utf-16", "replace").lstrip("\ufeff \r\n\t").startswith("<")


def _refuse_binary(head: bytes) -> None:
    for magic, what in _BINARY.items():
        if head.startswith(magic):
            raise UnreadableFile(f"it is {what}")


@contextmanager
def _opened(path: Path) -> Iterator[Readable]:
    """The decompressed file; whatever goes wrong inside is an UnreadableFile that names it."""
    try:
        with path.open("rb") as file:
            magic = file.read(2)
            file.seek(0)
            yield _GuardedGzip(file) if magic == _GZIP else file
    except UnreadableFile as error:
        raise UnreadableFile(f"{path}: {error}") from None
    except NotPubMedXml as error:
        else_import = "import PubMed XML (a PubmedArticleSet), .nbib, RIS, BibTeX, CSV or our JSON lines"
        what_to_do = "get it again" if "cut short" in str(error) else else_import
        raise UnreadableFile(f"{path}: {error}; {what_to_do}") from None
    except EOFError:
        raise UnreadableFile(f"{path}: the gzip file is cut short; download it again") from None
    except (BadGzipFile, zlib.error) as error:
        raise UnreadableFile(f"{path}: the gzip file is damaged ({error}); download it again") from None
    except OSError as error:
        raise UnreadableFile(f"{path}: {_why_not_opened(error)}") from None


def _why_not_opened(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no such file; check the name"
    if isinstance(error, IsADirectoryError):
        return "it is a folder; name the files in it"
    if isinstance(error, PermissionError):
        return "it may not be read; change its permissions"
    return f"it cannot be read ({one_line(error.strerror or str(error))})"


class _GuardedGzip:
    """Decompresses, and stops at a file made to fill memory or disk."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.gzip = GzipFile(fileobj=file)
        self.given = 0

    def read(self, size: int, /) -> bytes:
        block = self.gzip.read(size)
        self.given += len(block)
        if self.given > RATIO_FROM and self.given > LARGEST_RATIO * self.file.tell():
            raise UnreadableFile(f"it unpacks to more than {LARGEST_RATIO} times its size; it is not a reference file")
        return block
