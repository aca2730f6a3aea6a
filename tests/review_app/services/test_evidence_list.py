"""One page of the list of evidence, on both engines."""

import json
from dataclasses import replace

import invented_studies
import pytest
from sqlalchemy import Engine

from db import config
from db.engine import reading, writing
from db.models import Member
from db.queries import accounts as account_queries
from db.queries import literature
from db.queries.blinding import default_review
from db.queries.judged import OUTCOMES
from db.queries.literature import Filters
from db.types import Actor, Integrity, Role, Stage
from review_app.export.formats import FORMATS
from review_app.services import accounts, tags
from review_app.services.errors import Refused
from review_app.services.evidence_list import EvidencePage, Wish, evidence_page, listed_as_file


@pytest.fixture
def ada(engine: Engine) -> Actor:
    with writing(engine) as session:
        row = Member(name="Ada", name_key="ada", role=Role.LEAD, created_at=config.now())
        session.add(row)
        session.commit()
    lead = Actor(row.id, row.name, row.role)
    invented_studies.fill(engine, lead=lead, plain=20)
    return lead


def found(engine: Engine, viewer: Actor, wish: Wish) -> EvidencePage:
    with reading(engine) as session:
        return evidence_page(session, viewer=viewer, topic_id=invented_studies.TOPIC, wish=wish)


def test_a_page_beyond_the_end_is_the_last_one(engine: Engine, ada: Actor) -> None:
    page = found(engine, ada, Wish(page=99))
    assert (page.page, page.pages, page.total, len(page.rows)) == (2, 2, 25, 5)


@pytest.mark.parametrize("typed", ["\x00", "keta\x00mine", "covid-19", "p<0.05", '"', "beta*(", "🙂", "'; drop table"])
def test_any_words_are_answered_and_never_an_error(engine: Engine, ada: Actor, typed: str) -> None:
    assert found(engine, ada, Wish(query=typed)).library == 25


@pytest.mark.parametrize("typed", ["90000002", " PMID: 90000002 ", "pmid 90000002", "90000002[uid]"])
def test_a_pmid_finds_its_study(engine: Engine, ada: Actor, typed: str) -> None:
    assert [row.article.pmid for row in found(engine, ada, Wish(query=typed)).rows] == [invented_studies.RETRACTED]


def test_a_number_that_is_no_pmid_of_the_library_is_searched_as_a_word(engine: Engine, ada: Actor) -> None:
    assert invented_studies.TRIAL in [row.article.pmid for row in found(engine, ada, Wish(query="60")).rows]


def test_integrity_narrows_to_what_was_noticed(engine: Engine, ada: Actor) -> None:
    page = found(engine, ada, Wish(filters=Filters(integrity=(Integrity.RETRACTED,))))
    assert [row.article.pmid for row in page.rows] == [invented_studies.RETRACTED]


def test_what_the_review_decided_is_asked_alike_of_both_engines(engine: Engine, ada: Actor) -> None:
    with writing(engine) as session:
        review = default_review(session, topic_id=invented_studies.TOPIC)
        assert review is not None
        review.dual, review.stages = True, [stage.value for stage in Stage]
        session.add(review)
        session.commit()
    assert [found(engine, ada, Wish(outcomes=(each,))).total for each in OUTCOMES] == [0, 0, 25]


def test_a_design_that_people_gave_is_reviewed_and_stands_before_the_suggested_one(engine: Engine, ada: Actor) -> None:
    wish = Wish(query="midazolam infusion")
    (before,) = found(engine, ada, wish).rows
    assert (before.study_design, before.is_reviewed) == ("rct", False)
    with reading(engine) as session:
        article = literature.article_by_pmid(session, pmid=invented_studies.TRIAL)
    assert article is not None
    with writing(engine) as session:
        tags.save_tags(
            session,
            actor=ada,
            topic_id=invented_studies.TOPIC,
            article_id=article.id,
            tags={"study_design": "post_hoc_analysis"},
            suggested=[],
            content_hash=article.content_hash,
        )
    (after,) = found(engine, ada, wish).rows
    assert (after.study_design, after.is_reviewed) == ("post_hoc_analysis", True)


def as_file(engine: Engine, token: str | None, wish: Wish, name: str = "ris") -> str:
    return listed_as_file(engine, token=token, topic_id=invented_studies.TOPIC, wish=wish, form=FORMATS[name]).decode()


@pytest.mark.parametrize(
    "wish",
    [
        Wish(page=2),
        Wish(query="depression"),
        Wish(query="midazolam zebra"),
        Wish(query="90000002"),
        Wish(query="xylophone"),
        Wish(filters=Filters(year_from=2015, integrity=(Integrity.NONE_KNOWN,))),
    ],
)
def test_a_file_holds_all_that_is_listed_on_every_page_in_its_order(engine: Engine, ada: Actor, wish: Wish) -> None:
    token = signed_in(engine, ada)
    first = found(engine, ada, replace(wish, page=1))
    pages = [found(engine, ada, replace(wish, page=number)) for number in range(1, first.pages + 1)]
    listed = [row.article.pmid for page in pages for row in page.rows]
    assert [each["pmid"] for each in map(json.loads, as_file(engine, token, wish, "jsonl").splitlines())] == listed
    assert as_file(engine, token, wish).count("ER  - ") == len(listed) == first.total


def test_a_file_is_not_made_for_who_has_signed_out(engine: Engine, ada: Actor) -> None:
    token = signed_in(engine, ada)
    with writing(engine) as session:
        account_queries.end_sessions(session, member_id=ada.member_id)
        session.commit()
    for gone in (token, None, "forged"):
        with pytest.raises(Refused, match="Reload the page and sign in"):
            as_file(engine, gone, Wish())


def signed_in(engine: Engine, who: Actor) -> str:
    with writing(engine) as session:
        return accounts.sign_in(session, name=who.name, member=account_queries.member_by_name(session, name=who.name))
