"""CSV with a header row to article records. Comma, semicolon or tab, UTF-8, quoted as in RFC 4180.

Headers in any case: `title`, and any of `pmid abstract year journal authors doi publication_types mesh`; authors,
publication types and MeSH headings are separated by semicolons. A row needs a PMID, a DOI or a title. `raw` stays
empty: a row says less than a record of PubMed and must not pass for one.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from harvester.identifiers import normal_doi, pmid_number
from harvester.not_pubmed import one_line
from harvester.parsed import Parsed, Rejected
from harvester.records import ArticleRecord, Author, MeshHeading, MeshQualifier, PublicationType, Section
from harvester.unreadable import UnreadableFile
from harvester.xml_stream import Readable

COLUMNS = ("title", "pmid", "abstract", "year", "journal", "authors", "doi", "publication_types", "mesh")
LONGEST_LINE = 1 << 20
# A few bytes of gzip can unpack to rows without end; PubMed's own list of ketamine is fifty times shorter.
MOST_ROWS = 1_000_000
IDENTIFYING = frozenset({"title", "pmid", "doi"})

T = TypeVar("T")

_WHOLE = re.compile(r"(\d+)(?:\.0+)?", re.ASCII)
_INITIALS = re.compile(r"(.+?) ([A-Z]{1,4})\.?")
_COMMA_LIST = re.compile(r"[^,;]+ [A-Z]{1,4}(?:, [^,;]+ [A-Z]{1,4})+\.?")


@dataclass(frozen=True, slots=True)
class Header:
    """`names` is the header as COLUMNS has it, or as the file has it where the column says nothing here."""

    delimiter: str
    names: tuple[str, ...]

    @property
    def ignored(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name not in COLUMNS)


def recognise_header(head: bytes) -> Header:
    """The header at the beginning of a file. Raises UnreadableFile when it names nothing that identifies a record."""
    try:
        # A last character cut in two is no fault of the file.
        text = head[: head.rfind(b"\n") + 1 or len(head)].decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _not_utf8(error) from None
    candidates = [Header(mark, _names(text, mark)) for mark in ",;\t"]
    header = max(candidates, key=lambda one: sum(name in COLUMNS for name in one.names))
    if IDENTIFYING.isdisjoint(header.names):
        first = one_line(text.partition("\n")[0], 80)
        raise UnreadableFile(f"it has no header row with title, pmid or doi; it begins with “{first}”")
    doubled = sorted({name for name in header.names if name in COLUMNS and header.names.count(name) > 1})
    if doubled:
        raise UnreadableFile(f"two columns are named {doubled[0]}; rename one")
    return header


def read_rows(stream: Readable) -> Iterator[Parsed]:
    """The records of a CSV; a row that cannot be one is Rejected under its row number (the header is row 1)."""
    text = io.TextIOWrapper(_whole_head(stream), encoding="utf-8-sig", newline="")
    header = recognise_header(text.buffer.peek(1 << 16))
    # A line without an end must not be read into memory whole.
    lines = iter(lambda: text.readline(LONGEST_LINE), "")
    rows = csv.reader(lines, delimiter=header.delimiter, strict=True)
    number = 0
    while True:
        number, begins = number + 1, rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejected(number, None, f"lines {begins} to {rows.line_num} are not well quoted ({error})")
            continue
        except UnicodeDecodeError as error:
            raise _not_utf8(error) from None
        if number > MOST_ROWS + 1:
            raise UnreadableFile(f"it has more than {MOST_ROWS:,} rows; split it, or export less")
        if number > 1 and any(cell.strip() for cell in cells):
            yield _record_or_rejected(number, header, cells)


def _whole_head(stream: Readable) -> io.BufferedReader:
    return io.BufferedReader(_Raw(stream), buffer_size=1 << 17)


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


def _names(text: str, delimiter: str) -> tuple[str, ...]:
    try:
        cells = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
    except csv.Error:
        return ()
    known = {cell: re.sub(r"[\s_-]+", "_", cell.strip().lower()) for cell in cells}
    return tuple(known[cell] if known[cell] in COLUMNS else cell.strip() for cell in cells)


def _not_utf8(error: UnicodeDecodeError) -> UnreadableFile:
    return UnreadableFile(f"it is not UTF-8 (byte 0x{error.object[error.start]:02x}); save it as CSV UTF-8")


def _record_or_rejected(number: int, header: Header, cells: list[str]) -> Parsed:
    pmid = None
    try:
        if len(cells) != len(header.names):
            raise ValueError(f"the row has {len(cells)} cells, the header {len(header.names)}")
        row = dict(zip(header.names, cells, strict=True))
        given = {name: row.get(name, "").strip() for name in COLUMNS}
        pmid = _pmid(given["pmid"])
        return _record(pmid, given)
    except ValueError as error:
        return Rejected(number, pmid, one_line(str(error)))


def _record(pmid: int | None, given: dict[str, str]) -> ArticleRecord:
    if any("\0" in cell for cell in given.values()):
        raise ValueError("the row holds a NUL character")
    return ArticleRecord(
        title=" ".join(given["title"].split()),
        pmid=pmid,
        sections=(Section(given["abstract"]),) if given["abstract"] else (),
        authors=tuple(_author(name) for name in _author_names(given["authors"])),
        journal=given["journal"] or None,
        year=_year(given["year"]),
        doi=_doi(given["doi"]),
        publication_types=_listed(given["publication_types"], lambda name: PublicationType(None, name)),
        mesh=_listed(given["mesh"], _mesh_heading),
    )


def _pmid(text: str) -> int | None:
    if not text:
        return None
    # A spreadsheet with gaps turns whole numbers into 123.0.
    whole = _WHOLE.fullmatch(text)
    number = pmid_number(whole[1]) if whole else None
    if number is None:
        raise ValueError(f"pmid “{text}” is not a number that PubMed gives")
    return number


def _year(text: str) -> int | None:
    if not text:
        return None
    whole = _WHOLE.fullmatch(text)
    if whole is None or not 1500 <= int(whole[1]) <= 2199:
        raise ValueError(f"year “{text}” is not a year")
    return int(whole[1])


def _doi(text: str) -> str | None:
    doi = normal_doi(text) if text else None
    if text and doi is None:
        raise ValueError(f"doi “{text}” is not a DOI")
    return doi


def _listed(text: str, make: Callable[[str], T]) -> tuple[T, ...]:
    return tuple(make(part.strip()) for part in text.split(";") if part.strip())


def _author_names(text: str) -> list[str]:
    # "Smith J, Jones AB." is how PubMed's own CSV lists its authors.
    mark = "," if _COMMA_LIST.fullmatch(text) else ";"
    return [name.strip() for name in text.split(mark) if name.strip()]


def _author(name: str) -> Author:
    """ "Last, Fore" and "Last AB" are taken apart; any other name is kept whole as a last name."""
    last, comma, fore = (part.strip() for part in name.partition(","))
    if comma and last and fore:
        return Author(last=last, fore=fore)
    short = _INITIALS.fullmatch(name)
    return Author(last=short[1], initials=short[2]) if short else Author(last=name)


def _mesh_heading(text: str) -> MeshHeading:
    """As in MEDLINE: "Depressive Disorder/*drug therapy", a star on what is a major topic."""
    descriptor, *qualifiers = (part.strip() for part in text.split("/"))
    return MeshHeading(
        None,
        descriptor.removeprefix("*"),
        descriptor.startswith("*"),
        tuple(MeshQualifier(None, name.removeprefix("*"), name.startswith("*")) for name in qualifiers if name),
    )
