"""`harvest doctor` as a person runs it, against the local PubMed and its neighbours."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from synced_library import sync

from harvester.topic import load_topic

CHECKOUT = Path(__file__).resolve().parent.parent.parent
LABEL = {"day": 0, "do": "label", "setid": "invented-1", "drug_names": ["spravato"], "title": "INVENTED SPRAY"}


def examined(pubmed: LocalPubMed, database: str, *options: str) -> subprocess.CompletedProcess[str]:
    settings = {
        "DATABASE_URL": database,
        "NCBI_EMAIL": "ada@example.org",
        "EUTILS_URL": pubmed.url,
        "ICITE_URL": pubmed.icite_url,
        "CROSSREF_URL": pubmed.crossref_url,
        "DAILYMED_URL": pubmed.dailymed_url,
        "RETRACTION_WATCH_URL": pubmed.retraction_watch_url,
    }
    command = [sys.executable, "-m", "harvester.cli", "doctor", *options]
    return subprocess.run(command, cwd=CHECKOUT, env=os.environ | settings, capture_output=True, text=True, timeout=300)


def test_the_local_pubmed_answers_as_the_client_expects(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        sync(sqlite_engine, pubmed.url, load_topic("ketamine-depression"))
    with LocalPubMed([records], events=[LABEL], unlimited=False) as pubmed:
        done = examined(pubmed, sqlite_engine.url.render_as_string())
        asked = pubmed.journal()
    assert done.stderr == "harvest: all 20 checks pass: the services answer as this version expects\n", done.stdout
    assert done.returncode == 0
    assert done.stdout.startswith("check")
    assert "PubMed: translation of the topic" in done.stdout
    assert len(asked) <= 14
    assert {row["status"] for row in asked} == {200}, "no faster than PubMed allows"
    eutils = [row for row in asked if row["path"].endswith(".fcgi")]
    assert {(row["method"], row["has_tool"], row["has_email"]) for row in eutils} == {("POST", True, True)}


def test_without_a_library_it_says_what_it_could_not_compare_and_makes_none(tmp_path: Path, records: Path) -> None:
    with LocalPubMed([records], events=[LABEL], unlimited=False) as pubmed:
        done = examined(pubmed, f"sqlite:///{tmp_path}/deep/library.db", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["code"]) == (3, 3)
    unchecked = [(check["check"], check["found"]) for check in told["checks"] if check["outcome"] != "pass"]
    assert unchecked == [("translation of the topic", "there is no library yet")]
    assert all(check["url"].startswith("https://") for check in told["checks"])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("fault", [{"endpoint": "esearch", "nth": 1, "times": 9, "do": "error", "message": "Odd"}])
def test_an_outage_is_no_drift(tmp_path: Path, records: Path, fault: dict[str, object]) -> None:
    with LocalPubMed([records], faults=[fault], events=[LABEL], unlimited=False) as pubmed:
        done = examined(pubmed, f"sqlite:///{tmp_path}/library.db", "--json")
    outcomes = {check["check"]: check["outcome"] for check in json.loads(done.stdout)["checks"]}
    assert outcomes["search fields"] == "pass"
    assert outcomes["history"] == "could not check"
    assert done.returncode == 3
    assert "could not be checked" in done.stderr
