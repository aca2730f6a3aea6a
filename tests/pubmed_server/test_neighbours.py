"""iCite and Crossref on the same port: what they read in the records, and what the script says besides."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from local_pubmed import LocalPubMed
from pubmed_server.day_script import ADDED, ARTICLE, NOTICE, OTHER

DOI = "10.5555/zyl.1"
SCRIPT: list[dict[str, Any]] = [
    {**ADDED, "day": 0},
    {"day": 0, "do": "add", "pmid": OTHER, "title": "On the trial", "references": [ARTICLE]},
    {"day": 0, "do": "cite", "pmid": 90_000_999, "citation_count": 3},
    {"day": 1, "do": "correct", "pmid": ARTICLE, "notice": NOTICE + 10, "notice_doi": "10.5555/zyl.e"},
    {"day": 1, "do": "cite", "pmid": ARTICLE, "relative_citation_ratio": 1.5, "citation_count": 44},
    {"day": 2, "do": "retract", "pmid": ARTICLE, "notice": NOTICE, "notice_doi": "10.5555/ZYL.r"},
    {"day": 2, "do": "watch", "record_id": 7, "doi": "10.5555/ZYL.1", "notice_doi": "10.5555/zyl.R"},
    {"day": 2, "do": "crossref", "doi": DOI, "type": "partial_retraction", "notice_doi": "10.5555/zyl.p"},
    {"day": 2, "do": "cite", "pmid": ARTICLE, "citation_count": 45},
    {"day": 3, "do": "cite", "pmid": ARTICLE, "absent": True},
    {"day": 3, "do": "delete", "pmid": ARTICLE},
    {"day": 4, "do": "cite", "pmid": ARTICLE, "citation_count": 46},
    {"day": 3, "do": "correct", "pmid": OTHER, "source": "Invented J. 2030;1(1):1. doi: 10.5555/only.text."},
]


@pytest.fixture(scope="module")
def neighbours(records_file: Path) -> Iterator[LocalPubMed]:
    with LocalPubMed([records_file], events=SCRIPT) as server:
        yield server


def icite(pubmed: LocalPubMed, pmids: str, **params: str) -> dict[int, dict[str, Any]]:
    answer = httpx.get(f"{pubmed.icite_url}pubs", params={"pmids": pmids, **params})
    assert answer.status_code == 200, answer.text
    return {row["pmid"]: row for row in answer.json()["data"]}


def work(pubmed: LocalPubMed, doi: str) -> dict[str, Any]:
    answer = httpx.get(f"{pubmed.crossref_url}works/{doi}")
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    assert told["status"] == "ok"
    message: dict[str, Any] = told["message"]
    return message


def test_icite_counts_in_the_records_and_leaves_out_what_it_does_not_know(neighbours: LocalPubMed) -> None:
    neighbours.move_to(0)
    told = icite(neighbours, f"{ARTICLE},{OTHER},90009999,90000999")
    assert list(told) == [ARTICLE, OTHER, 90_000_999]
    article = told[ARTICLE]
    assert (article["citation_count"], article["cited_by"], article["references"]) == (1, [OTHER], [90000008, 90000001])
    assert (article["year"], article["doi"], article["authors"]) == (2030, DOI, "A Lovelace, E Noether")
    assert article["relative_citation_ratio"] is None
    assert told[90_000_999]["citation_count"] == 3


def test_icite_says_what_the_script_says_from_its_day_on(neighbours: LocalPubMed) -> None:
    counts = []
    for day in range(5):
        neighbours.move_to(day)
        row = icite(neighbours, str(ARTICLE), fl="pmid,citation_count,relative_citation_ratio").get(ARTICLE)
        counts.append(row and (row["citation_count"], row["relative_citation_ratio"]))
    assert counts == [(1, None), (44, 1.5), (45, 1.5), None, (46, 1.5)]


@pytest.mark.parametrize(
    ("params", "status"),
    [
        ({"pmids": ",".join(map(str, range(1, 202)))}, 400),
        ({"pmids": "abc"}, 500),
        ({"pmids": "1", "fl": "pmid,nonsense"}, 500),
        ({"pmids": "1", "format": "csv"}, 500),
        ({"pmids": "1", "legacy": "false"}, 500),
    ],
)
def test_icite_is_not_asked_too_much_nor_what_is_not_served(
    params: dict[str, str], status: int, neighbours: LocalPubMed
) -> None:
    assert httpx.get(f"{neighbours.icite_url}pubs", params=params).status_code == status


def test_crossref_knows_no_notice_before_its_day(neighbours: LocalPubMed) -> None:
    neighbours.move_to(0)
    assert "updated-by" not in work(neighbours, DOI)
    assert httpx.get(f"{neighbours.crossref_url}works/10.5555/zyl.r").status_code == 404


def test_crossref_lists_the_correction_first_and_the_retraction_twice(neighbours: LocalPubMed) -> None:
    neighbours.move_to(2)
    told = work(neighbours, "10.5555%2FZYL.1")
    assert told["title"] == [ADDED["title"]]
    assert [(one["type"], one["DOI"], one["source"]) for one in told["updated-by"]] == [
        ("correction", "10.5555/zyl.e", "publisher"),
        ("retraction", "10.5555/zyl.r", "publisher"),
        ("partial_retraction", "10.5555/zyl.p", "publisher"),
        ("retraction", "10.5555/zyl.r", "retraction-watch"),
    ]
    last = told["updated-by"][-1]
    assert (last["record-id"], last["label"], last["updated"]["date-parts"]) == (7, "Retraction", [[2030, 1, 3]])


def test_a_notice_says_what_it_updates(neighbours: LocalPubMed) -> None:
    neighbours.move_to(2)
    notice = work(neighbours, "10.5555/zyl.r")
    assert [(one["type"], one["DOI"]) for one in notice["update-to"]] == [("retraction", DOI)]
    assert "updated-by" not in notice


def test_crossref_keeps_a_work_that_pubmed_deletes(neighbours: LocalPubMed) -> None:
    neighbours.move_to(3)
    assert [one["type"] for one in work(neighbours, DOI)["updated-by"]][:2] == ["correction", "retraction"]


def test_neighbours_are_in_the_journal_and_struck_by_faults(records_file: Path) -> None:
    faults = [
        {"endpoint": "icite", "nth": 1, "do": "status", "status": 503},
        {"endpoint": "crossref", "nth": 1, "do": "html"},
        {"endpoint": "retraction_watch", "nth": 1, "do": "truncate_close", "keep": 40},
        {"endpoint": "dailymed", "nth": 1, "do": "error", "message": "down"},
    ]
    with LocalPubMed([records_file], faults) as server:
        assert httpx.get(f"{server.icite_url}pubs?pmids=1").status_code == 503
        assert httpx.get(f"{server.icite_url}pubs?pmids=1").json()["data"] == []
        assert "<title>Maintenance</title>" in httpx.get(f"{server.crossref_url}works/10.5555/x").text
        assert len(httpx.get(server.retraction_watch_url).content) == 40
        assert httpx.get(f"{server.dailymed_url}spls.json?drug_name=x").json() == {"error": "down"}
        told = [(row["tool"], row["nth"], row["status"], row["fault"]) for row in server.journal()]
    assert told[:2] == [("icite", 1, 503, "status"), ("icite", 2, 200, None)]
    assert [row[0] for row in told[2:]] == ["crossref", "retraction_watch", "dailymed"]


def test_other_services_of_ncbi_are_refused_and_unknown_paths_not_found(neighbours: LocalPubMed) -> None:
    for name in ("espell.fcgi", "egquery.fcgi", "ecitmatch.cgi"):
        answer = httpx.get(f"{neighbours.url}{name}")
        assert (answer.status_code, answer.text) == (500, f"The local PubMed does not support {name}\n")
    listing = httpx.get(f"{neighbours.crossref_url}works?filter=updates:10.5555/x")
    assert (listing.status_code, listing.text) == (500, "The local PubMed does not support Crossref without a DOI\n")
    assert httpx.get(f"{neighbours.url}nowhere").status_code == 404
