"""Clients that were written for NCBI work against the local PubMed unchanged."""

import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import nbib
import pytest
from Bio import Entrez as UntypedEntrez
from Bio import Medline as UntypedMedline
from local_pubmed import LocalPubMed
from pubmed_server.invented_records import Invented

Entrez: Any = UntypedEntrez
Medline: Any = UntypedMedline


def entrez(pubmed: LocalPubMed, tool: str, **params: Any) -> Any:
    """What `Bio.Entrez.<tool>` sends, to another base address (it has no setting for one), read by its parser."""
    with stream(pubmed, tool, **params) as answer:
        return Entrez.read(answer)


def stream(pubmed: LocalPubMed, tool: str, **params: Any) -> Any:
    # Of the tools of Bio.Entrez only elink repeats `id` for each of a list.
    asked = {"db": "pubmed", "email": "ada@example.org", **params}
    return Entrez._open(Entrez._build_request(f"{pubmed.url}{tool}.fcgi", asked, join_ids=tool != "elink"))


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


FIRST = 90_002_000
TRIALS: list[dict[str, Any]] = [
    {
        "day": 0,
        "do": "add",
        "pmid": FIRST + place,
        "title": f"Zylketamide trial {place}",
        "authors": ["Lovelace A"],
        "doi": f"10.5555/zyl.{place}",
        "references": [FIRST + before for before in range(place)],
    }
    for place in range(4)
]
SCRIPT = [*TRIALS, {"day": 1, "do": "retract", "pmid": FIRST + 1, "notice": FIRST + 9}]


@pytest.fixture(scope="module")
def trials(records_file: Path) -> Iterator[LocalPubMed]:
    with LocalPubMed([records_file], events=SCRIPT, day=1) as server:
        yield server


def test_biopython_follows_links(trials: LocalPubMed) -> None:
    linked = entrez(trials, "elink", dbfrom="pubmed", id=str(FIRST + 1), linkname="pubmed_pubmed_citedin")
    assert [str(one["Id"]) for one in linked[0]["LinkSetDb"][0]["Link"]] == [str(FIRST + 3), str(FIRST + 2)]
    ids = [str(FIRST), str(FIRST + 3)]
    kept = entrez(trials, "elink", dbfrom="pubmed", id=ids, linkname="pubmed_pubmed_refs", cmd="neighbor_history")
    assert "QueryKey" not in kept[0]["LinkSetDbHistory"][0]
    where = {"WebEnv": kept[1]["WebEnv"], "query_key": kept[1]["LinkSetDbHistory"][0]["QueryKey"]}
    fetched = entrez(trials, "efetch", **where, retmode="xml")
    assert [str(one["MedlineCitation"]["PMID"]) for one in fetched["PubmedArticle"]] == [
        str(FIRST + place) for place in (2, 1, 0)
    ]
    checked = entrez(trials, "elink", dbfrom="pubmed", id=str(FIRST), cmd="acheck")
    (info,) = checked[0]["IdCheckList"]["IdLinkSet"][0]["LinkInfo"]
    assert info["LinkName"] == "pubmed_pubmed_citedin"


def test_biopython_reads_the_medline_format(trials: LocalPubMed) -> None:
    pmids = f"{FIRST + 1},{FIRST + 9}"
    with stream(trials, "efetch", id=pmids, rettype="medline", retmode="text") as answer:
        article, notice = Medline.parse(answer)
    assert (article["PMID"], article["TI"], article["AU"]) == (str(FIRST + 1), "Zylketamide trial 1", ["Lovelace A"])
    assert article["PT"] == ["Journal Article", "Retracted Publication"]
    assert article["LID"] == "10.5555/zyl.1 [doi]"
    assert article["RIN"] == [f"Invented J. 2030 Jan 02. PMID: {FIRST + 9}"]
    assert notice["ROF"] == [f"Invented J. 2030 Jan 01. doi: 10.5555/zyl.1 PMID: {FIRST + 1}"]
    assert (article["CRDT"], article["LR"]) == (["2030/01/01 00:00"], "20300102")


