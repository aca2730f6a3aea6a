"""A night for tests of its sources: a run with a lease, and transports to the local PubMed that never really wait."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from local_pubmed import LocalPubMed
from scripted_server import FakeTime
from sqlalchemy import Engine
from sqlmodel import col, select

from db import config
from db.config import Settings
from db.engine import reading, writing
from db.models import Article, HarvestRun
from db.queries import harvesting
from db.types import RunKind, RunStatus
from harvester.lease import acquire
from harvester.night import Night, SourceResult
from harvester.pace import Pace
from harvester.topic import TopicFile
from harvester.transport import Service, Transport

TOPIC = TopicFile("ketamine-depression", "Ketamine", "ketamine[tiab] AND depression[tiab]")


def quick(service: Service, **options: Any) -> Transport:
    """A transport whose waits take no time."""
    time = FakeTime()
    options |= {"pace": Pace(0.0, clock=time.clock), "clock": time.clock, "sleep": time.sleep}
    return Transport(service, **options)


@contextmanager
def night(
    engine: Engine, settings: dict[str, str], cited: Collection[int] = (), stopped: Callable[[], bool] = lambda: False
) -> Iterator[Night]:
    """`settings`: by name in capitals; `cited`: PMIDs of articles that something rests on."""
    named: dict[str, Any] = {name.lower(): value for name, value in settings.items()}
    with writing(engine) as session:
        harvesting.upsert_topic(session, topic_id=TOPIC.id, name=TOPIC.name, query=TOPIC.query)
        run = HarvestRun(topic_id=TOPIC.id, kind=RunKind.REFRESH, options={"kept": True}, started_at=config.now())
        session.add(run)
        session.flush()
        lease = acquire(session, engine, run.id)
        ids = frozenset(session.exec(select(Article.id).where(col(Article.pmid).in_(cited))))
        session.commit()
    try:
        yield Night(engine, run.id, TOPIC, lease, Settings(**named), stopped, ids, transport=quick)
    finally:
        lease.release()
    with writing(engine) as session:
        ended = session.get_one(HarvestRun, run.id)
        assert ended.options["kept"] is True
        ended.status, ended.finished_at = RunStatus.COMPLETE, config.now()
        session.commit()


def check(
    ask: Callable[[Night], SourceResult], engine: Engine, pubmed: LocalPubMed, cited: Collection[int] = ()
) -> SourceResult:
    """One night in which this source alone is asked."""
    with night(engine, pubmed.settings(), cited) as tonight:
        return ask(tonight)


def given(*events: dict[str, Any], faults: list[dict[str, Any]] | None = None) -> pytest.MarkDecorator:
    """What happens at the local PubMed of the test, its `pubmed`."""
    return pytest.mark.parametrize("pubmed", [{"events": list(events), "faults": faults}], indirect=True)


def article(engine: Engine, pmid: int) -> Article:
    with reading(engine) as session:
        return session.exec(select(Article).where(Article.pmid == pmid)).one()


def requests(pubmed: LocalPubMed, tool: str) -> list[dict[str, Any]]:
    return [entry for entry in pubmed.journal() if entry["tool"] == tool]
