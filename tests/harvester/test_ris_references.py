"""RIS in the dialects of the tools that write it. All records are invented; real exports are read when there."""

import io
from pathlib import Path

import pytest
import rispy  # type: ignore[import-untyped]
from imported_references import import_twice
from sqlalchemy import Engine

from harvester.parsed import Parsed, Rejected
from harvester.records import ArticleRecord, Author
from harvester.reference_files import open_reference_file
from harvester.ris_references import read_endnote, read_records


def read(*lines: str) -> list[Parsed]:
    return list(read_records(io.StringIO("\n".join(("TY  - JOUR", *lines, "ER  - ")) + "\n")))


def only(*lines: str) -> ArticleRecord:
    (record,) = read(*lines)
    assert isinstance(record, ArticleRecord), record
    return record


def reason(*lines: str) -> str:
    (rejected,) = read(*lines)
    assert isinstance(rejected, Rejected), rejected
    return rejected.reason


def test_zotero() -> None:
    record = only(
        "TI  - Invented title",
        "AU  - Lindqvist, Astrid",
        "AU  - Invented Study Group",
        "T2  - Invented journal of psychiatry",
        "J2  - Invented J",
        "AB  - One  two.",
        "DA  - 2019/10//undefined",
        "PY  - 2019",
        "DO  - 10.5555/A",
        "SP  - 121",
        "EP  - 128",
        "SN  - 1234-5678 8765-4321",
        "KW  - one",
        "KW  - two; three",
        "N1  - PMID: 90000001\nPMCID: PMC900",
    )
    assert (record.pmid, record.doi, record.pmcid, record.pages) == (90000001, "10.5555/a", "PMC900", "121-128")
    assert (record.year, record.month, record.day, record.medline_date) == (2019, 10, None, None)
    assert (record.journal, record.iso_abbreviation) == ("Invented journal of psychiatry", "Invented J")
    assert record.authors == (Author("Lindqvist", "Astrid"), Author(collective="Invented Study Group"))
    assert (record.keywords, record.issn, record.abstract) == (("one", "two; three"), "1234-5678", "One two.")


def test_endnote_s_ris_has_keywords_and_notes_over_many_lines() -> None:
    record = only(
        "AB  - A.",
        "AN  - 90000001",
        "AU  - Lindqvist, A. B.",
        "AU  - The Invented Ones,",
        "DA  - Mar 1",
        "DP  - NLM",
        "KW  - Animals",
        "Ketamine/*pharmacology",
        "",
        "N1  - 1179-1926",
        "Comment in: J Invent. 2012;1:1. PMID: 90000077",
        "PY  - 2018",
        "SP  - 349-69",
        "T2  - J Invent",
        "TI  - T",
    )
    assert record.pmid == 90000001, "the note cites another article"
    assert record.keywords == ("Animals", "Ketamine/*pharmacology")
    assert (record.year, record.month, record.day, record.pages) == (2018, 3, 1, "349-69")
    assert record.authors == (Author("Lindqvist", initials="AB"), Author(collective="The Invented Ones"))


def test_ovid_mendeley_and_old_tags() -> None:
    ovid = only(
        *("T1  - T", "A1  - Smith, John A", "Y1  - 2011//", "N2  - Text.", "JF  - Journal", "JA  - J"),
        *("DB  - Ovid MEDLINE(R)", "AN  - 90000001", "UR  - https://dx.doi.org/10.5555/OV", "PT  - Review"),
    )
    assert (ovid.title, ovid.pmid, ovid.doi, ovid.year) == ("T", 90000001, "10.5555/ov", 2011)
    assert (ovid.journal, ovid.iso_abbreviation, ovid.abstract) == ("Journal", "J", "Text.")
    assert [kind.name for kind in ovid.publication_types] == ["Review"]
    mendeley = only(
        "T1  - T", "UR  - https://www.ncbi.nlm.nih.gov/pubmed/90000002", "M3  - 10.5555/x", "PY  - 2014/05/"
    )
    assert (mendeley.pmid, mendeley.month, mendeley.publication_types) == (90000002, 5, ())


@pytest.mark.parametrize(
    ("lines", "pmid"),
    [
        (("DB  - Scopus", "C2  - 90000001"), 90000001),
        (("DB  - Embase", "AN  - 620012345", "C5  - 90000001"), 90000001),
        (("DB  - Embase", "AN  - 620012345"), None),
        (("DB  - PsycINFO", "AN  - 2012123"), None),
        (("AN  - 12345678",), None),
        (("C3  - PUBMED 90000001,EMBASE 12345",), 90000001),
        (("AB  - As we wrote before, PMID: 90000001",), None),
        (("N1  - Erratum in: J Invent. PMID: 90000001",), None),
    ],
)
def test_a_pmid_is_taken_only_where_it_is_this_article_s(lines: tuple[str, ...], pmid: int | None) -> None:
    assert only("TI  - T", *lines).pmid == pmid