def test_biopython_sees_the_clock_move(trials: LocalPubMed) -> None:
    counts = []
    for day in (0, 1):
        trials.move_to(day)
        counts.append(int(entrez(trials, "esearch", term='"Retracted Publication"[pt] AND zylketamide[ti]')["Count"]))
    assert counts == [0, 1]


@pytest.mark.shared
def test_nbib_and_biopython_read_every_real_record_in_medline_format(shared_data: Path) -> None:
    with LocalPubMed([shared_data / "pubmed" / "ketamine_depression.xml.gz"]) as server:
        search = {"db": "pubmed", "term": "all[sb]", "retmax": "9999", "retmode": "json"}
        pmids = httpx.get(f"{server.url}esearch.fcgi", params=search).json()["esearchresult"]["idlist"]
        asked = {"db": "pubmed", "id": ",".join(pmids), "rettype": "medline", "retmode": "text"}
        text = httpx.post(f"{server.url}efetch.fcgi", data=asked, timeout=120).text
    assert [one["PMID"] for one in Medline.parse(io.StringIO(text))] == pmids
    assert [str(one["pubmed_id"]) for one in nbib.read(text)] == pmids


edirect = pytest.mark.skipif(
    not all(map(shutil.which, ("esearch", "efetch", "elink", "efilter", "xtract"))),
    reason="EDirect (esearch, efetch, elink, efilter, xtract) is not installed",
)


def shell(command: str, home: Path) -> str:
    environment = {**os.environ, "HOME": str(home), "EMAIL": "ada@example.org"}
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=120, env=environment)
    assert "ERROR" not in done.stderr, done.stderr
    return done.stdout


@edirect
@pytest.mark.parametrize("form", ["xml", "uid"])
def test_edirect_searches_and_fetches(form: str, pubmed: LocalPubMed, records: list[Invented], tmp_path: Path) -> None:
    told = shell(
        f"esearch -base {pubmed.url} -db pubmed -query 'ketamin*[tiab] OR esketamin*[tiab]' | "
        f"efetch -base {pubmed.url} -format {form}",
        tmp_path,
    )
    expected = {
        str(record.pmid)
        for record in records
        if any(word.startswith(("ketamin", "esketamin")) for text in record.free_texts() for word in text)
    }
    assert set(re.findall(r"<PMID[^>]*>(\d+)</PMID>", told) if form == "xml" else told.split()) == expected


@edirect
def test_edirect_extracts_what_the_script_did(trials: LocalPubMed, tmp_path: Path) -> None:
    trials.move_to(1)
    told = shell(
        f"esearch -base {trials.url} -db pubmed -query 'zylketamide[tiab]' | "
        f"efilter -base {trials.url} -query 'retracted publication[pt]' | efetch -base {trials.url} -format xml | "
        "xtract -pattern PubmedArticle -element MedlineCitation/PMID ArticleTitle CommentsCorrections/PMID",
        tmp_path,
    )
    assert told == f"{FIRST + 1}\tZylketamide trial 1\t{FIRST + 9}\n"


@edirect
def test_edirect_follows_links(trials: LocalPubMed, tmp_path: Path) -> None:
    trials.move_to(1)
    told = shell(
        f"elink -base {trials.url} -db pubmed -id {FIRST + 1} -target pubmed -name pubmed_pubmed_citedin | "
        f"efetch -base {trials.url} -format medline",
        tmp_path,
    )
    assert sorted(one["PMID"] for one in Medline.parse(io.StringIO(told))) == [str(FIRST + 2), str(FIRST + 3)]


@edirect
def test_edirect_posts_and_summarises(trials: LocalPubMed, tmp_path: Path) -> None:
    told = shell(
        f"epost -base {trials.url} -db pubmed -id {FIRST},{FIRST + 2} | esummary -base {trials.url} | "
        "xtract -pattern DocumentSummary -element Id Title",
        tmp_path,
    )
    assert set(told.splitlines()) == {f"{FIRST}\tZylketamide trial 0", f"{FIRST + 2}\tZylketamide trial 2"}
