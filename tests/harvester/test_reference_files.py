"""A file is recognised by what is in it, or refused with one line; never a silent nothing. All records are invented."""

import gzip
import os
from pathlib import Path

import pytest

from harvester import csv_references
from harvester.pubmed_xml import Rejected
from harvester.records import ArticleRecord, Author, MeshHeading, MeshQualifier, PublicationType, Section
from harvester.reference_files import UnreadableFile, open_reference_file, read_file

XML = (
    b'<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">90000001</PMID><Article>'
    b"<ArticleTitle>Invented</ArticleTitle></Article></MedlineCitation></PubmedArticle></PubmedArticleSet>"
)


def written(folder: Path, data: bytes | str, name: str = "references.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def records(path: Path) -> list[ArticleRecord]:
    return [item for item in read_file(path) if isinstance(item, ArticleRecord)]


def rejected(path: Path) -> list[Rejected]:
    return [item for item in read_file(path) if isinstance(item, Rejected)]


@pytest.mark.parametrize("name", ["set.xml", "set.xml.gz", "set.csv", "set"])
def test_xml_is_recognised_whatever_its_name_and_compressed_or_not(tmp_path: Path, name: str) -> None:
    for data in (XML, gzip.compress(XML)):
        assert [item.pmid for item in records(written(tmp_path, data, name))] == [90000001]


def test_a_row_of_csv_keeps_everything_given(tmp_path: Path) -> None:
    header = "\ufeffPMID,Title,Abstract,Year,Journal,Authors,DOI,Publication Types,MESH,Shelf\r\n"
    row = (
        '90000001,"A title, invented","One.\nTwo.",2021,J Invent,"Lead, Ada; Writer D; Invented Group",'
        'https://doi.org/10.9000/ABC,Review; Letter,"Ketamine/*therapeutic use; *Humans",B7\r\n'
    )
    (record,) = records(written(tmp_path, header + row))
    assert (record.pmid, record.title, record.doi) == (90000001, "A title, invented", "10.9000/abc")
    assert (record.sections, record.year, record.journal) == ((Section("One.\nTwo."),), 2021, "J Invent")
    assert record.authors == (
        Author("Lead", "Ada"),
        Author("Writer", initials="D"),
        Author(collective="Invented Group"),
    )
    assert record.publication_types == (PublicationType(None, "Review"), PublicationType(None, "Letter"))
    assert record.mesh == (
        MeshHeading(None, "Ketamine", False, (MeshQualifier(None, "therapeutic use", True),)),
        MeshHeading(None, "Humans", True),
    )
    assert record.raw is None


def test_columns_that_say_nothing_here_are_reported(tmp_path: Path) -> None:
    assert open_reference_file(written(tmp_path, "Shelf,title,Room\nB7,T,1\n")).ignored_columns == ("Shelf", "Room")


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_comma_semicolon_and_tab_all_delimit(tmp_path: Path, mark: str) -> None:
    text = f'title{mark}pmid{mark}authors\n"A, b; c"{mark}90000001{mark}"Lead A; Ben B"\n'
    (record,) = records(written(tmp_path, text))
    assert (record.title, record.pmid, len(record.authors)) == ("A, b; c", 90000001, 2)


def test_authors_as_pubmed_lists_them_in_its_csv(tmp_path: Path) -> None:
    (record,) = records(written(tmp_path, 'title,authors\nT,"Lead A, van Ben BC."\n'))
    assert record.authors == (Author("Lead", initials="A"), Author("van Ben", initials="BC"))


@pytest.mark.parametrize("row", [",,T", "90000001,,", ",10.9000/x,"])
def test_a_pmid_a_doi_or_a_title_is_enough(tmp_path: Path, row: str) -> None:
    assert len(records(written(tmp_path, f"pmid,doi,title\n{row}\n"))) == 1


def test_numbers_from_a_spreadsheet_with_gaps_are_still_numbers(tmp_path: Path) -> None:
    (record,) = records(written(tmp_path, "pmid,year\n90000001.0,2020.0\n"))
    assert (record.pmid, record.year) == (90000001, 2020)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("abc,2020,,T", "pmid “abc” is not a number"),
        ("-5,2020,,T", "pmid"),
        ("99999999999,2020,,T", "pmid"),
        ("90000001,20x0,,T", "year “20x0” is not a year"),
        ("90000001,0,,T", "year"),
        ("90000001,2020,abc,T", "doi “abc” is not a DOI"),
        (",2020,,", "needs a PMID, a DOI or a title"),
        ("90000001,2020", "2 cells, the header 4"),
        ("90000001,2020,,T,more", "5 cells, the header 4"),
        ('"9"0000001,2020,,T', "not well quoted"),
    ],
)
def test_a_bad_row_is_rejected_with_its_number_and_the_rest_go_on(tmp_path: Path, row: str, reason: str) -> None:
    path = written(tmp_path, f"pmid,year,doi,title\n90000002,2020,,A\n{row}\n\n90000003,2020,,B\n")
    assert [item.pmid for item in records(path)] == [90000002, 90000003]
    (bad,) = rejected(path)
    assert bad.position == 3
    assert reason in bad.reason


