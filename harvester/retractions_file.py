"""The file of the Retraction Watch database, as Crossref publishes it: CSV → its rows about articles that are wanted.

It is read as it is: an extra comma at the end of header and rows, dates in American order, 0 or nothing for a missing
PMID, `unavailable` for a missing DOI, lists that end in `;`, reasons that begin with `+`. A file that cannot be the
whole one is not believed. (Fields and reasons: Retraction Watch Database User Guide, appendices A and B.)
"""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from db.integrity import REINSTATEMENT
from harvester.errors import HarvestError
from harvester.identifiers import normal_doi, pmid_number
from harvester.publication_dates import whole_date

NAME = "Retraction Watch"
FIRST = "Record ID"
NEEDED = (
    *(FIRST, "RetractionDate", "RetractionDOI", "RetractionPubMedID"),
    *("OriginalPaperDOI", "OriginalPaperPubMedID", "RetractionNature", "Reason"),
)
KINDS: Mapping[str, str] = {
    "retraction": "retraction",
    "expression of concern": "expression_of_concern",
    "correction": "erratum",
    "reinstatement": REINSTATEMENT,
}
REPLACED = "retract and replace"
# More than one row in a hundred that cannot be read: it is some other file.
MOST_REJECTED = 0.01
LONGEST_LINE = 1 << 20
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b")
ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})\b")


class NotTheFile(HarvestError):
    """What came is not the whole file; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """`pmid` and `doi` are those of the paper, `notice_pmid` and `notice_doi` of what was published about it."""

    record: int
    kind: str
    pmid: int | None
    doi: str | None
    notice_pmid: int | None
    notice_doi: str | None
    dated: date | None
    reasons: tuple[str, ...]


@dataclass(slots=True)
class WatchFile:
    """The wanted rows by record, how many rows there are at all, and how many of these could not be read."""

    rows: dict[int, Row] = field(default_factory=dict)
    count: int = 0
    rejected: int = 0


def is_the_file(head: bytes) -> bool:
    """Whether a file that begins so can be it."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip(b'"').startswith(FIRST.encode())


def read_file(file: BinaryIO, wanted: Callable[[int | None, str | None], bool]) -> WatchFile:
    """Reads the file from its beginning, in flat memory; keeps rows whose PMID or DOI is `wanted`.

    Raises `NotTheFile`.
    """
    file.seek(0)
    text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
    try:
        return _read(csv.reader(_lines(text)), wanted)
    except csv.Error as error:
        raise NotTheFile(f"the file of {NAME} cannot be read: {error}") from None
    finally:
        text.detach()


def _read(reader: Iterator[list[str]], wanted: Callable[[int | None, str | None], bool]) -> WatchFile:
    header = next(reader, [])
    if missing := [name for name in NEEDED if name not in header]:
        raise NotTheFile(f"the file of {NAME} has no column {', '.join(missing)}")
    places = [header.index(name) for name in NEEDED]
    named = len(header) - (header[-1] == "")
    found, whole = WatchFile(), True
    for values in reader:
        if not values:
            continue
        found.count += 1
        whole = named <= len(values) <= named + 1
        row = _row([values[place] for place in places]) if whole else None
        if row is None:
            found.rejected += 1
        elif wanted(row.pmid, row.doi):
            found.rows[row.record] = row
    if not whole:
        raise NotTheFile(f"the file of {NAME} was cut short in its row {found.count:,}")
    if found.rejected > found.count * MOST_REJECTED:
        raise NotTheFile(f"{found.rejected:,} of {found.count:,} rows in the file of {NAME} cannot be read")
    return found


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE):
        if len(line) == LONGEST_LINE:
            raise NotTheFile(f"the file of {NAME} has a line without an end")
        yield line.replace("\0", "")  # PostgreSQL stores none


def _row(values: Sequence[str]) -> Row | None:
    record, dated, notice_doi, notice_pmid, doi, pmid, nature, reasons = (value.strip() for value in values)
    number = pmid_number(record)
    if number is None or not nature:
        return None
    listed = tuple(part.strip().removeprefix("+") for part in reasons.split(";") if part.strip())
    return Row(
        number,
        _kind(nature, listed),
        pmid_number(pmid),
        normal_doi(doi),
        pmid_number(notice_pmid),
        normal_doi(notice_doi),
        _date(dated),
        listed,
    )


def _kind(nature: str, reasons: Sequence[str]) -> str:
    """What sort of notice it is; a nature that nobody knew when this was written is a kind of its own."""
    if nature.lower() == "retraction" and REPLACED in (reason.lower() for reason in reasons):
        return "retracted_and_republished"
    return KINDS.get(nature.lower()) or re.sub(r"\W+", "_", nature.lower()).strip("_")[:40] or "notice"


def _date(text: str) -> date | None:
    if found := AMERICAN.match(text):
        month, day, year = found.groups()
    elif found := ISO.match(text):
        year, month, day = found.groups()
    else:
        return None
    return whole_date(year, month, day)
