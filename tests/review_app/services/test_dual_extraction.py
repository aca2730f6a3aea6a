"""Findings, risk of bias and grades of two reviewers on both engines: blind until both are given, then settled."""

from typing import Any

import invented_studies
import pytest
from dual_extraction import TOPIC, People, give, grade, judge, people_of_a_blinded_review, record
from sqlalchemy import Engine
from sqlmodel import select
from study_page import article as trial_article

from db import audit
from db.engine import reading, writing
from db.models import Adjudication, Article, Draft, Finding, Grade, Review, RiskOfBias
from db.types import Actor
from review_app.services import consensus, tags
from review_app.services.adjudicating import settle
from review_app.services.compared import Compared
from review_app.services.dual_extraction import compared_grade, consensus_certainty
from review_app.services.errors import Conflict, Invalid, Refused
from review_app.services.grading import graded
from review_app.services.study_page import Asked, StudyPage, study_page
from review_app.services.tag_agreement import extraction_agreement
from review_app.services.tool_choice import of_article
from review_app.services.waiting_consensus import waiting
from review_app.tagging.comparison import Choice
from review_app.tagging.risk_of_bias import OVERALL


@pytest.fixture
def people(engine: Engine) -> People:
    return people_of_a_blinded_review(engine)


@pytest.fixture
def article(engine: Engine, people: People) -> Article:
    return trial_article(engine)


def compared(engine: Engine, viewer: Actor, article: Article) -> list[Compared]:
    with reading(engine) as session:
        return of_article(session, viewer=viewer, topic_id=TOPIC, article_id=article.id)


def only(engine: Engine, viewer: Actor, article: Article) -> Compared:
    (found,) = compared(engine, viewer, article)
    return found


def both_grades(engine: Engine, viewer: Actor) -> Compared | None:
    with reading(engine) as session:
        review = session.exec(select(Review)).one()
        return compared_grade(session, viewer=viewer, review=review, outcome="response")


def keep(engine: Engine, who: Actor, seen: Compared, reason: str = "", **choices: Choice) -> list[Adjudication]:
    with writing(engine) as session:
        return settle(session, actor=who, topic_id=TOPIC, seen=seen, choices=choices, reason=reason)


def open_ids(found: Compared) -> list[str]:
    return [each.id for each in found.open]


def page(engine: Engine, viewer: Actor, article: Article) -> StudyPage:
    with reading(engine) as session:
        found = study_page(session, viewer=viewer, topic_id=TOPIC, asked=Asked(article.id))
    assert found is not None
    return found


def findings_seen(engine: Engine, viewer: Actor, article: Article) -> set[int]:
    return {row.member_id for row in page(engine, viewer, article).findings}


def test_findings_stay_unseen_until_both_said_that_theirs_are_all(
    engine: Engine, people: People, article: Article
) -> None:
    ben, cleo = people["Ben"], people["Cleo"]
    record(engine, ben, article)
    give(engine, ben, article)
    record(engine, cleo, article, direction="no_difference")
    for name in ("Ada", "Cleo", "Dov", "Eve"):
        assert ben.id not in findings_seen(engine, people[name], article), name
        assert compared(engine, people[name], article) == [], name
    give(engine, cleo, article)
    for name in ("Ada", "Ben", "Cleo"):
        assert findings_seen(engine, people[name], article) == {ben.id, cleo.id}
        assert [side.name for side in only(engine, people[name], article).sides] == ["Ben", "Cleo"]
    for name in ("Dov", "Eve"):
        assert findings_seen(engine, people[name], article) == set()
        assert compared(engine, people[name], article) == []


def test_findings_are_given_once_by_who_tags_and_while_the_study_is_as_read(
    engine: Engine, people: People, article: Article
) -> None:
    give(engine, people["Ben"], article)
    with pytest.raises(Conflict, match="gave your findings of this study already"):
        give(engine, people["Ben"], article)
    with pytest.raises(Refused):
        give(engine, people["Eve"], article)
    article.content_hash = "another"
    with pytest.raises(Conflict, match="changed while you read it"):
        give(engine, people["Cleo"], article)


def test_alike_findings_need_nothing_and_the_others_show_both_sides_with_their_quotes(
    engine: Engine, people: People, article: Article
) -> None:
    ben, cleo = people["Ben"], people["Cleo"]
    record(engine, ben, article, summary="more responders")
    first = record(engine, ben, article, domain="depression_severity", estimate=-7.4, quote=invented_studies.RESULT)
    record(engine, cleo, article, summary="58% against 24%")
    second = record(engine, cleo, article, domain="depression_severity", estimate=-7.0, instrument="MADRS")
    extra = record(engine, cleo, article, domain="remission")
    give(engine, ben, article)
    give(engine, cleo, article)
    found = only(engine, people["Ada"], article)
    assert open_ids(found) == [f"finding_{first.id}", f"finding_{extra.id}"], "words of their own are no difference"
    assert found.rows[f"finding_{first.id}"] == (first.id, second.id)
    assert [side.entry[f"finding_{extra.id}"] == [] for side in found.sides] == [True, False]
    assert [side.quotes_of(f"finding_{first.id}") for side in found.sides] == [[first.quote_id], []]


