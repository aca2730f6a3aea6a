"""Hard cases 36 to 42: records, from a socket to the tables. `hard_cases.toml` has them by number; all are invented."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from scripted_eutils import found, pubmed
from scripted_server import answer
from sqlalchemy import Engine
from synced_library import library, sync

from db.engine import open_engine, reading
from db.types import RunStatus
from harvester.errors import Unreachable
from harvester.status import not_stored

DOI = '<ArticleIdList><ArticleId IdType="doi">{}</ArticleId></ArticleIdList>'
CITED = f"<ReferenceList><Reference><Citation>Cited</Citation>{DOI.format('10.5555/cited')}</Reference></ReferenceList>"
MATHS = '<mml:math xmlns:mml="http://www.w3.org/1998/Math/MathML"><mml:mi>x</mml:mi></mml:math>'
LABELLED = (
    '<Abstract><AbstractText Label="AIMS" NlmCategory="OBJECTIVE">To see.</AbstractText><AbstractText Label="">Plain.'
    '</AbstractText><AbstractText/><AbstractText Label="AIMS">Again.</AbstractText><CopyrightInformation>Nobody'
    "</CopyrightInformation></Abstract>"
)
OTHER = '<OtherAbstract Type="Publisher" Language="fre"><AbstractText>Autre.</AbstractText></OtherAbstract>'
NOBODY = "<CommentsCorrections RefType='ErratumIn'><RefSource>Invented J. 2025</RefSource></CommentsCorrections>"
PEOPLE = (
    "<AuthorList><Author><LastName>Invented</LastName><Initials>A</Initials></Author><Author ValidYN='N'><LastName>"
    "Invenetd</LastName></Author><Author><CollectiveName>The Invented Group</CollectiveName></Author></AuthorList>"
)
CROWD = f"<AuthorList>{''.join(f'<Author><LastName>N{n}</LastName></Author>' for n in range(3000))}</AuthorList>"
LOOKERS_ON = "<InvestigatorList><Investigator><LastName>Onlooker</LastName></Investigator></InvestigatorList>"
BOOK = (
    "<PubmedBookArticle><BookDocument><PMID Version='1'>{}</PMID><Book><BookTitle>An invented book</BookTitle></Book>"
    "<ArticleTitle>Its chapter</ArticleTitle></BookDocument></PubmedBookArticle>"
)


def titled(title: str, after: str = "") -> str:
    return f"<ArticleTitle>{title}</ArticleTitle>{after}"


def published(parts: str) -> str:
    return f"<Journal><JournalIssue>{parts}</JournalIssue></Journal>{titled('A date')}"


# number: (Article, after it in MedlineCitation, PubmedData, what the library then says)
CASES: Sequence[tuple[int, str, str, str, dict[str, Any]]] = [
    (36, titled("<i>R</i>-ketamine <b><i>now</i></b>"), "", "", {"title": "R-ketamine now"}),
    (36, titled("<i>in vitro</i> <i>in vivo</i>"), "", "", {"title": "in vitro in vivo"}),
    (36, titled("kg<sup>-1</sup>, P &lt; 0.05, N\u00a0=\u2009\U0001d6fd"), "", "",
     {"title": "kg-1, P < 0.05, N\u00a0=\u2009\U0001d6fd"}),
    (36, titled(f"where {MATHS} holds"), "", "", {"title": "where x holds"}),
    (37, titled("Labels", LABELLED), OTHER, "", {"sections": [
        {"text": "To see.", "label": "AIMS", "category": "OBJECTIVE"},
        {"text": "Plain.", "label": None, "category": None},
        {"text": "Again.", "label": "AIMS", "category": None},
    ]}),
    (38, published("<PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate>"), "", "",
     {"year": 1998, "medline_date": "1998 Dec-1999 Jan"}),
    (38, published("<PubDate><Year>2021</Year><Season>Winter</Season></PubDate>"), "", "",
     {"year": 2021, "month": None, "medline_date": "2021 Winter"}),
    (38, published("<PubDate><Year>2021</Year><Month>Mar</Month></PubDate>"), "", "", {"year": 2021, "month": 3}),
    (38, published("<PubDate><Year>2021</Year><Month>03</Month></PubDate>"), "", "", {"year": 2021, "month": 3}),
    (38, published(""), "", "", {"year": None, "medline_date": None}),
    (39, titled("People", PEOPLE), LOOKERS_ON, "", {"authors": [("Invented", None), (None, "The Invented Group")]}),
    (39, titled("Nobody"), LOOKERS_ON, "", {"authors": []}),
    (39, titled("A crowd", CROWD), "", "", {"authors": [(f"N{n}", None) for n in range(3000)]}),
    (40, titled("Listed only"), "", DOI.format("10.5555/LISTED") + CITED, {"doi": "10.5555/listed"}),
    (40, titled("Cited only"), "", CITED, {"doi": None}),
    (40, titled("Two", "<ELocationID EIdType='doi' ValidYN='N'>10.5555/bad</ELocationID><ELocationID EIdType='doi'>"
                "10.5555/Good</ELocationID>"), "", DOI.format("10.5555/other"), {"doi": "10.5555/good"}),
    (41, titled("[Not Available].", "<VernacularTitle>Ein Titel.</VernacularTitle>"), "", "",
     {"title": "[Not Available].", "vernacular_title": "Ein Titel."}),
    (41, titled("Corrected"), f"<CommentsCorrectionsList>{NOBODY}</CommentsCorrectionsList>", "",
     {"notices": [("erratum", None, "Invented J. 2025")]}),
    (42, titled("Of the <future>next <deep>year</deep></future>", "<NewElement new='yes'>new</NewElement>"),
     "<Another/>", "<AndOneMore/>", {"title": "Of the next year"}),
]  # fmt: skip
PMIDS = [90_000_001 + n for n in range(len(CASES))]


def record(pmid: int, article: str, after: str = "", data: str = "", version: int = 1) -> str:
    return (
        f'<PubmedArticle Future="1"><MedlineCitation Status="MEDLINE"><PMID Version="{version}">{pmid}</PMID>'
        f"<Article>{article}</Article>{after}</MedlineCitation><PubmedData>{data}</PubmedData></PubmedArticle>"
    )


def a_set(*parts: str, head: str = '<!DOCTYPE PubmedArticleSet SYSTEM "pubmed_990101.dtd">') -> bytes:
    """Of a DTD that nobody has, which nobody fetches."""
    return answer(f'<?xml version="1.0"?>\n{head}<PubmedArticleSet>{"".join(parts)}</PubmedArticleSet>'.encode())


def synced(engine: Engine, pmids: Sequence[int], body: bytes) -> Any:
    listed = found(*pmids, querytranslation="ketamine")
    with pubmed(listed, found(max(pmids)), listed, body) as (_, server):
        return sync(engine, server.url)


@pytest.fixture(scope="module")
def stored(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What the library says of all of them after one sync."""
    path = tmp_path_factory.mktemp("records") / "library.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    sent = [record(pmid, *case[1:4]) for pmid, case in zip(PMIDS, CASES, strict=True)]
    run = synced(engine, PMIDS, a_set(*sent))
    assert (run.status, run.new, run.rejected) == (RunStatus.COMPLETE, len(CASES), 0)
    found = library(engine)
    engine.dispose()
    return found


