"""efetch, esummary, einfo, and the reading of the files served."""

import gzip
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import httpx
import pytest
from local_pubmed import LocalPubMed
from pubmed_server.invented_records import Invented, article_set

AWKWARD = (
    '<PubmedArticle>\r\n <MedlineCitation Status="Publisher" Owner="NLM"><PMID Version="1">92000001</PMID>'
    "<Article><Journal><JournalIssue><PubDate><MedlineDate>unknown</MedlineDate></PubDate></JournalIssue></Journal>"
    "<ArticleTitle><i>R</i>-ketamine at CO<sub>2</sub> &lt; 5&#x2009;kPa: na\u00efve \u03b2 cells</ArticleTitle>"
    "</Article><MeshHeadingList><MeshHeading><DescriptorName UI='' MajorTopicYN='N'>Ketamine</DescriptorName>"
    "</MeshHeading></MeshHeadingList></MedlineCitation></PubmedArticle>"
)


def pmids(text: str) -> list[str]:
    return re.findall(r"<PMID[^>]*>(\d+)</PMID>", text)


def test_records_come_in_the_order_asked_and_missing_ones_are_absent(
    client: httpx.Client, records: list[Invented]
) -> None:
    asked = [records[5].pmid, 90_999_999, records[2].pmid, records[9].pmid]
    answer = client.get("efetch.fcgi", params={"id": ",".join(map(str, asked)), "retmode": "xml"})
    assert pmids(answer.text) == [str(pmid) for pmid in asked if pmid != 90_999_999]
    assert 'pubmed_250101.dtd">' in answer.text
    assert answer.text.rstrip().endswith("</PubmedArticleSet>")


def test_repeated_id_parameters_are_one_list(client: httpx.Client, records: list[Invented]) -> None:
    answer = client.get("efetch.fcgi", params={"id": [records[0].pmid, records[1].pmid], "retmode": "xml"})
    assert pmids(answer.text) == [str(records[0].pmid), str(records[1].pmid)]


def test_a_record_keeps_the_exact_bytes_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "awkward.xml.gz"
    path.write_bytes(gzip.compress(article_set([AWKWARD]).encode()))
    with LocalPubMed([path]) as server:
        params = {"db": "pubmed", "id": "92000001", "retmode": "xml"}
        assert AWKWARD.encode() in httpx.get(f"{server.url}efetch.fcgi", params=params).content


@pytest.mark.parametrize(
    ("term", "count"),
    [
        ('"R-ketamine"[tiab]', 1),
        ("co2[ti]", 1),
        ("naive[ti]", 1),
        ("naïve[ti]", 1),
        ("Ketamine[mh]", 1),
        ("1000:3000[dp]", 0),
        ("hasabstract", 0),
    ],
)
def test_awkward_records_are_searched_as_they_read(term: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "awkward.xml"
    path.write_bytes(article_set([AWKWARD]).encode())
    with LocalPubMed([path]) as server:
        answer = httpx.get(f"{server.url}esearch.fcgi", params={"db": "pubmed", "term": term, "retmode": "json"})
        assert answer.json()["esearchresult"]["count"] == str(count)


def test_later_files_and_higher_versions_win_and_deleted_citations_go(tmp_path: Path) -> None:
    def article(pmid: int, version: int, title: str) -> str:
        return (
            f'<PubmedArticle><MedlineCitation><PMID Version="{version}">{pmid}</PMID><Article><ArticleTitle>{title}'
            "</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
        )

    first, second = tmp_path / "1.xml", tmp_path / "2.xml"
    first.write_text(article_set([article(92000001, 2, "newer"), article(92000001, 1, "older"), article(2, 1, "gone")]))
    second.write_text(
        article_set([article(3, 1, "kept"), '<DeleteCitation><PMID Version="1">2</PMID></DeleteCitation>'])
    )
    with LocalPubMed([first, second]) as server:
        params = {"db": "pubmed", "id": "92000001,2,3", "retmode": "xml"}
        answer = httpx.get(f"{server.url}efetch.fcgi", params=params).text
    assert pmids(answer) == ["92000001", "3"]
    assert "newer" in answer
    assert "older" not in answer


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("<html><body>Not here.</body></html>", "no PubMed record in it"),
        (article_set([AWKWARD])[:-20], "not well-formed around its records"),
        (article_set([AWKWARD.replace("</Article>", "")]), "record at byte [0-9]+: mismatched tag"),
        (article_set([AWKWARD.replace("92000001", "")]), "record at byte [0-9]+: a PubmedArticle without a PMID"),
    ],
)
def test_a_file_that_is_no_whole_set_of_records_stops_the_start_and_is_named(
    content: str, complaint: str, tmp_path: Path
) -> None:
    path = tmp_path / "broken.xml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(RuntimeError, match=rf"broken\.xml: {complaint}"), LocalPubMed([path]):
        pass


