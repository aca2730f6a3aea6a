"""What a topic finds: listed whole, whatever PubMed lists at once, and never for another question."""

from pathlib import Path

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from synced_library import PMIDS, TOPIC, client, pmids, sync

from db.engine import reading
from db.models import Topic
from harvester import eutils, listing
from harvester.errors import Fatal
from harvester.topic import TopicFile


def test_a_field_that_pubmed_does_not_know_changes_nothing(sqlite_engine: Engine, records: Path) -> None:
    typo = TopicFile("ketamine", "Ketamine", "ketamine[tiba] AND depression[tiab]")
    with LocalPubMed([records]) as pubmed, pytest.raises(Fatal, match="tiba and searched for something else"):
        sync(sqlite_engine, pubmed.url, typo)
    assert pmids(sqlite_engine) == []


def test_a_query_that_suddenly_finds_nothing_shrinks_nothing(
    sqlite_engine: Engine, records: Path, tmp_path: Path
) -> None:
    with LocalPubMed([records]) as pubmed:
        before = sync(sqlite_engine, pubmed.url)
    other = write_records(tmp_path / "other.xml", [invented(FIRST, title="Something else")])
    with LocalPubMed([other]) as pubmed, pytest.raises(Fatal, match="finds no article"):
        sync(sqlite_engine, pubmed.url)
    assert pmids(sqlite_engine) == list(PMIDS)
    with reading(sqlite_engine) as session:
        assert session.get_one(Topic, "ketamine").watermark == before.started_at


@pytest.mark.parametrize("limit", [2, 50, 449, 450, 451])
def test_ranges_of_pmids_add_up_whatever_the_limit_of_a_list(
    monkeypatch: pytest.MonkeyPatch, records: Path, limit: int
) -> None:
    monkeypatch.setattr(eutils, "LIST_LIMIT", limit)
    monkeypatch.setattr(listing, "LIST_LIMIT", limit)
    with LocalPubMed([records]) as pubmed, client(pubmed.url) as asked:
        found = listing.list_topic(asked, TOPIC)
    assert found.pmids == tuple(PMIDS)
    assert all(each.count < limit for each in found.slices)
    assert sum(each.count for each in found.slices) == 450
