"""Word documents as copy. Every document here is made by python-docx, or by hand where it would not make one so."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from review_app.factcheck import word_copy
from review_app.factcheck.extraction import Unreadable, extract
from review_app.factcheck.model import SourceText


def saved(document: Any) -> bytes:
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def kinds(document: SourceText) -> list[tuple[str, str]]:
    return [(block.kind, document.text[block.start : block.end]) for block in document.blocks]


def repacked(content: bytes, changed: Mapping[str, bytes]) -> bytes:
    """The same package with some parts replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, body in changed.items():
            new.writestr(name, body)
    return file.getvalue()


def test_a_word_document_gives_its_words_in_reading_order() -> None:
    copy = docx.Document()
    copy.core_properties.title = "Fast relief"
    copy.add_heading("Ketamine", 1)
    copy.add_paragraph("It may help ").add_run("some people").bold = True
    copy.add_paragraph("Side effects may include:")
    copy.add_paragraph("nausea", style="List Bullet")
    copy.add_paragraph("dizziness", style="List Number")
    table = copy.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Route", "Infusion"
    copy.add_paragraph("“It saved me.”", style="Quote")
    read = extract(saved(copy), name="copy.docx")
    assert read.title == "Fast relief"
    assert kinds(read) == [
        ("heading", "Ketamine"),
        ("paragraph", "It may help some people"),
        ("paragraph", "Side effects may include:"),
        ("list_item", "nausea"),
        ("list_item", "dizziness"),
        ("table_cell", "Route"),
        ("table_cell", "Infusion"),
        ("quote", "“It saved me.”"),
    ]
    assert {block.lead_in for block in read.blocks if block.kind == "list_item"} == {2}


def paragraph(inner: str) -> Any:
    return parse_xml(f"<w:p {nsdecls('w', 'r')}>{inner}</w:p>")


def read_with(inner: str) -> str:
    copy = docx.Document()
    copy.element.body.insert(0, paragraph(inner))
    return extract(saved(copy), name="copy.docx").text


def test_tracked_changes_are_read_as_accepted() -> None:
    words = read_with(
        "<w:r><w:t xml:space='preserve'>Ketamine </w:t></w:r>"
        "<w:del w:id='1'><w:r><w:delText>cures</w:delText></w:r></w:del>"
        "<w:ins w:id='2'><w:r><w:t>may relieve</w:t></w:r></w:ins>"
        "<w:r><w:t xml:space='preserve'> depression.</w:t></w:r>"
    )
    assert words == "Ketamine may relieve depression."


def test_links_are_read_and_field_codes_and_hidden_words_are_not() -> None:
    words = read_with(
        "<w:hyperlink w:anchor='a'><w:r><w:t>Esketamine</w:t></w:r></w:hyperlink>"
        "<w:r><w:instrText>PAGEREF secret</w:instrText></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t> hidden</w:t></w:r>"
        "<w:r><w:br/><w:t>is a nasal spray.</w:t></w:r>"
    )
    assert words == "Esketamine is a nasal spray."


def test_a_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>Works in {}.</w:t></w:r></w:p></w:txbxContent>"
    compatibility = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    words = read_with(
        f"<w:r><mc:AlternateContent {compatibility}><mc:Choice Requires='wps'>{box.format('hours')}</mc:Choice>"
        f"<mc:Fallback>{box.format('hours')}</mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Around it.</w:t></w:r>"
    )
    assert sorted(words.split("\n\n")) == ["Around it.", "Works in hours."]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 and nothing more", "a zipped file that is not whole"),
        (b"Ketamine works.", "named as a Word document and is none; save it again as .docx"),
        (b"\xd0\xcf\x11\xe0 old", "an old Office file, or one with a password, cannot be read"),
    ],
)
def test_what_is_no_word_document_is_said(content: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        extract(content, name="copy.docx")


def test_a_short_line_in_no_style_is_a_heading_as_in_plain_text() -> None:
    copy = docx.Document()
    copy.add_paragraph("How Ketamine Works")
    copy.add_paragraph("Ketamine acts on glutamate receptors.")
    read = extract(saved(copy), name="copy.docx")
    assert [kind for kind, _ in kinds(read)] == ["heading", "paragraph"]


def test_another_zipped_file_is_refused_by_what_it_is() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("readme.txt", "Ketamine")
    with pytest.raises(Unreadable, match=r"a zipped file that is no Word document; accepted are"):
        extract(file.getvalue(), name="copy.zip.docx")


@pytest.mark.parametrize("body", [b"", b"<w:document>", b"not xml", b"<a/>"])
def test_a_broken_part_is_one_clear_line(body: bytes) -> None:
    broken = repacked(saved(docx.Document()), {"word/document.xml": body})
    with pytest.raises(Unreadable, match=r"copy\.docx: a Word document (that is not whole|without a body)"):
        extract(broken, name="copy.docx")


def test_entities_of_a_document_are_not_expanded() -> None:
    bomb = b"""<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>
    <w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Ketamine
    &b;</w:t></w:r></w:p></w:body></w:document>"""
    content = repacked(saved(docx.Document()), {"word/document.xml": bomb})
    assert "haha" not in extract(content, name="copy.docx").text


def test_a_package_that_unpacks_to_too_much_is_refused_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word_copy, "UNPACKED_LIMIT", 200_000)
    content = repacked(saved(docx.Document()), {"word/media/image1.bmp": b"0" * 300_000})
    with pytest.raises(Unreadable, match="it unpacks to more than"):
        extract(content, name="copy.docx")