def test_a_finding_is_chosen_written_anew_or_left_out_and_the_originals_stay(
    engine: Engine, people: People, article: Article
) -> None:
    ben, cleo, ada = people["Ben"], people["Cleo"], people["Ada"]
    first = record(engine, ben, article, estimate=2.4)
    second = record(engine, cleo, article, estimate=2.6)
    third = record(engine, ben, article, domain="remission", p_value="0.01")
    fourth = record(engine, cleo, article, domain="remission", p_value="0.02")
    extra = record(engine, cleo, article, domain="acceptability")
    give(engine, ben, article)
    give(engine, cleo, article)
    one, two, out = f"finding_{first.id}", f"finding_{third.id}", f"finding_{extra.id}"
    written = {"domain": "remission", "direction": "favours_intervention", "p_value": "0.015"}
    swapped = Choice(None, [{**written, "interval_low": 3.0, "interval_high": 1.0}])
    choices = {one: Choice(cleo.id), two: swapped, out: Choice(None, [], "not measured")}
    with pytest.raises(Invalid, match="from its lower to its higher end"):
        keep(engine, ada, only(engine, ada, article), "the text says so", **choices)
    with writing(engine) as session:
        consensus.keep_draft(session, actor=ada, key=only(engine, ada, article).key, value={"reason": "x"})
    choices[two] = Choice(None, [written], "table 2")
    rows = keep(engine, ada, only(engine, ada, article), "the text says so", **choices)
    assert [(row.field, row.decision["from"], row.reason, row.settles) for row in rows] == [
        (one, cleo.id, "the text says so", [first.id, second.id]),
        (two, None, "table 2", [third.id, fourth.id]),
        (out, None, "not measured", [extra.id]),
    ]
    found = only(engine, people["Ben"], article)
    assert found.open == ()
    assert found.holds[one][0]["estimate"] == 2.6
    assert found.holds[two][0]["p_value"] == "0.015"
    assert found.holds[out] == []
    with reading(engine) as session:
        kept = {row.id: row for row in session.exec(select(Finding))}
        assert [kept[each.id].model_dump() == each.model_dump() for each in (first, second, extra)] == [True] * 3
        assert session.exec(select(Draft)).all() == []
        assert audit.problems(session) == []


def test_what_is_recorded_since_opens_only_its_own_result_again(
    engine: Engine, people: People, article: Article
) -> None:
    ben, cleo, ada = people["Ben"], people["Cleo"], people["Ada"]
    first = record(engine, ben, article, estimate=2.4)
    record(engine, cleo, article, estimate=2.6)
    give(engine, ben, article)
    give(engine, cleo, article)
    seen = only(engine, ada, article)
    later = record(engine, cleo, article, domain="remission")
    field = f"finding_{first.id}"
    with pytest.raises(Conflict, match="meanwhile"):
        keep(engine, ada, seen, "so", **{field: Choice(ben.id)})
    out = Choice(None, [])
    keep(engine, ada, only(engine, ada, article), "so", **{field: Choice(ben.id), f"finding_{later.id}": out})
    with writing(engine) as session:
        tags.withdraw_finding(session, actor=ben, finding_id=first.id)
    again = only(engine, ada, article)
    assert len(again.open) == 1
    assert f"finding_{later.id}" in again.rulings


def test_domains_are_settled_and_the_overall_judgement_follows_by_the_rule(
    engine: Engine, people: People, article: Article
) -> None:
    ben, cleo, ada = people["Ben"], people["Cleo"], people["Ada"]
    judge(engine, ben, article, measurement="some_concerns")
    assert compared(engine, ada, article) == []
    judge(engine, cleo, article, reporting="some_concerns")
    found = only(engine, ada, article)
    assert open_ids(found) == ["measurement", "reporting", OVERALL], "both say some concerns, each for another reason"
    assert found.sides[0].reasons["measurement"] == "Ben read measurement"
    with pytest.raises(Invalid, match="Choose what holds of Selection of the reported result"):
        keep(engine, ada, found, "so", measurement=Choice(ben.id))
    rows = keep(engine, ada, found, "so", measurement=Choice(cleo.id), reporting=Choice(ben.id))
    assert (rows[-1].field, rows[-1].decision["value"]) == (OVERALL, "low")
    assert rows[-1].reason.startswith("By the rule of RoB 2")
    assert only(engine, ben, article).holds[OVERALL] == "low"
    judge(engine, ben, article, measurement="high")
    assert open_ids(only(engine, ada, article)) == ["measurement", "reporting", OVERALL]
    with reading(engine) as session:
        assert len(session.exec(select(RiskOfBias)).all()) == 18, "nothing that was judged is lost"


