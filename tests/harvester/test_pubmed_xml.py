"""What a PubMed record says comes through, and nothing of another paper does. All records are invented."""

from datetime import date

import pytest

from harvester.pubmed_xml import NotPubMedXml, parse_record
from harvester.records import ArticleRecord, Author, MeshHeading, MeshQualifier, PublicationType, RegistryId, Section

PMID = '<PMID Version="1">90000001</PMID>'
TITLE = "<ArticleTitle>An invented trial.</ArticleTitle>"


def article(inside: str = TITLE, after: str = "", data: str = "", pmid: str = PMID, dates: str = "") -> bytes:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE" IndexingMethod="Curated" Owner="NLM">{pmid}{dates}'
        f'<Article PubModel="Print">{inside}</Article>{after}</MedlineCitation>'
        f"<PubmedData>{data}</PubmedData></PubmedArticle>"
    ).encode()


def read(inside: str = TITLE, after: str = "", data: str = "", pmid: str = PMID, dates: str = "") -> ArticleRecord:
    return parse_record(article(inside, after, data, pmid, dates))


def published(parts: str) -> ArticleRecord:
    return read(f"<Journal><JournalIssue><PubDate>{parts}</PubDate></JournalIssue></Journal>{TITLE}")


def when(tag: str, year: str, month: str, day: str, attributes: str = "") -> str:
    return f"<{tag}{attributes}><Year>{year}</Year><Month>{month}</Month><Day>{day}</Day></{tag}>"


def test_a_record_keeps_its_own_bytes_references_included() -> None:
    raw = article(data="<ReferenceList><Reference><Citation>Cited.</Citation></Reference></ReferenceList>")
    assert parse_record(raw).raw == raw


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<i>R</i>-ketamine", "R-ketamine"),
        ("<b><i>Nested</i></b> markup", "Nested markup"),
        ("<i>in vitro</i> <i>in vivo</i>", "in vitro in vivo"),
        ("0.5 mg kg<sup>-1</sup> and B<sub>max</sub> <u>now</u>.", "0.5 mg kg-1 and Bmax now."),
        ("P &lt; 0.05 &amp; P &#62; 0.01", "P < 0.05 & P > 0.01"),
        ("N\u00a0=\u00a040, P\u2009&lt;\u2009.001", "N\u00a0=\u00a040, P\u2009<\u2009.001"),
        ("two\n        lines,  two  spaces\t", "two lines, two spaces"),
        ("a<!-- not said -->b<?nor this?>c", "abc"),
        ("<![CDATA[a <ReferenceList> b]]>", "a <ReferenceList> b"),
        ("\U0001d6fd and 😀", "\U0001d6fd and 😀"),
        ("a <future>new <deep>tag</deep></future> b", "a new tag b"),
        ('where <mml:math xmlns:mml="urn:m"><mml:mi>x</mml:mi><mml:mo>=</mml:mo></mml:math> holds', "where x= holds"),
        ("where <mml:math><mml:mi>x</mml:mi><mml:mn>2</mml:mn></mml:math> holds", "where x2 holds"),
        ("see <DispFormula><mml:math><mml:mi>y</mml:mi></mml:math></DispFormula> there", "see y there"),
    ],
)
def test_inline_markup_and_mathematics_are_text_without_loss(markup: str, text: str) -> None:
    record = read(f"<ArticleTitle>{markup}</ArticleTitle><Abstract><AbstractText>{markup}</AbstractText></Abstract>")
    assert (record.title, record.sections) == (text, (Section(text),))


