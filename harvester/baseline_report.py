"""What a person reads of a load of baseline files: while it goes on, and at its end."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from harvester.progress import Bar

if TYPE_CHECKING:
    from harvester.baseline import BaselineReport


@contextmanager
def loading() -> "Iterator[Callable[[str, BaselineReport, bool], None]]":
    """A bar that counts articles on a terminal, a line a file elsewhere."""
    with Bar("PubMed files") as bar:

        def report(name: str, found: "BaselineReport", last: bool) -> None:
            if last or sys.stderr.isatty():
                counted = f"{found.new:,} new, {found.changed:,} changed, {found.unchanged:,} unchanged"
                bar.show(found.kept, None, f"{name} is loaded; {counted} so far")

        yield report


def told(found: "BaselineReport") -> list[str]:
    before = f", {found.left:,} were loaded before" if found.left else ""
    counted = (
        f"{found.new:,} new, {found.changed:,} changed, {found.unchanged:,} unchanged, {found.rejected:,} rejected"
    )
    lines = [f"{found.files:,} files loaded{before}: {counted}"]
    for name, rejected in found.first_rejected:
        pmid = f" (PMID {rejected.pmid})" if rejected.pmid else ""
        lines.append(f"  {name}: record {rejected.position}{pmid} rejected: {rejected.reason}")
    if more := found.rejected - len(found.first_rejected):
        lines.append(f"  and {more:,} more rejected")
    if found.withdrawn:
        lines.append(f"  {found.withdrawn:,} articles were withdrawn by PubMed; they stay, marked as gone")
    if found.absent:
        which = "came with files of an earlier year and are in none of this one's"
        lines.append(f"  {found.absent:,} articles {which}: `harvest sync` asks PubMed about those of its topic")
    return lines
