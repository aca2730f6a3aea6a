"""What one check has read does not outlive a change of the library: the next one in the same process sees it."""

from dataclasses import replace

import invented_studies
import pytest
from sqlalchemy import Engine

from db import config
from db.engine import reading, writing
from db.models import Member
from db.types import Actor, Role
from harvester.records import ArticleRecord, NoticeLink
from review_app.factcheck.model import Evidence
from review_app.services import checking

VIEWER = Actor(None, "factcheck command", Role.READ_ONLY)


@pytest.fixture
def library(engine: Engine) -> Engine:
    with writing(engine) as session:
        row = Member(name="Ada", name_key="ada", role=Role.LEAD, created_at=config.now())
        session.add(row)
        session.commit()
    invented_studies.fill(engine, lead=Actor(row.id, row.name, row.role), plain=5)
    return engine


def of_the_trial(library: Engine) -> Evidence:
    document = checking.document_from(invented_studies.RESULT.encode(), name="copy")
    with reading(library) as session:
        opened = checking.library(session, viewer=VIEWER, topic_id=invented_studies.TOPIC)
        check = checking.check_document(opened, document, source="copy", profile="clinic")
    return next(one for one in check.sentences[0].evidence if one.pmid == invented_studies.TRIAL)


def keep(library: Engine, record: ArticleRecord) -> None:
    with writing(library) as session:
        invented_studies.keep(session, [record])
        session.commit()


def test_the_next_check_sees_an_abstract_that_was_edited(library: Engine) -> None:
    assert of_the_trial(library).quote == invented_studies.RESULT
    corrected = invented_studies.RESULT.replace("7.4", "2.1")
    trial = invented_studies.trial()
    sections = tuple(
        replace(each, text=each.text.replace(invented_studies.RESULT, corrected)) for each in trial.sections
    )
    keep(library, replace(trial, sections=sections))
    assert of_the_trial(library).quote == corrected


def test_the_next_check_sees_a_retraction(library: Engine) -> None:
    before = of_the_trial(library)
    trial = invented_studies.trial()
    retraction = NoticeLink("RetractionIn", "retraction", True, None, "Invented J Psychiatry. 2025;13(1):2")
    keep(library, replace(trial, notices=(*trial.notices, retraction)))
    after = of_the_trial(library)
    assert (before.integrity, after.integrity) == ("corrected", "retracted")
    assert after.stance == "related"
