"""Hard cases 20 to 25: what PubMed lists, and how far. `hard_cases.toml` has them by number."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from scripted_eutils import found, pubmed
from sqlalchemy import Engine
from sqlmodel import select
from synced_library import TOPIC, client, library, pmids, sync

from db.engine import reading
from db.models import HarvestRun, Topic
from db.types import RunStatus
from harvester import eutils, listing
from harvester.errors import Unreachable
from harvester.topic import TopicFile


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalPubMed]:
    """A PubMed of 10,001 records on the topic, without gaps."""
    file = tmp_path_factory.mktemp("large") / "invented.xml"
    with LocalPubMed([write_records(file, (invented(FIRST + n) for n in range(10_001)))]) as local:
        yield local


@pytest.mark.parametrize(("hits", "ranges"), [(9_998, 1), (9_999, 2), (10_000, 2), (10_001, 2)])
def test_what_lies_about_the_most_that_pubmed_lists_is_listed_whole(large: LocalPubMed, hits: int, ranges: int) -> None:
    topic = TopicFile("ketamine", "Ketamine", f"{TOPIC.query} AND {FIRST}:{FIRST + hits - 1}[uid]")
    with client(large.url) as asked:
        listed = listing.list_topic(asked, topic)
    assert listed.pmids == tuple(range(FIRST, FIRST + hits))
    assert len(listed.slices) == ranges
    assert sum(part.count for part in listed.slices) == hits


def test_no_page_ever_crosses_the_edge_because_none_has_an_offset(large: LocalPubMed) -> None:
    with client(large.url) as asked:
        listing.list_topic(asked, TOPIC)
        asked.fetch(range(FIRST, FIRST + 3))
    for row in large.journal():
        assert row["params"].get("retstart", "0") == "0"
        assert not {"WebEnv", "query_key", "usehistory"} & set(row["params"])
        assert int(row["params"].get("retmax", 0)) <= 9_999


def test_one_range_full_and_the_other_empty_is_halved_until_it_can_be_listed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for module in (eutils, listing):
        monkeypatch.setattr(module, "LIST_LIMIT", 50)
    crowded = [*range(FIRST, FIRST + 120), 90_900_000]
    file = write_records(tmp_path / "crowded.xml", map(invented, crowded))
    with LocalPubMed([file]) as local, client(local.url) as asked:
        listed = listing.list_topic(asked, TOPIC)
        assert listed.pmids == tuple(crowded)
        assert all(0 < part.count < 50 for part in listed.slices)
        # Halving a range of a hundred million takes 27 steps.
        assert len(local.journal()) < 40


def test_a_count_that_moves_between_planning_and_listing_is_planned_anew(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]]
) -> None:
    late = {"endpoint": "esearch", "nth": 1, "do": "drop", "pmids": [FIRST, FIRST + 449]}
    with LocalPubMed([records], faults=[late]) as local:
        assert sync(sqlite_engine, local.url).total == 450
    assert library(sqlite_engine) == clean


def test_a_range_that_outgrows_a_list_between_planning_and_listing_is_planned_anew(
    monkeypatch: pytest.MonkeyPatch, records: Path
) -> None:
    for module in (eutils, listing):
        monkeypatch.setattr(module, "LIST_LIMIT", 449)
    late = {"endpoint": "esearch", "nth": 1, "do": "drop", "pmids": [FIRST, FIRST + 449]}
    with LocalPubMed([records], faults=[late]) as local, client(local.url) as asked:
        assert len(listing.list_topic(asked, TOPIC).pmids) == 450


def test_a_count_that_never_holds_still_fails_the_run_and_takes_nothing_away(
    sqlite_engine: Engine, records: Path, clean: list[dict[str, Any]]
) -> None:
    with LocalPubMed([records]) as local:
        before = sync(sqlite_engine, local.url)
    # The search counts one more each time; the list, asked after it and the newest PMID, has one.
    steps = [found(FIRST, count=count) if n % 2 == 0 else found(FIRST) for n, count in enumerate(range(2, 12))]
    steps.insert(1, found(FIRST))
    with pubmed(*steps) as (_, server), pytest.raises(Unreachable, match="another number of articles than it counted"):
        sync(sqlite_engine, server.url)
    with reading(sqlite_engine) as session:
        assert session.get_one(Topic, "ketamine").watermark == before.started_at
        assert session.exec(select(HarvestRun.status)).all() == [RunStatus.COMPLETE, RunStatus.FAILED]
    assert library(sqlite_engine) == clean


def test_a_short_page_is_pmids_without_a_record_and_the_next_begins_where_it_was_asked_to(
    sqlite_engine: Engine, records: Path
) -> None:
    no_record = [FIRST, FIRST + 100, FIRST + 199]
    faults = [
        {"endpoint": tool, "nth": 1, "times": 99, "do": "drop", "pmids": no_record} for tool in ("efetch", "esummary")
    ]
    with LocalPubMed([records], faults=faults) as local:
        run = sync(sqlite_engine, local.url)
        asked = [row["params"]["id"].split(",") for row in local.journal() if row["tool"] == "efetch"]
    assert [(int(page[0]), int(page[-1]), len(page)) for page in asked] == [
        (FIRST, FIRST + 199, 200),
        (FIRST + 200, FIRST + 399, 200),
        (FIRST, FIRST + 449, 50 + len(no_record)),
    ]
    assert (run.status, run.missing) == (RunStatus.COMPLETE, 3)
    assert len(pmids(sqlite_engine)) == 447


def test_a_list_sorted_otherwise_each_time_or_with_one_twice_is_the_same_list() -> None:
    one, other = [FIRST + 2, FIRST, FIRST + 1], [FIRST + 1, FIRST + 2, FIRST, FIRST]
    with pubmed(found(*one), found(*other, count=3)) as (asked, server):
        assert asked.list_pmids("ketamine", 1, 99_999_999) == asked.list_pmids("ketamine", 1, 99_999_999)
        assert len(server.seen) == 2
