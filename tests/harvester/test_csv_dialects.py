"""CSV as PubMed and the tools of reviewers write it. All records are invented."""

from pathlib import Path

import pytest

from harvester.parsed import Rejected
from harvester.records import ArticleRecord, Author
from harvester.reference_files import open_reference_file, read_file

PUBMED = (
    "\ufeffPMID,Title,Authors,Citation,First Author,Journal/Book,Publication Year,Create Date,PMCID,NIHMS ID,DOI\r\n"
    '"90000001","Invented title.","Lindqvist A, Okafor BC.","J Invent. 2024 May 3;12(3):201-209. doi: 10.5555/p.",'
    '"Lindqvist A","J Invent","2024","2024/05/04","PMC90000001","","10.5555/p"\r\n'
)


def only(folder: Path, text: str) -> ArticleRecord:
    path = folder / "x.csv"
    path.write_text(text, encoding="utf-8", newline="")
    (record,) = read_file(path)
    assert isinstance(record, ArticleRecord), record
    return record


def test_pubmed_s_own(tmp_path: Path) -> None:
    record = only(tmp_path, PUBMED)
    assert (record.pmid, record.doi, record.pmcid, record.year) == (90000001, "10.5555/p", "PMC90000001", 2024)
    assert (record.journal, record.volume, record.issue, record.pages) == ("J Invent", "12", "3", "201-209")
    assert record.authors == (Author("Lindqvist", initials="A"), Author("Okafor", initials="BC"))
    assert str(record.date_entered) == "2024-05-04"
    assert open_reference_file(tmp_path / "x.csv").ignored_columns == ("First Author", "NIHMS ID")


@pytest.mark.parametrize(
    ("text", "authors"),
    [
        (  # ASReview
            'primary_title,notes_abstract,first_authors,publication_year,doi,included\nT,A,"Ng, A.; Ek, B.",2020,,1\n',
            (Author("Ng", initials="A"), Author("Ek", initials="B")),
        ),
        (  # Rayyan
            "key,title,year,month,journal,issn,volume,issue,pages,authors,url,abstract,notes,pubmed_id\n"
            'rayyan-1,T,2020,5,J,,1,2,3-4,"Ng, Ada and Ek, Bo",,A,RAYYAN-INCLUSION,90000001\n',
            (Author("Ng", "Ada"), Author("Ek", "Bo")),
        ),
        (  # Covidence
            "Title,Authors,Abstract,Published Year,Published Month,Journal,Volume,Issue,Pages,Accession Number,DOI,Ref,"
            'Covidence #,Study,Notes,Tags\nT,"Ng, A.; Ek, B.",A,2020,,J,1,2,3-4,620012345,10.5555/c,,#12,Ng 2020,,\n',
            (Author("Ng", initials="A"), Author("Ek", initials="B")),
        ),
        (  # Zotero
            '"Key","Item Type","Publication Year","Author","Title","Publication Title","DOI","Url","Abstract Note",'
            '"Extra"\n"K1","journalArticle","2020","Ng, Ada; Ek, Bo","T","J","","","A","PMID: 90000001"\n',
            (Author("Ng", "Ada"), Author("Ek", "Bo")),
        ),
        (  # Scopus
            "Authors,Title,Year,Source title,Volume,Issue,Page start,Page end,DOI,Abstract,PubMed ID\n"
            '"Ng A., Ek B.C.",T,2020,J,1,2,3,4,,A,90000001\n',
            (Author("Ng", initials="A"), Author("Ek", initials="BC")),
        ),
    ],
    ids=["ASReview", "Rayyan", "Covidence", "Zotero", "Scopus"],
)
def test_the_headers_of_others(tmp_path: Path, text: str, authors: tuple[Author, ...]) -> None:
    record = only(tmp_path, text)
    assert (record.title, record.abstract, record.year, record.authors) == ("T", "A", 2020, authors)
    assert record.pmid in (None, 90000001)
    if "90000001" in text:
        assert record.pmid == 90000001
    if "3-4" in text or "Page start" in text:
        assert record.pages == "3-4"


def test_our_own_name_for_a_column_comes_before_another_s(tmp_path: Path) -> None:
    record = only(tmp_path, "Primary Title,title,Secondary Title,Journal\nNot this,This,Nor this,J\n")
    assert (record.title, record.journal) == ("This", "J")
    assert open_reference_file(tmp_path / "x.csv").ignored_columns == ("Primary Title", "Secondary Title")


def test_a_formula_guard_is_taken_off_and_an_apostrophe_is_not(tmp_path: Path) -> None:
    assert only(tmp_path, "title,abstract\n'=1+1,'Tis\n").title == "=1+1"
    assert only(tmp_path, "title,abstract\n'=1+1,'Tis\n").abstract == "'Tis"


def test_a_retracted_article_of_our_own_export_stays_retracted(tmp_path: Path) -> None:
    record = only(tmp_path, "title,integrity\nT,retracted\n")
    assert [(each.kind, each.is_subject, each.ref_type) for each in record.notices] == [
        ("retraction", True, "RetractionIn")
    ]
    assert only(tmp_path, "title,integrity\nT,none_known\n").notices == ()


def test_a_header_over_two_lines_is_one_row(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('title,"a\nb",year\nT,1,20x\n', encoding="utf-8")
    (bad,) = read_file(path)
    assert isinstance(bad, Rejected)
    assert bad.position == 2
