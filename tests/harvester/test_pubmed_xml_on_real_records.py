"""The parser against real PubMed files and an independent reading of them."""

import gzip
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from plain_reading import squeezed

from harvester.pubmed_xml import Deleted, NotPubMedXml, Rejected, read_records
from harvester.records import ArticleRecord

pytestmark = pytest.mark.shared

# What stands among the real files without being PubMed records, or is broken on purpose.
NOT_PUBMED = {
    "efetch_pmc.xml": "its root is <pmc-articleset>",
    "journals.xml": "its root is <SerialsSet>",
    "pubmed3.html": "HTML page",
    "MedlineImporterTestMalformedEntry.xml": "cut short",
    "MedlinePlainImporterTestInvalidFormat.xml": "not XML",
}
WITHOUT_ANYTHING = "MedlineImporterTestMinimalEntry.xml"


def independently(article: ET.Element) -> tuple[int, str, list[str]]:
    citation = article.find("MedlineCitation")
    if citation is None:
        citation = article.find("BookDocument")
    assert citation is not None
    pmid = int(citation.findtext("PMID", ""))
    title = squeezed(citation.find("Article/ArticleTitle")) or squeezed(citation.find("ArticleTitle"))
    title = title or squeezed(citation.find("Book/BookTitle"))
    parts = citation.findall("Article/Abstract/AbstractText") or citation.findall("Abstract/AbstractText")
    return pmid, title, [text for part in parts if (text := squeezed(part))]


def as_read(record: ArticleRecord) -> tuple[int | None, str, list[str]]:
    return record.pmid, " ".join(record.title.split()), [" ".join(part.text.split()) for part in record.sections]


def test_every_ketamine_record_reads_as_an_independent_parser_reads_it(shared_data: Path) -> None:
    path = shared_data / "pubmed" / "ketamine_depression.xml.gz"
    with gzip.open(path) as stream:
        records = [as_read(item) for item in read_records(stream) if isinstance(item, ArticleRecord)]
    with gzip.open(path) as stream:
        assert records == [independently(article) for article in ET.parse(stream).getroot()]
    assert len(records) == 605


def test_every_real_file_that_is_a_pubmed_set_reads_whole(shared_data: Path) -> None:
    folder = shared_data / "pubmed" / "records"
    files = [path for path in sorted(folder.rglob("*.*ml")) if path.name not in (*NOT_PUBMED, WITHOUT_ANYTHING)]
    assert len(files) > 20
    for path in files:
        with path.open("rb") as stream:
            parsed = list(read_records(stream))
        root = ET.parse(path).getroot()
        elements = [root] if root.tag in ("PubmedArticle", "PubmedBookArticle") else list(root)
        expected = [independently(each) for each in elements if each.tag != "DeleteCitation"]
        assert [item for item in parsed if isinstance(item, Rejected)] == [], path.name
        assert [as_read(item) for item in parsed if isinstance(item, ArticleRecord)] == expected, path.name
        gone = [pmid for each in elements if each.tag == "DeleteCitation" for pmid in each]
        assert [item.pmid for item in parsed if isinstance(item, Deleted)] == [int(pmid.text or "") for pmid in gone]


def test_real_files_that_are_no_pubmed_set_are_refused(shared_data: Path) -> None:
    found = {path.name: path for path in (shared_data / "pubmed" / "records").rglob("*.*ml")}
    for name, reason in NOT_PUBMED.items():
        with found[name].open("rb") as stream, pytest.raises(NotPubMedXml, match=reason):
            list(read_records(stream))


def test_a_record_that_says_nothing_is_rejected(shared_data: Path) -> None:
    path = shared_data / "pubmed" / "records" / "jabref" / WITHOUT_ANYTHING
    with path.open("rb") as stream:
        (item,) = read_records(stream)
    assert isinstance(item, Rejected)
