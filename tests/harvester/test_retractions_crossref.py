"""What Crossref knows about cited articles, over a real socket."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from one_night import TOPIC, article, check, given, night, requests
from sqlalchemy import Engine
from sqlmodel import col, select
from synced_library import sync

from db.engine import reading
from db.models import Notice
from db.types import Integrity
from harvester.errors import Fatal, Retry, Stopped
from harvester.night import SourceResult
from harvester.retractions import refresh_notices
from harvester.retractions_crossref import refresh_crossref, updates_in
from harvester.transport import Response

PMIDS = range(FIRST, FIRST + 30)
DOI = f"10.5555/invented.{FIRST}"
ODD = "10.5555/s0140-6736(05)<71880>x#%20?y"


def crossref(day: int, kind: str, **said: Any) -> dict[str, Any]:
    return {"day": day, "do": "crossref", "doi": DOI, "type": kind, **said}


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    odd = ODD.replace("<", "&lt;").replace(">", "&gt;")
    some = [invented(pmid) for pmid in PMIDS]
    some[1] = some[1].replace(f"10.5555/invented.{FIRST + 1}", odd)
    return write_records(tmp_path_factory.mktemp("records") / "some.xml", some)


def notices(engine: Engine, source: str = "crossref") -> list[Notice]:
    with reading(engine) as session:
        return list(session.exec(select(Notice).where(Notice.source == source).order_by(col(Notice.source_key))))


def asked(pubmed: LocalPubMed) -> list[str]:
    return [entry["path"].rpartition("/works/")[2] for entry in requests(pubmed, "crossref")]


CORRECTED = crossref(1, "correction", notice_doi="10.5555/C")
TWICE = [crossref(1, "retraction", notice_doi="10.5555/R", source=name) for name in ("publisher", "retraction-watch")]


@given(CORRECTED, *TWICE)
def test_the_same_notice_from_two_sources_is_one_and_the_gravest_counts(engine: Engine, pubmed: LocalPubMed) -> None:
    sync(engine, pubmed.url, TOPIC)
    assert check(refresh_crossref, engine, pubmed, [FIRST]) == SourceResult("Crossref", "checked", 1, 0)
    pubmed.move_to(1)
    assert check(refresh_crossref, engine, pubmed, [FIRST]).changed == 1
    assert [(n.kind, n.other_doi) for n in notices(engine)] == [("erratum", "10.5555/c"), ("retraction", "10.5555/r")]
    assert article(engine, FIRST).integrity is Integrity.RETRACTED
    pubmed.move_to(0)
    assert check(refresh_crossref, engine, pubmed, [FIRST]).changed == 1
    assert all(notice.withdrawn_at for notice in notices(engine))
    assert article(engine, FIRST).integrity is Integrity.NONE_KNOWN


@given({"day": 0, "do": "watch", "record_id": 7, "pmid": FIRST, "doi": DOI, "notice_doi": "10.5555/r"})
def test_what_retraction_watch_said_itself_is_not_repeated(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    assert check(refresh_crossref, sqlite_engine, pubmed, [FIRST]).changed == 1
    check(refresh_notices, sqlite_engine, pubmed)
    check(refresh_crossref, sqlite_engine, pubmed, [FIRST])
    assert [notice.withdrawn_at is None for notice in notices(sqlite_engine)] == [False]
    assert [notice.withdrawn_at is None for notice in notices(sqlite_engine, "retraction_watch")] == [True]
    assert article(sqlite_engine, FIRST).integrity is Integrity.RETRACTED


@given({"day": 0, "do": "crossref", "doi": ODD, "type": "expression_of_concern", "notice_doi": "10.5555/e"})
def test_a_doi_is_escaped(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    assert article(sqlite_engine, FIRST + 1).doi == ODD
    check(refresh_crossref, sqlite_engine, pubmed, [FIRST + 1])
    assert article(sqlite_engine, FIRST + 1).integrity is Integrity.CONCERN


@given()
def test_only_cited_articles_are_asked_about_and_all_have_their_turn(
    sqlite_engine: Engine, pubmed: LocalPubMed
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    assert check(refresh_crossref, sqlite_engine, pubmed) == SourceResult("Crossref", "unchanged")
    for most in (25, 25):
        assert check(refresh_crossref, sqlite_engine, pubmed, PMIDS).checked == most
    assert len(set(asked(pubmed)[:30])) == 30


@given(faults=[{"endpoint": "crossref", "nth": 1, "do": "status", "status": 404, "body": "Resource not found."}])
def test_a_doi_that_crossref_does_not_know_is_no_error(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    assert check(refresh_crossref, sqlite_engine, pubmed, [FIRST]) == SourceResult("Crossref", "checked", 1, 0)


@given(
    crossref(0, "retraction", notice_doi="10.5555/r"),
    faults=[{"endpoint": "crossref", "nth": 2, "times": 6, "do": "reset"}],
)
def test_what_was_learnt_before_the_trouble_is_kept_and_the_others_come_next(
    sqlite_engine: Engine, pubmed: LocalPubMed
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    three = PMIDS[:3]
    found = check(refresh_crossref, sqlite_engine, pubmed, three)
    assert (found.state, found.checked, found.changed) == ("could not check", 1, 1)
    assert "Crossref at http://127.0.0.1" in (found.message or "")
    assert article(sqlite_engine, FIRST).integrity is Integrity.RETRACTED
    assert check(refresh_crossref, sqlite_engine, pubmed, three) == SourceResult("Crossref", "checked", 3, 0)
    assert asked(pubmed)[7].endswith(str(FIRST + 2))


@given(crossref(0, "retraction", notice_doi="10.5555/r"))
def test_a_stop_ends_the_night(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    with night(sqlite_engine, pubmed.settings(), [FIRST], stopped=lambda: True) as tonight, pytest.raises(Stopped):
        refresh_crossref(tonight)
    assert (asked(pubmed), notices(sqlite_engine)) == ([], [])


def answered(updates: object) -> Response:
    return Response(200, json.dumps({"message": {"updated-by": updates}}).encode())


@pytest.mark.parametrize(
    ("update", "kind", "dated"),
    [
        ({"type": "retraction", "updated": {"date-parts": [[2010, 2, 6]]}}, "retraction", date(2010, 2, 6)),
        ({"type": "Partial-Retraction", "updated": {"date-parts": [[2010]]}}, "partial_retraction", None),
        ({"type": "removal", "updated": None}, "withdrawal", None),
        ({"type": "corrigendum", "updated": {"date-parts": [[2010, 2, 31]]}}, "erratum", None),
        ({"type": "reinstatement"}, "reinstatement", None),
    ],
)
def test_an_update_is_a_kind_of_notice(update: dict[str, Any], kind: str, dated: date | None) -> None:
    [told] = updates_in(answered([{"DOI": "10.5555/N", **update}]), 1) or []
    assert (told.source_key, told.kind, told.dated) == (f"1:{kind}:10.5555/n", kind, dated)


@pytest.mark.parametrize(
    "updates",
    [
        None,
        [],
        [{"type": "retraction"}],
        [{"DOI": "10.5555/n", "type": "applause"}],
        [{"DOI": "10.5555/\0", "type": "retraction"}],
    ],
)
def test_an_update_that_says_nothing_is_none(updates: object) -> None:
    assert updates_in(answered(updates), 1) == []


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Response(403, b"{}"), Fatal),
        (Response(200, b"<html>"), Retry),
        (Response(200, b'{"message": []}'), Retry),
        (answered({"DOI": "x"}), Retry),
        (answered(["x"]), Retry),
    ],
)
def test_an_answer_that_is_no_work_is_not_believed(answer: Response, trouble: type[Exception]) -> None:
    with pytest.raises(trouble):
        updates_in(answer, 1)
