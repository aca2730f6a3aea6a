"""Clients that were written for NCBI work against the local PubMed unchanged."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from Bio import Entrez as UntypedEntrez
from local_pubmed import LocalPubMed
from pubmed_server.invented_records import Invented

Entrez: Any = UntypedEntrez


def entrez(pubmed: LocalPubMed, tool: str, **params: str) -> Any:
    """What `Bio.Entrez.<tool>` sends, to another base address (it has no setting for one), read by its parser."""
    request = Entrez._build_request(f"{pubmed.url}{tool}.fcgi", {"db": "pubmed", "email": "ada@example.org", **params})
    with Entrez._open(request) as stream:
        return Entrez.read(stream)


def test_biopython_reads_a_search_and_its_history(pubmed: LocalPubMed, records: list[Invented]) -> None:
    found = entrez(pubmed, "esearch", term="all[sb]", usehistory="y", retmax="5")
    assert int(found["Count"]) == len(records)
    assert len(found["IdList"]) == 5
    fetched = entrez(pubmed, "efetch", WebEnv=found["WebEnv"], query_key=found["QueryKey"], retmode="xml", retmax="3")
    told = {str(article["MedlineCitation"]["PMID"]) for article in fetched["PubmedArticle"]}
    assert told == set(found["IdList"][:3])


def test_biopython_reads_records_with_the_document_type_it_has(pubmed: LocalPubMed, records: list[Invented]) -> None:
    fetched = entrez(pubmed, "efetch", id=f"{records[0].pmid},{records[1].pmid}", retmode="xml")
    titles = [str(article["MedlineCitation"]["Article"]["ArticleTitle"]) for article in fetched["PubmedArticle"]]
    assert titles == [records[0].title, records[1].title]


def test_biopython_reads_summaries_posts_and_fields(pubmed: LocalPubMed, records: list[Invented]) -> None:
    (told,) = entrez(pubmed, "esummary", id=str(records[0].pmid))
    assert told["Title"] == records[0].title
    assert entrez(pubmed, "epost", id=str(records[0].pmid))["QueryKey"] == "1"
    fields = entrez(pubmed, "einfo", version="2.0")["DbInfo"][0]["FieldList"]
    assert {"Name": "TIAB", "IsTruncatable": "Y"}.items() <= next(f for f in fields if f["Name"] == "TIAB").items()


def test_biopython_sees_the_lists_of_what_was_not_found(pubmed: LocalPubMed) -> None:
    found = entrez(pubmed, "esearch", term='pain[titel] OR "zylketamide"[nm]')
    assert found["ErrorList"]["FieldNotFound"] == ["titel"]
    assert found["WarningList"]["QuotedPhraseNotFound"] == ['"zylketamide"[nm]']


@pytest.mark.skipif(
    not all(map(shutil.which, ("esearch", "efetch", "xtract"))), reason="EDirect (esearch, efetch) is not installed"
)
@pytest.mark.parametrize("form", ["xml", "uid"])
def test_edirect_searches_and_fetches(form: str, pubmed: LocalPubMed, records: list[Invented], tmp_path: Path) -> None:
    command = (
        f"esearch -base {pubmed.url} -db pubmed -query 'ketamin*[tiab] OR esketamin*[tiab]' | "
        f"efetch -base {pubmed.url} -format {form}"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "EMAIL": "ada@example.org"}
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120, env=environment)
    expected = {
        str(record.pmid)
        for record in records
        if any(word.startswith(("ketamin", "esketamin")) for text in record.free_texts() for word in text)
    }
    got = re.findall(r"<PMID[^>]*>(\d+)</PMID>", done.stdout) if form == "xml" else done.stdout.split()
    assert set(got) == expected, done.stderr
