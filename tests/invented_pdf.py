"""Small PDFs with invented words, made here: a string a page, an empty one for a page of a scan."""

import re
import zlib
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

PAGES = (
    "Invented trial of ketamine. Sixty adults took part.",
    "Scores fell by 7.4 points at 24 hours. Nausea was common.",
)


def pdf(*pages: str, password: str = "") -> bytes:
    """Encrypted when there is a password."""
    writer = PdfWriter()
    font = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Font"),
            NameObject("/Subtype"): NameObject("/Type1"),
            NameObject("/BaseFont"): NameObject("/Helvetica"),
        }
    )
    for words in pages:
        page = writer.add_blank_page(width=595, height=842)
        page[NameObject("/Resources")] = DictionaryObject(
            {NameObject("/Font"): DictionaryObject({NameObject("/F1"): font})}
        )
        drawn = DecodedStreamObject()
        drawn.set_data(f"BT /F1 11 Tf 60 780 Td ({words}) Tj ET".encode("latin-1") if words else b"")
        page[NameObject("/Contents")] = writer._add_object(drawn)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = BytesIO()
    writer.write(out)
    assert len(PdfReader(BytesIO(out.getvalue())).pages if not password else pages) == len(pages)
    return out.getvalue()


def bomb() -> bytes:
    """A small PDF whose one page unpacks to 100 MB."""
    packed = zlib.compress(b" " * 100_000_000)
    whole = pdf("Before").replace(b"BT /F1 11 Tf 60 780 Td (Before) Tj ET", packed)
    length = re.search(rb"/Length \d+", whole)
    assert length is not None
    return whole.replace(length[0], b"/Filter /FlateDecode /Length %d" % len(packed))
