"""Papers of one trial become one study, on both engines, and can be taken apart again."""

from dataclasses import replace

import invented_studies
import pytest
from invented_people import members
from sqlalchemy import Engine
from sqlmodel import select

from db import audit
from db.engine import reading, writing
from db.models import Article, Study
from db.queries import literature
from db.types import Actor, Role
from harvester.records import RegistryId
from review_app.services import study_groups
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.study_groups import Group

TRIAL = invented_studies.TRIAL
SECOND, THIRD = 90000051, 90000052
WHY = "both name NCT90000001"


@pytest.fixture
def people(engine: Engine) -> dict[str, Actor]:
    """A library in which a second paper names the registration of the trial, and a third does not."""
    found = members(engine, Ada=Role.LEAD, Ben=Role.REVIEWER, Dov=Role.WRITER)
    invented_studies.fill(engine, lead=found["Ada"], plain=0)
    one = replace(invented_studies.trial(), pmid=SECOND, doi=None, pmcid=None, year=2025, title="Invented follow-up")
    two = replace(one, pmid=THIRD, title="Another invented paper", registry_ids=(RegistryId("ISRCTN", "ISRCTN2"),))
    with writing(engine) as session:
        invented_studies.keep(session, [one, two])
        session.commit()
    return found


def article(engine: Engine, pmid: int) -> Article:
    with reading(engine) as session:
        found = literature.article_by_pmid(session, pmid=pmid)
    assert found is not None
    return found


def group(engine: Engine, pmid: int = TRIAL) -> Group:
    with reading(engine) as session:
        found = literature.article_by_pmid(session, pmid=pmid)
        assert found is not None
        return study_groups.group_of(session, article=found)


def add(engine: Engine, actor: Actor, pmid: int, *, to: int = TRIAL, reason: str = WHY) -> None:
    with writing(engine) as session:
        target = article(engine, to).id
        study_groups.add_by_pmid(session, actor=actor, article_id=target, pmid=pmid, reason=reason)


def take_out(engine: Engine, actor: Actor, pmid: int) -> None:
    with writing(engine) as session:
        study_groups.take_out(session, actor=actor, article_id=article(engine, pmid).id, reason="another cohort")


def test_a_shared_registration_proposes_it_and_a_person_groups(engine: Engine, people: dict[str, Actor]) -> None:
    assert [(each.article.pmid, each.registration) for each in group(engine).proposals] == [(SECOND, "NCT90000001")]
    add(engine, people["Ben"], SECOND)
    now = group(engine)
    assert [row.pmid for row in now.others] == [SECOND]
    assert now.proposals == ()
    assert [(row.member_id, row.reason) for row in now.moves] == [(people["Ben"].id, WHY)]
    assert [row.pmid for row in group(engine, SECOND).others] == [TRIAL]
    with reading(engine) as session:
        assert audit.problems(session) == []


def test_it_is_taken_back_to_where_it_came_from(engine: Engine, people: dict[str, Actor]) -> None:
    before = article(engine, SECOND).study_id
    add(engine, people["Ben"], SECOND)
    take_out(engine, people["Ada"], SECOND)
    assert article(engine, SECOND).study_id == before
    assert group(engine).others == ()
    assert len(group(engine).proposals) == 1
    assert len(group(engine, SECOND).moves) == 2, "both moves stay readable"


def test_who_began_the_group_leaves_it_to_a_study_of_its_own(engine: Engine, people: dict[str, Actor]) -> None:
    add(engine, people["Ben"], SECOND)
    add(engine, people["Ben"], THIRD, reason="the methods say so")
    take_out(engine, people["Ben"], TRIAL)
    assert group(engine, TRIAL).others == ()
    assert [row.pmid for row in group(engine, SECOND).others] == [THIRD]
    with reading(engine) as session:
        assert article(engine, TRIAL).study_id in session.exec(select(Study.id)).all()


def test_what_makes_no_sense_is_refused(engine: Engine, people: dict[str, Actor]) -> None:
    with pytest.raises(Refused):
        add(engine, people["Dov"], SECOND)
    with pytest.raises(Invalid, match="Say why"):
        add(engine, people["Ben"], SECOND, reason="  ")
    with pytest.raises(NotFound, match="not in the library"):
        add(engine, people["Ben"], 90000099)
    with pytest.raises(Conflict, match="grouped already"):
        add(engine, people["Ben"], TRIAL)
    with pytest.raises(Conflict, match="stands alone"):
        take_out(engine, people["Ben"], TRIAL)