def test_sections_keep_label_and_category_and_empty_ones_are_dropped() -> None:
    record = read(
        TITLE + '<Abstract><AbstractText Label="AIMS" NlmCategory="OBJECTIVE">To see.</AbstractText>'
        '<AbstractText Label="">Plain.</AbstractText><AbstractText/><AbstractText Label="X"> </AbstractText>'
        '<AbstractText Label="AIMS">Again.</AbstractText><CopyrightInformation>© Nobody</CopyrightInformation>'
        "</Abstract>",
        after='<OtherAbstract Type="Publisher" Language="fre"><AbstractText>Autre.</AbstractText></OtherAbstract>',
    )
    assert record.sections == (Section("To see.", "AIMS", "OBJECTIVE"), Section("Plain."), Section("Again.", "AIMS"))
    assert record.abstract == "AIMS: To see.\n\nPlain.\n\nAIMS: Again."


def test_authors_are_people_or_collectives_and_superseded_spellings_are_dropped() -> None:
    record = read(
        TITLE + '<AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Lead</LastName><ForeName>Ada B</ForeName>'
        "<Initials>AB</Initials><Suffix>3rd</Suffix>"
        '<Identifier Source="ORCID">https://orcid.org/0000-0001-2345-678x</Identifier>'
        '<AffiliationInfo><Affiliation>Here, <i>Dept</i>.</Affiliation><Identifier Source="ROR">0000</Identifier>'
        "</AffiliationInfo><AffiliationInfo><Affiliation>There.</Affiliation></AffiliationInfo></Author>"
        '<Author ValidYN="N"><LastName>Laed</LastName></Author>'
        '<Author><LastName>Solo</LastName><Identifier Source="ORCID">0000000123456789</Identifier></Author>'
        "<Author><CollectiveName>The <i>Invented</i> Group</CollectiveName></Author><Author/></AuthorList>"
        '<AuthorList Type="editors"><Author><LastName>Editor</LastName></Author></AuthorList>',
        after="<InvestigatorList><Investigator><LastName>Site</LastName></Investigator></InvestigatorList>",
    )
    assert record.authors == (
        Author("Lead", "Ada B", "AB", "3rd", orcid="0000-0001-2345-678X", affiliations=("Here, Dept.", "There.")),
        Author("Solo", orcid="0000-0001-2345-6789"),
        Author(collective="The Invented Group"),
    )


def test_an_address_as_records_before_2014_give_it() -> None:
    beside = "<Affiliation>Dept of <i>First</i></Affiliation>"
    names = "<Author><LastName>A</LastName></Author><Author><LastName>B</LastName></Author>"
    first, second = read(f"{TITLE}{beside}<AuthorList>{names}</AuthorList>").authors
    assert (first.affiliations, second.affiliations) == (("Dept of First",), ())
    within = f"<Author><LastName>A</LastName>{beside}</Author>"
    assert read(f"{TITLE}<AuthorList>{within}</AuthorList>").authors == (first,)


def test_three_thousand_authors_come_through() -> None:
    names = "".join(f"<Author><LastName>N{number}</LastName></Author>" for number in range(3000))
    assert len(read(f"{TITLE}<AuthorList>{names}</AuthorList>").authors) == 3000


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ("<Year>2021</Year><Month>Mar</Month><Day>7</Day>", (2021, 3, 7, None)),
        ("<Year>2021</Year><Month>03</Month>", (2021, 3, None, None)),
        ("<Year>2021</Year><Month>3</Month>", (2021, 3, None, None)),
        ("<Year>2021</Year>", (2021, None, None, None)),
        ("<Year>2021</Year><Season>Winter</Season>", (2021, None, None, "2021 Winter")),
        ("<Year>2021</Year><Month>Sep</Month><Day>31</Day>", (2021, 9, None, None)),
        ("<Year>2021</Year><Month>13</Month><Day>1</Day>", (2021, None, None, "2021 13")),
        ("<MedlineDate>1998 Dec-1999 Jan</MedlineDate>", (1998, None, None, "1998 Dec-1999 Jan")),
        ("<MedlineDate>Summer-Fall 2017</MedlineDate>", (2017, None, None, "Summer-Fall 2017")),
        ("<MedlineDate>2021 Winter</MedlineDate>", (2021, None, None, "2021 Winter")),
        ("<MedlineDate>unknown</MedlineDate>", (None, None, None, "unknown")),
        ("", (None, None, None, None)),
    ],
)
def test_publication_dates_in_every_form(parts: str, expected: tuple[int | None, int | None, int | None, str]) -> None:
    record = published(parts)
    assert (record.year, record.month, record.day, record.medline_date) == expected


