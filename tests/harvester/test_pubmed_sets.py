"""A set of records is whole or refused; a bad record does not stop the rest. All records are invented."""

import contextlib
import random
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from pathlib import Path
from typing import Any

import pytest

from harvester.pubmed_xml import Answer, Deleted, NotPubMedXml, Parsed, Rejected, parse_answer, read_records
from harvester.records import ArticleRecord

PROLOG = b'<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2031//EN" '
PROLOG += b'"https://dtd.invalid/pubmed_310101.dtd">\n'


def one(pmid: int, title: str = "An invented title") -> bytes:
    return (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID><Article>'
        f"<ArticleTitle>{title}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    ).encode()


def a_set(*parts: bytes) -> bytes:
    return PROLOG + b"<PubmedArticleSet>" + b"\n".join(parts) + b"</PubmedArticleSet>"


def pmids(parsed: Iterator[Parsed]) -> list[int | None]:
    return [item.pmid for item in parsed if isinstance(item, ArticleRecord)]


def read(data: bytes) -> list[Parsed]:
    return list(read_records(BytesIO(data)))


class Dripping(RawIOBase):
    """Gives a few bytes at a time, as a slow pipe does."""

    def __init__(self, data: bytes, step: int) -> None:
        self.data = BytesIO(data)
        self.step = step

    def read(self, size: int = -1, /) -> Any:
        return self.data.read(self.step)


def test_records_come_in_order_with_their_own_bytes() -> None:
    records = read(a_set(one(90000001), one(90000002)))
    assert [item.raw for item in records if isinstance(item, ArticleRecord)] == [one(90000001), one(90000002)]


@pytest.mark.parametrize("step", [1, 2, 7, 61])
def test_where_the_stream_is_cut_into_blocks_changes_nothing(step: int) -> None:
    data = a_set(one(90000001), b"<!-- </PubmedArticle> -->", one(90000002), b"<DeleteCitation><PMID>90000003</PMID>")
    data = data.replace(b"</PubmedArticleSet>", b"</DeleteCitation ></PubmedArticleSet >\n")
    assert list(read_records(Dripping(data, step))) == read(data)
    assert len(read(data)) == 3


def test_a_bad_record_is_rejected_by_place_and_pmid_and_the_rest_go_on() -> None:
    bad = one(90000002).replace(b"</Article>", b"")
    parsed = read(a_set(one(90000001), bad, one(90000003)))
    assert pmids(iter(parsed)) == [90000001, 90000003]
    (rejected,) = [item for item in parsed if isinstance(item, Rejected)]
    assert (rejected.position, rejected.pmid) == (2, 90000002)
    assert "not well-formed" in rejected.reason
    assert "\n" not in rejected.reason


def test_a_record_that_is_not_closed_does_not_swallow_the_next() -> None:
    parsed = read(a_set(one(90000001).removesuffix(b"</PubmedArticle>"), one(90000002)))
    assert isinstance(parsed[0], Rejected)
    assert pmids(iter(parsed)) == [90000002]


def test_an_end_tag_in_a_comment_or_cdata_does_not_end_a_record() -> None:
    titles = ("a<!-- </PubmedArticle><PubmedArticle> -->b", "a<![CDATA[</PubmedArticle>]]>b")
    parsed = read(a_set(*(one(90000001 + place, title) for place, title in enumerate(titles))))
    assert [item.title for item in parsed if isinstance(item, ArticleRecord)] == ["ab", "a</PubmedArticle>b"]


def test_withdrawn_records_are_told() -> None:
    gone = b'<DeleteCitation><PMID Version="1">90000008</PMID><PMID Version="1">90000009</PMID></DeleteCitation>'
    assert read(a_set(gone)) == [Deleted(90000008), Deleted(90000009)]
    assert parse_answer(a_set(one(90000001), gone)).deleted == (Deleted(90000008), Deleted(90000009))


def test_a_list_of_withdrawn_records_that_cannot_be_read_is_rejected() -> None:
    parsed = read(a_set(one(90000001), b"<DeleteCitation><PMID>9x</PMID></DeleteCitation>"))
    assert isinstance(parsed[1], Rejected)
    assert "“9x” is not a number" in parsed[1].reason


def test_both_versions_of_a_record_are_told() -> None:
    newer = one(90000001).replace(b'Version="1"', b'Version="2"')
    versions = [item.version for item in read(a_set(one(90000001), newer)) if isinstance(item, ArticleRecord)]
    assert versions == [1, 2]


def test_unknown_elements_of_a_future_set_are_passed_over() -> None:
    assert pmids(iter(read(a_set(b"<Header year='2031'>new</Header>", one(90000001), b"<Empty/>")))) == [90000001]


def test_files_may_hold_sets_one_after_another_or_a_lone_record_and_an_answer_may_not() -> None:
    assert pmids(iter(read(a_set(one(90000001)) + b"\n" + a_set(one(90000002))))) == [90000001, 90000002]
    assert pmids(iter(read(one(90000001) + b"\n"))) == [90000001]
    for body in (a_set(one(90000001)) + a_set(one(90000002)), one(90000001)):
        with pytest.raises(NotPubMedXml):
            parse_answer(body)


@pytest.mark.parametrize("body", [PROLOG + b"<PubmedArticleSet/>", b"<PubmedArticleSet></PubmedArticleSet>\n"])
def test_an_empty_set_is_a_whole_answer(body: bytes) -> None:
    assert parse_answer(body) == Answer((), (), ())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (PROLOG, "prolog and no records"),
        (b'<?xml version="1.0"?>', "prolog and no records"),
        (b"<!DOCTYPE html>\n<html><head><title>Down for\nmaintenance</title>", "HTML page.*: Down for maintenance"),
        (b"<html><body>No</body></html>", "HTML page"),
        (b'{"error":"API rate limit exceeded","api-key":"9.9.9.9"}', "JSON.*: API rate limit exceeded$"),
        (b"<eFetchResult><ERROR>Unable to obtain query #1</ERROR></eFetchResult>", "eFetchResult.*: Unable to obtain"),
        (b"<PubmedArticleSet><ERROR>Backend failed</ERROR></PubmedArticleSet>", "error of the server: Backend failed"),
        (b"Mandatory parameter: db - is omitted", "not XML.*Mandatory parameter"),
        (b"<pmc-articleset></pmc-articleset>", "its root is <pmc-articleset>"),
        (b"<PubmedArticleSet>text</PubmedArticleSet>", "text stands"),
        (a_set(one(90000001)) + b"trailing", "text stands"),
        (a_set(one(90000001)) + b"</PubmedArticleSet>", "closes nothing"),
    ],
)
def test_what_is_no_answer_is_refused_with_one_line(body: bytes, reason: str) -> None:
    with pytest.raises(NotPubMedXml, match=reason) as caught:
        parse_answer(body)
    assert "\n" not in str(caught.value)


