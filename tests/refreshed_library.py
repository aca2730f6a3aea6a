"""Nights of a topic of invented articles: a local PubMed whose clock moves, and a refresh of a library from it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from sqlmodel import col, select
from synced_library import TOPIC, client

from db import config
from db.engine import reading, writing
from db.models import Alert, Article, ChangeLog, Claim, ClaimEvidence, ClaimVersion, HarvestRun, TopicArticle
from db.queries import harvesting
from db.types import Certainty, ChangeEvent, ClaimOrigin, Stance
from harvester.refresh import Refresh
from harvester.topic import TopicFile

SETTINGS = config.Settings(_env_file=None)


def nights(folder: Path, *events: dict[str, Any], articles: int = 3, **more: Any) -> LocalPubMed:
    """A PubMed of a few articles from `FIRST` on, to which these things happen."""
    file = write_records(folder / "invented.xml", (invented(FIRST + n) for n in range(articles)))
    return LocalPubMed([file], events=events, day=0, **more)


def refresh(engine: Engine, pubmed: LocalPubMed, topic: TopicFile = TOPIC, **options: Any) -> HarvestRun:
    with client(pubmed.url) as eutils:
        return Refresh(engine, eutils, topic, SETTINGS, **options).run()


def night(engine: Engine, pubmed: LocalPubMed, day: int, **options: Any) -> HarvestRun:
    pubmed.move_to(day)
    return refresh(engine, pubmed, **options)


def article(engine: Engine, pmid: int = FIRST) -> Article:
    with reading(engine) as session:
        return session.exec(select(Article).where(Article.pmid == pmid)).one()


def place(engine: Engine, pmid: int = FIRST) -> TopicArticle:
    """The article's place in the topic."""
    with reading(engine) as session:
        return session.exec(select(TopicArticle).join(Article).where(Article.pmid == pmid)).one()


def changes(engine: Engine, pmid: int = FIRST) -> Sequence[ChangeEvent]:
    with reading(engine) as session:
        of_it = select(ChangeLog.event).join(Article, col(Article.id) == col(ChangeLog.article_id))
        return session.exec(of_it.where(Article.pmid == pmid).order_by(col(ChangeLog.id))).all()


def alerts(engine: Engine) -> list[Alert]:
    with reading(engine) as session:
        return list(session.exec(select(Alert).order_by(col(Alert.id))))


def cite(engine: Engine, pmid: int, topic: TopicFile = TOPIC) -> None:
    """A shipped claim rests on this PMID, whether the library holds it or not."""
    with writing(engine) as session:
        harvesting.upsert_topic(session, topic_id=topic.id, name=topic.name, query=topic.query)
        key, now = f"claim-{pmid}", config.now()
        session.add(Claim(id=key, topic_id=topic.id, origin=ClaimOrigin.SHIPPED, created_at=now))
        session.flush()
        said = {"statement": f"Ketamine helps, says {pmid}.", "certainty": Certainty.LOW, "content_hash": key}
        session.add(ClaimVersion(claim_id=key, number=1, created_at=now, search_query="ketamine", **said))
        session.add(ClaimEvidence(claim_id=key, pmid=pmid, stance=Stance.SUPPORTS, linked_at=now))
        session.commit()


def fetched(pubmed: LocalPubMed, since: int = 0) -> list[set[int]]:
    """The PMIDs of each fetch after so many requests."""
    asked = [row for row in pubmed.journal()[since:] if row["tool"] == "efetch"]
    return [{int(pmid) for pmid in row["params"]["id"].split(",")} for row in asked]
