"""A text file of references as the lines of one record after the other, in flat memory."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

LARGEST_RECORD = 4 * 1024 * 1024
LONGEST_LINE = 1 << 20


@dataclass(slots=True)
class RecordLines:
    """One record: the line it begins on (from 1), its lines without their ends; `too_large` ones are not kept whole."""

    begins: int
    lines: list[str] = field(default_factory=list)
    size: int = 0

    @property
    def too_large(self) -> str | None:
        return f"it is larger than {LARGEST_RECORD >> 20} MB" if self.size > LARGEST_RECORD else None

    def add(self, line: str) -> None:
        self.size += len(line)
        if self.size <= LARGEST_RECORD:
            self.lines.append(line)


def records_of(
    text: TextIO, *, begins: re.Pattern[str], ends: re.Pattern[str] | None = None, before_first: bool = True
) -> Iterator[RecordLines]:
    """Records begin on a line that `begins` matches and last until the next such line, or a line that `ends` matches.

    What stands between an end and a beginning is left out; without `before_first`, any line that is not blank begins
    a record there.
    """
    record: RecordLines | None = None
    for number, line in enumerate(_lines(text), 1):
        if begins.match(line):
            if record:
                yield record
            record = RecordLines(number)
        elif ends and ends.match(line):
            if record:
                yield record
            record = None
        elif record is None and not before_first and line.strip():
            record = RecordLines(number)
        if record:
            record.add(line)
    if record:
        yield record


def _lines(text: TextIO) -> Iterable[str]:
    # A line without an end must not be read into memory whole.
    return (line.rstrip("\r\n") for line in iter(lambda: text.readline(LONGEST_LINE), ""))