@pytest.mark.parametrize("place", range(len(CASES)), ids=[f"{case[0]}-{n}" for n, case in enumerate(CASES)])
def test_a_record_with_this_peculiarity_reaches_the_tables_as_it_was_meant(
    stored: list[dict[str, Any]], place: int
) -> None:
    said = dict(stored[place])
    said["authors"] = [(author["last"], author["collective"]) for author in said["authors"]]
    said["notices"] = [(link["kind"], link["pmid"], link["source"]) for link in said["notices"]]
    expected = CASES[place][4]
    assert {name: said[name] for name in expected} == expected


def test_of_two_versions_the_newer_is_kept_and_a_book_is_an_article_too(sqlite_engine: Engine) -> None:
    first, book = 90_000_001, 90_000_002
    versions = [record(first, titled(f"Version {n}"), version=n) for n in (2, 1)]
    run = synced(sqlite_engine, [first, book], a_set(*versions, BOOK.format(book)))
    assert (run.status, run.new) == (RunStatus.COMPLETE, 2)
    assert [(said["version"], said["title"]) for said in library(sqlite_engine)] == [
        (2, "Version 2"),
        (1, "Its chapter"),
    ]


@pytest.mark.parametrize("sent", ["&#xD835;", "\x01"], ids=["surrogate", "control"])
def test_a_character_that_xml_does_not_have_costs_one_record_by_name_and_not_the_others(
    sqlite_engine: Engine, sent: str
) -> None:
    bad, good = 90_000_001, 90_000_002
    run = synced(sqlite_engine, [bad, good], a_set(record(bad, titled(sent)), record(good, titled("Sound"))))
    assert (run.status, run.new, run.rejected) == (RunStatus.COMPLETE, 1, 1)
    with reading(sqlite_engine) as session:
        assert [lost["pmid"] for lost in not_stored(session, run.id)] == [bad]


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">',
        '<!ENTITY c SYSTEM "file:///etc/hostname">',
        '<!ENTITY % c SYSTEM "http://127.0.0.1:9/x"> %c;',
    ],
    ids=["laughs", "file", "network"],
)
def test_entities_in_the_document_type_are_never_resolved_and_nothing_is_stored(
    sqlite_engine: Engine, subset: str
) -> None:
    body = a_set(record(90_000_001, titled("&c;")), head=f"<!DOCTYPE PubmedArticleSet [{subset}]>")
    with pytest.raises(Unreachable, match="defines entities"):
        synced(sqlite_engine, [90_000_001], body)
    assert library(sqlite_engine) == []


def test_sixty_megabytes_in_one_answer_are_read(sqlite_engine: Engine) -> None:
    cited = f"<ReferenceList><Reference><Citation>{'x' * 300_000}</Citation></Reference></ReferenceList>"
    pmids = range(90_000_001, 90_000_201)
    body = a_set(*(record(pmid, titled("Much cited"), data=cited) for pmid in pmids))
    assert len(body) > 60_000_000
    run = synced(sqlite_engine, pmids, body)
    assert (run.status, run.new) == (RunStatus.COMPLETE, 200)
