"""What a command is given to read: a document, standard input, a file of lines."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


class Failed(Exception):
    """A command that was not carried out; the message says what happened and what to do next."""


@dataclass(frozen=True, slots=True)
class Given:
    """A SOURCE: what it is called, its bytes, and what the server that gave it says it is."""

    name: str
    body: bytes
    media_type: str | None = None


def read_source(source: str) -> Given:
    """A file, a page by its address, or standard input (-). Raises Failed."""
    if source == "-":
        return Given("standard input", sys.stdin.buffer.read())
    if source.startswith(("http://", "https://")):
        return _fetched(source)
    path = Path(source)
    with _named(path):
        return Given(path.name, path.read_bytes())


def _fetched(url: str) -> Given:
    # Imported here because few sources are addresses.
    from review_app import web

    try:
        page = web.fetch(url, public_only=False)
    except web.NotFetched as problem:
        raise Failed(str(problem)) from None
    return Given(page.url, page.body, page.media_type or "text/html")


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
