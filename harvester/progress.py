"""What a person sees while a harvest goes on: a bar on a terminal, one line a batch elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from harvester.sync import Progress


class Bar:
    """A bar on stderr when that is a terminal, else lines."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.bar: Any = None

    def __enter__(self) -> Self:
        return self

    def show(self, done: int, total: int | None, line: str) -> None:
        if not sys.stderr.isatty():
            _say(line)
            return
        from tqdm import tqdm

        self.bar = self.bar if self.bar is not None else tqdm(total=total, desc=self.name, unit=" articles")
        self.bar.total = total
        self.bar.update(done - self.bar.n)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.bar is not None:
            self.bar.close()


@contextmanager
def shown() -> "Iterator[Callable[[Progress], None]]":
    """Reports of a sync, shown."""
    with Bar("PubMed") as bar:

        def report(progress: "Progress") -> None:
            if progress.phase == "fetching":
                counted = f"{progress.new} new, {progress.changed} changed"
                bar.show(progress.done, progress.total, f"fetched {progress.done} of {progress.total} ({counted})")
            elif progress.phase == "listing" and not sys.stderr.isatty():
                _say("asking PubMed what there is")

        yield report


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
    sys.stderr.flush()
