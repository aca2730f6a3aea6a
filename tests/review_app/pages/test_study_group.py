"""Articles of one trial, grouped from the page of one of them."""

from collections.abc import Callable
from dataclasses import replace

import invented_studies
import pytest
from sqlalchemy import Engine
from streamlit.testing.v1 import AppTest
from study_page import article_id, buttons, press, words

from db.engine import writing

OpenStudy = Callable[..., AppTest]
SECOND = 90000051


@pytest.fixture
def second(studies: Engine) -> int:
    """Another paper that names the registration of the trial."""
    record = replace(invented_studies.trial(), pmid=SECOND, doi=None, pmcid=None, title="Invented follow-up")
    with writing(studies) as session:
        invented_studies.keep(session, [record])
        session.commit()
    return article_id(studies, SECOND)


def test_a_proposal_is_accepted_and_taken_back(open_study: OpenStudy, second: int) -> None:
    desk = open_study("Ben")
    assert "also registered as NCT90000001" in words(desk)
    press(desk, "Same study")
    assert not desk.error
    assert "Other articles of this study" in words(desk)
    assert f'href="/study?id={second}"' in words(desk)
    press(desk, "Take out")
    assert "Other articles of this study" not in words(desk)
    assert "Same study" in buttons(desk)


def test_another_article_is_grouped_by_its_pmid(open_study: OpenStudy, studies: Engine, second: int) -> None:
    desk, key = open_study("Ben"), f"group_{article_id(studies)}"
    press(desk, "Group")
    assert "PMID 0 is not in the library" in desk.error[0].value
    desk.number_input(key=f"{key}_pmid").set_value(SECOND)
    desk.text_input(key=f"{key}_why").set_value("the methods say so")
    press(desk, "Group")
    assert "the methods say so" in words(desk)
    assert "Other articles of this study" in words(open_study("Rae"))
    assert buttons(open_study("Rae")) == []