def test_a_damaged_body_is_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(90000001)
    scraps = [b"<", b">", b"&", b"\0", b"\xff", b"<!--", b"-->", b"]]>", b"<?", b"</PubmedArticle>", b"9" * 12]
    gone = b"<DeleteCitation><PMID>90000009</PMID></DeleteCitation>"
    dated = one(90000001).replace(b"<Article>", b"<DateRevised><Year>2021</Year></DateRevised><Article>")
    whole = a_set(dated, one(90000002), gone)
    answers = []
    for _ in range(3000):
        at, length = chance.randrange(len(whole)), chance.choice([0, 0, 1, 40])
        with contextlib.suppress(NotPubMedXml):
            answers.append(parse_answer(whole[:at] + chance.choice(scraps) + whole[at + length :]))
    assert 0 < len(answers) < 3000
    assert all(len(each.records) + len(each.rejected) + len(each.deleted) <= 3 for each in answers)


def test_an_answer_cut_anywhere_is_refused() -> None:
    whole = a_set(one(90000001), one(90000002))
    assert len(parse_answer(whole).records) == 2
    for length in range(len(whole)):
        with pytest.raises(NotPubMedXml):
            parse_answer(whole[:length])


def test_a_file_cut_short_gives_what_it_holds_and_then_refuses() -> None:
    parsed = read_records(BytesIO(a_set(one(90000001), one(90000002))[:-60]))
    assert getattr(next(parsed), "pmid", None) == 90000001
    with pytest.raises(NotPubMedXml, match="cut short"):
        next(parsed)


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">',
        '<!ENTITY c SYSTEM "file:///etc/hostname">',
        '<!ENTITY % c SYSTEM "http://127.0.0.1:9/x"> %c;',
    ],
)
def test_a_document_type_that_defines_entities_is_refused_unread(subset: str) -> None:
    body = f"<!DOCTYPE PubmedArticleSet [{subset}]><PubmedArticleSet>".encode() + one(90000001, "&c;")
    with pytest.raises(NotPubMedXml, match="defines entities"):
        parse_answer(body + b"</PubmedArticleSet>")


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "windows-1252", "UTF-8", "us-ascii"])
def test_other_encodings_are_read_as_what_they_say(encoding: str) -> None:
    title = "Déjà vu" if encoding != "us-ascii" else "Deja vu"
    text = f'<?xml version="1.0" encoding="{encoding}"?><PubmedArticleSet>{one(90000001, title).decode()}'
    body = (text + "</PubmedArticleSet>").encode(encoding)
    assert [item.title for item in parse_answer(body).records] == [title]
    assert pmids(read_records(Dripping(body, 3))) == [90000001]


def test_a_byte_order_mark_is_no_text() -> None:
    assert len(parse_answer(b"\xef\xbb\xbf" + a_set(one(90000001))).records) == 1


@pytest.mark.parametrize("encoding", ["rot13", "no-such-thing", "utf-16"])
def test_an_encoding_that_cannot_be_is_refused(encoding: str) -> None:
    with pytest.raises(NotPubMedXml, match="encoding"):
        parse_answer(f'<?xml version="1.0" encoding="{encoding}"?><PubmedArticleSet/>'.encode())


FLAT = """
from pathlib import Path
from harvester.pubmed_xml import read_records

class Stream:
    def __init__(self, blocks):
        self.blocks = blocks
    def read(self, size):
        return next(self.blocks, b"")

def blocks():
    yield b"<PubmedArticleSet>"
    filler = b"<Reference><Citation>" + b"x" * 150_000 + b"</Citation></Reference>"
    for number in range(700):
        yield (b'<PubmedArticle><MedlineCitation><PMID Version="1">%d</PMID></MedlineCitation><PubmedData>'
               b'<ReferenceList>%s</ReferenceList></PubmedData></PubmedArticle>' % (90000001 + number, filler))
    yield b"</PubmedArticleSet>"

def peak_kb():
    return int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])

before = peak_kb()
count = sum(1 for record in read_records(Stream(blocks())))
print(count, (peak_kb() - before) // 1024)
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peak memory is read from /proc")
def test_a_hundred_megabytes_are_read_in_flat_memory() -> None:
    done = subprocess.run([sys.executable, "-c", FLAT], capture_output=True, text=True, check=True)
    count, grown_mb = map(int, done.stdout.split())
    assert count == 700
    assert grown_mb < 30
