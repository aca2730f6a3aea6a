"""`harvest doctor`: what has drifted is told, what could not be asked is not taken for well."""

import json
import re
import socket
import tomllib
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from doctored_answers import (
    CITATION,
    COLUMNS,
    FIELDS,
    GOOD,
    LABEL,
    SET,
    TRANSLATION,
    UNKNOWN,
    WORK,
    article_set,
    as_answer,
    error,
    info,
    search,
    services,
    summaries,
)
from invented_pubmed import FIRST, invented
from sqlalchemy import Engine

from db import config
from db.config import Settings
from db.engine import open_engine, writing
from db.models import HarvestRun, Topic
from db.types import RunKind, RunStatus
from harvester import doctor
from harvester.doctor import Doctor, Finding, Outcome, as_table, verdict
from harvester.doctor_checks import CHECKS
from harvester.topic import TopicFile
from harvester.transport import Transport

TOPIC = TopicFile("ketamine", "Ketamine", "ketamine[tiab] AND depression[tiab]")
NOWHERE = "sqlite:////nowhere/library.db"


@pytest.fixture
def synced(sqlite_engine: Engine) -> str:
    """A library whose last complete run knows PubMed's translation."""
    with writing(sqlite_engine) as session:
        session.add(Topic(id=TOPIC.id, name=TOPIC.name, query=TOPIC.query, created_at=config.now()))
        session.flush()
        run = {"topic_id": TOPIC.id, "kind": RunKind.SYNC, "started_at": config.now()}
        session.add(HarvestRun(**run, status=RunStatus.COMPLETE, query_translation=TRANSLATION))
        session.add(HarvestRun(**run, status=RunStatus.FAILED, query_translation="another"))
        session.commit()
    return sqlite_engine.url.render_as_string()


def examined(url: str, database: str = NOWHERE, **settings: Any) -> list[Finding]:
    names = ("eutils_url", "icite_url", "crossref_url", "dailymed_url", "retraction_watch_url")
    asked = Settings(_env_file=None, database_url=database, **{**dict.fromkeys(names, url), **settings})
    with Doctor(asked, TOPIC, transport=partial(Transport, sleep=lambda seconds: None)) as each:
        return each.examine()


def outcomes(found: Sequence[Finding]) -> dict[str, Outcome]:
    return {each.check: each.outcome for each in found}


def test_services_that_have_not_drifted_pass_every_check(synced: str) -> None:
    with services() as server:
        found = examined(server.url, synced, ncbi_email="ada@example.org")
    assert set(outcomes(found).values()) == {Outcome.PASS}
    assert verdict(found) == (0, f"all {len(found)} checks pass: the services answer as this version expects")
    assert len(server.seen) == len(GOOD) <= 14
    eutils = [seen.fields for seen in server.seen if ".fcgi" in seen.line]
    assert len(eutils) == 8
    assert all((each["tool"], each["email"]) == ("footnote", "ada@example.org") for each in eutils)
    (many,) = [fields["id"].split(",") for fields in eutils if fields.get("id", "").count(",") > 2]
    assert (len(many), many[3]) == (250, str(UNKNOWN))


