"""Files in the encodings that Windows and old exports use: read right, or said. All records are invented."""

import gzip
from pathlib import Path

import pytest

from harvester.parsed import Rejected
from harvester.records import ArticleRecord
from harvester.reference_files import ReferenceFile, UnreadableFile, open_reference_file

TITLE = "Dépression à l’hôpital"
FILES = {
    "MEDLINE": f"PMID- 90000001\nTI  - {TITLE}\n",
    "RIS": f"TY  - JOUR\nTI  - {TITLE}\nER  - \n",
    "EndNote export": f"%0 Journal Article\n%T {TITLE}\n",
    "BibTeX": f"@article{{a,\n  title = {{{TITLE}}}\n}}\n",
    "CSV": f"pmid,title\n90000001,{TITLE}\n",
    "JSON lines": f'{{"pmid": 90000001, "title": "{TITLE}", "abstract": ""}}\n',
}


def opened(folder: Path, data: bytes) -> tuple[ReferenceFile, list[str]]:
    path = folder / "file.dat"
    path.write_bytes(data)
    file = open_reference_file(path)
    return file, [item.title for item in file.read() if isinstance(item, ArticleRecord)]


@pytest.mark.parametrize("kind", FILES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_every_format_in_every_encoding_also_compressed(
    tmp_path: Path, kind: str, encoding: str, line_end: str
) -> None:
    text = ("\n" if kind == "MEDLINE" else "") + FILES[kind]
    data = text.replace("\n", line_end).encode(encoding)
    for each in (data, gzip.compress(data)):
        file, titles = opened(tmp_path, each)
        assert (file.kind, titles) == (kind, [TITLE])
        said = [note for note in file.notes if "Windows-1252" in note]
        assert len(said) == (encoding == "cp1252")


def test_a_mac_s_line_ends_end_lines(tmp_path: Path) -> None:
    assert opened(tmp_path, FILES["RIS"].replace("\n", "\r").encode())[1] == [TITLE]


def test_one_broken_letter_in_utf8_rejects_its_record_and_no_other(tmp_path: Path) -> None:
    good = FILES["RIS"].encode()
    bad = b"TY  - JOUR\nTI  - Caf\xe9\nER  - \n"
    path = tmp_path / "file.ris"
    path.write_bytes(good * 3 + bad + good)
    file = open_reference_file(path)
    assert file.notes == ("it is UTF-8 with 1 bytes that are not; records with them are rejected",)
    (rejected,) = [item for item in file.read() if isinstance(item, Rejected)]
    assert (rejected.position, "byte 0xe9" in rejected.reason) == (4, True)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n" + bytes(range(256)), b"\0\0\0\1" * 50, bytes([0x81, 0x8D] * 50)])
def test_bytes_that_are_no_text_are_refused_with_the_formats_named(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"RIS|not text|spreadsheet"):
        opened(tmp_path, data)


def test_a_file_that_is_none_of_these_is_one_line_that_names_them(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile) as raised:
        opened(tmp_path, b"1. J Invent. 2024;1:1.\n\nAn invented title.\n\nLindqvist A.\n")
    message = str(raised.value)
    assert "\n" not in message
    for name in ("PubMed XML", ".nbib", "RIS", "EndNote", "BibTeX", "JSON lines", "title, pmid or doi"):
        assert name in message