@pytest.mark.parametrize("day", ["99999999999", "0", "31", "x", ""])
def test_a_day_that_cannot_be_is_no_date(day: str) -> None:
    assert read(dates=when("DateRevised", "2021", "2", day)).date_revised is None


def test_the_electronic_date_never_completes_the_printed_one() -> None:
    record = read(
        "<Journal><JournalIssue><PubDate><Year>2005</Year><Month>Sep</Month></PubDate></JournalIssue></Journal>"
        + TITLE
        + when("ArticleDate", "2004", "08", "31", ' DateType="Electronic"')
    )
    assert (record.year, record.month, record.day) == (2005, 9, None)
    assert record.electronic_date == date(2004, 8, 31)


def test_dates_of_the_record_itself() -> None:
    record = read(
        dates=when("DateCompleted", "2020", "01", "02") + when("DateRevised", "2021", "13", "40"),
        data="<History>"
        + when("PubMedPubDate", "2019", "5", "6", ' PubStatus="pubmed"')
        + when("PubMedPubDate", "2019", "5", "4", ' PubStatus="entrez"')
        + when("PubMedPubDate", "2018", "1", "1", ' PubStatus="received"')
        + "</History>",
    )
    assert (record.date_completed, record.date_revised) == (date(2020, 1, 2), None)
    assert record.date_entered == date(2019, 5, 4)
    assert (record.status, record.indexing_method, record.version) == ("MEDLINE", "Curated", 1)


CITED = '<ReferenceList><Reference><ArticleIdList><ArticleId IdType="doi">10.9999/cited</ArticleId></ArticleIdList>'


@pytest.mark.parametrize(
    ("located", "listed", "expected"),
    [
        ('<ELocationID EIdType="doi" ValidYN="Y">10.9000/OWN.1</ELocationID>', "10.9000/other", "10.9000/own.1"),
        ('<ELocationID EIdType="pii">x1</ELocationID>', "10.9000/Listed", "10.9000/listed"),
        ('<ELocationID EIdType="doi" ValidYN="N">10.9000/bad</ELocationID>', "10.9000/BAD", None),
        (
            '<ELocationID EIdType="doi" ValidYN="N">10.9000/bad</ELocationID>'
            '<ELocationID EIdType="doi">nonsense</ELocationID><ELocationID EIdType="doi">10.9000/b</ELocationID>',
            "10.9000/c",
            "10.9000/b",
        ),
        ("", "https://doi.org/10.9000/Link", "10.9000/link"),
        ("", "", None),
    ],
)
def test_the_doi_is_the_articles_own(located: str, listed: str, expected: str | None) -> None:
    ids = f'<ArticleIdList><ArticleId IdType="doi">{listed}</ArticleId></ArticleIdList>'
    record = read(TITLE + located, data=f"{ids}{CITED}</Reference></ReferenceList>")
    assert record.doi == expected


def test_references_do_not_leak_even_nested_or_beside_a_comment() -> None:
    nested = f"<ReferenceList>{CITED}</Reference></ReferenceList></ReferenceList>"
    own = '<ArticleIdList><ArticleId IdType="pmc">PMC9000001</ArticleId></ArticleIdList>'
    for extra in ("", "<!-- a comment -->"):
        record = read(data=f"{nested}{own}{nested}{extra}")
        assert (record.doi, record.pmcid) == (None, "PMC9000001")


