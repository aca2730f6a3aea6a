"""The Retraction Watch file against the library, over a real socket."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import invented, write_records
from local_pubmed import LocalPubMed
from one_night import TOPIC, article, check, given, night, requests
from scripted_server import answer, scripted
from sqlalchemy import Engine
from sqlmodel import col, select
from synced_library import sync

from db import audit
from db.engine import reading
from db.models import ChangeLog, HarvestRun, Notice
from db.types import ChangeEvent, Integrity
from harvester.errors import Stopped
from harvester.lease import LeaseHeld
from harvester.night import SourceResult
from harvester.retractions import refresh_notices
from harvester.retractions_file import FIRST

PAPER, OTHER, NOTICE = 90000001, 90000002, 90000003
DOI = "10.5555/INVENTED.90000001"
IS_A_NOTICE = '<PublicationType UI="D016440">Retraction of Publication</PublicationType></PublicationTypeList>'


def watch(day: int, record: int = 1, **said: Any) -> dict[str, Any]:
    return {"day": day, "do": "watch", "record_id": record, **said}


RETRACTED = watch(1, pmid=PAPER, notice_pmid=NOTICE, notice_doi="10.5555/R.1", date="2026/02/03", reasons=["Error"])
REINSTATED = watch(2, 2, doi=DOI, nature="Reinstatement", date="2026/02/20")


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    notice = invented(NOTICE).replace("</PublicationTypeList>", IS_A_NOTICE)
    return write_records(tmp_path_factory.mktemp("records") / "three.xml", [invented(PAPER), invented(OTHER), notice])


def notices(engine: Engine) -> list[Notice]:
    with reading(engine) as session:
        return list(session.exec(select(Notice).where(Notice.source == "retraction_watch").order_by(col(Notice.id))))


def changes(engine: Engine) -> list[tuple[int, list[str]]]:
    with reading(engine) as session:
        assert audit.problems(session) == []
        rows = select(ChangeLog).where(ChangeLog.event == ChangeEvent.NOTICE).order_by(col(ChangeLog.id))
        return [(row.article_id, row.fields) for row in session.exec(rows)]


@given(RETRACTED)
def test_a_retraction_that_pubmed_does_not_know_of_marks_the_article(engine: Engine, pubmed: LocalPubMed) -> None:
    sync(engine, pubmed.url, TOPIC)
    assert check(refresh_notices, engine, pubmed) == SourceResult("Retraction Watch", "checked", 3, 0)
    pubmed.move_to(1)
    assert check(refresh_notices, engine, pubmed) == SourceResult("Retraction Watch", "checked", 3, 1)
    (notice,) = notices(engine)
    assert (notice.kind, notice.is_subject, notice.source_key) == ("retraction", True, "1")
    assert (notice.other_pmid, notice.other_doi, notice.note) == (NOTICE, "10.5555/r.1", "Error")
    assert str(notice.dated) == "2026-02-03"
    paper = article(engine, PAPER)
    assert (notice.article_id, paper.integrity) == (paper.id, Integrity.RETRACTED)
    assert changes(engine) == [(paper.id, ["retraction"])]


@given(watch(0, doi=DOI))
def test_a_row_without_a_pmid_is_joined_by_its_doi_in_any_case(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    check(refresh_notices, sqlite_engine, pubmed)
    assert article(sqlite_engine, PAPER).integrity is Integrity.RETRACTED


@given(watch(0, pmid=NOTICE, doi=f"10.5555/invented.{NOTICE}"))
def test_a_notice_is_never_taken_for_its_subject(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    assert check(refresh_notices, sqlite_engine, pubmed).changed == 0
    assert (article(sqlite_engine, NOTICE).integrity, notices(sqlite_engine)) == (Integrity.NONE_KNOWN, [])


@given(RETRACTED, REINSTATED, watch(3, 2, date="2026/01/01"))
def test_a_reinstatement_ends_the_retraction_and_a_row_that_changes_is_brought_up_to_date(
    engine: Engine, pubmed: LocalPubMed
) -> None:
    sync(engine, pubmed.url, TOPIC)
    found = []
    for day in (1, 2, 3):
        pubmed.move_to(day)
        check(refresh_notices, engine, pubmed)
        found.append(article(engine, PAPER).integrity)
    assert found == [Integrity.RETRACTED, Integrity.REINSTATED, Integrity.RETRACTED]
    assert [kinds for _, kinds in changes(engine)] == [["retraction"], ["reinstatement"], ["reinstatement"]]


@given(RETRACTED, {"day": 2, "do": "unwatch", "record_id": 1}, {**RETRACTED, "day": 3})
def test_a_row_that_is_gone_is_withdrawn_and_not_deleted(
    engine: Engine, pubmed: LocalPubMed, clock: Callable[..., None]
) -> None:
    sync(engine, pubmed.url, TOPIC)
    found = []
    for day in (1, 2, 3):
        pubmed.move_to(day)
        clock(days=1)
        check(refresh_notices, engine, pubmed)
        (notice,) = notices(engine)
        found.append((article(engine, PAPER).integrity, notice.withdrawn_at is not None))
    assert found == [(Integrity.RETRACTED, False), (Integrity.NONE_KNOWN, True), (Integrity.RETRACTED, False)]
    assert len(changes(engine)) == 3


@given(watch(0, pmid=PAPER, reasons=["Retract and Replace", "Error in Data"], notice_doi="10.5555/new"))
def test_a_retraction_with_a_replacement_says_so(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    check(refresh_notices, sqlite_engine, pubmed)
    assert article(sqlite_engine, PAPER).integrity is Integrity.RETRACTED_AND_REPLACED
    assert notices(sqlite_engine)[0].other_doi == "10.5555/new"


@given({**RETRACTED, "day": 0}, watch(0, 9, pmid=OTHER), {"day": 1, "do": "retract", "pmid": PAPER}, REINSTATED)
def test_from_the_second_night_on_it_is_said_where_pubmed_says_otherwise(
    sqlite_engine: Engine, pubmed: LocalPubMed, clock: Callable[..., None]
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    assert check(refresh_notices, sqlite_engine, pubmed, [PAPER]).message is None
    clock(days=1)
    said = "PMID 90000001: Retraction Watch says that this article was retracted; PubMed does not say so."
    assert check(refresh_notices, sqlite_engine, pubmed, [PAPER]) == SourceResult(
        "Retraction Watch", "unchanged", message=said
    )
    pubmed.move_to(1)
    sync(sqlite_engine, pubmed.url, TOPIC, full=True)
    assert check(refresh_notices, sqlite_engine, pubmed, [PAPER]).message is None
    pubmed.move_to(2)
    assert check(refresh_notices, sqlite_engine, pubmed, [PAPER]).message == (
        "PMID 90000001: PubMed says that this article was retracted; Retraction Watch says that it was reinstated."
    )


@given(watch(0, pmid=PAPER), {"day": 1, "do": "revise", "pmid": PAPER, "title": "Ketamine in depression, renamed"})
def test_what_pubmed_says_later_does_not_make_a_retraction_forgotten(
    sqlite_engine: Engine, pubmed: LocalPubMed
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    check(refresh_notices, sqlite_engine, pubmed)
    pubmed.move_to(1)
    sync(sqlite_engine, pubmed.url, TOPIC, full=True)
    found = article(sqlite_engine, PAPER)
    assert (found.title, found.integrity) == ("Ketamine in depression, renamed", Integrity.RETRACTED)


@given(watch(0, pmid=PAPER), watch(1, 2, pmid=OTHER))
def test_an_unchanged_file_is_not_read_again_until_something_makes_that_needed(
    sqlite_engine: Engine, pubmed: LocalPubMed, records: Path, clock: Callable[..., None]
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    states = [check(refresh_notices, sqlite_engine, pubmed).state for _ in range(2)]
    assert states == ["checked", "unchanged"]
    assert [entry["status"] for entry in requests(pubmed, "retraction_watch")] == [200, 304]
    clock(days=8)
    assert check(refresh_notices, sqlite_engine, pubmed).state == "checked"
    pubmed.move_to(1)
    assert check(refresh_notices, sqlite_engine, pubmed).changed == 1
    assert len(changes(sqlite_engine)) == 2


@given(watch(0, pmid=90000009), {"day": 1, "do": "add", "pmid": 90000009, "title": "Ketamine in depression"})
def test_a_new_article_is_compared_with_a_file_that_has_not_changed(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    check(refresh_notices, sqlite_engine, pubmed)
    pubmed.move_to(1)
    sync(sqlite_engine, pubmed.url, TOPIC)
    check(refresh_notices, sqlite_engine, pubmed)
    assert article(sqlite_engine, 90000009).integrity is Integrity.RETRACTED


@pytest.mark.parametrize(
    ("fault", "why"),
    [
        ({"do": "status", "status": 404}, "HTTP 404; check RETRACTION_WATCH_URL"),
        ({"do": "status", "status": 503}, "gave no usable answer in 6 tries: HTTP 503"),
        ({"do": "html"}, "gave no usable answer in 6 tries: the answer is not the file"),
        ({"do": "truncate", "keep": 400}, "gave no usable answer"),
        ({"do": "truncate_close", "keep": 400}, "cut short in its row 2"),
        ({"do": "status", "status": 200, "body": "", "content_type": "text/plain"}, "gave no usable answer"),
    ],
    ids=lambda value: "-".join(map(str, value.values())) if isinstance(value, dict) else None,
)
def test_a_file_that_is_no_good_changes_nothing_and_is_said(
    fault: dict[str, Any], why: str, sqlite_engine: Engine, records: Path, clock: Callable[..., None]
) -> None:
    faults = [{"endpoint": "retraction_watch", "nth": 2, "times": 6 if "gave no usable answer" in why else 1, **fault}]
    with LocalPubMed([records], faults, events=[watch(0, pmid=PAPER), watch(1, 2, pmid=OTHER)]) as pubmed:
        sync(sqlite_engine, pubmed.url, TOPIC)
        check(refresh_notices, sqlite_engine, pubmed)
        pubmed.move_to(1)
        found = check(refresh_notices, sqlite_engine, pubmed)
        assert (found.state, found.changed) == ("could not check", 0)
        assert why in (found.message or "")
        assert len(changes(sqlite_engine)) == 1
        assert check(refresh_notices, sqlite_engine, pubmed).changed == 1


def file_of(rows: int) -> bytes:
    """A file of so many rows, the last of which is about the paper."""
    header = f"{FIRST},RetractionDate,RetractionDOI,RetractionPubMedID,OriginalPaperDOI,OriginalPaperPubMedID,"
    said = [f"{n},8/16/2023 0:00,unavailable,0,,{0 if n < 200 else PAPER},Retraction,+Error;,\n" for n in range(1, 201)]
    return (header + "RetractionNature,Reason,\n" + "".join(said[:rows])).encode()


def read_in_turn(engine: Engine, pubmed: LocalPubMed, *answers: bytes) -> list[SourceResult]:
    found = []
    with scripted(*answers) as server:
        for _ in answers:
            with night(engine, pubmed.settings() | {"RETRACTION_WATCH_URL": server.url}) as tonight:
                found.append(refresh_notices(tonight))
    return found


def test_a_file_that_shrank_too_much_is_not_believed(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    found = read_in_turn(sqlite_engine, pubmed, *(answer(file_of(rows)) for rows in (200, 179, 200)))
    assert [each.state for each in found] == ["checked", "could not check", "checked"]
    assert found[1].message == (
        "the file of Retraction Watch has 179 rows where it had 200: it is not believed, nothing changed"
    )
    assert article(sqlite_engine, PAPER).integrity is Integrity.RETRACTED


def test_a_file_that_does_not_say_where_it_ends_takes_nothing_back(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    open_ended = answer(file_of(199), length=-1, headers='ETag: "half"\r\n')
    found = read_in_turn(sqlite_engine, pubmed, answer(file_of(200)), open_ended)
    assert found[1].message == "the file did not say where it ends; nothing was taken back"
    assert article(sqlite_engine, PAPER).integrity is Integrity.RETRACTED
    assert read_in_turn(sqlite_engine, pubmed, answer(file_of(199)))[0].changed == 1
    assert article(sqlite_engine, PAPER).integrity is Integrity.NONE_KNOWN


def test_rows_that_cannot_be_read_take_nothing_back(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    spoiled = file_of(200).replace(b"\n200,", b"\ntwo hundred,")
    found = read_in_turn(sqlite_engine, pubmed, answer(file_of(200)), answer(spoiled))
    assert found[1].message == "1 of its 200 rows cannot be read; nothing was taken back"
    assert article(sqlite_engine, PAPER).integrity is Integrity.RETRACTED


@given(RETRACTED)
def test_a_stop_leaves_nothing_behind(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    pubmed.move_to(1)
    with (
        night(sqlite_engine, pubmed.settings(), stopped=lambda: True) as tonight,
        pytest.raises(Stopped),
    ):
        refresh_notices(tonight)
    assert notices(sqlite_engine) == []


@given(watch(0, pmid=PAPER))
def test_a_harvest_that_was_overtaken_writes_nothing(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    with night(sqlite_engine, pubmed.settings()) as tonight:
        tonight.lease.run_id += 1
        with pytest.raises(LeaseHeld):
            refresh_notices(tonight)
        tonight.lease.run_id -= 1
    assert notices(sqlite_engine) == []
    with reading(sqlite_engine) as session:
        assert all("remembered" not in options for options in session.exec(select(HarvestRun.options)))