HTML = "<html><body>Back soon</body></html>"
DRIFTED: dict[str, tuple[str, Any, str]] = {
    "search fields": ("einfo", info(FIELDS[1:]), "UID not among the 10 fields"),
    "build": ("einfo", info(FIELDS, dbbuild=""), "build '', count '3'"),
    "history": ("search", search(webenv=None), "WebEnv missing, query key 1"),
    "terms of the topic": ("search", search(errorlist={"fieldsnotfound": ["tiab"]}), "it drops tiab"),
    "translation of the topic": (
        "search",
        search(querytranslation=TRANSLATION.replace("depression", "mood")),
        'now with "mood"[Title/Abstract]; no longer with "depression"[Title/Abstract]',
    ),
    "rate": ("search", as_answer(search(), headers="X-RateLimit-Limit: 1\r\n"), "1 a second"),
    "9,999th record": ("edge", search(), "3 PMIDs, no such warning"),
    "beyond the 9,999th": ("beyond", search(idlist=["7"]), "HTTP 200: "),
    "unknown field": ("field", search(), "fields not found: none"),
    "lost history": ("lost", error("Session expired"), "HTTP 200: Session expired"),
    "record": (
        "fetch",
        article_set(invented(FIRST).replace("<Title>Invented J Mood</Title>", "")),
        f"PMID {FIRST} without title, journal or year",
    ),
    "document type": ("fetch", article_set(invented(FIRST), SET.replace("2501", "2801")), "pubmed_280101.dtd"),
    "elements": ("fetch", article_set(invented(FIRST, extra="<Novelty/>")), "new: Novelty"),
    "unknown PMID": ("fetch", article_set(invented(FIRST) + invented(UNKNOWN)), f"PMID {UNKNOWN} has a record"),
    "no summary": ("summaries", summaries(**{str(UNKNOWN): {"error": "gone"}}), f"PMID {UNKNOWN}: {{'error': 'gone'}}"),
    "250 PMIDs by POST": (
        "summaries",
        {"result": {str(UNKNOWN): GOOD["summaries"]["result"][str(UNKNOWN)]}},
        "1 of 250",
    ),
    "citation counts": ("icite", {"data": [CITATION]}, "without provisional"),
    "updates of a DOI": ("crossref", {"message": {"DOI": "10.5555/other"}}, "HTTP 200: DOI 10.5555/other"),
    "labels": ("dailymed", {"data": [LABEL | {"published_date": "2026-03-13"}]}, "version 3, date 2026-03-13"),
    "retraction file": ("retraction_watch", COLUMNS.replace("RetractionDOI", "NoticeDOI"), "without RetractionDOI"),
}


@pytest.mark.parametrize("check", DRIFTED)
def test_a_service_that_drifted_is_told_by_the_check_that_looks_there(synced: str, check: str) -> None:
    question, body, told = DRIFTED[check]
    with services(**{question: body}) as server:
        found = examined(server.url, synced)
    assert [each.check for each in found if each.outcome is Outcome.DRIFTED] == [check]
    (drifted,) = [each for each in found if each.check == check]
    assert told in drifted.found
    assert verdict(found)[0] == 1
    assert verdict(found)[1].startswith(f"1 of {len(found)} checks have drifted; ")


MORE_DRIFT = [
    (
        "icite",
        {"data": [CITATION | {"provisional": True, "citation_count": "many"}]},
        "counts that are no whole numbers",
    ),
    ("icite", {"rows": []}, "HTTP 200: no list of data"),
    ("crossref", {"message": WORK | {"updated-by": [{"DOI": "10.5555/x"}]}}, "an update without one of"),
    ("retraction_watch", "moved", "HTTP 200: without Record ID"),
    ("fetch", article_set("<PubmedArticle><MedlineCitation>"), "it is cut short"),
    ("fetch", error("Invalid uid x"), "HTTP 200: <eFetchResult> Invalid uid x"),
    ("fetch", article_set(invented(FIRST + 1)), f"PMID {FIRST} is not in it"),
    ("einfo", as_answer("not here", "404 Not Found"), "HTTP 404: the answer is something that is not JSON"),
    ("search", search(count="0", idlist=[]), "no article is found"),
]


@pytest.mark.parametrize(("question", "body", "told"), MORE_DRIFT)
def test_an_answer_of_another_shape_is_drift_and_no_crash(question: str, body: Any, told: str) -> None:
    with services(**{question: body}) as server:
        found = examined(server.url)
    assert any(told in each.found for each in found if each.outcome is Outcome.DRIFTED), found


UNCHECKED: dict[str, tuple[str, Any, str]] = {
    "rate": ("search", as_answer(search(), headers=""), "the answer does not say (X-RateLimit-Limit)"),
    "citation counts": ("icite", {"data": []}, "it knows none of these PMIDs"),
    "updates of a DOI": ("crossref", as_answer("Resource not found.", "404 Not Found"), "Crossref does not know 10."),
    "labels": ("dailymed", {"data": []}, "it lists no label of that name"),
}


