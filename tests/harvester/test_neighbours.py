"""All sources of a night together: what goes wrong with one stops no other."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from one_night import TOPIC, night, quick
from sqlalchemy import Engine
from synced_library import sync

from db.engine import reading
from harvester.labels import refresh_labels
from harvester.neighbours import NEIGHBOURS
from harvester.night import SourceResult, remember, remembered
from harvester.transport import Service, Transport

NOBODY = "http://127.0.0.1:9/"
SETTINGS = {
    "RETRACTION_WATCH_URL": "Retraction Watch",
    "CROSSREF_URL": "Crossref",
    "DAILYMED_URL": "DailyMed",
    "ICITE_URL": "iCite",
}


@pytest.fixture(scope="module")
def pubmed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPubMed]:
    records = write_records(tmp_path_factory.mktemp("records") / "one.xml", [invented(FIRST)])
    with LocalPubMed([records]) as server:
        yield server


def ask_all(engine: Engine, settings: dict[str, str]) -> dict[str, SourceResult]:
    with night(engine, settings, [FIRST]) as tonight:
        return {found.source: found for found in (ask(tonight) for ask in NEIGHBOURS)}


@pytest.mark.parametrize("setting", SETTINGS)
def test_one_that_cannot_be_reached_is_named_with_its_setting_and_the_others_are_asked(
    setting: str, sqlite_engine: Engine, pubmed: LocalPubMed, clock: Callable[..., None]
) -> None:
    sync(sqlite_engine, pubmed.url, TOPIC)
    found = ask_all(sqlite_engine, pubmed.settings() | {setting: NOBODY})
    assert list(found) == list(SETTINGS.values())
    broken = found.pop(SETTINGS[setting])
    assert broken.state == "could not check"
    assert f"{broken.source} could not be reached at http://127.0.0.1:9/" in (broken.message or "")
    assert setting in (broken.message or "")
    assert "could not check" not in {each.state for each in found.values()}


def test_each_service_is_asked_at_a_pace_shared_by_all_processes_and_told_who_asks(
    sqlite_engine: Engine, pubmed: LocalPubMed
) -> None:
    with night(sqlite_engine, pubmed.settings() | {"NCBI_EMAIL": "ada@example.org"}) as tonight:
        told: dict[str, Any] = {}

        def look(service: Service, **options: Any) -> Transport:
            told.update(options)
            return quick(service, **options)

        refresh_labels(replace(tonight, transport=look))
    assert told["email"] == "ada@example.org"
    assert (told["pace"].interval, told["pace"].file.suffix) == (0.37, ".pace")


def test_a_source_remembers_what_it_knew_when_it_last_came_to_its_end(
    sqlite_engine: Engine, pubmed: LocalPubMed
) -> None:
    for what in ("first", None, "third"):
        with night(sqlite_engine, pubmed.settings()) as tonight:
            if what:
                with tonight.writing() as session:
                    remember(session, tonight, "some", {"what": what})
                    remember(session, tonight, "other", {"what": "else"})
            with reading(sqlite_engine) as session:
                assert remembered(session, tonight, "some") == {"what": what or "first"}
                assert remembered(session, tonight, "unknown") == {}
