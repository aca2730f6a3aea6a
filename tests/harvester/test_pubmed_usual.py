"""A record in PubMed's usual form is read by patterns, any other by a tree: both say the same. All are invented."""

import contextlib
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from harvester import pubmed_xml
from harvester.not_pubmed import NotPubMedXml
from harvester.pubmed_xml import parse_record
from harvester.records import ArticleRecord
from harvester.xml_stream import split_children
from harvester.xml_tree import plain, without
from harvester.xml_usual import read_usual

USUAL = (
    '<PubmedArticle><MedlineCitation Status="MEDLINE" IndexingMethod="Curated" Owner="NLM">'
    '<PMID Version="2">90000001</PMID><DateCompleted><Year>2021</Year><Month>02</Month><Day>03</Day>'
    "</DateCompleted><DateRevised><Year>2022</Year><Month>12</Month><Day>31</Day></DateRevised>"
    '<Article PubModel="Print"><Journal><ISSN IssnType="Print">9000-0001</ISSN>'
    '<JournalIssue CitedMedium="Print"><Volume>7</Volume><Issue>2</Issue><PubDate><Year>2021</Year>'
    "<Month>Mar</Month><Day>7</Day></PubDate></JournalIssue><Title>Journal of Invention &amp; Co</Title>"
    "<ISOAbbreviation>J Invent</ISOAbbreviation></Journal><ArticleTitle><i>In vitro</i> <b><i>R</i>"
    "</b>-form:  P &lt; 0.05</ArticleTitle><Pagination><StartPage>11</StartPage><EndPage>19</EndPage>"
    '</Pagination><ELocationID EIdType="doi" ValidYN="Y">10.9000/OWN</ELocationID>'
    '<ELocationID EIdType="doi" ValidYN="N">10.9000/no</ELocationID><Abstract>'
    '<AbstractText Label="AIMS" NlmCategory="OBJECTIVE">To see kg<sup>-1</sup>.</AbstractText>'
    "<AbstractText> Plain\u00a0text. </AbstractText><CopyrightInformation>© <i>Nobody</i></CopyrightInformation>"
    '</Abstract><AuthorList CompleteYN="Y"><Author ValidYN="Y"><LastName>Lead</LastName>'
    "<ForeName>Ada B</ForeName><Initials>AB</Initials><Suffix>3rd</Suffix>"
    '<Identifier Source="ORCID">0000-0001-2345-6789</Identifier><AffiliationInfo>'
    "<Affiliation>Here &amp; there.</Affiliation></AffiliationInfo><AffiliationInfo>"
    '<Affiliation>There.</Affiliation></AffiliationInfo></Author><Author ValidYN="N"><LastName>Laed</LastName>'
    '</Author><Author ValidYN="Y"><CollectiveName>The <i>Invented</i> Group</CollectiveName></Author>'
    '</AuthorList><Language>eng</Language><Language>fre</Language><DataBankList CompleteYN="Y"><DataBank>'
    "<DataBankName>ClinicalTrials.gov</DataBankName><AccessionNumberList>"
    "<AccessionNumber>NCT90000001</AccessionNumber></AccessionNumberList></DataBank></DataBankList>"
    '<PublicationTypeList><PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList>'
    '<VernacularTitle>Un essai.</VernacularTitle><ArticleDate DateType="Electronic"><Year>2021</Year>'
    "<Month>01</Month><Day>05</Day></ArticleDate></Article><MedlineJournalInfo><Country>Nowhere</Country>"
    "<MedlineTA>J Inv</MedlineTA><NlmUniqueID>9</NlmUniqueID><ISSNLinking>9000-0002</ISSNLinking>"
    '</MedlineJournalInfo><ChemicalList><Chemical><NameOfSubstance UI="D007649">Ketamine</NameOfSubstance>'
    '</Chemical></ChemicalList><CommentsCorrectionsList><CommentsCorrections RefType="ErratumIn">'
    '<RefSource>J Invent</RefSource><PMID Version="1">90000002</PMID></CommentsCorrections>'
    "</CommentsCorrectionsList><MeshHeadingList><MeshHeading>"
    '<DescriptorName UI="D007649" MajorTopicYN="N">Ketamine</DescriptorName>'
    '<QualifierName UI="Q000627" MajorTopicYN="Y">therapeutic use</QualifierName></MeshHeading>'
    '</MeshHeadingList><KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">mood</Keyword></KeywordList>'
    '<CoiStatement>None.</CoiStatement></MedlineCitation><PubmedData><History><PubMedPubDate PubStatus="entrez">'
    "<Year>2021</Year><Month>1</Month><Day>4</Day><Hour>6</Hour></PubMedPubDate></History>"
    "<PublicationStatus>ppublish</PublicationStatus><ArticleIdList>"
    '<ArticleId IdType="pubmed">90000001</ArticleId><ArticleId IdType="doi">10.9000/own</ArticleId>'
    '<ArticleId IdType="pmc">PMC9000001</ArticleId></ArticleIdList></PubmedData></PubmedArticle>'
)


