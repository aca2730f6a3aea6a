"""A check as a Word document, as SARIF and as ClaimReview, each read back by something that knows the format."""

import io
import json
import zipfile
from dataclasses import replace
from typing import Any

import docx
from factcheck.factcheck_copy import Ranking, check, claim, linked, study

from review_app.factcheck import marks, report_claimreview, report_docx, report_sarif, topic_data
from review_app.factcheck.dossier import About
from review_app.factcheck.model import Check, Verdict

DATA = topic_data.load("ketamine-depression")
ALLOWED = "Ketamine may ease depression within hours in some patients."
STATEMENT = "On average ketamine infusions ease depression within hours."
TOO_FAR = "Ketamine works instantly for everybody."


def full(reviewed: Verdict | None = None) -> Check:
    evidence = (linked(), linked(id=None), linked(id=8, integrity="retracted", stance="contradicts"))
    copy = f"Speed\n\n{ALLOWED} {TOO_FAR}"
    return check(copy, claim(evidence=evidence, reviewed=reviewed), studies=[study()], ranking=Ranking("supports"))


def words(content: bytes) -> str:
    read = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in read.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in read.paragraphs), *cells])


def test_a_word_report_says_what_it_is_and_every_sentence_with_its_evidence() -> None:
    said = words(report_docx.render(full(), DATA, About(title="Clinic page", profile="clinic")))
    assert said.startswith("Clinic page\n")
    assert marks.NOT_AN_APPROVAL in said
    assert "by clinic rules against 1 articles, 1 claims" in said
    assert f"{ALLOWED} [1]" in said
    assert "▲ overstated" in said
    assert "RETRACTED" in said
    assert "key study not in this library: PMID 90000001" in said
    assert "Rests on: library" in said
    assert "References" in said


def test_the_same_check_gives_the_same_word_report() -> None:
    assert report_docx.render(full(), DATA) == report_docx.render(full(), DATA)
    with zipfile.ZipFile(io.BytesIO(report_docx.render(full(), DATA))) as packed:
        assert packed.testzip() is None


def test_what_xml_cannot_hold_does_not_break_a_word_report() -> None:
    made = full()
    odd = replace(made, source="copy\x0b\x00\ufffe.txt")
    assert "Source: copy .txt" in words(report_docx.render(odd, DATA))


def sarif(made: Check) -> dict[str, Any]:
    run: dict[str, Any] = json.loads(report_sarif.render(made, DATA))["runs"][0]
    return run


def test_sarif_places_each_finding_in_the_text_that_travels_with_it() -> None:
    made = full()
    run = sarif(made)
    text = run["artifacts"][0]["contents"]["text"]
    assert text == made.document.text
    for result in run["results"]:
        region = result["locations"][0]["physicalLocation"]["region"]
        end = region["charOffset"] + region["charLength"]
        assert text[region["charOffset"] : end] == region["snippet"]["text"]
    overstated = next(result for result in run["results"] if result["ruleId"] == "verdict.overstated")
    assert (overstated["level"], overstated["properties"]["basis"]) == ("error", "library")
    assert overstated["locations"][0]["physicalLocation"]["region"]["snippet"]["text"] == TOO_FAR


def test_sarif_describes_every_rule_that_found_something_and_no_other() -> None:
    run = sarif(full())
    described = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert described == {result["ruleId"] for result in run["results"]}
    assert all(rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"])


def test_a_supported_sentence_is_no_finding() -> None:
    found = sarif(check(ALLOWED, claim(reviewed="supported")))["results"]
    assert [result for result in found if result["ruleId"].startswith("verdict.")] == []


def reviews(made: Check) -> list[dict[str, Any]]:
    answer = json.loads(report_claimreview.render(made))
    assert answer["@context"] == "https://schema.org"
    graph: list[dict[str, Any]] = answer["@graph"]
    return graph


def test_claimreview_rates_only_what_people_decided() -> None:
    drafts = reviews(full())
    assert [review["claimReviewed"] for review in drafts] == [ALLOWED, TOO_FAR]
    assert all("reviewRating" not in review and "author" not in review for review in drafts)
    assert drafts[0]["creativeWorkStatus"].startswith("Draft, not judged: library")
    (rated,) = reviews(check(STATEMENT, claim(evidence=(linked(reviewed=True),), reviewed="supported")))
    assert rated["reviewRating"]["ratingValue"] == 5
    assert rated["reviewRating"]["alternateName"] == "supported"
    assert rated["author"]["@type"] == "Organization"


def test_claimreview_of_a_decision_that_is_stale_is_a_draft_again() -> None:
    made = check(STATEMENT, claim(evidence=(linked(reviewed=True),), reviewed="supported"))
    assert made.sentences[0].basis == "reviewed"
    stale = replace(made, sentences=tuple(replace(one, standing="stale") for one in made.sentences))
    assert all("reviewRating" not in review for review in reviews(stale))


def test_claimreview_names_the_page_where_the_claim_appeared() -> None:
    made = replace(full(), source="https://clinic.example/ketamine")
    assert reviews(made)[0]["itemReviewed"]["appearance"]["url"] == "https://clinic.example/ketamine"
