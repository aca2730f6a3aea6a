"""A record of any size and any damage is read or refused in time that grows with its size. All are invented."""

import time
from io import BytesIO

import pytest

from harvester.pubmed_xml import NotPubMedXml, Rejected, read_records
from harvester.records import ArticleRecord

REFERENCE = b"<Reference><Citation>" + b"cited by nobody\n" * 20 + b"</Citation></Reference>"


def record(article: bytes = b"", data: bytes = b"") -> bytes:
    return (
        b'<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID Version="1">90000001</PMID><Article><ArticleTitle>T'
        b"</ArticleTitle>" + article + b"</Article></MedlineCitation><PubmedData>" + data + b"</PubmedData>"
        b"</PubmedArticle></PubmedArticleSet>"
    )


@pytest.mark.parametrize(
    "body",
    [
        record(data=b"<ReferenceList>" + REFERENCE * 60_000 + b"</ReferenceList>"),
        record(data=b"<ReferenceList>" * 100 + REFERENCE * 100 + b"</ReferenceList>" * 100),
        record(b"<AuthorList>" + b"<Author><LastName>N</LastName></Author>" * 30_000 + b"</AuthorList>"),
        record(b"<Abstract><AbstractText>a" + b" " * 2_000_000 + b"b</AbstractText></Abstract>"),
        record(b"<Abstract><AbstractText>" + b"a <i>b</i> " * 100_000 + b"</AbstractText></Abstract>"),
    ],
    ids=["references", "nested references", "authors", "spaces", "markup"],
)
def test_a_large_record_is_read(body: bytes) -> None:
    (item,) = read_records(BytesIO(body))
    assert isinstance(item, ArticleRecord)
    assert item.title == "T"


@pytest.mark.parametrize(
    "opening", [b"<?", b"<!--", b"<![CDATA[", b"<ReferenceList>", b"<i>", b"&#", b"&", b"<Author "]
)
def test_what_is_opened_and_never_closed_is_refused_soon(opening: bytes) -> None:
    started = time.process_time()
    bodies = [record(data=opening * 100_000), record(b"<Abstract><AbstractText>" + opening * 100_000)]
    for body in bodies:
        try:
            items = list(read_records(BytesIO(body)))
        except NotPubMedXml:
            continue
        assert all(isinstance(item, Rejected) for item in items)
    # Hours, when each opening makes the whole rest be looked through.
    assert time.process_time() - started < 20