@pytest.mark.parametrize("check", UNCHECKED)
def test_what_cannot_be_told_is_not_called_drift_and_not_called_well(synced: str, check: str) -> None:
    question, body, told = UNCHECKED[check]
    with services(**{question: body}) as server:
        found = examined(server.url, synced)
    assert [(each.check, each.found[: len(told)]) for each in found if each.outcome is not Outcome.PASS] == [
        (check, told)
    ]
    assert verdict(found)[0] == 3


def test_without_a_library_there_is_no_translation_to_compare_with(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/deep/library.db"
    with services() as server:
        found = examined(server.url, database)
    assert [each.found for each in found if each.outcome is not Outcome.PASS] == ["there is no library yet"]
    assert list(tmp_path.iterdir()) == []


def test_a_library_without_a_complete_run_and_a_file_that_is_none_are_told_apart(
    sqlite_url: str, tmp_path: Path
) -> None:
    (tmp_path / "notes.db").write_text("no library at all, but long enough to look at" * 99)
    settings = partial(Settings, _env_file=None)
    said = [
        doctor.last_translation(settings(database_url=url), TOPIC.id)[1]
        for url in (sqlite_url, f"sqlite:///{tmp_path}/notes.db")
    ]
    assert said[0] == "no run of this topic is complete yet"
    assert "is not a Footnote library" in said[1]


def test_the_library_is_read_and_not_written(synced: str) -> None:
    engine = open_engine(synced)
    path = Path(engine.url.database or "")
    engine.dispose()
    before = path.read_bytes()
    with services() as server:
        examined(server.url, synced)
    assert path.read_bytes() == before


def test_a_service_that_cannot_be_reached_is_asked_once_and_the_others_all_the_same() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    with services() as server:
        found = examined(server.url, eutils_url=nobody)
    seen = [seen.line.split(" ")[1].partition("?")[0] for seen in server.seen]
    assert seen == ["/spls.json", "/"], "iCite and Crossref are asked about articles, and PubMed named none"
    pubmed = [each for each in found if each.service == "PubMed"]
    assert {each.outcome for each in pubmed} == {Outcome.UNCHECKED}
    assert pubmed[0].found.startswith("PubMed could not be reached at ")
    assert pubmed[-1].found.startswith("not asked: PubMed could not be reached at ")


def test_a_network_that_is_down_is_one_line_and_exit_code_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        nobody = f"http://127.0.0.1:{taken.getsockname()[1]}/"
    code, line = verdict(examined(nobody))
    assert code == 1
    assert re.fullmatch(r"nothing could be checked: PubMed could not be reached at .* then run it again", line)


def test_a_page_of_maintenance_is_not_drift() -> None:
    with services(einfo=HTML, search=HTML) as server:  # the second try of the first question gets the second answer
        found = examined(server.url)
    pubmed = [each for each in found if each.service == "PubMed"]
    assert {each.outcome for each in pubmed} == {Outcome.UNCHECKED}
    assert "the answer is a web page" in pubmed[0].found


def test_of_a_large_file_only_the_beginning_is_read(synced: str) -> None:
    large = as_answer(COLUMNS + "x" * 9_000_000)
    with services(retraction_watch=large) as server:
        assert outcomes(examined(server.url, synced))["retraction file"] is Outcome.PASS


def test_every_check_has_its_source_its_documentation_and_something_to_do() -> None:
    data = tomllib.loads(doctor.DATA.read_text(encoding="utf-8"))
    assert {check["kind"] for check in data["check"]} == set(CHECKS)
    assert {check["question"] for check in data["check"]} == set(data["question"])
    assert all(check["source"] and check["url"].startswith("https://") for check in data["check"])
    assert set(DRIFTED) == {check["name"] for check in data["check"]}, "each check must be able to fail"


def test_the_table_fits_its_width_and_loses_nothing() -> None:
    found = [Finding("a", "PubMed", "one " * 30, "two " * 30, Outcome.DRIFTED, "s", "u")]
    table = as_table(found, 80)
    assert max(map(len, table.splitlines())) <= 80
    assert (table.count("one"), table.count("two")) == (30, 30)
    assert json.dumps(table)
