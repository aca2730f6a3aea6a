"""A check as a Word document, to hand over and to comment on."""

import io
import re
import zipfile
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from docx import Document
from docx.document import Document as WordDocument
from docx.shared import Pt, RGBColor

from review_app.factcheck import marks
from review_app.factcheck.dossier import (
    UNNAMED,
    About,
    Cited,
    Dossier,
    balance_lines,
    checked_line,
    counts,
    dossiers,
    evidence_line,
    listed_line,
    references,
)
from review_app.factcheck.model import Check, Verdict
from review_app.factcheck.topic_data import TopicData

# The colours of the report in a browser (report.css), each at least 4.5 to 1 on white.
_COLOURS: Final[dict[Verdict, RGBColor]] = {
    "supported": RGBColor(0x1B, 0x6E, 0x3C),
    "needs_qualification": RGBColor(0x8A, 0x5A, 0x00),
    "overstated": RGBColor(0xA8, 0x40, 0x0A),
    "insufficient_evidence": RGBColor(0x55, 0x5B, 0x66),
    "contradicted": RGBColor(0xA6, 0x1B, 0x2B),
}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(check: Check, data: TopicData, about: About = UNNAMED) -> bytes:
    """The bytes of a .docx file; the same check gives the same bytes."""
    found, word = dossiers(check, data), Document()
    heading = about.heading(check)
    word.core_properties.title = _plain(heading)[:255]
    word.core_properties.author = "Footnote"
    word.core_properties.created = word.core_properties.modified = check.checked_at.replace(tzinfo=None)
    word.styles["Normal"].font.size = Pt(10.5)
    word.add_heading(_plain(heading), 0)
    _say(word, f"Source: {check.source}")
    _say(word, checked_line(check, about))
    _say(word, marks.NOT_AN_APPROVAL, "Intense Quote")
    _counts(word, check)
    for flag in check.document_flags:
        _say(word, flag.message).runs[0].bold = True
    word.add_heading("Sentences", 1)
    for dossier in found:
        _dossier(word, dossier)
    _balance(word, check, data)
    _references(word, references(found), about)
    return _packed(word, check.checked_at)


def _counts(word: WordDocument, check: Check) -> None:
    total = counts(check)
    table = word.add_table(rows=1, cols=2, style="Light Grid Accent 1")
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Verdict", "Sentences"
    for verdict, words in marks.VERDICT_WORDS.items():
        cells = table.add_row().cells
        cells[0].text, cells[1].text = f"{marks.VERDICT_SIGNS[verdict]} {words}", str(total[verdict])


def _dossier(word: WordDocument, dossier: Dossier) -> None:
    checked = dossier.checked
    verdict: Verdict = checked.verdict or "insufficient_evidence"
    suggestion = checked.basis in {"suggested", "none"}
    shown = f"{marks.VERDICT_WORDS[verdict]}{' (suggestion)' if suggestion else ''}"
    heading = word.add_heading(f"{checked.sentence.index + 1}. ", 2)
    run = heading.add_run(f"{marks.VERDICT_SIGNS[verdict]} {shown}")
    run.font.color.rgb, run.italic = _COLOURS[verdict], suggestion
    _say(word, f"{checked.sentence.text} {_numbers(dossier.cited)}".rstrip(), "Quote")
    for what, text in dossier.lines:
        _point(word, what, text)
    for one in dossier.cited:
        _point(word, f"[{one.number}]", evidence_line(one.evidence), colon=False)
    if dossier.beside:
        _point(word, marks.FOUND_BESIDE, _numbers(dossier.beside))
    for line in dossier.not_held:
        _say(word, line, "List Bullet")


def _balance(word: WordDocument, check: Check, data: TopicData) -> None:
    if not check.balance:
        return
    word.add_heading("Balance", 1)
    for line in balance_lines(check, data):
        _say(word, line, "List Bullet")


def _references(word: WordDocument, cited: Iterable[Cited], about: About) -> None:
    lines = [f"[{one.number}] {listed_line(one.evidence, about)}" for one in cited]
    if lines:
        word.add_heading("References", 1)
    for line in lines:
        _say(word, line)


def _point(word: WordDocument, what: str, text: str, *, colon: bool = True) -> None:
    paragraph = word.add_paragraph(style="List Bullet")
    paragraph.add_run(f"{_plain(what)}{':' if colon else ''} ").bold = True
    paragraph.add_run(_plain(text))


def _say(word: WordDocument, text: str, style: str | None = None) -> Any:
    return word.add_paragraph(_plain(text), style=style)


def _numbers(cited: Iterable[Cited]) -> str:
    return " ".join(f"[{one.number}]" for one in cited)


def _plain(text: str) -> str:
    """Text without the characters that XML has no place for."""
    return " ".join(_NOT_XML.sub(" ", text).split())


def _packed(word: WordDocument, at: datetime) -> bytes:
    """The file, with the time of the check in place of the time of writing in its zip entries."""
    written, packed = io.BytesIO(), io.BytesIO()
    word.save(written)
    with zipfile.ZipFile(written) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, at.timetuple()[:6]), old.read(entry), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
