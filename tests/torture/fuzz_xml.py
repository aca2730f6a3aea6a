"""Damaged PubMed XML, by a seed: the parser answers, or refuses with the one error it documents, and soon.

What it must never do is give a record that is not one of those in the bytes: a PMID that stands nowhere in them, or a
record under a PMID whose own bytes say another.
"""

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from unittest import mock

from invented_pubmed import FIRST, invented

from harvester import pubmed_xml
from harvester.not_pubmed import NotPubMedXml
from harvester.pubmed_xml import Answer, parse_answer, parse_record, read_records
from harvester.records import ArticleRecord

LONGEST = 5.0
PROLOG = (
    '<?xml version="1.0" ?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD PubMedArticle, 1st January 2026//EN" '
    '"https://dtd.nlm.nih.gov/ncbi/pubmed/out/pubmed_260101.dtd">\n'
)
EXTRA = (
    '<CommentsCorrectionsList><CommentsCorrections RefType="RetractionIn"><RefSource>Invented J</RefSource>'
    '<PMID Version="1">90000777</PMID></CommentsCorrections></CommentsCorrectionsList><MeshHeadingList><MeshHeading>'
    '<DescriptorName UI="D007649" MajorTopicYN="Y">Ketamine</DescriptorName></MeshHeading></MeshHeadingList>'
    '<KeywordList Owner="NOTNLM"><Keyword MajorTopicYN="N">mood</Keyword></KeywordList>'
)
TITLES = (
    "<i>R</i>-ketamine at 0.5 mg kg<sup>-1</sup>, P &lt; 0.05",
    "<![CDATA[</PubmedArticle>]]> of ketamine",
    "<!-- </PubmedArticle> --> Ketamine <i>in vitro</i> <i>in vivo</i>",
    "K\u00e9tamine \U0001d6fc and \u2019depression\u2019",
)
DANGEROUS = (
    *(b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"--", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\r"),
    *(b"&#0;", b"&#xD800;", b"&lol;", b"-1", b"99999999999999999999", b" " * 5000, b"<b>" * 3000, b"\n\n", b"</i>"),
    *(b"</PubmedArticle>", b"<PubmedArticle>", b"</PubmedArticleSet>", b"<PubmedArticleSet>", b"<PMID>", b"</PMID>"),
    *(b"<ERROR>no</ERROR>", b"<html><body>", b'<?xml version="1.0" encoding="utf-16"?>', "\u202e\u0085".encode()),
    b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>&e;",
    b"<DeleteCitation><PMID>7</PMID></DeleteCitation>",
)
Damage = Callable[[random.Random, bytes], bytes]


@dataclass(slots=True)
class Fuzzed:
    """What came of the documents; `wrong` has one line each, with what is needed to do it again."""

    documents: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def fuzz(seed: int, *, documents: int | None = None, seconds: float | None = None) -> Fuzzed:
    """Until so many documents or seconds; every document is that of its seed and number."""
    found, until = Fuzzed(), time.monotonic() + (seconds if seconds is not None else 1e9)
    while (documents is None or found.documents < documents) and time.monotonic() < until:
        _judge(damaged(seed, found.documents), f"fuzz({seed}) document {found.documents}", found)
        found.documents += 1
    return found


def damaged(seed: int, number: int) -> bytes:
    """One to four damages to a small set of invented records; some are left whole."""
    chance = random.Random(f"{seed} {number}")
    body = _whole(chance)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 4))):
        body = chance.choice(DAMAGES)(chance, body)
    return body


def _whole(chance: random.Random) -> bytes:
    records = "\n".join(
        invented(
            FIRST + n, title=chance.choice((None, *TITLES)), extra=chance.choice(("", EXTRA)), revised=_day(chance)
        )
        for n in range(chance.randint(1, 4))
    )
    deleted = chance.choice(("", "<DeleteCitation><PMID Version='1'>90000999</PMID></DeleteCitation>"))
    return f"{PROLOG}<PubmedArticleSet>\n{records}{deleted}</PubmedArticleSet>\n".encode()


def _day(chance: random.Random) -> date:
    return date(2026, chance.randint(1, 12), chance.randint(1, 28))


