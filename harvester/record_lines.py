"""A text file of references as the lines of one record after the other, in flat memory."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from harvester.text_encoding import undecoded

LARGEST_RECORD = 4 * 1024 * 1024
LONGEST_LINE = 1 << 20


@dataclass(slots=True)
class RecordLines:
    """One record: the line it begins on (from 1) and its lines without their ends; a too large one is not kept whole.

    `cut`: the file ends where the record should have gone on.
    """

    begins: int
    lines: list[str] = field(default_factory=list)
    size: int = 0
    cut: bool = False

    @property
    def unusable(self) -> str | None:
        """Why the record cannot be read, whatever is in it."""
        if self.size > LARGEST_RECORD:
            return f"it is larger than {LARGEST_RECORD >> 20} MB"
        if self.cut:
            return "the file ends before it does; get it again"
        return undecoded("\n".join(self.lines))

    def add(self, line: str) -> None:
        self.size += len(line)
        if self.size <= LARGEST_RECORD:
            self.lines.append(line)


def records_of(
    text: TextIO,
    *,
    begins: re.Pattern[str],
    ends: re.Pattern[str] | None = None,
    before_first: bool = True,
    must_end: bool = False,
) -> Iterator[RecordLines]:
    """Records begin on a line that `begins` matches and last until the next such line, or a line that `ends` matches.

    What stands between an end and a beginning is left out; without `before_first`, any line that is not blank begins
    a record there. With `must_end`, a last record that nothing ends is cut.
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
        record.cut = must_end
        yield record


def _lines(text: TextIO) -> Iterable[str]:
    # A line without an end must not be read into memory whole.
    return (line.rstrip("\r\n") for line in iter(lambda: text.readline(LONGEST_LINE), ""))
