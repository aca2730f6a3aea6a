"""Where a command's answer goes: standard output, or a file that appears whole or not at all."""

import io
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path


def write(output: Path | None, lines: Iterable[str]) -> None:
    """To standard output, or to `output`. Raises OSError when the file cannot be written; what was there stays."""
    if output is None:
        sys.stdout.writelines(lines)
    elif output.exists() and not output.is_file():
        with output.open("w", encoding="utf-8", newline="") as device:  # a pipe or a terminal is not replaced
            device.writelines(lines)
    else:
        _write_whole(output.resolve(), lines)


def _write_whole(output: Path, lines: Iterable[str]) -> None:
    with tempfile.TemporaryDirectory(prefix=f".{output.name}.", dir=output.parent) as folder:
        partial = Path(folder) / output.name
        with partial.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
        if output.exists():
            partial.chmod(output.stat().st_mode & 0o777)
        partial.replace(output)


def speak_utf8() -> None:
    """Standard output is UTF-8 whatever the terminal says, as files are; what is no character is shown escaped."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
