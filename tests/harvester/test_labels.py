"""Drug labels from DailyMed, over a real socket, beside the label that ships with the topic."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from one_night import TOPIC, check, given, night, requests
from sqlalchemy import Engine
from sqlmodel import col, select

from db import audit, config
from db.engine import reading, writing
from db.models import Alert, Label
from harvester.errors import Fatal, Retry, Stopped
from harvester.labels import drug_names, listing_in, newest_in, refresh_labels
from harvester.night import SourceResult
from harvester.topic import topic_names
from harvester.transport import Response
from review_app.services.library import furnish

SPRAVATO = "d81a6a79-a74a-44b7-822c-0dfa3036eaed"
KETALAR = "00000000-aaaa-4000-8000-000000000002"
BOXED, INDICATIONS = "34066-1", "34067-9"


def label(day: int, set_id: str = SPRAVATO, **said: Any) -> dict[str, Any]:
    return {"day": day, "do": "label", "setid": set_id, **said}


FIRST_SEEN = label(
    0,
    title="SPRAVATO (invented) spray",
    drug_names=["Spravato"],
    version=18,
    published="2026/03/13",
    sections={BOXED: "WARNING: SLEEP\nAn invented warning.", INDICATIONS: "For invented moods."},
)
REVISED = label(1, published="2026/04/01", sections={BOXED: "WARNING: SLEEP\nAn invented warning.\n\nAnd another."})
OTHER = label(0, KETALAR, title="KETALAR (invented)", drug_names=["Ketalar"], sections={BOXED: "Invented."}, version=4)


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("records") / "one.xml", [invented(FIRST)])


def ship(engine: Engine, set_id: str = SPRAVATO, name: str = "SPRAVATO") -> None:
    """A label as a topic ships it: points of our own for one of its sections, and no text."""
    section = {"loinc": INDICATIONS, "title": "Indications and Usage", "points": ["Low mood."]}
    with writing(engine) as session:
        about: dict[str, Any] = {
            "effective": config.today(),
            "seen_at": config.now(),
            "source": "invented",
            "content_hash": "shipped",
        }
        session.add(Label(set_id=set_id, version=18, name=name, title=name, sections=[section], **about))
        session.commit()


def labels(engine: Engine) -> list[Label]:
    with reading(engine) as session:
        assert audit.problems(session) == []
        return list(session.exec(select(Label).order_by(col(Label.set_id), col(Label.version))))


def fetched(server: LocalPubMed) -> list[str]:
    return [entry["path"].rpartition("/v2/")[2] for entry in requests(server, "dailymed")]


LIST = "spls.json"


@given(FIRST_SEEN, REVISED)
def test_a_new_version_re_opens_the_claims_that_rest_on_the_shipped_one(
    sqlite_engine: Engine, pubmed: LocalPubMed
) -> None:
    furnish(sqlite_engine, topic_id=TOPIC.id)
    assert check(refresh_labels, sqlite_engine, pubmed) == SourceResult("DailyMed", "checked", 1, 0)
    pubmed.move_to(1)
    assert check(refresh_labels, sqlite_engine, pubmed) == SourceResult("DailyMed", "checked", 1, 1)
    shipped, revised = labels(sqlite_engine)
    assert (shipped.version, revised.version, revised.name) == (18, 19, "SPRAVATO")
    assert (str(revised.effective), revised.title) == ("2026-04-01", "SPRAVATO (invented) spray")
    assert revised.sections[0]["text"] == "An invented warning.\nAnd another."
    with reading(sqlite_engine) as session:
        alerts = session.exec(select(Alert).where(Alert.kind == "label_revised")).all()
    assert alerts
    assert all(alert.detail["label"] == revised.id for alert in alerts)
    assert check(refresh_labels, sqlite_engine, pubmed).changed == 0
    assert len(labels(sqlite_engine)) == 2


@given(FIRST_SEEN, label(0, sections={INDICATIONS: "Reworded without a new version."}, version=18))
def test_the_text_of_the_shipped_version_joins_its_summary_once(engine: Engine, pubmed: LocalPubMed) -> None:
    ship(engine)
    check(refresh_labels, engine, pubmed)
    check(refresh_labels, engine, pubmed)
    (only,) = labels(engine)
    assert (only.content_hash, only.source) == ("shipped", "invented")
    boxed, indications = only.sections
    assert boxed == {"loinc": BOXED, "title": "WARNING: SLEEP", "text": "An invented warning."}
    assert (indications["title"], indications["points"]) == ("Indications and Usage", ["Low mood."])
    assert indications["text"] == "Reworded without a new version."
    assert fetched(pubmed) == [LIST, LIST, f"spls/{SPRAVATO}.xml", LIST, LIST]


@given(FIRST_SEEN, OTHER)
def test_what_the_topic_follows_is_kept_from_its_first_version_on(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    assert check(refresh_labels, sqlite_engine, pubmed) == SourceResult("DailyMed", "checked", 2, 2)
    assert [(each.set_id, each.version, each.name) for each in labels(sqlite_engine)] == [
        (KETALAR, 4, "KETALAR"),
        (SPRAVATO, 18, "SPRAVATO"),
    ]


@given(label(0, KETALAR, title="INVENTEX", drug_names=["Inventex"], sections={BOXED: "Invented."}, version=19))
def test_a_label_that_no_name_finds_is_followed_by_its_set_id(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    ship(sqlite_engine, KETALAR, "INVENTEX")
    assert check(refresh_labels, sqlite_engine, pubmed).changed == 1
    assert [each.version for each in labels(sqlite_engine)] == [18, 19]
    assert fetched(pubmed)[2:] == [f"spls/{KETALAR}/history.json", f"spls/{KETALAR}.xml"]


@given(FIRST_SEEN, label(1, removed=True))
def test_a_label_that_is_listed_no_more_is_said_and_kept(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    ship(sqlite_engine)
    check(refresh_labels, sqlite_engine, pubmed)
    pubmed.move_to(1)
    found = check(refresh_labels, sqlite_engine, pubmed)
    assert (found.state, found.changed) == ("checked", 0)
    assert found.message == "DailyMed has the SPRAVATO label no more; version 18 of it is kept"
    assert len(labels(sqlite_engine)) == 1


@given(FIRST_SEEN, label(1, version=17), label(2, version=18))
def test_an_older_version_is_no_news(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    for day in (0, 1, 2):
        pubmed.move_to(day)
        check(refresh_labels, sqlite_engine, pubmed)
    assert [each.version for each in labels(sqlite_engine)] == [18]


@pytest.mark.parametrize(
    ("nth", "fault"),
    [
        (3, {"do": "truncate_close", "keep": 300}),
        (3, {"do": "html"}),
        (1, {"do": "status", "status": 503}),
        (1, {"do": "reset"}),
    ],
    ids=lambda given: str(given["do"]) if isinstance(given, dict) else None,
)
def test_what_could_not_be_read_changes_nothing_and_comes_the_next_night(
    nth: int, fault: dict[str, Any], sqlite_engine: Engine, records: Path, clock: Callable[..., None]
) -> None:
    faults = [{"endpoint": "dailymed", "nth": nth, "times": 6, **fault}]
    with LocalPubMed([records], faults, events=[FIRST_SEEN]) as pubmed:
        found = check(refresh_labels, sqlite_engine, pubmed)
        assert (found.state, found.changed, labels(sqlite_engine)) == ("could not check", 0, [])
        assert "DailyMed at http://127.0.0.1" in (found.message or "")
        assert check(refresh_labels, sqlite_engine, pubmed).changed == 1


@given(FIRST_SEEN)
def test_a_stop_ends_the_night(sqlite_engine: Engine, pubmed: LocalPubMed) -> None:
    with night(sqlite_engine, pubmed.settings(), stopped=lambda: True) as tonight, pytest.raises(Stopped):
        refresh_labels(tonight)
    assert fetched(pubmed) == []


def test_a_topic_may_follow_no_label() -> None:
    assert drug_names("no-such-topic") == []
    assert all(drug_names(topic_id) for topic_id in topic_names())


@pytest.mark.parametrize(
    ("body", "pages"),
    [
        (b'{"metadata": {"total_pages": 2}, "data": [{"setid": "A-1", "spl_version": "7", "title": " T "}]}', 2),
        (b'{"metadata": {"total_pages": "1"}, "data": [{"setid": "A-1", "spl_version": 7, "title": "T"}]}', 1),
    ],
)
def test_versions_are_numbers_or_text(body: bytes, pages: int) -> None:
    found, (only,) = listing_in(Response(200, body), "NAME")
    assert (found, only.set_id, only.version, only.title, only.name) == (pages, "a-1", 7, "T", "NAME")


@pytest.mark.parametrize("read", [listing_in, newest_in])
@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Response(403, b""), Fatal),
        (Response(200, b""), Retry),
        (Response(200, b"{}"), Retry),
        (
            Response(
                200, b'{"metadata": {"total_pages": 1}, "data": [{"setid": "a/b", "spl_version": 1, "title": ""}]}'
            ),
            Retry,
        ),
        (Response(200, b'{"data": {"spl": {"setid": "a", "title": ""}, "history": []}}'), Retry),
        (Response(200, b'{"metadata": [], "data": ["x"]}'), Retry),
    ],
)
def test_an_answer_that_is_no_list_is_not_believed(
    read: Callable[[Response, str], object], answer: Response, trouble: type[Exception]
) -> None:
    with pytest.raises(trouble):
        read(answer, "NAME")
