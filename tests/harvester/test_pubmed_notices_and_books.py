"""Links between articles, and books: which record is the notice and which its subject. All records are invented."""

import pytest

from harvester.notice_kinds import notice_kind
from harvester.pubmed_xml import parse_record
from harvester.records import ArticleRecord, Author, NoticeLink


def linked(*links: str) -> ArticleRecord:
    return parse_record(
        (
            '<PubmedArticle><MedlineCitation><PMID Version="1">90000001</PMID><Article><ArticleTitle>T</ArticleTitle>'
            f"</Article><CommentsCorrectionsList>{''.join(links)}</CommentsCorrectionsList></MedlineCitation>"
            "</PubmedArticle>"
        ).encode()
    )


def link(ref_type: str, pmid: str = "<PMID>90000002</PMID>", note: str = "") -> str:
    source = "<RefSource>J Invent. 2020;1:2</RefSource>"
    return f'<CommentsCorrections RefType="{ref_type}">{source}{pmid}{note}</CommentsCorrections>'


def test_a_retracted_article_is_the_subject_of_the_retraction() -> None:
    assert linked(link("RetractionIn", note="<Note>why</Note>")).notices == (
        NoticeLink("RetractionIn", "retraction", True, 90000002, "J Invent. 2020;1:2", "why"),
    )


def test_a_retraction_notice_is_not_itself_retracted() -> None:
    assert [(item.kind, item.is_subject) for item in linked(link("RetractionOf")).notices] == [("retraction", False)]


@pytest.mark.parametrize(
    ("subject", "notice", "kind"),
    [
        ("RetractionIn", "RetractionOf", "retraction"),
        ("PartialRetractionIn", "PartialRetractionOf", "partial_retraction"),
        ("RetractedandRepublishedIn", "RetractedandRepublishedFrom", "retracted_and_republished"),
        ("CorrectedandRepublishedIn", "CorrectedandRepublishedFrom", "corrected_and_republished"),
        ("ErratumIn", "ErratumFor", "erratum"),
        ("ExpressionOfConcernIn", "ExpressionOfConcernFor", "expression_of_concern"),
        ("RepublishedIn", "RepublishedFrom", "republished"),
        ("UpdateIn", "UpdateOf", "update"),
        ("CommentIn", "CommentOn", "comment"),
        ("SummaryForPatientsIn", "OriginalReportIn", "summary_for_patients"),
        ("ReprintIn", "ReprintOf", "reprint"),
    ],
)
def test_each_pair_of_links_has_one_kind_and_two_sides(subject: str, notice: str, kind: str) -> None:
    assert notice_kind(subject) == (kind, True)
    assert notice_kind(notice) == (kind, False)


def test_an_unknown_link_is_kept_under_its_own_name() -> None:
    assert [item.kind for item in linked(link("WithdrawnBecauseIn"), link("AssociatedDataset")).notices] == [
        "withdrawn_because_in",
        "associated_dataset",
    ]


def test_a_link_without_a_pmid_keeps_its_source() -> None:
    notices = linked(link("ErratumIn", pmid=""), link("ErratumIn", pmid="<PMID>none</PMID>")).notices
    assert [(item.pmid, item.source) for item in notices] == [(None, "J Invent. 2020;1:2")] * 2


def test_a_cited_paper_is_no_notice() -> None:
    assert linked(link("Cites")).notices == ()


BOOK = (
    "<Book><BookTitle>A Book of <i>Inventions</i></BookTitle><PubDate><Year>2019</Year></PubDate>"
    '<AuthorList Type="editors"><Author><LastName>Editor</LastName></Author></AuthorList>'
    '<AuthorList Type="authors"><Author><LastName>Whole</LastName></Author></AuthorList>'
    '<ELocationID EIdType="doi">10.9000/Book</ELocationID></Book>'
)
CHAPTER_AUTHOR = '<AuthorList Type="authors"><Author><LastName>Part</LastName></Author></AuthorList>'


def book(inside: str = "") -> ArticleRecord:
    return parse_record(
        (
            '<PubmedBookArticle><BookDocument><PMID Version="1">90000003</PMID><ArticleIdList>'
            f'<ArticleId IdType="bookaccession">NBK90</ArticleId></ArticleIdList>{BOOK}{inside}'
            '<PublicationType UI="D016454">Review</PublicationType>'
            "<Abstract><AbstractText>Said.</AbstractText></Abstract>"
            "<Sections><Section><SectionTitle>One</SectionTitle></Section></Sections></BookDocument>"
            "<PubmedBookData><ArticleIdList><ArticleId IdType='pubmed'>90000003</ArticleId></ArticleIdList>"
            "</PubmedBookData></PubmedBookArticle>"
        ).encode()
    )


def test_a_book_is_its_title_and_its_authors_without_the_editors() -> None:
    record = book()
    assert (record.title, record.journal, record.doi) == ("A Book of Inventions", None, "10.9000/book")
    assert record.authors == (Author("Whole"),)
    assert (record.pmid, record.year, record.abstract) == (90000003, 2019, "Said.")
    assert [item.name for item in record.publication_types] == ["Review"]


def test_a_chapter_names_its_book_and_does_not_take_the_books_doi() -> None:
    record = book(f"<ArticleTitle>A chapter</ArticleTitle>{CHAPTER_AUTHOR}")
    assert (record.title, record.journal, record.doi) == ("A chapter", "A Book of Inventions", None)
    assert record.authors == (Author("Part"),)
