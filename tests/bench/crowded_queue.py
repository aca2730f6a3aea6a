"""A review of many invented records, most of them decided, and the people who screen what is left."""

import random
from datetime import datetime
from typing import Any

from bench.invented_ketamine_studies import _PARTS, _TITLES, filled
from sqlalchemy import Engine, insert
from sqlmodel import Session, SQLModel

from db import config
from db.engine import writing
from db.models import (
    Article,
    ArticlePublicationType,
    Draft,
    Member,
    Record,
    Review,
    ScreeningDecision,
    Study,
    Topic,
    TopicArticle,
)
from db.queries import accounts as account_queries
from db.types import Decision, Role, Stage
from review_app.services import accounts

TOPIC, STAGE, DIFFERENT, BLOCK = "ketamine-depression", Stage.TITLE_ABSTRACT, 400, 5_000


def fill(engine: Engine, *, records: int, decided: int, screeners: int) -> list[str]:
    """Two votes on each of the first `decided` records, one of them the first screener's; the screeners' names."""
    names, now = [f"Screener {number:02}" for number in range(1, screeners + 1)], config.now()
    texts = [_text(random.Random(number)) for number in range(DIFFERENT)]
    with writing(engine) as session:
        session.add_all(
            Member(name=name, name_key=name.casefold(), role=Role.REVIEWER, created_at=now) for name in names
        )
        session.add(Topic(id=TOPIC, name="Ketamine for depression", query="ketamine", created_at=now))
        session.flush()
        session.add(Review(id=1, topic_id=TOPIC, name="Invented review", dual=True, blinded=True, created_at=now))
        session.commit()
    for first in range(1, records + 1, BLOCK):
        with writing(engine) as session:
            _block(session, range(first, min(first + BLOCK, records + 1)), decided, texts, now)
            session.commit()
    with writing(engine) as session:
        place = {"vote": 2 * decided, "record": decided}
        for member_id in range(1, screeners + 1):
            session.add(Draft(member_id=member_id, key=f"queue:{STAGE.value}:1", value=place, saved_at=now))
        session.commit()
    return names


def enter(engine: Engine, name: str) -> str:
    """The token of a new session of this member."""
    with writing(engine) as session:
        return accounts.sign_in(session, name=name, member=account_queries.member_by_name(session, name=name))


def _text(chance: random.Random) -> dict[str, Any]:
    sections = [
        {"label": label, "text": " ".join(filled(chance.choice(templates), chance, ("",)) for _ in range(count))}
        for label, templates, count in _PARTS
    ]
    return {
        "title": filled(chance.choice(_TITLES), chance, ("",)),
        "sections": sections,
        "abstract": "\n".join(part["text"] for part in sections),
    }


def _block(session: Session, numbers: range, decided: int, texts: list[dict[str, Any]], now: datetime) -> None:
    def keep(kind: type[SQLModel], rows: list[dict[str, Any]]) -> None:
        if rows:
            session.connection().execute(insert(kind), rows)

    keep(Study, [{"id": n, "created_at": now} for n in numbers])
    keep(Article, [_article(n, texts[n % DIFFERENT], now) for n in numbers])
    kind = {"position": 0, "ui": "D016449", "name": "Randomized Controlled Trial"}
    keep(ArticlePublicationType, [{"article_id": n} | kind for n in numbers])
    seen = {"topic_id": TOPIC, "first_seen_at": now, "last_fetched_at": now}
    keep(TopicArticle, [{"article_id": n} | seen for n in numbers])
    added = {"review_id": 1, "added_at": now, "assigned_to": []}
    keep(Record, [{"id": n, "article_id": n} | added for n in numbers])
    vote: dict[str, Any] = {"stage": STAGE, "decision": Decision.EXCLUDE, "decided_at": now, "labels": []}
    given = [{"record_id": n, "member_id": member} | vote for n in numbers if n <= decided for member in (1, 2)]
    keep(ScreeningDecision, given)


def _article(number: int, text: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "pmid": 90_000_000 + number,
        "study_id": number,
        "journal": "Invented Journal of Mood",
        "year": 1990 + number % 36,
        "content_hash": "invented",
        "parser_version": 1,
        "retrieved_at": now,
        **{key: [] for key in ("authors", "languages", "keywords")},
        **text,
        "title": f"{text['title']} ({number})",
    }
