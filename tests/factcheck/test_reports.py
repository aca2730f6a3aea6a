import re

import pytest
from bs4 import BeautifulSoup
from factcheck.factcheck_copy import Ranking, check, claim, linked, study

from review_app.factcheck import marks, report_html, report_markdown, report_text, topic_data
from review_app.factcheck.model import Check

DATA = topic_data.load("ketamine-depression")
REPORTS = (report_text, report_markdown, report_html)
HOSTILE = "Ketamine works instantly for everybody <script>alert(1)</script> [x](javascript:y) `z`."


def full() -> Check:
    text = f"Speed\n\nKetamine may ease depression within hours in some patients. {HOSTILE} Ketamine cures depression."
    evidence = (linked(), linked(id=None), linked(id=8, integrity="retracted", stance="contradicts"))
    return check(text, claim(evidence=evidence), studies=[study()], ranking=Ranking("supports"))


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__.rsplit("_", 1)[1])
def test_every_report_says_what_it_is_and_what_it_was_made_against(report: object) -> None:
    page = report.render(full(), DATA)  # type: ignore[attr-defined]
    words = BeautifulSoup(page, "lxml").get_text(" ") if report is report_html else page.replace("\\", "")
    words = " ".join(words.split()).replace(" > ", " ")
    assert marks.NOT_AN_APPROVAL in words
    assert "1 articles, 1 claims" in words
    assert "2026-03-01 08:00 UTC" in words
    assert "key study not in this library: PMID 90000001" in words
    assert "RETRACTED" in words
    assert "not yet reviewed here" in words
    assert "Some patients, not all".lower() in words.lower()


def test_the_page_runs_no_script_and_loads_nothing() -> None:
    page = report_html.render(full(), DATA)
    soup = BeautifulSoup(page, "lxml")
    assert soup.find(["script", "img", "link", "iframe"]) is None
    assert all(str(anchor["href"]).startswith("#") for anchor in soup.find_all("a"))
    assert "http" not in re.sub(r"http-equiv", "", page)
    assert "<script>alert(1)</script>" in soup.get_text()


def test_every_marked_sentence_leads_to_its_dossier_and_back() -> None:
    soup = BeautifulSoup(report_html.render(full(), DATA), "lxml")
    for mark in soup.select("a.mark"):
        target = soup.select_one(str(mark["href"]))
        assert target is not None
        assert target.select_one(f'a[href="#{mark["id"]}"]') is not None


def test_a_suggestion_looks_different_from_a_claim_of_the_library() -> None:
    soup = BeautifulSoup(report_html.render(full(), DATA), "lxml")
    assert {str(badge["class"][1]) for badge in soup.select(".badge")} <= {"library", "suggested", "none", "reviewed"}
    assert soup.select(".badge.library")


def test_markdown_shows_the_copy_as_it_stands() -> None:
    page = report_markdown.render(full(), DATA)
    assert "<script>" not in page
    assert "[x](javascript" not in page


def test_control_characters_of_a_document_do_not_reach_the_terminal() -> None:
    page = report_text.render(check("Ketamine \x1b[31mcures depression.\x07"), DATA)
    assert "\x1b" not in page
    assert "\x07" not in page


def test_copy_that_is_not_english_says_so_in_every_report() -> None:
    foreign = check(
        "La ketamina es un tratamiento rápido para la depresión en las personas que no responden a los"
        " antidepresivos y se administra por vía intravenosa en una clínica."
    )
    for report in REPORTS:
        assert "Not English" in report.render(foreign, DATA)