def by_tree(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> ArticleRecord | str:
    with monkeypatch.context() as patch:
        patch.setattr(pubmed_xml, "read_usual", lambda raw, part: None)
        return said(raw)


def said(raw: bytes) -> ArticleRecord | str:
    try:
        return parse_record(raw)
    except ValueError as error:
        return type(error).__name__


def is_usual(raw: bytes) -> bool:
    with contextlib.suppress(ValueError):
        return read_usual(raw, lambda part, found: None) is not None
    return False


def test_the_example_is_in_the_usual_form_and_reads_the_same_by_a_tree(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = USUAL.encode()
    assert is_usual(raw)
    record = parse_record(raw)
    assert record == by_tree(raw, monkeypatch)
    assert record.title == "In vitro R-form: P < 0.05"
    assert [author.last or author.collective for author in record.authors] == ["Lead", "The Invented Group"]
    assert (record.doi, record.pmcid, record.pages) == ("10.9000/own", "PMC9000001", "11-19")


@pytest.mark.parametrize(
    ("beside", "is_read"),
    [
        ("Ketamine</NameOfSubstance>", True),
        ("</CopyrightInformation>", True),
        ("Plain\u00a0text.", False),
        ("Lead</LastName>", False),
    ],
)
def test_a_sign_that_no_xml_has_costs_the_record_where_a_field_comes_from(beside: str, is_read: bool) -> None:
    raw = USUAL.replace(beside, f"\x01{beside}", 1).encode()
    read = said(raw)
    assert read == (parse_record(USUAL.encode()) if is_read else "NotPubMedXml")


@pytest.mark.parametrize("between", ["\n", "\n    ", "\r\n\t"])
def test_white_space_between_tags_changes_nothing(between: str, monkeypatch: pytest.MonkeyPatch) -> None:
    head, title, rest = USUAL.partition("<ArticleTitle>")
    before, marker, after = rest.partition("<AuthorList")
    spread = head.replace("><", f">{between}<") + title + before + marker + after.replace("><", f">{between}<")
    assert parse_record(spread.encode()) == parse_record(USUAL.encode()) == by_tree(spread.encode(), monkeypatch)


def changed(chance: random.Random) -> Iterator[bytes]:
    """The example with a tag, a text or a few characters put in, doubled, moved or taken out."""
    scraps = ["<", ">", "&", "&amp;", "&#160;", "&#60;", "\x01", "\ufffe", "<!-- x -->", "<i>", "</i>", "<New a='1'/>"]
    scraps += [
        "<![CDATA[<b>]]>",
        "  ",
        "\n",
        ' Type="editors"',
        "<AbstractText/>",
        "</PubmedData>",
        "]]>",
        "ß",
        "'",
        '"',
    ]
    tags = [at for at, sign in enumerate(USUAL) if sign == "<"]
    for _ in range(4000):
        start, stop = sorted((chance.choice(tags), chance.choice(tags)))
        at = chance.choice((start, chance.randrange(len(USUAL))))
        piece = chance.choice((chance.choice(scraps), USUAL[start : min(stop, start + 90)]))
        cut = chance.choice((0, 0, 1, min(stop - start, 60)))
        yield (USUAL[:at] + piece + USUAL[at + cut :]).encode("utf-8", "surrogatepass")


def test_whatever_is_done_to_a_record_patterns_say_what_a_tree_says_or_leave_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual = 0
    for raw in changed(random.Random(90)):
        whole = by_tree(raw, monkeypatch)
        by_pattern = said(raw)
        # What no field comes from need not be well-formed for patterns.
        if not (whole == "NotPubMedXml" and isinstance(by_pattern, ArticleRecord)):
            assert by_pattern == whole, raw.decode()
        usual += is_usual(raw)
    assert usual > 400


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<Volume>7</Volume>", "<Volume>7</Volume><FutureNumber>8</FutureNumber>"),
        (
            "<Language>",
            "<FutureList><AuthorList><Author><LastName>X</LastName></Author></AuthorList></FutureList><Language>",
        ),
        ('<Author ValidYN="Y">', '<Author ValidYN="Y" Future="1">'),
        ("<LastName>Lead</LastName>", "<LastName>Le<i>a</i>d</LastName>"),
        ("<PublicationStatus>", "<Future/><PublicationStatus>"),
    ],
)
def test_what_is_new_in_a_future_year_is_read_by_a_tree(old: str, new: str, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = USUAL.replace(old, new, 1).encode()
    assert parse_record(raw) == parse_record(USUAL.encode()) == by_tree(raw, monkeypatch)


def test_a_record_that_never_ends_its_pattern_is_given_up_quickly() -> None:
    opened = USUAL.replace("</PubmedArticle>", "").replace(
        "<Language>eng</Language>", "<Language>eng</Language>" * 20_000
    )
    with pytest.raises(NotPubMedXml):
        parse_record(opened.encode())


@pytest.mark.shared
def test_real_records_are_in_the_usual_form_and_read_the_same_by_a_tree(
    shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = ["fatcat/pubmedsample_2019.xml", "psynamic/abstract_test.xml", "pubmed_sample.xml"]
    for name in files:
        with (shared_data / "pubmed" / "records" / name).open("rb") as stream:
            elements = split_children(stream, roots={"PubmedArticleSet"})
            raws = [each.raw for each in elements if each.name == "PubmedArticle"]
        assert raws
        for raw in raws:
            assert is_usual(without(plain(raw), b"ReferenceList"))
            assert parse_record(raw) == by_tree(raw, monkeypatch)
