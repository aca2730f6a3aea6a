"""Files of references to records: PubMed XML and CSV, each also as .gz, told apart by what is in them."""

import codecs
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import BinaryIO

from harvester.csv_references import read_rows, recognise_header
from harvester.not_pubmed import HEAD, NotPubMedXml, one_line
from harvester.parsed import Parsed
from harvester.pubmed_xml import read_records
from harvester.unreadable import UnreadableFile
from harvester.xml_stream import Readable

__all__ = ["ReferenceFile", "UnreadableFile", "open_reference_file", "read_file"]

# Deflate reaches 1032:1; PubMed files stay below 50:1. Small files are let through, they cannot fill a disk.
LARGEST_RATIO = 200
RATIO_FROM = 64 * 1024 * 1024

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
_LATER = {
    "a MEDLINE .nbib file": re.compile(r"\s*PMID ?- ?\d", re.ASCII),
    "a RIS file": re.compile(r"\s*TY {1,2}- ?\w"),
    "a BibTeX file": re.compile(r"(?:\s|%[^\n]*\n)*@[A-Za-z]+\s*[{(]"),
    "a JSON file": re.compile(r"\s*[\[{]"),
    "an EndNote export": re.compile(r"\s*%[0A-Z] \S"),
}
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class ReferenceFile:
    """A file that was recognised, as "PubMed XML" or "CSV"; a CSV's `ignored_columns` say nothing here."""

    path: Path
    kind: str
    ignored_columns: tuple[str, ...] = ()

    def read(self) -> Iterator[Parsed]:
        """What the file holds, in its order, in flat memory. Raises UnreadableFile, also half-way."""
        with _opened(self.path) as stream:
            yield from read_records(stream) if self.kind == "PubMed XML" else read_rows(stream)


def read_file(path: Path) -> Iterator[Parsed]:
    """The records of a file. Raises UnreadableFile with one line: what, which file, what to do."""
    return open_reference_file(path).read()


def open_reference_file(path: Path) -> ReferenceFile:
    """Recognises a file by its content, whatever its name. Raises UnreadableFile."""
    with _opened(path) as stream:
        head = stream.read(HEAD * 16)
        text = head.removeprefix(codecs.BOM_UTF8).lstrip()
        if not text:
            raise UnreadableFile("it is empty; export it again")
        if text.startswith(b"<") or head[:2] in (*_UTF16, b"<\0", b"\0<"):
            return ReferenceFile(path, _markup(head))
        _refuse_what_is_not_csv(text)
        return ReferenceFile(path, "CSV", recognise_header(text).ignored)


def _markup(head: bytes) -> str:
    """Looks no further than the first bytes: `read` says what else is wrong."""
    if head[:2] in _UTF16 and "<" not in head.decode("utf-16", "replace")[:200]:
        raise UnreadableFile("it is UTF-16 text; save it as CSV UTF-8")
    return "PubMed XML"


def _refuse_what_is_not_csv(head: bytes) -> None:
    for magic, what in _BINARY.items():
        if head.startswith(magic):
            raise UnreadableFile(f"it is {what}")
    if b"\0" in head:
        raise UnreadableFile("it is not text; import PubMed XML or CSV UTF-8")
    text = head.decode("utf-8", "replace")
    for what, pattern in _LATER.items():
        if pattern.match(text):
            raise UnreadableFile(f"it is {what}; this version imports PubMed XML and CSV")


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
        what_to_do = "get it again" if "cut short" in str(error) else "import PubMed XML (a PubmedArticleSet) or CSV"
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
