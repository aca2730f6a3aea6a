"""RIS to article records, in the dialects of Zotero, EndNote, Mendeley, Ovid, Embase, Scopus and Cochrane; rispy reads
the fields. EndNote's tagged export ("%0") is read as the same fields under other names.

Field names: the RIS specification of Reference Manager (2011). `raw` stays empty: a reference says less than PubMed.
"""

import re
from collections.abc import Iterator
from string import ascii_uppercase, digits
from typing import Any, ClassVar, TextIO

from rispy import RisParser  # type: ignore[import-untyped]

from harvester.not_pubmed import one_line
from harvester.parsed import Parsed, Rejected
from harvester.record_lines import RecordLines, records_of
from harvester.ris_fields import Fields, record_of

RECOGNISED = re.compile(r"(?:[^\n]{0,400}\n){0,20}?\s{0,8}TY {1,2}- ?\w")
RECOGNISED_ENDNOTE = re.compile(r"\s*%0 \S")

_BEGINS = re.compile(r"\s{0,8}TY {1,2}-")
_ENDS = re.compile(r"\s{0,8}ER {1,2}-")
_LINE = re.compile(r"\s{0,8}([A-Z][A-Z0-9]) {1,2}-(?: (.*)|)$")
_ENDNOTE_BEGINS = re.compile(r"%0 ")
_ENDNOTE_LINE = re.compile(r"%(\S) (.*)")
_BLANK = re.compile(r"$")
_EVERY_TAG = [first + second for first in ascii_uppercase for second in ascii_uppercase + digits]
# EndNote, "EndNote export" tags, to those of RIS.
_ENDNOTE = {
    "0": "TY",
    "T": "TI",
    "A": "AU",
    "D": "PY",
    "8": "DA",
    "J": "JF",
    "B": "T2",
    "V": "VL",
    "N": "IS",
    "P": "SP",
    "X": "AB",
    "K": "KW",
    "M": "AN",
    "R": "DO",
    "U": "UR",
    "W": "DP",
    "~": "DB",
    "@": "SN",
    "G": "LA",
    "9": "M3",
    "Z": "N1",
    "Q": "OT",
    "E": "A2",
    "+": "AD",
    "2": "C2",
}


class _Tags(RisParser):  # type: ignore[misc]
    """Every tag as a list of its lines; rispy keeps one value of the tags that its standard has once."""

    PATTERN = ""
    DEFAULT_MAPPING: ClassVar[dict[str, str]] = {tag: tag for tag in _EVERY_TAG}
    DEFAULT_LIST_TAGS: ClassVar[list[str]] = _EVERY_TAG
    DEFAULT_DELIMITER_MAPPING: ClassVar[dict[str, str]] = {}

    def parse_line(self, line: str) -> Any:
        found = _LINE.match(line)
        return (found[1], (found[2] or "").strip()) if found else (None, line.strip())


def read_records(text: TextIO) -> Iterator[Parsed]:
    """The records of a RIS file; one that cannot be read is Rejected with its number and its first line."""
    for number, record in enumerate(records_of(text, begins=_BEGINS, ends=_ENDS, must_end=True), 1):
        yield _read(number, record, _fields)


def read_endnote(text: TextIO) -> Iterator[Parsed]:
    """The records of EndNote's tagged export."""
    for number, record in enumerate(records_of(text, begins=_ENDNOTE_BEGINS), 1):
        yield _read(number, record, _endnote_fields)


def _read(number: int, record: RecordLines, fields_of: Any) -> Parsed:
    try:
        if why := record.unusable:
            raise ValueError(why)
        return record_of(fields_of(record.lines))
    except ValueError as error:
        return Rejected(number, None, f"line {record.begins}: {one_line(str(error))}")


def _fields(lines: list[str]) -> Fields:
    kind, *rest = [line for line in lines if line.strip()]
    (found,) = _Tags().parse_lines(iter(["TY  - " + kind.partition("-")[2].strip(), *rest, "ER  - "]))
    return {tag: values if isinstance(values, list) else [values] for tag, values in found.items()}


def _endnote_fields(lines: list[str]) -> Fields:
    fields: Fields = {}
    tag = ""
    for line in lines:
        if found := _ENDNOTE_LINE.match(line):
            tag = _ENDNOTE.get(found[1], "")
            fields.setdefault(tag, []).append(found[2].strip())
        elif line.strip() and tag:
            fields[tag].append(line.strip())
    return fields
