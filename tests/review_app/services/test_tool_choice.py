"""Two used different tools on one study: somebody says which holds, without reading what either judged."""

import pytest
from dual_extraction import TOPIC, People, judge, people_of_a_blinded_review, record
from sqlalchemy import Engine
from sqlmodel import select
from study_page import article as trial_article

from db.engine import reading, writing
from db.models import Article, Review
from db.types import Actor
from review_app.services import judgements
from review_app.services.adjudicating import settle
from review_app.services.compared import Compared
from review_app.services.errors import Refused
from review_app.services.study_page import Asked, study_page
from review_app.services.tag_agreement import extraction_agreement
from review_app.services.tool_choice import compared_tools, of_article
from review_app.services.waiting_consensus import waiting
from review_app.tagging.comparison import Choice


@pytest.fixture
def people(engine: Engine) -> People:
    return people_of_a_blinded_review(engine)


@pytest.fixture
def article(engine: Engine, people: People) -> Article:
    """Ben judges the trial by RoB 2, Cleo by ROBINS-I."""
    found = trial_article(engine)
    judge(engine, people["Ben"], found)
    judge(engine, people["Cleo"], found, tool="robins_i")
    return found


def asked(engine: Engine, viewer: Actor) -> list[Compared]:
    with reading(engine) as session:
        return compared_tools(session, viewer=viewer, review=session.exec(select(Review)).one())


def choose(engine: Engine, who: Actor, side: Actor) -> None:
    (seen,) = asked(engine, who)
    with writing(engine) as session:
        settle(session, actor=who, topic_id=TOPIC, seen=seen, choices={"tool": Choice(side.id)}, reason="a trial")


def tools_exported(engine: Engine, viewer: Actor) -> set[str]:
    with reading(engine) as session:
        return {row.form for row in judgements.everything(session, viewer=viewer, topic_id=TOPIC)}


def listed(engine: Engine, viewer: Actor) -> list[tuple[str, ...]]:
    with reading(engine) as session:
        return [each.what for each in waiting(session, viewer=viewer, topic_id=TOPIC)]


def test_it_waits_for_who_settles_and_is_told_to_those_who_judged(
    engine: Engine, people: People, article: Article
) -> None:
    for name in ("Ada", "Ben", "Cleo"):
        (found,) = asked(engine, people[name])
        assert [(side.name, side.entry) for side in found.sides] == [
            ("Ben", {"tool": "rob2"}),
            ("Cleo", {"tool": "robins_i"}),
        ]
        assert listed(engine, people[name]) == [("Tool for the risk of bias",)]
    for name in ("Dov", "Eve"):
        assert asked(engine, people[name]) == []
        assert listed(engine, people[name]) == []


def test_the_tools_are_told_and_not_what_was_judged_with_them(engine: Engine, people: People, article: Article) -> None:
    for name, seen in (("Ada", set()), ("Ben", {"rob2"}), ("Cleo", {"robins_i"})):
        with reading(engine) as session:
            page = study_page(session, viewer=people[name], topic_id=TOPIC, asked=Asked(article.id))
        assert page is not None
        assert {row.tool for row in page.bias} == seen
    with reading(engine) as session:
        assert extraction_agreement(session, viewer=people["Ada"], topic_id=TOPIC) == []


def test_the_tool_that_holds_is_kept_and_the_other_leaves_no_export(
    engine: Engine, people: People, article: Article
) -> None:
    with pytest.raises(Refused):
        choose(engine, people["Ben"], people["Ben"])
    choose(engine, people["Ada"], people["Ben"])
    (found,) = asked(engine, people["Cleo"])
    assert (found.open, found.holds) == ((), {"tool": "rob2"})
    assert listed(engine, people["Ada"]) == []
    assert tools_exported(engine, people["Ben"]) == {"RoB 2"}
    assert tools_exported(engine, people["Cleo"]) == set()
    judge(engine, people["Cleo"], article, measurement="high")
    with reading(engine) as session:
        both = of_article(session, viewer=people["Ada"], topic_id=TOPIC, article_id=article.id)
    assert [each.title for each in both] == ["RoB 2"]
    assert tools_exported(engine, people["Cleo"]) == {"RoB 2"}


def test_another_judgement_with_the_same_tools_asks_nothing_again(
    engine: Engine, people: People, article: Article
) -> None:
    choose(engine, people["Ada"], people["Cleo"])
    judge(engine, people["Ben"], article, measurement="high")
    (found,) = asked(engine, people["Ada"])
    assert found.open == ()


def test_a_result_is_asked_about_by_itself(engine: Engine, people: People, article: Article) -> None:
    ben, cleo = people["Ben"], people["Cleo"]
    judge(engine, ben, article, record(engine, ben, article))
    judge(engine, cleo, article, record(engine, cleo, article), tool="robins_i")
    judge(engine, cleo, article)
    assert [each.result for each in asked(engine, people["Ada"])] == ["Response · 24 hours"]
