"""esearch against what a reader of the same records computes by hand."""

from collections.abc import Callable

import httpx
import pytest
from pubmed_server.invented_records import Invented

Predicate = Callable[[Invented], bool]


def ids(client: httpx.Client, term: str, **params: str) -> set[int]:
    answer = client.post("esearch.fcgi", data={"term": term, "retmode": "json", "retmax": "100", **params})
    assert answer.status_code == 200, answer.text
    return set(map(int, answer.json()["esearchresult"]["idlist"]))


def result(client: httpx.Client, term: str, **params: str) -> dict[str, object]:
    answer = client.get("esearch.fcgi", params={"term": term, "retmode": "json", **params})
    found: dict[str, object] = answer.json()["esearchresult"]
    return found


def phrase(record: Invented, *words: str) -> bool:
    size = len(words)
    return any(
        tuple(text[at : at + size]) == words for text in record.free_texts() for at in range(len(text) - size + 1)
    )


def heading(record: Invented, *names: str) -> bool:
    return any(name in names for name, _, _ in record.headings)


CASES: dict[str, Predicate] = {
    "ketamine[tiab]": lambda r: phrase(r, "ketamine"),
    "KETAMINE[Title/Abstract]": lambda r: phrase(r, "ketamine"),
    "ketamin*[tiab]": lambda r: any(word.startswith("ketamin") for text in r.free_texts() for word in text),
    '"ketamine depression"[tiab]': lambda r: phrase(r, "ketamine", "depression"),
    '"ketamine-depression"[tiab]': lambda r: phrase(r, "ketamine", "depression"),
    '"nasal spray"[ot]': lambda r: "nasal spray" in r.keywords,
    '"nasal spray"[tiab]': lambda r: "nasal spray" in r.keywords,
    "results[tiab]": lambda r: any(label == "RESULTS" for label, _ in r.sections),
    "pain[ti]": lambda r: "pain" in r.cut(r.title)[0],
    '"Ketamine"[Mesh]': lambda r: heading(r, "Ketamine"),
    "ketamine[mh]": lambda r: heading(r, "Ketamine"),
    '"Depressive Disorder"[Mesh:NoExp]': lambda r: heading(r, "Depressive Disorder"),
    '"Depressive Disorder"[Mesh]': lambda r: heading(r, "Depressive Disorder", "Depressive Disorder, Major"),
    "Depressive Disorder, Major[mh]": lambda r: heading(r, "Depressive Disorder, Major"),
    '"Ketamine"[majr]': lambda r: any(name == "Ketamine" and major for name, major, _ in r.headings),
    '"Ketamine/drug therapy"[mh]': lambda r: ("Ketamine", "drug therapy") in {(n, q) for n, _, q in r.headings},
    "drug therapy[sh]": lambda r: any(qualifier == "drug therapy" for _, _, qualifier in r.headings),
    "randomized controlled trial[pt]": lambda r: "Randomized Controlled Trial" in r.types,
    "clinical trial[pt]": lambda r: "Randomized Controlled Trial" in r.types,
    "clinical trial[pt:noexp]": lambda r: False,
    '"Esketamine"[Supplementary Concept]': lambda r: "Esketamine" in r.substances,
    "lovelace a[au]": lambda r: any(last == "Lovelace" for last, _ in r.authors),
    '"lovelace a"[au]': lambda r: ("Lovelace", "A") in r.authors,
    "turing[au]": lambda r: ("Turing", "AM") in r.authors,
    "noether e[1au]": lambda r: r.authors[:1] == (("Noether", "E"),),
    '"Acta Inventa"[ta]': lambda r: r.journal == "Acta Inventa",
    "german[la]": lambda r: r.language == "ger",
    "90000001[uid]": lambda r: r.pmid == 90000001,
    "90000001:90000050[UID]": lambda r: 90000001 <= r.pmid <= 90000050,
    "90000001 : 90000050 [pmid]": lambda r: 90000001 <= r.pmid <= 90000050,
    "2019[dp]": lambda r: r.published[0] == 2019,
    "2019/03:2020/05[dp]": lambda r: (2019, 3, 1) <= r.published <= (2020, 5, 31),
    '"2019/03/10"[edat] : "3000"[edat]': lambda r: r.entered >= (2019, 3, 10),
    "2020/01/15:3000[crdt]": lambda r: r.created >= (2020, 1, 15),
    "2020:2020[lr]": lambda r: r.revised[0] == 2020,
    "2020/02:3000[mdat]": lambda r: r.revised >= (2020, 2, 1),
    "2019[mhda]": lambda r: r.entered[0] == 2019,
    "all[sb]": lambda r: True,
    "hasabstract": lambda r: bool(r.sections),
    "all [SB] NOT pubmed books [SB]": lambda r: True,
    "ketamine[tiab] pain[tiab]": lambda r: phrase(r, "ketamine") and phrase(r, "pain"),
    "placebo rats": lambda r: phrase(r, "placebo") and phrase(r, "rats"),
    "pain[tiab] OR rats[tiab] AND mood[tiab]": lambda r: (phrase(r, "pain") or phrase(r, "rats")) and phrase(r, "mood"),
    "pain[tiab] OR (rats[tiab] AND mood[tiab])": lambda r: (
        phrase(r, "pain") or (phrase(r, "rats") and phrase(r, "mood"))
    ),
    "pain[tiab] NOT rats[tiab] OR mood[tiab]": lambda r: (
        (phrase(r, "pain") and not phrase(r, "rats")) or phrase(r, "mood")
    ),
}


