"""elink: who cites whom, as a brute-force reading of the records' reference lists has it."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from local_pubmed import LocalPubMed
from pubmed_server.day_script import ask

FIRST = 90_001_000
# citing: cited; 90001009 is cited and no record here.
CITES = {FIRST: [FIRST + 1, FIRST + 9], FIRST + 1: [FIRST + 9], FIRST + 2: [FIRST + 1], FIRST + 3: []}
SCRIPT: list[dict[str, Any]] = [
    {"day": 0, "do": "add", "pmid": pmid, "title": f"Paper {pmid}", "references": cited}
    for pmid, cited in CITES.items()
] + [{"day": 1, "do": "revise", "pmid": FIRST + 3, "references": [FIRST + 1]}]
CITED_IN, REFS = "pubmed_pubmed_citedin", "pubmed_pubmed_refs"


@pytest.fixture(scope="module")
def citing(records_file: Path) -> Iterator[LocalPubMed]:
    with LocalPubMed([records_file], events=SCRIPT) as server:
        yield server


def linksets(pubmed: LocalPubMed, **params: Any) -> list[dict[str, Any]]:
    answer = ask(pubmed, "elink", dbfrom="pubmed", retmode="json", **params)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["linksets"]
    return rows


def linked(row: dict[str, Any]) -> list[int]:
    return [int(pmid) for one in row.get("linksetdbs", []) for pmid in one["links"]]


@pytest.mark.parametrize("pmid", range(FIRST, FIRST + 10))
def test_links_are_those_of_the_reference_lists(pmid: int, citing: LocalPubMed) -> None:
    citing.move_to(0)
    by = sorted((one for one, cited in CITES.items() if pmid in cited), reverse=True)
    assert [linked(row) for row in linksets(citing, id=str(pmid), linkname=CITED_IN)] == [by]
    cited = sorted(CITES.get(pmid, []), reverse=True)
    assert [linked(row) for row in linksets(citing, id=str(pmid), linkname=REFS)] == [cited]


def test_a_revision_changes_who_cites(citing: LocalPubMed) -> None:
    citing.move_to(1)
    assert linked(linksets(citing, id=str(FIRST + 1), linkname=CITED_IN)[0]) == [FIRST + 3, FIRST + 2, FIRST]


def test_repeated_ids_give_a_set_each_and_a_list_one_set_together(citing: LocalPubMed) -> None:
    citing.move_to(0)
    each = linksets(citing, id=[str(FIRST + 1), str(FIRST + 9)], linkname=CITED_IN)
    assert [(row["ids"], linked(row)) for row in each] == [
        ([str(FIRST + 1)], [FIRST + 2, FIRST]),
        ([str(FIRST + 9)], [FIRST + 1, FIRST]),
    ]
    (together,) = linksets(citing, id=f"{FIRST + 1},{FIRST + 9}", linkname=CITED_IN)
    assert linked(together) == [FIRST + 2, FIRST + 1, FIRST]


def test_xml_and_json_say_the_same(citing: LocalPubMed) -> None:
    citing.move_to(0)
    params = {"id": [str(FIRST), str(FIRST + 3)], "linkname": REFS}
    root = ET.fromstring(ask(citing, "elink", dbfrom="pubmed", **params).content)
    told = [[int(one.text or "") for one in row.iterfind("LinkSetDb/Link/Id")] for row in root.iterfind("LinkSet")]
    assert told == [linked(row) for row in linksets(citing, **params)] == [[FIRST + 9, FIRST + 1], []]
    assert root.findtext("LinkSet/LinkSetDb/LinkName") == REFS


def test_neighbours_go_into_the_history_and_come_out_of_it(citing: LocalPubMed) -> None:
    citing.move_to(0)
    (row,) = linksets(citing, id=str(FIRST), linkname=REFS, cmd="neighbor_history")
    kept = {"WebEnv": row["webenv"], "query_key": row["linksetdbhistories"][0]["querykey"]}
    listed = ask(citing, "efetch", **kept, rettype="uilist", retmode="text").text.split()
    assert listed == [str(FIRST + 9), str(FIRST + 1)]
    (further,) = linksets(citing, **kept, linkname=CITED_IN)
    assert linked(further) == [FIRST + 2, FIRST + 1, FIRST]
    (empty,) = linksets(citing, id=str(FIRST + 3), linkname=REFS, cmd="neighbor_history")
    assert "linksetdbhistories" not in empty


def test_a_limit_keeps_the_linked_records_it_finds(citing: LocalPubMed) -> None:
    citing.move_to(0)
    (row,) = linksets(citing, id=f"{FIRST},{FIRST + 2}", linkname=REFS, term="paper[ti]")
    assert linked(row) == [FIRST + 1]


def test_acheck_says_which_links_there_are(citing: LocalPubMed) -> None:
    citing.move_to(0)
    (row,) = linksets(citing, id=f"{FIRST + 1},{FIRST + 2},{FIRST + 3}", cmd="acheck")
    told = {one["id"]: [info["linkname"] for info in one["linkinfos"]] for one in row["idchecklist"]["idlinksets"]}
    assert told == {str(FIRST + 1): [CITED_IN, REFS], str(FIRST + 2): [REFS], str(FIRST + 3): []}


@pytest.mark.parametrize(
    ("params", "what"),
    [
        ({}, "elink with no linkname (similar articles among them)"),
        ({"linkname": "pubmed_pubmed"}, "elink with linkname='pubmed_pubmed'"),
        ({"cmd": "prlinks"}, "elink with cmd='prlinks'"),
        ({"cmd": "neighbor_score"}, "elink with cmd='neighbor_score'"),
        ({"db": "pmc", "linkname": CITED_IN}, "db=pmc"),
        ({"dbfrom": "gene", "linkname": CITED_IN}, "elink from 'gene' to 'pubmed'"),
        ({"linkname": CITED_IN, "term": "x[cois]"}, "query: field Conflict of Interest Statements [cois]"),
    ],
)
def test_links_that_cannot_be_known_are_refused_in_one_line(
    params: dict[str, str], what: str, citing: LocalPubMed
) -> None:
    answer = httpx.get(f"{citing.url}elink.fcgi", params={"db": "pubmed", "id": str(FIRST), **params})
    assert answer.status_code == 500
    assert answer.text.startswith(f"The local PubMed does not support {what}")
    assert answer.text.count("\n") == 1


def test_what_is_no_pmid_is_an_error_in_an_ordinary_answer(citing: LocalPubMed) -> None:
    answer = ask(citing, "elink", id="abc", linkname=REFS, retmode="json")
    assert (answer.status_code, answer.json()["error"]) == (200, "Invalid uid abc at position= 0")


def test_einfo_lists_the_links_that_are_served(citing: LocalPubMed) -> None:
    citing.move_to(1)
    info = ask(citing, "einfo", retmode="json").json()["einforesult"]["dbinfo"][0]
    assert {row["name"]: row["dbto"] for row in info["linklist"]} == {CITED_IN: "pubmed", REFS: "pubmed"}
    assert info["lastupdate"] == "2030/01/02 00:00"
