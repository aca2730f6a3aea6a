"""What a command is given to read: a document, standard input, a file of lines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Failed(Exception):
    """A command that was not carried out; the message says what happened and what to do next."""


def read_source(source: str) -> tuple[str, bytes]:
    """The name and the bytes of a SOURCE. Raises Failed."""
    if source == "-":
        return "standard input", sys.stdin.buffer.read()
    if source.startswith(("http://", "https://")):
        raise Failed(f"{source}: addresses are not fetched; save the page as .html and check the file")
    path = Path(source)
    with _named(path):
        return path.name, path.read_bytes()


def text_of(path: Path) -> str:
    """A file as UTF-8 text. Raises Failed."""
    with _named(path):
        try:
            return path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError:
            raise Failed(f"{path} is not UTF-8 text; save it as UTF-8") from None


def lines_of(path: Path) -> list[str]:
    """One a line; only a line feed ends a line, so that a form feed within a query does not make two of it."""
    text = text_of(path)
    return text.removesuffix("\n").split("\n") if text else []


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Says which file could not be read, and why."""
    try:
        yield
    except OSError as error:
        raise Failed(f"{path} cannot be read: {error.strerror}; check the name and its permissions") from error
