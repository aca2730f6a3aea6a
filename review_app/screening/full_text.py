"""The text of a full text, a string a page: of a PDF with pypdf, of a text file as it stands.

A file comes from anywhere and may take for ever or fall over, so that it is read by a process of its own:
`python -m review_app.screening.full_text` takes the bytes on stdin and answers on stdout, one JSON object.
"""

import json
import sys
from contextlib import suppress
from dataclasses import asdict, dataclass
from io import BytesIO

PDF, TEXT = "application/pdf", "text/plain"
MAX_MEGABYTES, MAX_PAGES, MAX_LETTERS = 50, 2_000, 10_000_000
MAX_MEMORY = 2_000_000_000  # bytes, of the process that reads
_SIGNATURE_WITHIN = 1_024  # bytes before `%PDF-`: Adobe's implementation note 13 to PDF 1.7, followed by all readers


class NoFullText(ValueError):
    """A file that cannot be read as a full text; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class FullText:
    """`pages` of a scan are empty strings."""

    media_type: str
    pages: tuple[str, ...]

    @property
    def has_words(self) -> bool:
        return any(page.strip() for page in self.pages)


def read_full_text(body: bytes) -> FullText:
    """Raises NoFullText for a file that is too large, encrypted, broken, or neither a PDF nor UTF-8 text."""
    if len(body) > MAX_MEGABYTES * 1_000_000:
        size = len(body) / 1_000_000
        raise NoFullText(f"The file has {size:,.0f} MB; up to {MAX_MEGABYTES} MB are taken. Attach a smaller copy.")
    kind, pages = (PDF, _pdf_pages(body)) if b"%PDF-" in body[:_SIGNATURE_WITHIN] else (TEXT, _text_pages(body))
    if sum(map(len, pages)) > MAX_LETTERS:
        raise NoFullText(f"The text has over {MAX_LETTERS:,} characters: that is more than an article.")
    return FullText(kind, tuple(map(_clean, pages)))


def _pdf_pages(body: bytes) -> list[str]:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(BytesIO(body))
        if reader.is_encrypted and not reader.decrypt(""):
            raise NoFullText(_LOCKED)
        if len(reader.pages) > MAX_PAGES:
            raise NoFullText(f"The PDF has {len(reader.pages):,} pages; up to {MAX_PAGES:,} are taken.")
        return [page.extract_text() for page in reader.pages]
    except NoFullText:
        raise
    except DependencyError:  # a cipher that needs a further library
        raise NoFullText(_LOCKED) from None
    except Exception as error:
        raise NoFullText(BROKEN) from error


_LOCKED = "The PDF is encrypted. Save it without a password, then attach that copy."
BROKEN = "The PDF is broken and cannot be read. Download it again, or save it anew from a PDF viewer."


def _text_pages(body: bytes) -> list[str]:
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise NoFullText("The file is neither a PDF nor plain text in UTF-8. Save it as one of them.")
    if not text.strip():
        raise NoFullText("The file is empty.")
    return text.split("\f")


def _clean(page: str) -> str:
    """Without what no database keeps: NUL, and halves of characters that a PDF's fonts may leave."""
    return page.replace("\0", "").encode("utf-8", "replace").decode("utf-8").strip()


def main() -> None:
    try:
        answer: dict[str, object] = asdict(read_full_text(sys.stdin.buffer.read()))
    except NoFullText as trouble:
        answer = {"trouble": str(trouble)}
    json.dump(answer, sys.stdout)


def _bounded() -> None:
    """A small file can hold a page that fills any memory."""
    with suppress(ImportError):  # not everywhere
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


if __name__ == "__main__":
    _bounded()
    main()
