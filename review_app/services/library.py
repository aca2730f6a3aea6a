"""Open a library so that it can be worked in: upgraded, with its topic, its review, its form and its shipped claims."""

import gc
import hashlib
import json
from importlib import resources
from importlib.resources.abc import Traversable

from sqlalchemy import Engine
from sqlmodel import Session

from db import config, migrate
from db.engine import open_engine, reading, writing
from db.models import Review, Setting, Topic
from db.queries.blinding import default_review
from db.types import Actor, Role
from db.vocabulary import vocabulary
from review_app.factcheck.claims_file import load_claims
from review_app.factcheck.labels_file import load_labels
from review_app.services.claims_library import load_shipped
from review_app.services.errors import NotFound
from review_app.services.tag_forms import keep_shipped, shipped_form

SHIPPED_BY = Actor(None, "Footnote", Role.READ_ONLY)


def open_library(url: str, *, topic_id: str) -> Engine:
    """The library at `url`, created or upgraded (SQLite), with what ships for the topic."""
    # An answer makes many objects and few cycles: to look for those as often as Python does by itself costs a tenth.
    gc.set_threshold(max(50_000, gc.get_threshold()[0]))
    engine = open_engine(url)
    try:
        migrate.ensure(engine)
        furnish(engine, topic_id=topic_id)
    except BaseException:
        engine.dispose()
        raise
    return engine


def furnish(engine: Engine, *, topic_id: str) -> None:
    """Bring topic, review, form and shipped claims in, when they are not there as they ship. Safe to repeat."""
    files = _files(topic_id)
    claims, labels = _read(files / "claims.toml"), _read(files / "label.toml")
    form = json.dumps(shipped_form().as_json())
    digest = hashlib.sha256((vocabulary().version + claims + labels + form).encode()).hexdigest()
    with reading(engine) as session:
        if _furnished(session, topic_id) == digest:
            return
    with writing(engine) as session:
        if _furnished(session, topic_id) == digest:  # somebody else was faster
            return
        _keep_topic(session, topic_id)
        keep_shipped(session, actor=SHIPPED_BY)
        shipped_labels, notices = load_labels(labels)
        load_shipped(
            session,
            actor=SHIPPED_BY,
            topic_id=topic_id,
            claims=load_claims(claims),
            labels=shipped_labels,
            notices=notices,
        )
        key = _key(topic_id)
        session.merge(Setting(key=key, value={"sha256": digest}, changed_at=config.now()))
        session.commit()


def _files(topic_id: str) -> Traversable:
    topics = resources.files("review_app.factcheck") / "topics"
    if not (topics / topic_id / "claims.toml").is_file():
        shipped = ", ".join(sorted(each.name for each in topics.iterdir() if (each / "claims.toml").is_file()))
        raise NotFound(f"No topic is named {topic_id}. Set FOOTNOTE_TOPIC to one that ships: {shipped}.")
    return topics / topic_id


def _read(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")


def _key(topic_id: str) -> str:
    return f"shipped:{topic_id}"


def _furnished(session: Session, topic_id: str) -> str | None:
    row = session.get(Setting, _key(topic_id))
    return str(row.value["sha256"]) if row else None


def _keep_topic(session: Session, topic_id: str) -> None:
    """The harvester's topic file gives the name and query; until a harvest has run, the id stands for both."""
    if session.get(Topic, topic_id) is None:
        session.add(Topic(id=topic_id, name=topic_id, query="", created_at=config.now()))
        session.flush()
    if default_review(session, topic_id=topic_id) is None:
        session.add(Review(topic_id=topic_id, name="Evidence library", created_at=config.now()))
    session.flush()
