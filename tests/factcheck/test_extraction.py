import time

import pytest

from review_app.factcheck import extraction
from review_app.factcheck.extraction import Unreadable, extract, from_text
from review_app.factcheck.model import SourceText

PAGE = b"""<!doctype html><html><head><title>Speed &amp; relief</title><script>var x = "Ketamine cures";</script>
<style>p{}</style></head><body><nav><ul><li>Home</li></ul></nav><main><h1>Ketamine</h1>
<p>It may <b>help</b> some people&nbsp;quickly.</p><p>Side effects may include:</p>
<ul><li>nausea</li><li>dizziness</li></ul>
<table><tr><th>Route</th><td>Infusion</td></tr></table><div hidden>secret</div></main>
<footer>Copyright</footer></body></html>"""


def kinds(document: SourceText) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def test_a_web_page_gives_its_words_without_its_furniture() -> None:
    document = extract(PAGE, name="page.html")
    assert document.title == "Speed & relief"
    assert kinds(document) == [
        ("heading", "Ketamine"),
        ("paragraph", "It may help some people quickly."),
        ("paragraph", "Side effects may include:"),
        ("list_item", "nausea"),
        ("list_item", "dizziness"),
        ("table_cell", "Route"),
        ("table_cell", "Infusion"),
    ]


def test_list_items_remember_their_lead_in() -> None:
    document = extract(PAGE, name="page.html")
    items = [block for block in document.blocks if block.kind == "list_item"]
    assert {block.lead_in for block in items} == {2}


def test_a_page_given_as_text_is_still_read_as_a_page() -> None:
    assert extract(PAGE, name="page.txt").title == "Speed & relief"


def test_html_between_the_paragraphs_of_markdown_is_read_as_a_reader_sees_it() -> None:
    text = "Before.\n\n<div>\nKetamine cures depression.\n</div>\n\n- <script>track()</script> Spravato is a cure.\n"
    document = extract(text.encode(), name="copy.md")
    assert "Ketamine cures depression." in document.text
    assert "Spravato is a cure." in document.text
    assert "track()" not in document.text


def test_markdown_loses_its_marks_and_keeps_its_structure() -> None:
    text = (
        b"---\nauthor: Dov\n---\n# Title\n\nIt is **fast** and [cheap](http://example.org).\n\n"
        b"Uses:\n\n- pain\n\n> quoted\n"
    )
    document = extract(text, name="copy.md")
    assert document.title == "Title"
    assert kinds(document) == [
        ("heading", "Title"),
        ("paragraph", "It is fast and cheap."),
        ("paragraph", "Uses:"),
        ("list_item", "pain"),
        ("quote", "quoted"),
    ]
    assert document.blocks[3].lead_in == 2


def test_plain_text_keeps_every_character_where_it_was() -> None:
    text = "Why it helps\n\n\u2022 It is fast.\n"
    assert extract(text.encode(), name="a.txt").text == text


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "Ketamine may help some people whose depression has\n"
        "not improved with other treatments, although the\neffect fades."
    )
    assert [block.kind for block in from_text(wrapped).blocks] == ["paragraph"]


def test_items_under_a_colon_are_read_with_it_even_without_bullets() -> None:
    document = from_text("Common effects may include:\nNausea\nDizziness\nMost effects pass.")
    assert [block.lead_in for block in document.blocks] == [None, 0, 0, None]


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"%PDF-1.7 x", "a.pdf", "a PDF cannot be read"),
        (b"%PDF-1.7 x", "a.txt", "a PDF cannot be read"),
        (b"PK\x03\x04rest", "a.docx", "a zipped file that is not whole"),
        (b"some words", "a.rtf", "files of type .rtf"),
        (b"", "a.txt", "nothing to check"),
        (b" \n ... \n", "a.txt", "nothing to check"),
        (b"<html><body><script>x()</script></body></html>", "a.html", "nothing to check"),
        (b"a\x00b\x00c", "a.txt", "binary content"),
        (b"word " * 50_001, "a.txt", "at most 50,000 words"),
        (b"<meta charset=klingon><p>words here", "a.html", "unknown encoding klingon"),
        (b'<meta charset="utf-8"><p>caf\xe9', "a.html", "says it is utf-8 but is not"),
        (b"<div>" * 300 + b"deep", "a.html", "nested more than"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_clear_line(content: bytes, name: str, says: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        extract(content, name=name)
    assert says in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert name in str(refusal.value)


def test_an_unknown_media_type_is_refused_and_a_known_one_beats_the_name() -> None:
    with pytest.raises(Unreadable, match="application/json"):
        extract(b"{}", name="a.html", media_type="application/json")
    assert extract(b"<p>Some words", name="page", media_type="text/html; charset=utf-8").text == "Some words"


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        ("caf\u00e9 words".encode("utf-16"), None),
        (b"\xef\xbb\xbf" + "caf\u00e9 words".encode(), None),
        ("caf\u00e9 words".encode("cp1252"), None),
        ("caf\u00e9 words".encode("iso-8859-15"), "text/plain; charset=iso-8859-15"),
    ],
)
def test_encodings_are_found_by_mark_declaration_or_fallback(content: bytes, media_type: str | None) -> None:
    assert extract(content, name="a.txt", media_type=media_type).text == "caf\u00e9 words"


@pytest.mark.parametrize(
    "content", [b"<" * 300_000, b"<!--" * 100_000, b"<a " * 100_000, b"<b>x" * 30_000, b"<p>word " * 60_000]
)
def test_a_markup_bomb_is_refused_quickly(content: bytes) -> None:
    began = time.process_time()
    with pytest.raises(Unreadable):
        extract(content, name="bomb.html")
    assert time.process_time() - began < 20


def test_a_long_document_within_the_limit_is_read() -> None:
    text = "Ketamine may help some people. " * 9_000
    assert len(extract(text.encode(), name="long.txt").blocks) == 1
    assert extraction.WORD_LIMIT == 50_000
