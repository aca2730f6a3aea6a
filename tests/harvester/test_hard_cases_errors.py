"""Hard cases 14 to 19: errors that come as answers. `hard_cases.toml` has them by number."""

import json
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from scripted_eutils import efetch, found, pubmed
from scripted_server import answer
from sqlalchemy import Engine
from sqlmodel import select
from synced_library import TOPIC, library, pmids, sync

from db.engine import reading
from db.models import HarvestRun, HarvestTodo, Topic
from db.types import RunStatus, WorkState
from harvester.errors import Fatal, Replan, Unreachable
from harvester.listing import list_query, list_topic
from harvester.topic import TopicFile

TOO_FAR = (
    b'{"header":{"type":"esearch"},"esearchresult":{"ERROR":"Search Backend failed: Exception:\n'
    b"'retstart' cannot be larger than 9998. For PubMed, ESearch can only retrieve the first 9,999 records\"}}"
)


def test_a_history_that_is_gone_half_way_costs_nothing(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]]
) -> None:
    gone = {"endpoint": "efetch", "nth": 2, "do": "error", "message": "Unable to obtain query #1"}
    expired = {"endpoint": "efetch", "nth": 3, "do": "expire_history"}
    with LocalPubMed([records], faults=[gone, expired]) as local:
        assert sync(sqlite_engine, local.url).status is RunStatus.COMPLETE
        journal = local.journal()
    assert [row["ids"] for row in journal if row["tool"] == "efetch"] == [200, 200, 200, 50]
    assert not any("WebEnv" in row["params"] or "usehistory" in row["params"] for row in journal)
    assert library(sqlite_engine) == clean


@pytest.mark.parametrize(
    "trouble",
    [{"do": "rate_limit", "status": 200}, {"do": "prolog"}, {"do": "html"}],
    ids=lambda trouble: trouble["do"],
)
def test_a_200_that_is_no_answer_to_whatever_was_asked_costs_nothing(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]], trouble: dict[str, Any]
) -> None:
    with LocalPubMed([records], faults=[{"endpoint": "*", "nth": 2, "times": 3} | trouble]) as local:
        assert sync(sqlite_engine, local.url).status is RunStatus.COMPLETE
    assert library(sqlite_engine) == clean


def test_a_backend_that_fails_is_asked_again_and_one_asked_too_far_never() -> None:
    outage = answer(
        b"<eSearchResult><ERROR>Search Backend failed: Database is not supported: pubmed</ERROR></eSearchResult>"
    )
    with pubmed(outage, outage, found(FIRST)) as (eutils, server):
        assert eutils.search("ketamine").count == 1
        assert len(server.seen) == 3
    with pubmed(answer(TOO_FAR)) as (eutils, server):
        with pytest.raises(Replan, match="cannot be larger than 9998"):
            eutils.search("ketamine", retstart=9_999)
        assert len(server.seen) == 1


def test_an_error_that_is_no_json_for_its_line_break_is_read_all_the_same() -> None:
    with pytest.raises(json.JSONDecodeError):
        json.loads(TOO_FAR)
    with pubmed(answer(TOO_FAR), found(FIRST), found(FIRST), found(FIRST)) as (eutils, server):
        assert list_topic(eutils, TOPIC).pmids == (FIRST,)
        assert len(server.seen) == 3


