"""A study's page on invented studies, and the pages about copy and claims on invented claims."""

from collections.abc import Callable

import invented_claims
import invented_studies
import pytest
from copy_page import PAGES
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import STUDY, actor, article_id

from db import config
from db.engine import writing
from db.models import Member
from db.types import Actor, Role

OpenDesk = Callable[[str | None], AppTest]


@pytest.fixture
def studies(library: Engine) -> Engine:
    """Ada's library of invented studies; Rae may only read."""
    with writing(library) as session:
        session.add(Member(name="Rae", name_key="rae", role=Role.READ_ONLY, created_at=config.now()))
        session.commit()
    invented_studies.fill(library, lead=actor(library, "Ada"), plain=0)
    return library


@pytest.fixture
def open_study(studies: Engine, open_desk: OpenDesk) -> Callable[..., AppTest]:
    """`open_study("Ben", pmid="90000001")`: the page at that address, as this person sees it."""

    def open_as(name: str, **address: str) -> AppTest:
        desk = open_desk(name).switch_page(STUDY)
        desk.query_params.update(address or {"id": str(article_id(studies))})
        return desk.run()

    return open_as


@pytest.fixture
def people(library: Engine) -> dict[str, Actor]:
    """Ada's library of invented claims with their evidence."""
    return invented_claims.fill(library)


@pytest.fixture
def document(library: Engine, people: dict[str, Actor]) -> str:
    """Copy that Dov had checked; its id."""
    return str(invented_claims.keep_copy(library, people["Dov"]))


@pytest.fixture
def open_copy(open_desk: OpenDesk) -> Callable[..., AppTest]:
    """`open_copy("Dov", document="1", sentence="2")`: the page at that address, as this person sees it."""
    return _opener(open_desk, "check_copy")


@pytest.fixture
def open_claims(open_desk: OpenDesk) -> Callable[..., AppTest]:
    """`open_claims("Ben", claim="invented-onset")`: the page at that address, as this person sees it."""
    return _opener(open_desk, "claims")


def _opener(open_desk: OpenDesk, page: str) -> Callable[..., AppTest]:
    def open_as(name: str, **address: str) -> AppTest:
        desk = open_desk(name).switch_page(str(PAGES / f"{page}.py"))
        desk.query_params.update(address)
        return desk.run()

    return open_as