def test_what_cannot_be_is_rejected_with_its_line() -> None:
    assert reason("AU  - Nobody") == "line 1: a record needs a PMID, a DOI or a title"
    assert "more than one PMID (90000001, 90000002)" in reason("TI  - T", "PM  - 90000001", "N1  - PMID: 90000002")
    assert "pmid “99999999999” is not a number" in reason("TI  - T", "N1  - PMID: 99999999999")
    assert "doi “abc” is not a DOI" in reason("TI  - T", "DO  - abc")
    assert only("TI  - T", "DO  - n/a").doi is None


def test_records_without_an_end_and_words_between_records_do_no_harm() -> None:
    text = "Provider: Invented\n\n1.\nTY  - JOUR\nTI  - One\nTY  - BOOK\nT1  - Two\nER  -\nnoise\n"
    text += "TY  - JOUR\nTI  - Three\nER  - "
    assert [each.title for each in read_records(io.StringIO(text)) if isinstance(each, ArticleRecord)] == [
        "One",
        "Two",
        "Three",
    ]


def test_a_file_that_was_cut_short_gives_no_half_record() -> None:
    text = "TY  - JOUR\nTI  - One\nER  - \n\nTY  - JOUR\nTI  - Two\nAB  - Half of an ab"
    bad = [each for each in read_records(io.StringIO(text)) if isinstance(each, Rejected)]
    assert [(each.position, each.reason) for each in bad] == [(2, "line 5: the file ends before it does; get it again")]


def test_a_group_without_a_known_word_and_a_name_that_is_one_word_are_kept_whole() -> None:
    record = only("TI  - T", "AU  - Smith JA", "AU  - Plato", "AU  - van der Berg, Jan, Jr", "AU  - Ng, A.-B.")
    assert record.authors == (
        Author("Smith", initials="JA"),
        Author("Plato"),
        Author("van der Berg", "Jan", suffix="Jr"),
        Author("Ng", initials="AB"),
    )


def test_endnote_s_tagged_export() -> None:
    text = (
        "%0 Journal Article\n%T Invented title\n%A Lindqvist, Astrid\n%A Okafor, Ben\n%D 2020\n%J J Invent\n%V 1\n"
        "%N 2\n%P 3-4\n%X An abstract\nover two lines.\n%K one\ntwo\n%R 10.5555/en\n%M 90000001\n%W NLM\n\n"
        "%0 Journal Article\n%T Second\n"
    )
    first, second = read_endnote(io.StringIO(text))
    assert isinstance(first, ArticleRecord)
    assert (first.title, first.pmid, first.doi, first.year) == ("Invented title", 90000001, "10.5555/en", 2020)
    assert (first.volume, first.issue, first.pages) == ("1", "2", "3-4")
    assert (first.keywords, len(first.authors)) == (("one", "two"), 2)
    assert isinstance(second, ArticleRecord)


def test_a_retraction_that_our_own_export_notes_is_not_lost() -> None:
    record = only("TI  - T", "N1  - RETRACTED: see PMID 90000002 (J Invent); PMID 90000003 (record read on 2026-01-01)")
    assert record.pmid is None
    assert [(each.kind, each.is_subject) for each in record.notices] == [("retraction", True)]


@pytest.mark.parametrize(("name", "with_pmid"), [("asreview_pubmed_zotero.ris", 0), ("asreview_pubmed_endnote.txt", 6)])
def test_real_exports_are_read_whole_and_twice_changes_nothing(
    shared_data: Path, sqlite_engine: Engine, name: str, with_pmid: int
) -> None:
    path = shared_data / "medline" / name
    with path.open(encoding="utf-8") as stream:
        expected = rispy.load(stream)
    found = list(open_reference_file(path).read())
    assert len(found) == len(expected) == 6
    for record, fields in zip(found, expected, strict=True):
        assert isinstance(record, ArticleRecord)
        assert record.title == " ".join(fields["title"].split())
        assert record.abstract == " ".join(fields["abstract"].split())
        assert [each.last for each in record.authors] == [each.partition(",")[0] for each in fields["authors"]]
        assert (record.doi, str(record.year)) == (fields["doi"].lower(), fields["year"])
        assert record.journal == fields["secondary_title"]
    assert sum(isinstance(each, ArticleRecord) and each.pmid is not None for each in found) == with_pmid
    first, second = import_twice(sqlite_engine, path)
    assert (first.new, first.rejected) == (6, 0)
    assert (second.new, second.changed, second.unchanged) == (0, 0, 6)
