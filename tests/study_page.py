"""A study's page as a test drives it, and what the library holds of the study."""

from pathlib import Path
from typing import Any

import invented_studies
from sqlalchemy import Engine
from sqlmodel import select
from streamlit.testing.v1 import AppTest

from db.engine import reading
from db.models import Article, Tagging
from db.queries import accounts as account_queries
from db.queries import literature
from db.types import Actor
from review_app import database

STUDY = str(Path(database.__file__).parent / "pages" / "study.py")


def actor(engine: Engine, name: str) -> Actor:
    with reading(engine) as session:
        member = account_queries.member_by_name(session, name=name)
    assert member is not None
    return account_queries.actor_of(member)


def article(engine: Engine, pmid: int = invented_studies.TRIAL) -> Article:
    with reading(engine) as session:
        found = literature.article_by_pmid(session, pmid=pmid)
    assert found is not None
    return found


def article_id(engine: Engine, pmid: int = invented_studies.TRIAL) -> int:
    return article(engine, pmid).id


def content_hash(engine: Engine) -> str:
    with reading(engine) as session:
        article = literature.article(session, article_id=article_id(engine))
    assert article is not None
    return article.content_hash


def taggings(engine: Engine) -> list[Tagging]:
    with reading(engine) as session:
        return list(session.exec(select(Tagging).order_by(Tagging.id)))  # type: ignore[arg-type]


def words(desk: AppTest) -> str:
    return " ".join(str(element.proto.body) for element in desk.get("html"))


def buttons(desk: AppTest) -> list[str]:
    return [button.label for button in desk.button]


def press(desk: AppTest, label: str) -> AppTest:
    return next(button for button in desk.button if button.label == label).click().run()


def part(desk: AppTest, engine: Engine, name: str, part_name: str, row: int = 0) -> Any:
    """A widget of a row of a field, such as the molecule of the first intervention."""
    return field(desk, engine, f"{name}_{row}_{part_name}")


def field(desk: AppTest, engine: Engine, name: str) -> Any:
    key = f"tag_{article_id(engine)}_{name}"
    return next(
        widget
        for widget in (*desk.selectbox, *desk.multiselect, *desk.number_input, *desk.text_input)
        if widget.key == key
    )
