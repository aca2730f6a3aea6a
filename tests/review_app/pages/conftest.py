"""A study's page, on a library of invented studies."""

from collections.abc import Callable

import invented_studies
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import STUDY, actor, article_id

from db import config
from db.engine import writing
from db.models import Member
from db.types import Role

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
