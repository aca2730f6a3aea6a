"""DailyMed's labels and the Retraction Watch file: what the script says of them on each day."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from eutils_server.retraction_watch import HEADER
from local_pubmed import LocalPubMed
from lxml import etree
from pubmed_server.day_script import ADDED, ARTICLE, NOTICE, found

SPRAY, TABLET = "00000000-aaaa-4000-8000-000000000001", "00000000-aaaa-4000-8000-000000000002"
SPL = {"v": "urn:hl7-org:v3"}
SCRIPT: list[dict[str, Any]] = [
    {
        "day": 0,
        "do": "label",
        "setid": SPRAY,
        "title": "ZYLKETAM (zylketamide) spray",
        "drug_names": ["Zylketam"],
        "sections": {"34066-1": "WARNING: SLEEP\nSome < 5 sleep.\n\nWatch them.", "34067-9": "For invented moods."},
    },
    {"day": 0, "do": "label", "setid": TABLET, "title": "Grumblewort tablets", "published": "2029/03/13", "version": 7},
    {"day": 1, **ADDED},
    {"day": 2, "do": "label", "setid": SPRAY, "sections": {"43685-7": "A new warning.", "34067-9": ""}},
    {
        "day": 2,
        "do": "watch",
        "record_id": 3,
        "doi": "10.5555/ZYL.1",
        "pmid": ARTICLE,
        "nature": "Expression of concern",
    },
    {
        "day": 2,
        "do": "watch",
        "record_id": 4,
        "doi": "10.5555/ZYL.1",
        "reasons": ["Concerns/Issues about Data", "+Error, in part"],
        "authors": ["Ada Lovelace", "Emmy Noether"],
        "title": 'A "quoted" title, with a comma',
        "date": "2029/08/16",
        "Country": ["Nowhere", "Elsewhere"],
    },
    {"day": 3, "do": "retract", "pmid": ARTICLE, "notice": NOTICE},
    {"day": 4, "do": "watch", "record_id": 5, "pmid": ARTICLE, "nature": "Reinstatement"},
    {"day": 4, "do": "unwatch", "record_id": 3},
    {"day": 4, "do": "label", "setid": TABLET, "removed": True},
]


@pytest.fixture(scope="module")
def scripted(records_file: Path) -> Iterator[LocalPubMed]:
    with LocalPubMed([records_file], events=SCRIPT) as server:
        yield server


def spls(pubmed: LocalPubMed, **params: str) -> dict[str, Any]:
    answer = httpx.get(f"{pubmed.dailymed_url}spls.json", params=params)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


def rows(pubmed: LocalPubMed) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(httpx.get(pubmed.retraction_watch_url).text)))


@pytest.mark.parametrize("name", ["zylketam", "ZYLKETAMIDE", "Zylketam spray", "zylketamide spray"])
def test_a_label_is_found_by_its_names_and_the_words_of_its_title(name: str, scripted: LocalPubMed) -> None:
    scripted.move_to(0)
    told = [row["setid"] for row in spls(scripted, drug_name=name)["data"]]
    assert told == ([] if name == "Zylketam spray" else [SPRAY])


def test_a_label_gains_a_version_with_a_warning(scripted: LocalPubMed) -> None:
    scripted.move_to(0)
    assert [row["spl_version"] for row in spls(scripted, drug_name="zylketam")["data"]] == [1]
    scripted.move_to(2)
    (row,) = spls(scripted, drug_name="zylketam")["data"]
    assert row == {
        "setid": SPRAY,
        "spl_version": 2,
        "published_date": "Jan 03, 2030",
        "title": "ZYLKETAM (zylketamide) spray",
    }
    history = httpx.get(f"{scripted.dailymed_url}spls/{SPRAY}/history.json").json()["data"]
    assert history["spl"]["setid"] == SPRAY
    assert [(one["spl_version"], one["published_date"]) for one in history["history"]] == [
        ("2", "Jan 03, 2030"),
        ("1", "Jan 01, 2030"),
    ]


def sections(pubmed: LocalPubMed, setid: str) -> dict[str, list[str]]:
    document = etree.fromstring(httpx.get(f"{pubmed.dailymed_url}spls/{setid}.xml").content)
    return {
        section.find("v:code", SPL).get("code"): [
            "".join(one.itertext()) for one in section.iterfind(".//v:paragraph", SPL)
        ]
        for section in document.iterfind(".//v:section", SPL)
    }


def test_the_document_has_its_sections_by_loinc_code(scripted: LocalPubMed) -> None:
    scripted.move_to(0)
    told = sections(scripted, SPRAY)
    assert told["34066-1"] == ["Some < 5 sleep.", "Watch them."]
    assert told["34067-9"] == ["For invented moods."]
    document = etree.fromstring(httpx.get(f"{scripted.dailymed_url}spls/{SPRAY}.xml").content)
    assert document.find("v:versionNumber", SPL).get("value") == "1"
    assert document.find("v:effectiveTime", SPL).get("value") == "20300101"
    assert document.find("v:setId", SPL).get("root") == SPRAY
    assert document.findtext(".//v:section/v:title", namespaces=SPL) == "WARNING: SLEEP"
    scripted.move_to(2)
    assert set(sections(scripted, SPRAY)) == {"48780-1", "34066-1", "43685-7"}


def test_labels_come_in_pages(scripted: LocalPubMed) -> None:
    scripted.move_to(0)
    first, second = (spls(scripted, pagesize="1", page=page) for page in ("1", "2"))
    assert [row["setid"] for told in (first, second) for row in told["data"]] == [SPRAY, TABLET]
    assert (first["metadata"]["total_elements"], first["metadata"]["total_pages"]) == (2, 2)
    assert httpx.get(first["metadata"]["next_page_url"]).json()["data"] == second["data"]
    assert second["metadata"]["next_page_url"] == "null"
    assert second["data"][0]["spl_version"] == 7


def test_an_unknown_label_is_not_found_and_other_questions_are_refused(scripted: LocalPubMed) -> None:
    scripted.move_to(4)
    assert httpx.get(f"{scripted.dailymed_url}spls/{TABLET}.xml").status_code == 404
    assert httpx.get(f"{scripted.dailymed_url}spls/unknown/history.json").status_code == 404
    assert spls(scripted, drug_name="unheard of")["metadata"]["total_elements"] == 0
    for params in ({"ndc": "1"}, {"pagesize": "101"}, {"page": "0"}):
        assert httpx.get(f"{scripted.dailymed_url}spls.json", params=params).status_code == 500


def test_the_file_without_rows_is_its_header(scripted: LocalPubMed) -> None:
    scripted.move_to(1)
    assert httpx.get(scripted.retraction_watch_url).text == ",".join(HEADER) + "\n"
    assert HEADER[-1] == ""


def test_rows_are_written_as_in_the_live_file(scripted: LocalPubMed) -> None:
    scripted.move_to(2)
    concern, retraction = rows(scripted)
    assert (concern["RetractionNature"], concern["RetractionDate"]) == ("Expression of concern", "1/3/2030 0:00")
    assert (concern["OriginalPaperPubMedID"], concern["RetractionPubMedID"]) == (str(ARTICLE), "0")
    assert retraction["Reason"] == "+Concerns/Issues about Data;+Error, in part;"
    assert retraction["Author"] == "Ada Lovelace;Emmy Noether;"
    assert retraction["Country"] == "Nowhere;Elsewhere;"
    assert retraction["Title"] == 'A "quoted" title, with a comma'
    assert (retraction["RetractionDate"], retraction["OriginalPaperDOI"]) == ("8/16/2029 0:00", "10.5555/ZYL.1")
    assert retraction["OriginalPaperPubMedID"] == "0"
    assert {concern["RetractionDOI"], retraction["RetractionDOI"]} == {"unavailable", "Unavailable"}
    lines = httpx.get(scripted.retraction_watch_url).text.splitlines()
    assert all(line.endswith(",") for line in lines)


def test_the_file_knows_a_retraction_before_pubmed_and_a_reinstatement_that_pubmed_does_not(
    scripted: LocalPubMed,
) -> None:
    scripted.move_to(2)
    assert {row["OriginalPaperDOI"] for row in rows(scripted)} == {"10.5555/ZYL.1"}
    assert ARTICLE not in found(scripted, '"Retracted Publication"[pt]')
    scripted.move_to(4)
    assert [row["RetractionNature"] for row in rows(scripted)] == ["Retraction", "Reinstatement"]
    assert ARTICLE in found(scripted, '"Retracted Publication"[pt]')


def test_an_unchanged_file_need_not_be_sent_again(scripted: LocalPubMed) -> None:
    scripted.move_to(2)
    tag = httpx.get(scripted.retraction_watch_url).headers["etag"]
    asked = {"If-None-Match": tag}
    scripted.move_to(3)
    again = httpx.get(scripted.retraction_watch_url, headers=asked)
    assert (again.status_code, again.content) == (304, b"")
    scripted.move_to(4)
    assert httpx.get(scripted.retraction_watch_url, headers=asked).status_code == 200
