"""The clock, and what the script does to a record on its day: search and record say the same."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from local_pubmed import LocalPubMed
from pubmed_server.day_script import ADDED, ARTICLE, OTHER, ask, day, found, record, there
from pubmed_server.invented_records import FIRST_PMID, Invented

SCRIPT = [
    ADDED,
    {"day": 2, "do": "revise", "pmid": ARTICLE, "title": "Zylketamide for mood, revised"},
    {"day": 3, "do": "reword", "pmid": ARTICLE, "abstract": "Altogether other words: grumblewort."},
    {"day": 4, "do": "re-index", "pmid": ARTICLE, "mesh": ["Ketamine", {"name": "Depression", "major": True}]},
    {"day": 5, "do": "delete", "pmid": ARTICLE},
    {"day": 7, "do": "readd", "pmid": ARTICLE},
    {"day": 8, "do": "vanish", "pmid": ARTICLE},
    {"day": 8, "do": "add", "pmid": OTHER, "title": "A late addition", "published": "2019/05"},
    {"day": 10, "do": "merge", "pmid": OTHER, "into": ARTICLE},
]


@pytest.fixture(scope="module")
def scripted(records_file: Path) -> Iterator[LocalPubMed]:
    with LocalPubMed([records_file], events=SCRIPT) as server:
        yield server


def test_the_clock_says_its_day_and_moves_forwards_and_back(scripted: LocalPubMed) -> None:
    assert scripted.move_to(3) == {"day": 3, "date": "2030-01-04"}
    assert httpx.get(f"{scripted.url}day").json() == {"day": 3, "date": "2030-01-04"}
    assert scripted.move_to(0) == {"day": 0, "date": "2030-01-01"}


def test_a_day_that_is_no_number_is_refused_and_changes_nothing(scripted: LocalPubMed) -> None:
    scripted.move_to(2)
    answer = httpx.post(f"{scripted.url}day?n=tomorrow")
    assert (answer.status_code, answer.text) == (400, "n='tomorrow', a day from 0 is expected\n")
    assert httpx.get(f"{scripted.url}day").json()["day"] == 2


def test_without_a_script_the_clock_is_this_machines(records_file: Path) -> None:
    with LocalPubMed([records_file]) as server:
        assert httpx.get(f"{server.url}day").json()["day"] is None
        assert server.move_to(1)["date"] == "2030-01-02"
    with LocalPubMed([records_file], day=4) as server:
        assert httpx.get(f"{server.url}day").json() == {"day": 4, "date": "2030-01-05"}


def test_a_record_is_new_on_its_day_and_not_before(scripted: LocalPubMed, records: list[Invented]) -> None:
    scripted.move_to(0)
    assert record(scripted, ARTICLE) is None
    assert found(scripted, "zylketamide[tiab] OR all[sb]") == {one.pmid for one in records}
    scripted.move_to(1)
    assert found(scripted, "zylketamide[tiab]") == found(scripted, "2030/01/02:3000[crdt]") == {ARTICLE}
    assert found(scripted, "2030/01/02[edat] AND 2030/01/02[lr] AND 2030/01/02[mhda]") == {ARTICLE}
    article = there(scripted, ARTICLE)
    assert [one.text for one in article.iterfind(".//AbstractText")] == ["To see whether 1 < 2.", "It is."]
    citation = article.find("MedlineCitation")
    assert citation is not None
    assert citation.get("Status") == "Publisher"


def test_a_date_limit_counts_back_from_the_virtual_day(scripted: LocalPubMed) -> None:
    def count(back: int) -> str:
        answer = ask(scripted, "esearch", term="all[sb]", reldate=str(back), datetype="crdt", retmode="json")
        return str(answer.json()["esearchresult"]["count"])

    scripted.move_to(4)
    assert (count(2), count(3)) == ("0", "1")


def test_a_revision_moves_the_modification_date_and_a_rewording_does_not(scripted: LocalPubMed) -> None:
    scripted.move_to(2)
    assert found(scripted, "2030/01/03:3000[lr]") == {ARTICLE}
    scripted.move_to(3)
    assert found(scripted, "grumblewort[tiab]") == {ARTICLE}
    assert found(scripted, "2030/01/04:3000[lr]") == set()
    assert there(scripted, ARTICLE).findtext(".//ArticleTitle") == "Zylketamide for mood, revised"


def test_indexing_gives_headings_and_moves_the_mesh_date(scripted: LocalPubMed) -> None:
    scripted.move_to(4)
    assert found(scripted, '"Depression"[majr] AND "Ketamine"[mh] AND 2030/01/05[mhda] AND 2030/01/05[dcom]') == {
        ARTICLE
    }
    article = there(scripted, ARTICLE)
    citation = article.find("MedlineCitation")
    assert citation is not None
    assert (citation.get("Status"), citation.get("IndexingMethod")) == ("MEDLINE", "Automated")
    assert found(scripted, "2030/01/02[crdt] AND 2030/01/02[edat]") == {ARTICLE}


def test_a_deleted_record_is_in_no_answer_and_has_no_summary(scripted: LocalPubMed) -> None:
    scripted.move_to(5)
    assert record(scripted, ARTICLE) is None
    assert found(scripted, "zylketamide[tiab]") == set()
    told = ask(scripted, "esummary", id=str(ARTICLE), retmode="json").json()["result"][str(ARTICLE)]
    assert told["error"] == "cannot get document summary"


def test_a_record_added_again_keeps_its_create_date(scripted: LocalPubMed) -> None:
    scripted.move_to(7)
    assert found(scripted, "2030/01/02[crdt] AND 2030/01/08[lr]") == {ARTICLE}


def test_a_record_vanishes_for_one_night_and_comes_back_as_it_was(scripted: LocalPubMed) -> None:
    scripted.move_to(7)
    before = ask(scripted, "efetch", id=str(ARTICLE), retmode="xml").content
    scripted.move_to(8)
    assert record(scripted, ARTICLE) is None
    scripted.move_to(9)
    assert ask(scripted, "efetch", id=str(ARTICLE), retmode="xml").content == before


def test_a_late_addition_is_entered_under_its_publication_date(scripted: LocalPubMed) -> None:
    scripted.move_to(9)
    late = there(scripted, OTHER)
    assert day(late, ".//PubMedPubDate[@PubStatus='pubmed']") == "2019/05/01"
    assert found(scripted, "2030/01/09:3000[crdt]") == {OTHER}
    assert OTHER not in found(scripted, "2030:3000[edat]")


def test_a_merged_record_is_gone_and_the_other_one_does_not_name_it(scripted: LocalPubMed) -> None:
    scripted.move_to(9)
    before = ask(scripted, "efetch", id=str(ARTICLE), retmode="xml").content
    scripted.move_to(10)
    assert record(scripted, OTHER) is None
    assert ask(scripted, "efetch", id=str(ARTICLE), retmode="xml").content == before


def test_a_day_is_the_same_whichever_day_came_before(scripted: LocalPubMed, records_file: Path) -> None:
    pmids = ",".join(map(str, (ARTICLE, OTHER, FIRST_PMID)))
    scripted.move_to(10)
    scripted.move_to(4)
    back = ask(scripted, "efetch", id=pmids, retmode="xml").content
    with LocalPubMed([records_file], events=SCRIPT, day=4) as another:
        assert ask(another, "efetch", id=pmids, retmode="xml").content == back


def test_the_log_tells_what_has_happened_and_to_which_records(scripted: LocalPubMed) -> None:
    scripted.move_to(5)
    rows = scripted.happened()
    assert [(row["day"], row["do"]) for row in rows] == [(one["day"], one["do"]) for one in SCRIPT[:5]]
    assert rows[-1] == {"day": 5, "date": "2030-01-06", "do": "delete", "pmid": ARTICLE, "changed": [ARTICLE]}


def test_a_history_set_lives_through_its_day_and_not_through_the_night(scripted: LocalPubMed) -> None:
    scripted.move_to(1)
    told = ask(scripted, "esearch", term="all[sb]", usehistory="y", retmode="json").json()["esearchresult"]
    kept = {"WebEnv": told["webenv"], "query_key": told["querykey"]}
    assert "<PubmedArticle>" in ask(scripted, "efetch", **kept, retmode="xml", retmax="1").text
    for later in (2, 0):
        scripted.move_to(later)
        answer = ask(scripted, "efetch", **kept, retmode="xml", retmax="1")
        assert answer.status_code == 200
        assert "<ERROR>Unable to obtain query #1</ERROR>" in answer.text
        scripted.move_to(1)
        if later == 2:
            told = ask(scripted, "esearch", term="all[sb]", usehistory="y", retmode="json").json()["esearchresult"]
            kept = {"WebEnv": told["webenv"], "query_key": told["querykey"]}