@pytest.mark.parametrize("term", CASES)
def test_a_query_finds_what_a_reader_of_the_records_finds(
    term: str, client: httpx.Client, records: list[Invented]
) -> None:
    assert ids(client, term) == {record.pmid for record in records if CASES[term](record)}


def test_enough_of_the_cases_find_some_records_and_not_all(records: list[Invented]) -> None:
    telling = [term for term, right in CASES.items() if 0 < sum(map(right, records)) < len(records)]
    assert len(telling) > len(CASES) * 0.8


def test_a_phrase_does_not_run_from_the_title_into_the_abstract(client: httpx.Client, records: list[Invented]) -> None:
    across = next(
        (texts[0][-1], texts[1][0]) for record in records if record.sections for texts in [record.free_texts()]
    )
    expected = {record.pmid for record in records if phrase(record, *across)}
    assert ids(client, f'"{across[0]} {across[1]}"[tiab]') == expected


REFUSED = [
    "dep*[tiab]",
    "keta*mine[tiab]",
    '"open quote',
    "NOT pain",
    "pain AND",
    "depression[tiab:~2]",
    "bethesda[pl]",
    "text[tw]",
    '"last 30 days"[dp]',
    "2020/13[dp]",
    "abc[uid]",
    "medline[filter] OR free full text[filter]",
    "pain and rats",
    "κεταμίνη[tiab]",
    "#1 AND pain",
    "(pain)[tiab]",
    "1:2",
]


@pytest.mark.parametrize("term", REFUSED)
def test_what_cannot_be_answered_exactly_is_refused_by_name(term: str, client: httpx.Client) -> None:
    answer = client.post("esearch.fcgi", data={"term": term})
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.text.startswith("The local PubMed does not support query: ")


def test_parentheses_that_do_not_match_are_an_error_in_an_ordinary_answer(client: httpx.Client) -> None:
    assert "ERROR" in result(client, "((")


def test_an_unknown_supplementary_concept_is_reported_and_adds_nothing(client: httpx.Client) -> None:
    answer = result(client, 'pain[tiab] OR "Zylketamide"[Supplementary Concept]', retmax="100")
    assert answer["warninglist"] == {
        "phrasesignored": [],
        "quotedphrasesnotfound": ['"Zylketamide"[Supplementary Concept]'],
        "outputmessages": [],
    }
    assert set(map(int, answer["idlist"])) == ids(client, "pain[tiab]")  # type: ignore[call-overload]


def test_an_unquoted_unknown_phrase_is_a_phrase_not_found(client: httpx.Client) -> None:
    answer = result(client, "zylketamide[mh]")
    assert answer["errorlist"] == {"phrasesnotfound": ["zylketamide"], "fieldsnotfound": []}
    assert answer["count"] == "0"