def test_the_overall_judgement_is_settled_otherwise_with_a_reason(
    engine: Engine, people: People, article: Article
) -> None:
    judge(engine, people["Ben"], article, measurement="some_concerns")
    judge(engine, people["Cleo"], article)
    seen = only(engine, people["Ada"], article)
    written = Choice(None, "high", "everybody guessed the arm")
    keep(engine, people["Ada"], seen, "so", measurement=Choice(people["Ben"].id), overall=written)
    assert only(engine, people["Ada"], article).holds[OVERALL] == "high"


def test_two_judge_one_result_each_with_their_own_finding(engine: Engine, people: People, article: Article) -> None:
    ben, cleo = people["Ben"], people["Cleo"]
    judge(engine, ben, article, record(engine, ben, article))
    judge(engine, cleo, article)
    judge(engine, cleo, article, record(engine, cleo, article, time_point="d7"))
    assert compared(engine, people["Ada"], article) == [], "neither the whole study nor the same result"
    judge(engine, cleo, article, record(engine, cleo, article), measurement="high")
    found = only(engine, people["Ada"], article)
    assert found.title == "RoB 2, Response · 24 hours"
    assert len(compared(engine, ben, article)) == len(compared(engine, cleo, article)) == 1


def test_a_judgement_of_one_result_opens_no_other(engine: Engine, people: People, article: Article) -> None:
    ben, cleo = people["Ben"], people["Cleo"]
    judge(engine, ben, article, record(engine, ben, article))
    judge(engine, cleo, article, record(engine, cleo, article, time_point="d7"))
    seen = {name: {row.member_id for row in page(engine, who, article).bias} for name, who in people.items()}
    assert seen == {"Ada": set(), "Ben": {ben.id}, "Cleo": {cleo.id}, "Dov": set(), "Eve": set()}


def test_a_grade_is_settled_step_by_step_and_its_certainty_computed(engine: Engine, people: People) -> None:
    ben, cleo, ada = people["Ben"], people["Cleo"], people["Ada"]
    grade(engine, ben, imprecision=-1)
    for name in ("Ada", "Cleo", "Dov"):
        assert both_grades(engine, people[name]) is None
    grade(engine, cleo, imprecision=-2, indirectness=-1)
    assert both_grades(engine, people["Dov"]) is None
    found = both_grades(engine, ada)
    assert found is not None
    assert open_ids(found) == ["indirectness", "imprecision"]
    assert consensus_certainty(found) is None
    keep(engine, ada, found, "so", imprecision=Choice(cleo.id), indirectness=Choice(None, "0", "the same people"))
    settled = both_grades(engine, ben)
    assert settled is not None
    assert (settled.open, consensus_certainty(settled)) == ((), "low")
    with reading(engine) as session:
        assert graded(session, viewer=ben, topic_id=TOPIC, outcome="response").certainty == "low"
        assert len(session.exec(select(Grade)).all()) == 2


def test_only_who_settles_conflicts_settles_and_only_what_is_open(engine: Engine, people: People) -> None:
    grade(engine, people["Ben"], imprecision=-1)
    grade(engine, people["Cleo"])
    found = both_grades(engine, people["Ben"])
    assert found is not None
    chosen: dict[str, Any] = {"reason": "so", "imprecision": Choice(people["Ben"].id)}
    with pytest.raises(Refused, match="may not settle conflicts"):
        keep(engine, people["Ben"], found, **chosen)
    keep(engine, people["Ada"], found, **chosen)
    with pytest.raises(Conflict, match="or settled it, meanwhile"):
        keep(engine, people["Ada"], found, **chosen)


def test_lists_and_figures_give_no_hidden_judgement_away(engine: Engine, people: People, article: Article) -> None:
    judge(engine, people["Ben"], article, measurement="high")
    grade(engine, people["Ben"], imprecision=-1)

    def told(name: str) -> tuple[list[str], bool]:
        with reading(engine) as session:
            listed = waiting(session, viewer=people[name], topic_id=TOPIC)
            counted = extraction_agreement(session, viewer=people[name], topic_id=TOPIC)
        return [each.title for each in listed], bool(counted)

    assert {str(told(name)) for name in people} == {"([], False)"}
    judge(engine, people["Cleo"], article)
    grade(engine, people["Cleo"])
    for name in ("Ada", "Ben", "Cleo"):
        assert told(name) == ([article.title, "Response"], True), name
    for name in ("Dov", "Eve"):
        assert told(name) == ([], False), name


def test_what_only_a_third_found_is_no_difference_of_the_first_two(
    engine: Engine, people: People, article: Article
) -> None:
    for name, domain in (("Ben", "response"), ("Cleo", "response"), ("Dov", "remission")):
        record(engine, people[name], article, domain=domain)
        give(engine, people[name], article)
    with reading(engine) as session:
        found = extraction_agreement(session, viewer=people["Ada"], topic_id=TOPIC)
    assert [each.agreement.number for each in found if each.label == "Findings: both have it"] == [1]
