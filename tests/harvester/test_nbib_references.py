"""MEDLINE text. All records are invented; the real exports are read when they are there."""

import io
from datetime import date
from pathlib import Path

import pytest
from Bio import Medline

from harvester.nbib_references import read_records
from harvester.parsed import Parsed, Rejected
from harvester.records import ArticleRecord, Author, MeshHeading, MeshQualifier, RegistryId
from harvester.reference_files import open_reference_file

WHOLE = """
PMID- 90000001
OWN - NLM
STAT- MEDLINE
DCOM- 20240110
LR  - 20240211
IS  - 1234-5678 (Print)
VI  - 12
IP  - 3
DP  - 2023 Nov 5
TI  - An invented trial of ketamine whose title goes on in
      the next line.
PG  - 201-9
LID - 10.5555/Invented.1 [doi]
LID - e201 [pii]
AB  - BACKGROUND: First line
      and second line.
FAU - Lindqvist, Astrid B
AU  - Lindqvist AB
AUID- ORCID: 0000-0000-0000-0001
AD  - First Invented Institute, Room 1,
      Town.
AD  - Second Invented Institute.
FAU - Okafor, Ben Jr
AU  - Okafor B Jr
CN  - Invented Depression Research Consortium of Everybody Who Ever Gave an
      Infusion
LA  - eng
SI  - ClinicalTrials.gov/NCT90000001
PT  - Journal Article
PT  - Randomized Controlled Trial
DEP - 20231030
PL  - Nowhere
TA  - Invented J
JT  - Invented journal of psychiatry
MH  - Depressive Disorder, Treatment-Resistant/*drug
      therapy
MH  - *Ketamine/administration & dosage
OT  - *infusion
RIN - Invented J. 2024 Feb;13(2):1. doi: 10.5555/r. PMID:
      90000002
CON - Invented J. 2022;1:1
PMC - PMC90000001
EDAT- 2023/11/01 06:00
SO  - Invented J. 2023.

"""


def read(text: str) -> list[Parsed]:
    return list(read_records(io.StringIO(text)))


def only(text: str) -> ArticleRecord:
    (record,) = read(text)
    assert isinstance(record, ArticleRecord), record
    return record


def test_everything_a_record_says_is_kept() -> None:
    record = only(WHOLE)
    assert (record.pmid, record.doi, record.pmcid) == (90000001, "10.5555/invented.1", "PMC90000001")
    assert record.title == "An invented trial of ketamine whose title goes on in the next line."
    assert record.abstract == "BACKGROUND: First line and second line."
    assert (record.year, record.month, record.day, record.electronic_date) == (2023, 11, 5, date(2023, 10, 30))
    assert (record.journal, record.iso_abbreviation) == ("Invented journal of psychiatry", "Invented J")
    assert (record.volume, record.issue, record.pages, record.issn) == ("12", "3", "201-9", "1234-5678")
    assert (record.status, record.date_revised, record.date_completed) == (
        "MEDLINE",
        date(2024, 2, 11),
        date(2024, 1, 10),
    )
    assert record.date_entered == date(2023, 11, 1)
    assert [kind.name for kind in record.publication_types] == ["Journal Article", "Randomized Controlled Trial"]
    assert record.mesh == (
        MeshHeading(
            None,
            "Depressive Disorder, Treatment-Resistant",
            False,
            (MeshQualifier(None, "drug therapy", True),),
        ),
        MeshHeading(None, "Ketamine", True, (MeshQualifier(None, "administration & dosage"),)),
    )
    assert record.registry_ids == (RegistryId("ClinicalTrials.gov", "NCT90000001"),)
    assert (record.keywords, record.languages, record.raw) == (("infusion",), ("eng",), None)


