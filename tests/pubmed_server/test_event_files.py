"""A script that cannot be played is refused at the start, by the event and what is wrong with it."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from eutils_server.corpus import Corpus, load
from eutils_server.events import TAKES, WrongEvent, read_events
from eutils_server.pubmed import PubMed
from eutils_server.timeline import Timeline
from local_pubmed import SERVER, LocalPubMed
from pubmed_server.day_script import ADDED, ARTICLE, NOTICE, OTHER, found

WRONG: list[tuple[list[dict[str, Any]], str]] = [
    ([{"day": 1, "do": "explode", "pmid": 1}], "event 1: do='explode', expected one of add, revise"),
    ([{"do": "delete", "pmid": 1}], "event 1: day=None, a whole number from 0 is expected"),
    ([{"day": -1, "do": "delete", "pmid": 1}], "event 1: day=-1, a whole number"),
    ([{"day": True, "do": "delete", "pmid": 1}], "event 1: day=True"),
    ([{"day": 1, "do": "merge", "pmid": ARTICLE}], "event 1 (merge on day 1): needs into"),
    ([{"day": 1, "do": "delete", "pmid": ARTICLE, "nights": 2}], "event 1 (delete on day 1): takes no nights"),
    ([{"day": 1, "do": "delete", "pmid": "x"}], "event 1 (delete on day 1): pmid='x', a whole number is expected"),
    ([{"day": 1, "do": "retract", "pmid": OTHER}], f"there is no record {OTHER} on that day"),
    ([ADDED, ADDED], f"event 2 (add on day 1): there is a record {ARTICLE} already"),
    ([{"day": 1, "do": "add", "pmid": OTHER}], "needs title, or xml"),
    ([{"day": 1, "do": "add", "pmid": OTHER, "xml": "<PubmedArticle/>"}], "a PubmedArticle without a PMID"),
    ([{"day": 1, "do": "add", "pmid": OTHER, "title": "x", "published": "soon"}], "a value of it cannot be used"),
    ([{"day": 1, "do": "re-add", "pmid": OTHER}], f"{OTHER} is not deleted on that day"),
    ([ADDED, {"day": 1, "do": "merge", "pmid": ARTICLE, "into": ARTICLE}], f"there is no other record {ARTICLE}"),
    ([ADDED, {"day": 2, "do": "retract", "pmid": ARTICLE, "notice": ARTICLE}], "an article is not its own notice"),
    ([{"day": 1, "do": "vanish", "pmid": OTHER}], f"there is no record {OTHER} on that day"),
    ([ADDED, {"day": 3, "do": "reissue", "of": 2}], "event 2 (reissue on day 3): day 2 has no update file"),
    ([{"day": 1, "do": "label", "setid": "a", "published": "soon"}], "a value of a label or watch event"),
    ([{"day": 1, "do": "watch", "record_id": 1, "date": "soon"}], "a value of a label or watch event"),
]


@pytest.fixture(scope="module")
def corpus(records_file: Path) -> Corpus:
    return load([records_file])


@pytest.mark.parametrize(("script", "why"), WRONG)
def test_a_wrong_event_is_named(script: list[dict[str, Any]], why: str, corpus: Corpus, tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(json.dumps(script), encoding="utf-8")
    with pytest.raises(WrongEvent, match=re.escape(why)):
        PubMed(Timeline(corpus, read_events(path)))


def test_the_server_does_not_start_with_a_wrong_event_and_says_so_in_a_line(records_file: Path) -> None:
    with (
        pytest.raises(RuntimeError, match=f"eutils_server: event 1 .*: there is no record {OTHER} on that day") as told,
        LocalPubMed([records_file], events=[{"day": 1, "do": "delete", "pmid": OTHER}]),
    ):
        pass
    assert "Traceback" not in str(told.value)


def test_toml_and_json_say_the_same_and_hyphens_may_be_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('[[event]]\nday = 2\ndo = "reindex"\npmid = 5\n', encoding="utf-8")
    (tmp_path / "a.json").write_text('[{"day": 2, "do": "Re-Index", "pmid": 5}]', encoding="utf-8")
    assert read_events(tmp_path / "a.toml") == read_events(tmp_path / "a.json")


@pytest.mark.parametrize("text", ["{}", "[1]", "[", '"x"'])
def test_a_file_that_is_no_list_of_events_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "events.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(WrongEvent, match=r"events\.json"):
        read_events(path)


def test_events_happen_by_day_and_within_a_day_in_the_order_of_the_file(records_file: Path) -> None:
    script = [
        {"day": 2, "do": "revise", "pmid": ARTICLE, "title": "Secondly"},
        {"day": 2, "do": "revise", "pmid": ARTICLE, "title": "Thirdly"},
        ADDED,
    ]
    with LocalPubMed([records_file], events=script, day=2) as server:
        assert found(server, "thirdly[ti]") == {ARTICLE}
        assert found(server, "secondly[ti]") == set()


def test_an_article_may_be_given_as_it_is(records_file: Path) -> None:
    xml = (
        f"<PubmedArticle><MedlineCitation Status='MEDLINE'><PMID Version='1'>{NOTICE}</PMID><Article>"
        "<ArticleTitle>Given whole</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    )
    with LocalPubMed([records_file], events=[{"day": 1, "do": "add", "pmid": NOTICE, "xml": xml}], day=1) as server:
        assert found(server, "given whole[ti]") == {NOTICE}


def test_the_help_names_every_setting_and_the_first_day() -> None:
    told = subprocess.run([sys.executable, str(SERVER), "--help"], capture_output=True, text=True, check=True).stdout
    for word in ("EUTILS_URL", "ICITE_URL", "CROSSREF_URL", "DAILYMED_URL", "RETRACTION_WATCH_URL", "2030-01-01"):
        assert word in told


def test_the_example_can_be_played_over_any_records(records_file: Path) -> None:
    events = read_events(SERVER / "example_events.toml")
    timeline = Timeline(load([records_file]), events)
    assert PubMed(timeline).timeline.rows(7)[-1]["changed"] == [90_000_902]
    assert sorted(set(timeline.corpus(7).records) - set(timeline.corpus(0).records)) == [
        90_000_900,
        90_000_901,
        90_000_903,
    ]


def test_every_event_is_documented() -> None:
    text = (SERVER / "events.py").read_text(encoding="utf-8")
    assert [do for do in TAKES if f"\n- {do}: " not in text] == []
