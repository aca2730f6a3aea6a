"""The baseline and the update files over HTTP: applied in order they give what the E-utilities say of that day."""

import gzip
import hashlib
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from local_pubmed import LocalPubMed
from pubmed_server.day_script import ADDED, ARTICLE, NOTICE, OTHER, ask, found
from pubmed_server.invented_records import FIRST_PMID, Invented

SCRIPT: list[dict[str, Any]] = [
    {"day": 0, "do": "revise", "pmid": FIRST_PMID, "title": "Revised before the baseline was made"},
    ADDED,
    {"day": 2, "do": "retract", "pmid": ARTICLE, "notice": NOTICE},
    {"day": 2, "do": "delete", "pmid": FIRST_PMID + 7},
    {"day": 3, "do": "vanish", "pmid": FIRST_PMID},
    {"day": 4, "do": "delete", "pmid": ARTICLE},
    {"day": 5, "do": "re-add", "pmid": ARTICLE},
    {"day": 5, "do": "add", "pmid": OTHER, "title": "Another"},
    {"day": 6, "do": "reissue", "of": 2, "pmids": [ARTICLE, NOTICE, OTHER]},
    {"day": 6, "do": "withhold", "of": 4, "until": 7},
    {"day": 8, "do": "rebaseline", "lost": [OTHER]},
    {"day": 9, "do": "revise", "pmid": ARTICLE, "title": "After the new baseline"},
]


@pytest.fixture(scope="module")
def files(records_file: Path) -> Iterator[LocalPubMed]:
    with LocalPubMed([records_file], events=SCRIPT) as server:
        yield server


def listed(pubmed: LocalPubMed, folder: str) -> list[str]:
    page = httpx.get(f"{pubmed.files_url}{folder}/").text
    return re.findall(r'href="([^"]+\.gz)"', page)


def fetched(pubmed: LocalPubMed, folder: str, name: str) -> bytes:
    return httpx.get(f"{pubmed.files_url}{folder}/{name}").content


def applied(pubmed: LocalPubMed) -> dict[str, bytes]:
    """Every file in the order of its number, the last one wins, deletions at the end of each."""
    records: dict[str, bytes] = {}
    every = [("baseline", name) for name in listed(pubmed, "baseline")]
    for folder, name in every + [("updatefiles", name) for name in listed(pubmed, "updatefiles")]:
        root = ET.fromstring(gzip.decompress(fetched(pubmed, folder, name)))
        for article in root.iterfind("PubmedArticle"):
            article.tail = None
            records[article.findtext("MedlineCitation/PMID") or ""] = ET.tostring(article)
        for gone in root.iterfind("DeleteCitation/PMID"):
            records.pop(gone.text or "", None)
    return records


def test_the_folders_list_files_that_are_numbered_on(files: LocalPubMed, records: list[Invented]) -> None:
    files.move_to(5)
    assert listed(files, "baseline") == ["pubmed30n0001.xml.gz"]
    assert listed(files, "updatefiles") == [f"pubmed30n000{number}.xml.gz" for number in (2, 3, 4, 5)]
    files.move_to(0)
    assert listed(files, "updatefiles") == []
    assert 'href="baseline/"' in httpx.get(files.files_url).text


@pytest.mark.parametrize("day", [0, 1, 2, 4, 5])
def test_all_files_in_order_are_pubmed_on_that_day(day: int, files: LocalPubMed) -> None:
    files.move_to(day)
    pmids = sorted(found(files, "all[sb]"))
    answer = ask(files, "efetch", id=",".join(map(str, pmids)), retmode="xml").content
    told = {}
    for article in ET.fromstring(answer).iterfind("PubmedArticle"):
        article.tail = None
        told[article.findtext("MedlineCitation/PMID") or ""] = ET.tostring(article)
    assert applied(files) == told


def test_a_record_that_vanishes_for_a_night_is_in_no_update_file(files: LocalPubMed) -> None:
    files.move_to(3)
    assert str(FIRST_PMID) in applied(files)
    assert FIRST_PMID not in found(files, "all[sb]")


def test_each_file_has_its_md5(files: LocalPubMed) -> None:
    files.move_to(2)
    for folder in ("baseline", "updatefiles"):
        for name in listed(files, folder):
            digest = hashlib.md5(fetched(files, folder, name), usedforsecurity=False).hexdigest()
            assert fetched(files, folder, f"{name}.md5").decode() == f"MD5({name})= {digest}\n"


def test_a_file_is_republished_under_its_name_with_another_md5(files: LocalPubMed) -> None:
    name = "pubmed30n0003.xml.gz"
    files.move_to(5)
    before = fetched(files, "updatefiles", f"{name}.md5")
    files.move_to(6)
    assert fetched(files, "updatefiles", f"{name}.md5") != before
    root = ET.fromstring(gzip.decompress(fetched(files, "updatefiles", name)))
    assert {one.text for one in root.iterfind("PubmedArticle/MedlineCitation/PMID")} == {
        str(ARTICLE),
        str(NOTICE),
        str(OTHER),
    }
    files.move_to(5)
    assert fetched(files, "updatefiles", f"{name}.md5") == before


def test_a_file_is_missing_from_the_sequence_for_a_day(files: LocalPubMed) -> None:
    files.move_to(6)
    assert "pubmed30n0004.xml.gz" not in listed(files, "updatefiles")
    assert httpx.get(f"{files.files_url}updatefiles/pubmed30n0004.xml.gz").status_code == 404
    files.move_to(7)
    assert "pubmed30n0004.xml.gz" in listed(files, "updatefiles")


def test_a_new_baseline_takes_the_place_of_all_files_and_may_lack_a_record(files: LocalPubMed) -> None:
    files.move_to(8)
    assert listed(files, "baseline") == ["pubmed31n0001.xml.gz"]
    assert listed(files, "updatefiles") == []
    missing = {int(pmid) for pmid in applied(files)} ^ found(files, "all[sb]")
    assert missing == {OTHER}
    files.move_to(9)
    assert listed(files, "updatefiles") == ["pubmed31n0002.xml.gz"]
    assert b"After the new baseline" in applied(files)[str(ARTICLE)]
