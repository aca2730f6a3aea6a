"""The history server, and the limit that is called 10,000 and is 9,999."""

import json
import re
from collections.abc import Iterator

import httpx
import pytest
from eutils_server.history import History, HistoryGone
from local_pubmed import LocalPubMed
from pubmed_server.invented_records import Invented, article_set

HITS = 10_001
FIRST = 91_000_000


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    path = tmp_path_factory.mktemp("many") / "many.xml"
    path.write_text(
        article_set(
            [
                f'<PubmedArticle><MedlineCitation Status="Publisher" Owner="NLM"><PMID Version="1">{pmid}</PMID>'
                "<Article><ArticleTitle>Invented</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
                for pmid in range(FIRST, FIRST + HITS)
            ]
        ),
        encoding="utf-8",
    )
    with LocalPubMed([path]) as server, httpx.Client(base_url=server.url, params={"db": "pubmed"}, timeout=120) as one:
        yield one


@pytest.fixture(scope="module")
def everything(many: httpx.Client) -> dict[str, str]:
    found = many.get("esearch.fcgi", params={"term": "all[sb]", "usehistory": "y", "retmode": "json"}).json()
    assert found["esearchresult"]["count"] == str(HITS)
    return {"WebEnv": found["esearchresult"]["webenv"], "query_key": found["esearchresult"]["querykey"]}


def test_esearch_gives_9999_ids_and_says_so(many: httpx.Client) -> None:
    found = many.get("esearch.fcgi", params={"term": "all[sb]", "retmax": "100000", "retmode": "json"}).json()
    result = found["esearchresult"]
    assert (result["count"], result["retmax"], len(result["idlist"])) == (str(HITS), "9999", 9999)
    assert result["warninglist"]["outputmessages"] == ["Restrictions achieved. start and count adjusted to 0, 9999"]


def test_retstart_9998_gives_one_id(many: httpx.Client) -> None:
    found = many.get("esearch.fcgi", params={"term": "all[sb]", "retstart": "9998", "retmode": "json"}).json()
    assert len(found["esearchresult"]["idlist"]) == 1


def test_retstart_9999_is_an_error_in_an_ordinary_answer_and_its_json_is_malformed(many: httpx.Client) -> None:
    answer = many.get("esearch.fcgi", params={"term": "all[sb]", "retstart": "9999", "retmode": "json"})
    assert answer.status_code == 200
    with pytest.raises(json.JSONDecodeError, match="Invalid control character"):
        answer.json()
    error = json.loads(answer.text, strict=False)["esearchresult"]["ERROR"]
    assert error.startswith("Search Backend failed: Exception:\n'retstart' cannot be larger than 9998.")
    in_xml = many.get("esearch.fcgi", params={"term": "all[sb]", "retstart": "9999"})
    assert in_xml.status_code == 200
    assert "<ERROR>Search Backend failed" in in_xml.text


def test_a_history_page_across_the_edge_is_clamped_in_silence(many: httpx.Client, everything: dict[str, str]) -> None:
    page = many.get("efetch.fcgi", params={**everything, "retmode": "xml", "retstart": "9500", "retmax": "500"})
    assert page.status_code == 200
    assert page.text.count("<PubmedArticle>") == 499


@pytest.mark.parametrize("tool", ["efetch.fcgi", "esummary.fcgi"])
def test_a_history_page_beyond_the_edge_is_a_400(tool: str, many: httpx.Client, everything: dict[str, str]) -> None:
    page = many.get(tool, params={**everything, "retmode": "xml", "retstart": "9999", "retmax": "10"})
    assert page.status_code == 400
    assert "'retstart' cannot be larger than 9998" in page.text


def test_pmid_ranges_split_what_one_search_cannot_list(many: httpx.Client) -> None:
    def count(low: int, high: int) -> int:
        found = many.get("esearch.fcgi", params={"term": f"all[sb] AND {low}:{high}[uid]", "retmode": "json"})
        return int(found.json()["esearchresult"]["count"])

    middle = FIRST + HITS // 2
    assert count(1, middle) + count(middle + 1, 99_999_999) == HITS
    assert count(1, middle) == middle - FIRST + 1


def test_epost_takes_ten_thousand_and_no_more(many: httpx.Client) -> None:
    taken = many.post("epost.fcgi", data={"id": ",".join(map(str, range(1, 10_001)))})
    assert "<QueryKey>1</QueryKey>" in taken.text
    refused = many.post("epost.fcgi", data={"id": ",".join(map(str, range(1, 10_002)))})
    assert refused.status_code == 400
    assert "<QueryKey>" not in refused.text


