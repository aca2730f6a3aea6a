"""A sync that ends before everything is fetched: by a limit, by a person, by another harvest."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from synced_library import PMIDS, pmids, sync

from db import config
from db.engine import reading, writing
from db.models import Lease, Topic
from db.types import RunStatus
from harvester.lease import LeaseHeld
from harvester.sync import Progress


def test_a_limit_leaves_an_honest_partial_run_that_goes_on(sqlite_engine: Engine, records: Path) -> None:
    with LocalPubMed([records]) as pubmed:
        run = sync(sqlite_engine, pubmed.url, limit=250)
        assert (run.status, run.message) == (
            RunStatus.PARTIAL,
            "200 articles are still to fetch; run it again to go on",
        )
        with reading(sqlite_engine) as session:
            assert session.get_one(Topic, "ketamine").watermark is None
        assert sync(sqlite_engine, pubmed.url).status is RunStatus.COMPLETE
        assert [row["ids"] for row in pubmed.journal() if row["tool"] == "efetch"] == [200, 50, 200]
    assert pmids(sqlite_engine) == list(PMIDS)


def test_a_stop_ends_the_run_after_the_batch(sqlite_engine: Engine, records: Path) -> None:
    heard: list[Progress] = []
    with LocalPubMed([records]) as pubmed:
        run = sync(
            sqlite_engine,
            pubmed.url,
            report=heard.append,
            stopped=lambda: any(progress.done == 200 for progress in heard),
        )
        assert (run.status, run.done) == (RunStatus.PARTIAL, 200)
        assert sync(sqlite_engine, pubmed.url).id == run.id
    assert pmids(sqlite_engine) == list(PMIDS)


def _with_lease(engine: Engine, change: Callable[[Lease], None]) -> Callable[[Progress], None]:
    """A report that changes the lease after the first batch."""

    def report(progress: Progress) -> None:
        if progress.phase == "fetching" and progress.done == 200:
            with writing(engine) as session:
                held = session.get_one(Lease, "harvest")
                change(held)
                session.add(held)
                session.commit()

    return report


def test_a_cancel_in_the_library_stops_the_run(engine: Engine, records: Path) -> None:
    def cancel(held: Lease) -> None:
        held.cancel_requested_at, held.cancel_requested_by = config.now(), "Ada"

    with LocalPubMed([records]) as pubmed:
        run = sync(engine, pubmed.url, report=_with_lease(engine, cancel))
    assert (run.status, run.done, run.message) == (RunStatus.PARTIAL, 200, "stopped by Ada; run it again to go on")


def test_a_harvest_that_was_overtaken_writes_nothing_more(sqlite_engine: Engine, records: Path) -> None:
    def overtake(held: Lease) -> None:
        held.acquired_at = datetime(2026, 3, 1, tzinfo=UTC)

    with LocalPubMed([records]) as pubmed, pytest.raises(LeaseHeld, match="another harvest has taken over"):
        sync(sqlite_engine, pubmed.url, report=_with_lease(sqlite_engine, overtake))
    assert len(pmids(sqlite_engine)) == 200