def test_a_quote_left_open_says_which_lines_it_swallowed(tmp_path: Path) -> None:
    path = written(tmp_path, 'title\nA\n"B\nC\nD\n')
    assert [item.title for item in records(path)] == ["A"]
    assert "lines 3 to 5" in rejected(path)[0].reason


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"shelf,room\n1,2\n", "no header row with title, pmid or doi"),
        (b"just some words", "no header row"),
        (b"title,Title\na,b\n", "two columns are named title"),
        (b"title\n\0\n", "not text"),
        (b"<html><title>Sign in</title></html>", "HTML page.*Sign in"),
        (b"<?xml version='1.0'?><rss/>", "its root is <rss>"),
        (XML[:-30], "cut short.*get it again"),
        (gzip.compress(XML)[:-9], "gzip file is cut short"),
        (gzip.compress(XML)[:40] + b"damaged!" + gzip.compress(XML)[48:], "damaged"),
        (gzip.compress(gzip.compress(XML)), "compressed twice"),
        (b"PK\x03\x04rest", "spreadsheet or zip"),
        (b"%PDF-1.7", "PDF"),
        (b'[{"title": "T"}]', "JSON of another shape"),
    ],
)
def test_what_cannot_be_imported_is_refused_with_one_line_that_names_the_file(
    tmp_path: Path, data: bytes, reason: str
) -> None:
    path = written(tmp_path, data, "refused.xml")
    with pytest.raises(UnreadableFile, match=reason) as caught:
        list(read_file(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)


def test_a_folder_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="is a folder"):
        read_file(tmp_path)
    with pytest.raises(UnreadableFile, match="no such file"):
        read_file(tmp_path / "missing.xml")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, XML)
    path.chmod(0)
    with pytest.raises(UnreadableFile, match="may not be read"):
        read_file(path)


@pytest.mark.parametrize("start", [b"<PubmedArticleSet>", b"<PubmedArticleSet><PubmedArticle>", b"title\n"])
def test_a_file_made_to_fill_memory_is_stopped(tmp_path: Path, start: bytes) -> None:
    path = written(tmp_path, gzip.compress(start + b" " * 80_000_000), "bomb.gz")
    with pytest.raises(UnreadableFile, match="200 times its size"):
        list(read_file(path))


def test_a_small_file_that_unpacks_to_rows_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_references, "MOST_ROWS", 3)
    assert len(records(written(tmp_path, "title\nA\nB\nC\n"))) == 3
    path = written(tmp_path, gzip.compress(b"title\n" + b"A\n" * 100_000), "set.csv.gz")
    with pytest.raises(UnreadableFile, match="it has more than 3 rows; split it, or export less"):
        records(path)
