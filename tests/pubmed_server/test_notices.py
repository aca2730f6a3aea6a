"""Retractions, corrections and their kin: what the article says, what the notice says, and that the DTD allows it."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from local_pubmed import LocalPubMed
from lxml import etree
from pubmed_server.day_script import ADDED, ARTICLE, NOTICE, OTHER, ask, day, found, links, there, types
from pubmed_server.invented_records import FIRST_PMID

RETRACT = {"do": "retract", "pmid": ARTICLE, "notice": NOTICE, "notice_doi": "10.5555/zyl.r", "prefix": "RETRACTED: "}
NOTICES = {
    "retract": ("RetractionIn", "RetractionOf", "Retracted Publication", "Retraction of Publication"),
    "partially-retract": ("ErratumIn", "ErratumFor", None, "Published Erratum"),
    "correct": ("ErratumIn", "ErratumFor", None, "Published Erratum"),
    "concern": ("ExpressionOfConcernIn", "ExpressionOfConcernFor", None, "Expression of Concern"),
    "retract-and-replace": (
        "RetractedandRepublishedIn",
        "RetractedandRepublishedFrom",
        "Retracted Publication",
        "Corrected and Republished Article",
    ),
    "republish": (
        "CorrectedandRepublishedIn",
        "CorrectedandRepublishedFrom",
        None,
        "Corrected and Republished Article",
    ),
    "update": ("UpdateIn", "UpdateOf", None, "Journal Article"),
    "comment": ("CommentIn", "CommentOn", None, "Comment"),
}
SCRIPT: list[dict[str, Any]] = [
    {**ADDED, "day": 0},
    *({"day": place, **RETRACT, "do": do, "prefix": ""} for place, do in enumerate(NOTICES, 1)),
]
for event in SCRIPT[1:]:
    event |= {"notice": NOTICE + 10 * event["day"]}
    if event["do"] != "retract":
        del event["prefix"]
ON_DAY = {event["do"]: event for event in SCRIPT[1:]}
LAST = len(SCRIPT)


@pytest.fixture(scope="module")
def noticed(records_file: Path) -> Iterator[LocalPubMed]:
    later = [
        {"day": LAST, "do": "correct", "pmid": FIRST_PMID, "source": "Invented J. 2030;1(1):1. doi: 10.5555/zyl.x."},
        {"day": LAST, "do": "correct", "pmid": FIRST_PMID + 7, "notice": FIRST_PMID + 14, "quiet": True},
        {"day": LAST + 1, "do": "reinstate", "pmid": ARTICLE},
    ]
    with LocalPubMed([records_file], events=[*SCRIPT, *later]) as server:
        yield server


@pytest.mark.parametrize("do", NOTICES)
def test_article_and_notice_point_at_each_other_in_their_own_words(do: str, noticed: LocalPubMed) -> None:
    on_article, on_notice, article_type, notice_type = NOTICES[do]
    event = ON_DAY[do]
    noticed.move_to(event["day"])
    article, notice = there(noticed, ARTICLE), there(noticed, event["notice"])
    assert links(article)[-1] == (on_article, str(event["notice"]))
    assert links(notice) == [(on_notice, str(ARTICLE))]
    assert article_type is None or article_type in types(article)
    assert types(notice) == [notice_type]
    today = f"2030/01/{event['day'] + 1:02}"
    assert found(noticed, f"{today}[lr]") == {ARTICLE, event["notice"]}
    assert found(noticed, f"{today}[crdt]") == {event["notice"]}


def test_a_retraction_dates_itself_and_marks_the_title_and_the_notice_is_not_retracted(records_file: Path) -> None:
    with LocalPubMed([records_file], events=[ADDED, {"day": 2, **RETRACT}], day=2) as server:
        article, notice = there(server, ARTICLE), there(server, NOTICE)
        assert article.findtext(".//ArticleTitle") == f"RETRACTED: {ADDED['title']}"
        assert day(article, ".//PubMedPubDate[@PubStatus='retracted']") == "2030/01/03"
        assert ARTICLE in found(server, '"Retracted Publication"[pt]')
        assert NOTICE not in found(server, '"Retracted Publication"[pt]')
        assert notice.findtext(".//ArticleTitle") == f"Retraction: {ADDED['title']}"
        assert notice.findtext(".//ELocationID") == "10.5555/zyl.r"


def test_a_notice_that_pubmed_does_not_have_is_only_named(noticed: LocalPubMed) -> None:
    noticed.move_to(LAST)
    article = there(noticed, FIRST_PMID)
    assert links(article) == [("ErratumIn", None)]
    assert article.findtext(".//RefSource") == "Invented J. 2030;1(1):1. doi: 10.5555/zyl.x."


def test_a_quiet_notice_leaves_the_dates_and_an_old_record_may_be_the_notice(noticed: LocalPubMed) -> None:
    noticed.move_to(LAST - 1)
    before = [day(there(noticed, pmid), ".//DateRevised") for pmid in (FIRST_PMID + 7, FIRST_PMID + 14)]
    noticed.move_to(LAST)
    article, notice = there(noticed, FIRST_PMID + 7), there(noticed, FIRST_PMID + 14)
    assert links(article) == [("ErratumIn", str(FIRST_PMID + 14))]
    assert "Published Erratum" in types(notice)
    assert [day(one, ".//DateRevised") for one in (article, notice)] == before


def test_a_reinstated_article_is_as_if_never_retracted_but_revised(noticed: LocalPubMed) -> None:
    noticed.move_to(LAST + 1)
    article = there(noticed, ARTICLE)
    kinds = [kind for kind, _ in links(article)]
    assert "RetractionIn" not in kinds
    assert "ExpressionOfConcernIn" not in kinds
    assert "ErratumIn" in kinds
    assert types(article) == ["Journal Article"]
    assert article.find(".//PubMedPubDate[@PubStatus='retracted']") is None
    assert links(there(noticed, ON_DAY["retract"]["notice"])) == []
    assert day(article, ".//DateRevised") == f"2030/01/{LAST + 2:02}"


def test_what_events_do_to_the_xml_around_them_is_nothing(tmp_path: Path) -> None:
    path = tmp_path / "markup.xml"
    markup = (
        '<ArticleTitle><i>In vitro</i> <i>in vivo</i> CO<sub>2</sub> &lt; 5 <mml:math xmlns:mml="http://www.w3.org/'
        '1998/Math/MathML"><mml:mi>x</mml:mi></mml:math> µg\xa0end</ArticleTitle>'
    )
    path.write_text(
        f'<PubmedArticleSet><PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="2">{OTHER}</PMID><Article>'
        f"<Journal><JournalIssue><PubDate><Year>2020</Year></PubDate></JournalIssue></Journal>{markup}"
        "<Language>eng</Language></Article></MedlineCitation><PubmedData/></PubmedArticle></PubmedArticleSet>",
        encoding="utf-8",
    )
    with LocalPubMed([path], events=[{"day": 1, "do": "concern", "pmid": OTHER, "notice": NOTICE}]) as server:
        titles = []
        for number in (0, 1):
            server.move_to(number)
            titles.append(canonical_title(server))
        assert titles[0] == titles[1]
        assert there(server, OTHER).find(".//PMID[@Version='2']") is not None


def canonical_title(server: LocalPubMed) -> bytes:
    tree = etree.fromstring(ask(server, "efetch", id=str(OTHER), retmode="xml").content)
    title = tree.find(".//ArticleTitle")
    etree.cleanup_namespaces(title)
    return bytes(etree.tostring(title, exclusive=True, method="c14n", with_tail=False))


@pytest.mark.shared
def test_records_that_events_made_are_valid(noticed: LocalPubMed, shared_data: Path) -> None:
    text = (shared_data / "dtd" / "pubmed_250101.dtd").read_text(encoding="utf-8")
    # The MathML module is another file; nothing in these records needs it.
    lines = [line for line in text.splitlines() if "mathml" not in line.lower()]
    noticed.move_to(LAST + 1)
    pmids = ",".join(str(one) for one in (ARTICLE, *(event["notice"] for event in SCRIPT[1:])))
    answer = ask(noticed, "efetch", id=pmids, retmode="xml").content
    dtd = etree.DTD(io.StringIO("\n".join(lines)))
    assert dtd.validate(etree.fromstring(answer)), dtd.error_log.last_error
