"""A topic of invented articles, synced from the local PubMed, and what the library then holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from invented_pubmed import FIRST
from scripted_server import FakeTime
from sqlalchemy import Engine
from sqlmodel import col, func, select

from db import audit, search
from db.engine import writing
from db.models import Article, ChangeLog, HarvestRun, TopicArticle
from harvester.eutils import Eutils
from harvester.pace import Pace
from harvester.stored_content import contents_of
from harvester.sync import Sync
from harvester.topic import TopicFile
from harvester.transport import Service, Transport

TOPIC = TopicFile("ketamine", "Ketamine", "ketamine[tiab] AND depression[tiab]")
PMIDS = range(FIRST, FIRST + 450)


@contextmanager
def client(url: str) -> Iterator[Eutils]:
    time = FakeTime()
    pace = Pace(0.0, clock=time.clock)
    transport = Transport(Service("PubMed", url, "EUTILS_URL"), pace=pace, clock=time.clock, sleep=time.sleep)
    try:
        yield Eutils(transport)
    finally:
        transport.close()


def sync(engine: Engine, url: str, topic: TopicFile = TOPIC, **options: Any) -> HarvestRun:
    with client(url) as eutils:
        return Sync(engine, eutils, topic, **options).run()


def library(engine: Engine) -> list[dict[str, Any]]:
    """Everything the articles say, by PMID; checks the index and the audit chain on the way."""
    with writing(engine) as session:
        assert search.check(session.connection()) == []
        assert audit.problems(session) == []
        ids = session.exec(select(col(Article.id)).order_by(col(Article.pmid))).all()
        contents = contents_of(session, ids)
        assert session.exec(select(func.count()).select_from(TopicArticle)).one() == len(ids)
        assert session.exec(select(func.count()).select_from(ChangeLog).where(ChangeLog.event == "new")).one() == len(
            ids
        )
    return [contents[i] for i in ids]


def pmids(engine: Engine) -> list[int]:
    return [content["pmid"] for content in library(engine)]