def test_an_unknown_untagged_word_is_reported_in_quotes_as_pubmed_does(client: httpx.Client) -> None:
    body = client.get("esearch.fcgi", params={"term": "qzxwvunonsenseterm"}).text
    assert "<QuotedPhraseNotFound>&quot;" not in body
    assert '<QuotedPhraseNotFound>"qzxwvunonsenseterm"</QuotedPhraseNotFound>' in body
    assert "<OutputMessage>No items found.</OutputMessage>" in body


def test_a_heading_pubmed_knows_is_not_reported_when_no_record_carries_it(client: httpx.Client) -> None:
    answer = result(client, '"Suicidal Ideation"[Mesh]')
    assert answer["count"] == "0"
    assert answer["warninglist"]["quotedphrasesnotfound"] == []  # type: ignore[index]


def test_an_unknown_field_is_reported_and_its_term_searched_as_free_text(client: httpx.Client) -> None:
    answer = result(client, "placebo[titel]", retmax="100")
    assert answer["errorlist"] == {"phrasesnotfound": [], "fieldsnotfound": ["titel"]}
    assert set(map(int, answer["idlist"])) == ids(client, "placebo")  # type: ignore[call-overload]
    assert answer["querytranslation"] == '"placebo"[All Fields]'


def test_the_translation_names_fields_in_full(client: httpx.Client) -> None:
    answer = result(client, "(Ketamine[mh] OR ketamin*[tiab]) AND 2019:2020/02[dp]")
    assert answer["querytranslation"] == (
        '("ketamine"[MeSH Terms] OR "ketamin*"[Title/Abstract]) AND 2019/01/01:2020/02/29[Date - Publication]'
    )
    assert answer["translationset"] == [{"from": "Ketamine[mh]", "to": '"ketamine"[MeSH Terms]'}]


def test_unquoted_words_that_are_no_phrase_are_all_required(client: httpx.Client, records: list[Invented]) -> None:
    expected = {r.pmid for r in records if phrase(r, "rapid", "acting") and phrase(r, "rats")}
    assert ids(client, "rats rapid acting[tiab]") == expected
    assert ids(client, '"rats rapid acting"[tiab]') == set()


def test_date_limits_work_as_parameters_too(client: httpx.Client, records: list[Invented]) -> None:
    expected = {r.pmid for r in records if (2019, 1, 1) <= r.revised <= (2020, 6, 30)}
    assert ids(client, "all[sb]", datetype="mdat", mindate="2019", maxdate="2020/06") == expected
    assert ids(client, "all[sb]", datetype="edat", reldate="1") == set()
    assert client.get("esearch.fcgi", params={"term": "pain", "mindate": "2019"}).status_code == 500


def test_the_field_parameter_tags_what_has_no_tag(client: httpx.Client) -> None:
    assert ids(client, "pain", field="title") == ids(client, "pain[ti]")


def test_the_default_page_is_twenty_and_the_count_exact(client: httpx.Client) -> None:
    answer = result(client, "all[sb]")
    assert (answer["count"], answer["retmax"], answer["retstart"]) == ("40", "20", "0")
    second = result(client, "all[sb]", retstart="20")
    assert set(answer["idlist"]).isdisjoint(second["idlist"])  # type: ignore[call-overload]
    assert len(second["idlist"]) == 20  # type: ignore[arg-type]


def test_rettype_count_gives_the_count_alone(client: httpx.Client) -> None:
    body = client.get("esearch.fcgi", params={"term": "all[sb]", "rettype": "count"}).text
    assert body.endswith("<eSearchResult><Count>40</Count></eSearchResult>\n")


def test_results_sort_by_publication_date_when_asked(client: httpx.Client, records: list[Invented]) -> None:
    answer = result(client, "all[sb]", retmax="100", sort="pub_date")
    by_pmid = {record.pmid: record.published for record in records}
    dates = [by_pmid[int(pmid)] for pmid in answer["idlist"]]  # type: ignore[attr-defined]
    assert dates == sorted(dates, reverse=True)
    assert client.get("esearch.fcgi", params={"term": "pain", "sort": "beauty"}).status_code == 500