def test_sets_combine_within_one_webenv(client: httpx.Client) -> None:
    def search(term: str, **params: str) -> dict[str, str]:
        data = {"term": term, "usehistory": "y", "retmode": "json", "retmax": "100", **params}
        found: dict[str, str] = client.post("esearch.fcgi", data=data).json()["esearchresult"]
        return found

    first = search("pain[tiab]")
    assert re.fullmatch(r"MCID_[0-9a-f]{24}", first["webenv"])
    second = search("mood[tiab]", WebEnv=first["webenv"])
    assert (first["querykey"], second["querykey"], second["webenv"]) == ("1", "2", first["webenv"])
    both = search("#1 AND #2", WebEnv=first["webenv"])
    assert both["idlist"] == search("pain[tiab] AND mood[tiab]")["idlist"]
    narrowed = search("mood[tiab]", WebEnv=first["webenv"], query_key="1")
    assert narrowed["idlist"] == both["idlist"]


def test_epost_appends_to_a_webenv_and_keeps_pmids_without_a_record(
    client: httpx.Client, records: list[Invented]
) -> None:
    first = client.post("epost.fcgi", data={"id": f"{records[3].pmid},90999999,{records[1].pmid}"}).text
    webenv = re.search(r"<WebEnv>(\w+)</WebEnv>", first)
    assert webenv is not None
    second = client.post("epost.fcgi", data={"id": str(records[2].pmid), "WebEnv": webenv[1]}).text
    assert "<QueryKey>2</QueryKey>" in second
    assert webenv[1] in second
    where = {"WebEnv": webenv[1], "query_key": "1"}
    listed = client.get("efetch.fcgi", params={**where, "rettype": "uilist", "retmode": "text"})
    assert listed.text == f"{records[3].pmid}\n90999999\n{records[1].pmid}\n"
    fetched = client.get("efetch.fcgi", params={**where, "retmode": "xml"})
    assert re.findall(r"<PMID[^>]*>(\d+)<", fetched.text) == [str(records[3].pmid), str(records[1].pmid)]


def test_epost_answers_wrong_ids_as_recorded(client: httpx.Client) -> None:
    nothing = client.post("epost.fcgi", data={"id": "abc"}).text
    assert "<ERROR>Empty ID list; Nothing to store</ERROR>" in nothing
    assert "Some IDs have invalid value and were omitted" in nothing


def test_a_page_beyond_the_set_is_out_of_range(client: httpx.Client, records: list[Invented]) -> None:
    posted = client.post("epost.fcgi", data={"id": str(records[0].pmid)}).text
    webenv = re.search(r"<WebEnv>(\w+)</WebEnv>", posted)
    assert webenv is not None
    where = {"WebEnv": webenv[1], "query_key": "1", "retstart": "1", "retmode": "xml"}
    page = client.get("efetch.fcgi", params=where)
    assert page.status_code == 400
    assert "OUT OF RANGE. Parameter retstart=1 + 1 is greater than" in page.text
    assert "History includes 1 IDs." in page.text


def test_an_unknown_webenv_is_an_error_in_an_ordinary_answer(client: httpx.Client) -> None:
    lost = {"WebEnv": "MCID_000000000000000000000000", "query_key": "1"}
    fetched = client.get("efetch.fcgi", params={**lost, "retmode": "xml"})
    assert (fetched.status_code, "<ERROR>Unable to obtain query #1</ERROR>" in fetched.text) == (200, True)
    searched = client.get("esearch.fcgi", params={**lost, "term": "pain", "usehistory": "y", "retmode": "json"})
    assert searched.json()["esearchresult"] == {"ERROR": "Unable to obtain query #1"}


def test_a_long_get_is_a_414_and_the_same_post_is_answered(client: httpx.Client, pubmed: LocalPubMed) -> None:
    term = " OR ".join(["ketamine[tiab]"] * 300)
    assert client.get("esearch.fcgi", params={"term": term}).status_code == 414
    assert client.post("esearch.fcgi", data={"term": term}).status_code == 200
    assert [row["status"] for row in pubmed.journal()[-2:]] == [414, 200]


def test_history_is_kept_for_eight_hours_after_its_last_use() -> None:
    hour = 3600.0
    moments = iter([0.0, 0.0, 7 * hour, 14 * hour, 23 * hour])
    store = History(clock=lambda: next(moments))
    webenv, key = store.store(None, [1])
    assert store.get(webenv, key) == (1,)
    assert store.get(webenv, key) == (1,)
    with pytest.raises(HistoryGone, match="Unable to obtain query #1"):
        store.get(webenv, key)