def _cut_short(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _part_gone(chance: random.Random, body: bytes) -> bytes:
    start = chance.randrange(len(body) + 1)
    return body[:start] + body[start + chance.choice((1, 2, 17, 400)) :]


def _part_twice(chance: random.Random, body: bytes) -> bytes:
    start = chance.randrange(len(body) + 1)
    end = start + chance.choice((3, 50, 900))
    return body[:end] + body[start:end] * chance.choice((1, 2, 20)) + body[end:]


def _parts_exchanged(chance: random.Random, body: bytes) -> bytes:
    a, b, c = sorted(chance.randrange(len(body) + 1) for _ in range(3))
    return body[:a] + body[b:c] + body[a:b] + body[c:]


def _byte_changed(chance: random.Random, body: bytes) -> bytes:
    if not body:
        return body
    at = chance.randrange(len(body))
    return body[:at] + bytes([chance.randrange(256)]) + body[at + 1 :]


def _danger_put_in(chance: random.Random, body: bytes) -> bytes:
    at = chance.randrange(len(body) + 1)
    return body[:at] + chance.choice(DANGEROUS) + body[at:]


def _tag_gone(chance: random.Random, body: bytes) -> bytes:
    tags = list(re.finditer(rb"<[^<>]{1,200}>", body))
    if not tags:
        return body
    tag = chance.choice(tags)
    return body[: tag.start()] + body[tag.end() :]


def _other_encoding(chance: random.Random, body: bytes) -> bytes:
    return body.decode("utf-8", "replace").encode(
        chance.choice(("utf-16", "utf-16-le", "utf-32", "latin-1")), "replace"
    )


DAMAGES: tuple[Damage, ...] = (
    *(_cut_short, _part_gone, _part_twice, _parts_exchanged, _byte_changed, _danger_put_in, _tag_gone, _other_encoding),
    *(_byte_changed, _danger_put_in, _tag_gone),
)


def _judge(body: bytes, name: str, found: Fuzzed) -> None:
    started = time.process_time()
    try:
        answer = parse_answer(body)
        found.outcomes["read"] += 1
        found.wrong += [f"{name}: {line}" for line in _unreconciled(body, answer)]
    except NotPubMedXml as error:
        found.outcomes["refused"] += 1
        if "\n" in str(error) or not str(error):
            found.wrong.append(f"{name}: refused in other than one line: {error!r}")
    except Exception as error:  # noqa: BLE001 -- this is what is looked for
        found.wrong.append(f"{name}: {type(error).__name__}: {str(error)[:200]}")
    try:
        for _ in read_records(BytesIO(body)):
            pass
    except NotPubMedXml:
        found.outcomes["file refused"] += 1
    except Exception as error:  # noqa: BLE001
        found.wrong.append(f"{name}: as a file, {type(error).__name__}: {str(error)[:200]}")
    took = time.process_time() - started
    found.slowest = max(found.slowest, took)
    if took > LONGEST:
        found.wrong.append(f"{name}: took {took:.1f} s CPU")


def _unreconciled(body: bytes, answer: Answer) -> Iterator[str]:
    """A record is what its own bytes say, and those bytes are in the answer."""
    text = _as_utf8(body)
    for record in answer.records:
        raw = record.raw or b""
        if raw not in text:
            yield f"PMID {record.pmid}: its bytes are not in the answer"
        elif not _own_pmid(raw, record):
            yield f"PMID {record.pmid} is not that of its bytes"
        elif parse_record(raw) != record:
            yield f"PMID {record.pmid}: its bytes say something else when read alone"
        elif _by_tree(raw) != record:
            yield f"PMID {record.pmid}: a tree of its bytes says something else than their patterns"
    for deleted in answer.deleted:
        if str(deleted.pmid).encode() not in text:
            yield f"PMID {deleted.pmid} is withdrawn and not in the answer"


def _by_tree(raw: bytes) -> ArticleRecord:
    """The same without the short cut for PubMed's usual form."""
    with mock.patch.object(pubmed_xml, "read_usual", return_value=None):
        return parse_record(raw)


def _own_pmid(raw: bytes, record: ArticleRecord) -> bool:
    """Whether its first PMID, where it stands as it should, is the record's; and nobody else's citation is in it."""
    plain = re.sub(rb"<!--.*?-->|<!\[CDATA\[.*?\]\]>", b"", raw, flags=re.DOTALL)
    stated = re.search(rb"<MedlineCitation\b[^>]*>\s*<PMID\b[^>]*>\s*(\d+)\s*</PMID>", plain)
    own = int(stated[1]) == record.pmid if stated else str(record.pmid).encode() in raw
    return own and len(re.findall(rb"<MedlineCitation[\s>]", plain)) <= 1


def _as_utf8(body: bytes) -> bytes:
    """The body as the parser hands it on when it is in two bytes a character."""
    wide = b"\x00" in body[:4] or body[:2] in (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16", "utf-16-le", "utf-16-be") if wide else ():
        try:
            return body.decode(encoding).encode()
        except UnicodeDecodeError:
            continue
    return body