def test_one_of_two_hundred_without_a_summary_is_gone_and_the_others_are_not(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    file = write_records(tmp_path / "a.xml", (invented(FIRST + n) for n in range(200)))
    withheld = [FIRST + 7, FIRST + 8]
    not_sent = {"endpoint": "efetch", "nth": 1, "times": 99, "do": "drop", "pmids": withheld}
    no_summary = {"endpoint": "esummary", "nth": 1, "times": 99, "do": "drop", "pmids": withheld[:1]}
    with LocalPubMed([file], faults=[not_sent, no_summary]) as local:
        run = sync(sqlite_engine, local.url)
        asked = [row["ids"] for row in local.journal() if row["tool"] == "esummary"]
    assert (run.status, run.new, run.missing) == (RunStatus.PARTIAL, 198, 1)
    assert asked == [2]
    with reading(sqlite_engine) as session:
        left = {todo.pmid: todo.state for todo in session.exec(select(HarvestTodo)) if todo.state != WorkState.DONE}
    assert left == {FIRST + 7: WorkState.MISSING, FIRST + 8: WorkState.PENDING}


def test_one_pmid_alone_that_pubmed_has_no_record_of_is_missing_and_stops_nothing() -> None:
    none = answer(
        b"<eFetchResult><ERROR>ID list is empty! Possibly it has no correct IDs.</ERROR></eFetchResult>",
        status="400 Bad Request",
    )
    with pubmed(none) as (eutils, server):
        assert eutils.fetch([FIRST]).missing == (FIRST,)
        assert eutils.summaries([FIRST]).gone == (FIRST,)
        assert len(server.seen) == 2


DROPPED_FIELD = {"errorlist": {"phrasesnotfound": [], "fieldsnotfound": ["tiba"]}}
DROPPED_PHRASE = {"warninglist": {"quotedphrasesnotfound": ['"depression"[tiab]'], "outputmessages": []}}
LEFT_OUT = {"warninglist": {"phrasesignored": ["depression"]}}
IN_XML = (
    b'<?xml version="1.0" encoding="UTF-8" ?><eSearchResult><Count>8000</Count><RetMax>1</RetMax><RetStart>0</RetStart>'
    b"<IdList><Id>90000001</Id></IdList><QueryTranslation>ketamine[All Fields]</QueryTranslation>"
    b"<ErrorList>%b</ErrorList></eSearchResult>"
)


@pytest.mark.parametrize("said", [DROPPED_FIELD, DROPPED_PHRASE, LEFT_OUT], ids=["field", "phrase", "ignored"])
def test_a_part_of_the_query_that_pubmed_dropped_is_never_believed_though_it_counts(
    sqlite_engine: Engine, said: dict[str, Any]
) -> None:
    wider = found(FIRST, count=8000, querytranslation='"ketamine"[Title/Abstract]', **said)
    with pubmed(wider) as (_, server):
        with pytest.raises(Fatal, match="and searched for something else; nothing was changed"):
            sync(sqlite_engine, server.url)
        assert len(server.seen) == 1
    with reading(sqlite_engine) as session:
        assert session.exec(select(HarvestRun.status)).one() is RunStatus.FAILED
    assert pmids(sqlite_engine) == []


@pytest.mark.parametrize(
    "note", [b"<FieldNotFound>tiba</FieldNotFound>", b"<PhraseNotFound>depression</PhraseNotFound>", b""]
)
def test_an_answer_in_xml_where_json_was_asked_is_never_believed(sqlite_engine: Engine, note: bytes) -> None:
    with pubmed(answer(IN_XML % note)) as (_, server), pytest.raises(Unreachable, match="is not JSON"):
        sync(sqlite_engine, server.url)
    assert pmids(sqlite_engine) == []


def test_a_field_unknown_to_a_real_search_fails_closed_and_costs_nothing_that_was_there(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]]
) -> None:
    with LocalPubMed([records]) as local:
        before = sync(sqlite_engine, local.url)
        for typo in ("ketamine[tiba] AND depression[tiab]", '"ketamine"[Mash] AND depression[tiab]'):
            with pytest.raises(Fatal, match="searched for something else"):
                sync(sqlite_engine, local.url, TopicFile("ketamine", "Ketamine", typo))
    with reading(sqlite_engine) as session:
        assert session.get_one(Topic, "ketamine").watermark == before.started_at
    assert library(sqlite_engine) == clean


def test_a_window_of_revisions_that_pubmed_did_not_understand_fails_closed(
    sqlite_engine: Engine, records: Path
) -> None:
    # Of the second sync: the search, the newest PMID, the list; then the window.
    misread = found(querytranslation="ketamine", errorlist={"fieldsnotfound": ["lr"], "phrasesnotfound": []})
    body = misread.partition(b"\r\n\r\n")[2].decode()
    fault = {"endpoint": "esearch", "nth": 7, "do": "status", "status": 200, "body": body}
    with LocalPubMed([records], faults=[fault]) as local:
        before = sync(sqlite_engine, local.url)
        with pytest.raises(Fatal, match="does not know lr"):
            sync(sqlite_engine, local.url)
    with reading(sqlite_engine) as session:
        assert session.get_one(Topic, "ketamine").watermark == before.started_at


def test_a_term_that_may_be_unknown_is_no_reason_to_stop() -> None:
    topic = TopicFile("ketamine", "Ketamine", "ketamine", frozenset({'"S-ketamine"[tiab]'}))
    said = {"warninglist": {"quotedphrasesnotfound": ['"S-ketamine"[tiab]']}, "querytranslation": "ketamine"}
    with pubmed(found(FIRST, **said)) as (eutils, _):
        assert list_query(eutils, topic, topic.query).pmids == (FIRST,)


def test_nothing_where_there_was_much_takes_nothing_away(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]]
) -> None:
    with LocalPubMed([records]) as local:
        sync(sqlite_engine, local.url)
    empty = found(count=0, querytranslation="ketamine", warninglist={"outputmessages": ["No items found."]})
    with pubmed(empty) as (_, server), pytest.raises(Fatal, match="finds no article for topic ketamine; nothing was"):
        sync(sqlite_engine, server.url)
    assert library(sqlite_engine) == clean


def test_records_that_nobody_asked_for_are_not_believed() -> None:
    with pubmed(efetch(FIRST, FIRST + 5), efetch(FIRST)) as (eutils, server):
        assert [record.pmid for record in eutils.fetch([FIRST]).records] == [FIRST]
        assert len(server.seen) == 2
