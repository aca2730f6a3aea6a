"""What is read of a file, and what is said of one that cannot be read."""

import io
import json
import sys

import invented_pdf
import pytest

from review_app.screening import full_text
from review_app.screening.full_text import NoFullText, read_full_text


def test_a_pdf_is_a_string_a_page() -> None:
    found = read_full_text(invented_pdf.pdf(*invented_pdf.PAGES))
    assert found.media_type == "application/pdf"
    assert found.pages == invented_pdf.PAGES
    assert found.has_words


def test_a_scan_has_pages_without_words() -> None:
    found = read_full_text(invented_pdf.pdf("", ""))
    assert found.pages == ("", "")
    assert not found.has_words


def test_a_text_file_has_a_page_at_each_form_feed() -> None:
    found = read_full_text("\ufeffFirst page.\fSecond, with ümlaut.".encode())
    assert (found.media_type, found.pages) == ("text/plain", ("First page.", "Second, with ümlaut."))


def test_markup_is_text_and_nothing_else() -> None:
    found = read_full_text(b"<html><script>alert(1)</script></html>")
    assert (found.media_type, found.pages) == ("text/plain", ("<html><script>alert(1)</script></html>",))


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (invented_pdf.pdf("Secret", password="sesame"), "encrypted. Save it without a password"),
        (invented_pdf.pdf("Cut off")[:300], "broken"),
        (b"%PDF-1.7 and nothing more", "broken"),
        (b"\x00\x01\x02", "neither a PDF nor plain text"),
        (b"\xff\xfe\xfa", "neither a PDF nor plain text"),
        (b" \n", "empty"),
        (b"", "empty"),
        (b"a" * 50_000_001, "50 MB; up to 50 MB are taken"),
        (b"a" * 10_000_001, "over 10,000,000 characters"),
    ],
)
def test_what_cannot_be_read_says_why_and_what_to_do(body: bytes, said: str) -> None:
    with pytest.raises(NoFullText, match=said):
        read_full_text(body)


def test_too_many_pages_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "MAX_PAGES", 1)
    with pytest.raises(NoFullText, match="2 pages; up to 1"):
        read_full_text(invented_pdf.pdf("One", "Two"))


def test_what_no_database_keeps_is_left_out() -> None:
    assert full_text._clean("a\0b \ud835") == "ab ?"


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"Words.", {"media_type": "text/plain", "pages": ["Words."]}),
        (b"", {"trouble": "The file is empty."}),
    ],
)
def test_the_process_answers_in_json(
    body: bytes, answer: dict[str, object], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(body)))
    full_text.main()
    assert json.loads(capsys.readouterr().out) == answer