def test_journal_issue_and_pages() -> None:
    record = read(
        "<Journal><ISSN>9000-0001</ISSN><JournalIssue><Volume>7</Volume><Issue>2 Suppl</Issue><PubDate/></JournalIssue>"
        "<Title>Journal of Invention</Title><ISOAbbreviation>J Invent</ISOAbbreviation></Journal>"
        + TITLE
        + "<Pagination><StartPage>11</StartPage><EndPage>19</EndPage></Pagination><Language>eng</Language>"
        "<Language>fre</Language><VernacularTitle>Un essai inventé.</VernacularTitle>"
    )
    assert (record.journal, record.iso_abbreviation, record.issn) == ("Journal of Invention", "J Invent", "9000-0001")
    assert (record.volume, record.issue, record.pages) == ("7", "2 Suppl", "11-19")
    assert (record.languages, record.vernacular_title) == (("eng", "fre"), "Un essai inventé.")


def test_a_title_that_is_not_available_leaves_the_vernacular_one_beside_it() -> None:
    record = read(
        "<ArticleTitle>[Not Available].</ArticleTitle><VernacularTitle>Ein <i>Titel</i>.</VernacularTitle>",
        after="<MedlineJournalInfo><MedlineTA>J Short</MedlineTA></MedlineJournalInfo>",
    )
    assert (record.title, record.vernacular_title, record.journal) == ("[Not Available].", "Ein Titel.", "J Short")


def test_indexing_comes_with_its_identifiers() -> None:
    record = read(
        TITLE + "<DataBankList><DataBank><DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
        "<AccessionNumber>NCT90000001</AccessionNumber><AccessionNumber>NCT90000002</AccessionNumber>"
        "</AccessionNumberList></DataBank><DataBank><DataBankName>Empty</DataBankName></DataBank></DataBankList>"
        '<PublicationTypeList><PublicationType UI="D016449">Randomized Controlled Trial</PublicationType>'
        "</PublicationTypeList>",
        after='<MeshHeadingList><MeshHeading><DescriptorName UI="D007649" MajorTopicYN="N" AutoHM="Y">Ketamine'
        '</DescriptorName><QualifierName UI="Q000627" MajorTopicYN="Y">therapeutic use</QualifierName></MeshHeading>'
        '<MeshHeading><DescriptorName UI="D006801" MajorTopicYN="Y">Humans</DescriptorName></MeshHeading>'
        "</MeshHeadingList><KeywordList><Keyword>R-<i>ketamine</i></Keyword><Keyword/></KeywordList>"
        "<KeywordList><Keyword>mood</Keyword></KeywordList>",
    )
    assert record.registry_ids == tuple(RegistryId("ClinicalTrials.gov", f"NCT9000000{n}") for n in (1, 2))
    assert record.publication_types == (PublicationType("D016449", "Randomized Controlled Trial"),)
    assert record.mesh == (
        MeshHeading("D007649", "Ketamine", False, (MeshQualifier("Q000627", "therapeutic use", True),)),
        MeshHeading("D006801", "Humans", True),
    )
    assert record.keywords == ("R-ketamine", "mood")


def test_a_newer_version_says_so() -> None:
    assert read(pmid='<PMID Version="2">90000001</PMID>').version == 2


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (article(pmid="<PMID>abc</PMID>"), "“abc” is not a number"),
        (article(pmid="", inside="<ArticleTitle/>"), "needs a PMID"),
        (b"<PubmedArticle><open></PubmedArticle>", "not well-formed"),
        (article("<ArticleTitle>\x01</ArticleTitle>"), "not well-formed"),
        (article("<ArticleTitle>&undefined;</ArticleTitle>"), "not well-formed"),
        (article().replace(b"invented", b"\xff"), "not well-formed"),
        (article().replace(b"invented", b"\xed\xa0\x80"), "not well-formed"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]>' + article(), "defines entities"),
        (b"<html></html>", "HTML"),
    ],
)
def test_what_cannot_be_a_record_says_why_in_one_line(raw: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason) as caught:
        parse_record(raw)
    assert "\n" not in str(caught.value)


def test_an_error_of_form_is_told_apart_from_one_of_content() -> None:
    with pytest.raises(NotPubMedXml):
        parse_record(b"<PubmedArticle>")