@pytest.mark.parametrize(
    "params",
    [
        {"retmode": "text", "rettype": "abstract"},
        {"retmode": "xml", "rettype": "medline"},
        {"retmode": "text", "rettype": "uilist"},
        {"retmode": "json"},
        {},
    ],
)
def test_forms_that_are_not_served_are_refused(
    params: dict[str, str], client: httpx.Client, records: list[Invented]
) -> None:
    answer = client.get("efetch.fcgi", params={"id": str(records[0].pmid), **params})
    assert answer.status_code == 500
    assert answer.text.startswith("The local PubMed does not support efetch with rettype=")


def test_elink_is_refused(client: httpx.Client) -> None:
    assert client.get("elink.fcgi", params={"id": "1", "dbfrom": "pubmed"}).status_code == 500


def test_wrong_databases_are_answered_as_recorded(pubmed: LocalPubMed) -> None:
    def ask(**params: str) -> httpx.Response:
        return httpx.get(f"{pubmed.url}esearch.fcgi", params={"term": "pain", **params})

    assert (ask().status_code, ask().text) == (400, "Mandatory parameter: db - is omitted")
    assert "<ERROR>Invalid db name specified: nothing</ERROR>" in ask(db="nothing").text
    assert ask(db="pmc").status_code == 500


def test_json_summaries_tell_what_the_record_says(client: httpx.Client, records: list[Invented]) -> None:
    record = next(one for one in records if one.authors and one.sections)
    data = {"id": f"{record.pmid},90999999", "retmode": "json"}
    result = client.post("esummary.fcgi", data=data).json()["result"]
    assert result["uids"] == [str(record.pmid), "90999999"]
    assert result["90999999"] == {"uid": "90999999", "error": "cannot get document summary"}
    told = result[str(record.pmid)]
    assert told["title"] == record.title
    assert [author["name"] for author in told["authors"]] == [" ".join(name) for name in record.authors]
    assert told["pubtype"] == list(record.types)
    assert told["attributes"] == ["Has Abstract"]
    assert told["sortpubdate"] == "{}/{:02}/{:02} 00:00".format(*record.published)


def test_xml_summaries_of_both_versions_agree_with_json(client: httpx.Client, records: list[Invented]) -> None:
    data = {"id": f"{records[0].pmid},90999999"}
    second = ET.fromstring(client.post("esummary.fcgi", data={**data, "version": "2.0"}).content)
    assert second[0].get("status") == "OK"
    assert second[0][0].findtext("Title") == records[0].title
    assert second[0][1].findtext("error") == "cannot get document summary"
    first = ET.fromstring(client.post("esummary.fcgi", data=data).content)
    assert first.findtext("DocSum/Item[@Name='Title']") == records[0].title
    assert first.findtext("ERROR") == "UID=90999999: cannot get document summary"


def test_json_summaries_stop_at_five_hundred(client: httpx.Client) -> None:
    data = {"id": ",".join(map(str, range(1, 502))), "retmode": "json"}
    answer = client.post("esummary.fcgi", data=data).json()
    assert answer["error"] == "Too many UIDs in request. Maximum number of UIDs is 500 for JSON format output."


def test_a_summary_of_no_pmid_is_an_error_in_an_ordinary_answer(client: httpx.Client) -> None:
    answer = client.get("esummary.fcgi", params={"id": "abc", "retmode": "json"})
    assert (answer.status_code, answer.json()["error"]) == (200, "Invalid uid abc at position= 0")


def test_einfo_lists_the_fields(client: httpx.Client) -> None:
    fields = client.get("einfo.fcgi", params={"retmode": "json"}).json()["einforesult"]["dbinfo"][0]["fieldlist"]
    by_code = {field["name"]: field for field in fields}
    assert by_code["MDAT"]["fullname"] == "Date - Modification"
    assert (by_code["MDAT"]["isdate"], by_code["TIAB"]["isdate"], by_code["MESH"]["hierarchy"]) == ("Y", "N", "Y")
    info = ET.fromstring(client.get("einfo.fcgi").content)
    assert info.findtext("DbInfo/Count") == "40"


@pytest.mark.shared
def test_the_real_records_are_all_served(shared_data: Path) -> None:
    path = shared_data / "pubmed" / "ketamine_depression.xml.gz"
    there = len(re.findall(rb"<PubmedArticle>", gzip.decompress(path.read_bytes())))
    with LocalPubMed([path]) as server:
        search = httpx.get(f"{server.url}esearch.fcgi", params={"db": "pubmed", "term": "all[sb]", "retmode": "json"})
        assert search.json()["esearchresult"]["count"] == str(there)
