"""Where a command's answer goes: standard output, or a file that appears whole or not at all."""

import io
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from review_app.source_file import Failed


def write(output: Path | None, lines: Iterable[str]) -> None:
    """To standard output, or to `output`. Raises Failed when the file cannot be written; what was there stays."""
    if output is None:
        sys.stdout.writelines(lines)
        return
    with _place(output) as place, place.open("w", encoding="utf-8", newline="") as file:
        file.writelines(lines)


def write_file(output: Path | None, content: bytes) -> None:
    """Bytes, as `write` writes text."""
    if output is None:
        sys.stdout.buffer.write(content)
        return
    with _place(output) as place:
        place.write_bytes(content)


@contextmanager
def _place(output: Path) -> Iterator[Path]:
    """Where to write so that `output` is whole or as it was; a pipe or a terminal is not replaced but written to."""
    try:
        if output.exists() and not output.is_file():
            yield output
        else:
            with _whole(output.resolve()) as partial:
                yield partial
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Failed(f"{output} cannot be written: {error.strerror}; name a place you can write") from error


@contextmanager
def _whole(output: Path) -> Iterator[Path]:
    """A file beside `output` that takes its place when it was written without error."""
    with tempfile.TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as folder:
        partial = Path(folder) / output.name
        yield partial
        if output.exists():
            partial.chmod(output.stat().st_mode & 0o777)
        partial.replace(output)


def speak_utf8() -> None:
    """Standard output is UTF-8 whatever the terminal says, as files are; what is no character is shown escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
