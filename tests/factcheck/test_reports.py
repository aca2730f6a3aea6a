import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from factcheck.factcheck_copy import MORNING, Ranking, check, claim, linked, study

from review_app.factcheck import marks, report_decisions, report_html, report_markdown, report_text, topic_data
from review_app.factcheck.dossier import About
from review_app.factcheck.model import Check

DATA = topic_data.load("ketamine-depression")
REPORTS = (report_text, report_markdown, report_html)
WORDING = "Ketamine may ease depression within hours in some patients."
HOSTILE = "Ketamine works instantly for everybody <script>alert(1)</script> [x](javascript:y) `z`."


def plain(page: str) -> str:
    """A report's words without its line breaks and escapes."""
    return " ".join(page.replace("\\", "").split())


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


@pytest.mark.parametrize("report", [report_text, report_markdown], ids=("text", "markdown"))
def test_evidence_without_a_quote_is_shown_by_its_reference_and_title(report: object) -> None:
    bare = replace(linked(stance="qualifies"), quote="", quote_state="none")
    page = report.render(check(WORDING, claim(evidence=(bare,))), DATA)  # type: ignore[attr-defined]
    assert "qualifies (ships with the claim, not reviewed here): Invented 2020. An invented trial" in plain(page)


def test_evidence_says_who_gave_it_its_stance_and_contradiction_comes_first() -> None:
    shipped, person = linked(), linked(id=8, stance="contradicts", reviewed=True)
    found = check(
        WORDING,
        claim(evidence=(shipped, replace(person, pmid=90000002))),
        studies=[study()],
        ranking=Ranking("supports"),
    )
    lines = [line for line in plain(report_text.render(found, DATA)).split(" [") if "invented" in line.lower()][:3]
    assert [line.split(": ")[0] for line in lines] == [
        "1] contradicts (reviewed here, linked by a person)",
        "2] supports (ships with the claim, not reviewed here)",
        "3] supports (suggested by search, decided by nobody)",
    ]


def test_what_was_found_and_decides_nothing_stands_on_one_line() -> None:
    found = check(WORDING, claim(), studies=[study(11), study(12)], ranking=Ranking("related"))
    assert "Also found by search, says nothing decisive: [1][2]" in report_text.render(found, DATA)
    assert len(BeautifulSoup(report_html.render(found, DATA), "lxml").select("details li")) == 2


def test_a_reference_without_an_author_does_not_say_its_title_twice() -> None:
    nameless = replace(linked(), title="A nameless trial of a spray.", reference="“A nameless trial…” 2020, Invented J")
    page = plain(report_text.render(check(WORDING, claim(evidence=(nameless,))), DATA))
    assert "1. A nameless trial of a spray. 2020, Invented J (rct; N = 70; PMID 90000001)" in page


def test_a_report_says_in_words_how_a_sentence_came_to_its_verdict() -> None:
    page = plain(report_text.render(full(), DATA))
    assert "Why: It says exactly what the claims library records as: supported." in page
    assert "promotional: “" in plain(report_text.render(check("Ketamine is a breakthrough for depression."), DATA))


def test_two_sections_of_one_label_are_two_references() -> None:
    section = replace(linked(), kind="label", pmid=None, reference="Invented label, Uses")
    both = claim(evidence=(section, replace(section, reference="Invented label, Warnings")))
    page = plain(report_text.render(check(WORDING, both), DATA))
    assert "1. Invented label, Uses" in page
    assert "2. Invented label, Warnings" in page


def test_a_report_is_called_what_the_document_is_called_and_names_rules_and_designs() -> None:
    about = About("Leaflet of spring", "manufacturer", {"rct": "Randomised controlled trial"})
    for report in REPORTS:
        page = plain(report.render(full(), DATA, about))
        assert "Leaflet of spring" in page
        assert "UTC by manufacturer rules against 1 articles" in page
        assert "Randomised controlled trial; N = 70" in page


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__.rsplit("_", 1)[1])
def test_the_note_of_shipped_evidence_is_in_the_report(report: object) -> None:
    noted = replace(linked(), note="Lower scores <at> day 2")
    page = plain(report.render(check(WORDING, claim(evidence=(noted,))), DATA))  # type: ignore[attr-defined]
    assert "Noted in the claims library: Lower scores" in page
    assert report is report_text or "<at>" not in page


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__.rsplit("_", 1)[1])
def test_no_wording_is_offered_of_a_claim_that_people_judged_less_than_supported(report: object) -> None:
    text = "Ketamine works instantly for everybody."
    assert "A wording that holds" in plain(report.render(check(text, claim()), DATA))  # type: ignore[attr-defined]
    judged = plain(report.render(check(text, claim(reviewed="contradicted")), DATA))  # type: ignore[attr-defined]
    assert "A wording that holds" not in judged
    assert "people judged the claim itself as contradicted" in judged


def test_decisions_leave_a_report_without_any_as_it_is() -> None:
    page = report_html.render(full(), DATA)
    assert report_decisions.to_html(page, (), MORNING) == page
    markdown = report_markdown.render(full(), DATA)
    assert report_decisions.to_markdown(markdown, (), MORNING) == markdown


def test_decisions_stand_at_the_end_and_lead_back_to_their_sentence() -> None:
    made = report_decisions.Decision("<Dov>", MORNING, "it makes no claim", "A [heading](x).", "Speed", 1, undoes=True)
    page = report_decisions.to_html(report_html.render(full(), DATA), (made,), MORNING)
    item = BeautifulSoup(page, "lxml").select_one("ul.decided li")
    assert item is not None
    assert item.get_text().startswith("Sentence 2: <Dov> on 2026-03-01: it makes no claim. A [heading](x). Its verdict")
    assert BeautifulSoup(page, "lxml").select_one(str(item.select_one("a")["href"])) is not None  # type: ignore[index]
    markdown = report_decisions.to_markdown(report_markdown.render(full(), DATA), (made,), MORNING)
    assert "](x" not in markdown
    assert plain(markdown).endswith("Its verdict above no longer stands. > Speed")


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.__name__.rsplit("_", 1)[1])
def test_the_reference_list_names_a_study_in_vancouver_style_under_the_number_it_is_cited_by(report: object) -> None:
    cited = "Lindqvist A, Okafor B. An invented trial. Invented J. 2020;12(3):201-9. PMID: 90000001."
    page = report.render(full(), DATA, About(citations={7: cited}))  # type: ignore[attr-defined]
    words = plain(BeautifulSoup(page, "lxml").get_text(" ") if report is report_html else page)
    listed = words.partition(" References ")[2]
    assert f"{cited} (rct; N = 70)" in listed
    assert words.count(cited) == 1
    assert "Invented 2020" in words.partition(" References ")[0]


def test_a_retracted_reference_is_struck_through_in_the_list() -> None:
    soup = BeautifulSoup(report_html.render(full(), DATA), "lxml")
    struck = [item.get_text() for item in soup.select("footer ol li s")]
    assert len(struck) == 1
    assert "RETRACTED" in struck[0]