def test_an_address_belongs_to_the_author_before_it_and_a_long_group_is_one() -> None:
    assert only(WHOLE).authors == (
        Author(
            "Lindqvist",
            "Astrid B",
            "AB",
            orcid="0000-0000-0000-0001",
            affiliations=("First Invented Institute, Room 1, Town.", "Second Invented Institute."),
        ),
        Author("Okafor", "Ben", "B", "Jr"),
        Author(collective="Invented Depression Research Consortium of Everybody Who Ever Gave an Infusion"),
    )


def test_a_notice_is_a_notice_and_a_comment_on_another_says_nothing_against_this_one() -> None:
    retraction, comment = sorted(only(WHOLE).notices, key=lambda each: each.ref_type, reverse=True)
    assert (retraction.kind, retraction.is_subject, retraction.pmid) == ("retraction", True, 90000002)
    assert retraction.source == "Invented J. 2024 Feb;13(2):1. doi: 10.5555/r."
    assert (comment.kind, comment.is_subject, comment.pmid) == ("comment", False, None)


def test_a_season_stays_as_given() -> None:
    record = only("PMID- 90000001\nTI  - T\nDP  - 1998 Dec-1999 Jan\n")
    assert (record.year, record.month, record.medline_date) == (1998, None, "1998 Dec-1999 Jan")


def test_records_without_a_pmid_are_parted_by_the_blank_line() -> None:
    titles = [item.title for item in read("TI  - One\nDP  - 2020\n\nTI  - Two\n") if isinstance(item, ArticleRecord)]
    assert titles == ["One", "Two"]


def test_a_file_that_was_cut_short_gives_no_half_record() -> None:
    first, last = read(WHOLE + WHOLE[: WHOLE.index("and second line")])
    assert isinstance(first, ArticleRecord)
    assert isinstance(last, Rejected)
    assert last.reason.endswith("the file ends before it does; get it again")


@pytest.mark.parametrize(
    ("text", "pmid", "reason"),
    [
        ("PMID- 99999999999\nTI  - T\n", None, "line 1: pmid “99999999999” is not a number that PubMed gives"),
        ("PMID- 12x\nTI  - T\n", None, "pmid “12x”"),
        ("PMID-\nAU  - Nobody A\n", None, "needs a PMID, a DOI or a title"),
        ("PMID- 90000001\nTI  - T \udce9\n", None, "byte 0xe9"),
    ],
)
def test_a_record_that_cannot_be_is_rejected_with_its_place(text: str, pmid: int | None, reason: str) -> None:
    good = "PMID- 90000009\nTI  - Good\n\n"
    before, bad, after = read(good + text + "\n" + good)
    assert isinstance(bad, Rejected)
    assert (bad.position, bad.pmid) == (2, pmid)
    assert reason.replace("line 1", "line 4") in bad.reason
    assert isinstance(before, ArticleRecord)
    assert isinstance(after, ArticleRecord)


@pytest.mark.parametrize("number", [1, 2, 3])
def test_pubmed_s_own_exports_say_what_bio_medline_reads(shared_data: Path, number: int) -> None:
    path = shared_data / "medline" / f"pubmed_result{number}.txt"
    with path.open(encoding="utf-8") as stream:
        expected = list(Medline.parse(stream))  # type: ignore[no-untyped-call]
    file = open_reference_file(path)
    found = list(file.read())
    assert file.kind == "MEDLINE"
    assert len(found) == len(expected) == {1: 1, 2: 4, 3: 1}[number]
    for record, fields in zip(found, expected, strict=True):
        assert isinstance(record, ArticleRecord)
        assert str(record.pmid) == fields["PMID"]
        assert record.title == " ".join(fields["TI"].split())
        assert record.abstract == " ".join(fields["AB"].split())
        assert [f"{a.last}, {a.fore}" for a in record.authors if a.fore] == fields.get("FAU", [])
        assert len(record.authors) == len(fields["AU"])
        assert len(record.mesh) == len(fields["MH"])
        assert str(record.year) == fields["DP"][:4]
        assert (record.journal, record.volume, record.pages) == (fields["JT"], fields["VI"], fields["PG"])
        assert [each.name for each in record.publication_types] == fields["PT"]
