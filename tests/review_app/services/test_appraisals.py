"""Risk of bias and GRADE on both engines: judged with reasons, superseded, blinded."""

from typing import Any

import invented_studies
import pytest
from invented_people import members
from sqlalchemy import Engine
from sqlmodel import select
from study_page import article as trial_article

from db import audit
from db.engine import reading, writing
from db.models import Article, Draft, Grade, Review, RiskOfBias
from db.queries import appraisal, literature
from db.types import Actor, Role
from review_app.services import appraisals, study_groups, tags
from review_app.services.appraisals import Judged, StepTaken
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.grading import body_of_evidence
from review_app.tagging.risk_of_bias import OVERALL, tools

TOPIC = invented_studies.TOPIC
LOW = {domain.id: Judged("low", "as planned") for domain in tools()["rob2"].domains}
People = dict[str, Actor]


@pytest.fixture
def people(engine: Engine) -> People:
    found = members(engine, Ada=Role.LEAD, Ben=Role.REVIEWER, Cleo=Role.REVIEWER, Dov=Role.WRITER)
    invented_studies.fill(engine, lead=found["Ada"], plain=0)
    return found


@pytest.fixture
def article(engine: Engine, people: People) -> Article:
    return trial_article(engine)


def judge(engine: Engine, actor: Actor, article: Article, **given: Any) -> RiskOfBias:
    more = {"tool_id": "rob2", "judged": LOW, "content_hash": article.content_hash, "topic_id": TOPIC, **given}
    with writing(engine) as session:
        return appraisals.save_risk_of_bias(session, actor=actor, article_id=article.id, **more)


def grade(engine: Engine, actor: Actor, **given: Any) -> Grade:
    more = {"start": "randomised", "steps": {}, "reason": "", "topic_id": TOPIC, "outcome": "response", **given}
    with writing(engine) as session:
        return appraisals.save_grade(session, actor=actor, **more)


def standing(engine: Engine, viewer: Actor, article: Article) -> list[RiskOfBias]:
    with reading(engine) as session:
        review = session.exec(select(Review)).one()
        return appraisal.risk_of_bias(session, viewer=viewer, review=review, article_ids=[article.id])


def grades(engine: Engine, viewer: Actor, **of: str) -> list[Grade]:
    with reading(engine) as session:
        review = session.exec(select(Review)).one()
        return appraisal.grades(session, viewer=viewer, review=review, **of)


def make_dual(engine: Engine) -> None:
    with writing(engine) as session:
        review = session.exec(select(Review)).one()
        review.dual = review.blinded = True
        session.add(review)
        session.commit()


def test_the_overall_judgement_follows_by_the_rule_with_what_decided_it(
    engine: Engine, people: People, article: Article
) -> None:
    concerns = {**LOW, "measurement": Judged("some_concerns", "dissociation  unblinds")}
    total = judge(engine, people["Ben"], article, judged=concerns)
    assert (total.domain, total.judgement) == (OVERALL, "some_concerns")
    assert total.reason == "By the rule of RoB 2: Measurement of the outcome"
    rows = {row.domain: row for row in standing(engine, people["Ada"], article)}
    assert len(rows) == 6
    assert rows["measurement"].reason == "dissociation unblinds"


def test_a_person_may_judge_otherwise_with_a_reason(engine: Engine, people: People, article: Article) -> None:
    concerns = {**LOW, "measurement": Judged("some_concerns", "x"), "reporting": Judged("some_concerns", "y")}
    with pytest.raises(Invalid, match="Say why your overall judgement"):
        judge(engine, people["Ben"], article, judged=concerns, override=Judged("high", " "))
    with pytest.raises(Invalid, match="no overall judgement"):
        judge(engine, people["Ben"], article, judged=concerns, override=Judged("dreadful", "z"))
    total = judge(engine, people["Ben"], article, judged=concerns, override=Judged("high", "two concerns add up"))
    assert (total.judgement, total.reason) == ("high", "two concerns add up")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reporting": None}, "Judge Selection of the reported result"),
        ({"reporting": Judged("fine", "x")}, "Judge Selection of the reported result"),
        ({"reporting": Judged("low", "  ")}, "Say why for Selection of the reported result"),
        ({"reporting": Judged("low", "x" * 2_001)}, "takes up to 2,000 characters"),
    ],
)
def test_every_domain_wants_a_judgement_and_a_reason(
    engine: Engine, people: People, article: Article, change: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        judge(engine, people["Ben"], article, judged={**LOW, **change})
    assert standing(engine, people["Ben"], article) == []


def test_what_is_judged_again_supersedes_and_nothing_is_lost(engine: Engine, people: People, article: Article) -> None:
    judge(engine, people["Ben"], article)
    high = {**LOW, "randomisation": Judged("high", "by birthday")}
    with writing(engine) as session:
        appraisals.keep_draft(session, actor=people["Ben"], article_id=article.id, value={"tool": "rob2"})
    judge(engine, people["Ben"], article, judged=high)
    rows = {row.domain: row.judgement for row in standing(engine, people["Ben"], article)}
    assert (rows["randomisation"], rows[OVERALL]) == ("high", "high")
    with reading(engine) as session:
        assert len(session.exec(select(RiskOfBias)).all()) == 12
        assert session.exec(select(Draft)).all() == []
        assert audit.problems(session) == []


def test_a_result_is_judged_by_itself(engine: Engine, people: People, article: Article) -> None:
    with writing(engine) as session:
        finding = tags.record_finding(
            session,
            actor=people["Ben"],
            topic_id=TOPIC,
            article_id=article.id,
            content_hash=article.content_hash,
            domain="response",
            direction="favours_intervention",
        )
    judge(engine, people["Ben"], article)
    judge(engine, people["Ben"], article, finding_id=finding.id)
    assert {row.finding_id for row in standing(engine, people["Ben"], article)} == {None, finding.id}
    with pytest.raises(NotFound, match="Choose another result"):
        judge(engine, people["Ben"], article, finding_id=999)


def test_who_may_not_and_what_changed_meanwhile(engine: Engine, people: People, article: Article) -> None:
    with pytest.raises(Refused):
        judge(engine, people["Dov"], article)
    with pytest.raises(Conflict):
        judge(engine, people["Ben"], article, content_hash="another")
    with pytest.raises(Invalid, match="no tool"):
        judge(engine, people["Ben"], article, tool_id="jadad")
    with pytest.raises(Refused):
        grade(engine, people["Dov"])


def test_blinded_another_s_appraisal_is_hidden_until_one_s_own_is_given(
    engine: Engine, people: People, article: Article
) -> None:
    make_dual(engine)
    judge(engine, people["Ben"], article)
    grade(engine, people["Ben"])
    assert standing(engine, people["Cleo"], article) == []
    assert grades(engine, people["Cleo"], outcome="response") == []
    assert standing(engine, people["Ada"], article) == grades(engine, people["Ada"], outcome="response") == []
    judge(engine, people["Cleo"], article)
    grade(engine, people["Cleo"])
    assert {row.member_id for row in standing(engine, people["Cleo"], article)} == {people["Ben"].id, people["Cleo"].id}
    assert len(grades(engine, people["Cleo"], outcome="response")) == 2
    assert len(standing(engine, people["Ada"], article)) == 12, "who settles sees both, once both are there"
    assert len(grades(engine, people["Ada"], outcome="response")) == 2


def test_a_grade_is_computed_and_each_step_has_its_reason(engine: Engine, people: People) -> None:
    steps = {"imprecision": StepTaken(-1, "60 people"), "indirectness": StepTaken(-1, "clinics differ")}
    row = grade(engine, people["Ben"], steps=steps, reason="one small trial")
    assert row.certainty == "low"
    assert row.steps == [
        {"start": "randomised"},
        {"id": "imprecision", "levels": -1, "reason": "60 people"},
        {"id": "indirectness", "levels": -1, "reason": "clinics differ"},
    ]
    again = grade(engine, people["Ben"])
    assert again.supersedes_id == row.id
    assert [each.id for each in grades(engine, people["Ada"], outcome="response")] == [again.id]
    assert grades(engine, people["Ada"], outcome="remission") == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"steps": {"imprecision": StepTaken(-1, " ")}}, "Say why for Imprecision"),
        ({"steps": {"imprecision": StepTaken(-3, "x")}}, "does not move the certainty"),
        ({"start": "opinion"}, "no start"),
        ({"outcome": "mood"}, "no outcome of the vocabulary"),
        ({"outcome": None}, "Choose the outcome or the claim"),
        ({"claim_id": "invented"}, "Choose the outcome or the claim"),
    ],
)
def test_a_grade_that_makes_no_sense_is_refused(
    engine: Engine, people: People, wrong: dict[str, Any], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        grade(engine, people["Ben"], **wrong)


def test_the_body_of_evidence_counts_reviewed_studies(engine: Engine, people: People, article: Article) -> None:
    def body(outcome: str) -> Any:
        with reading(engine) as session:
            return body_of_evidence(session, viewer=people["Ada"], topic_id=TOPIC, outcome=outcome)

    assert body("response").studies == 0
    with reading(engine) as session:
        other = literature.article_by_pmid(session, pmid=invented_studies.BARE)
    assert other is not None
    outcome = {"domain": "response", "direction": "favours_intervention"}
    for each in (article, other):
        with writing(engine) as session:
            tags.save_tags(
                session,
                actor=people["Ben"],
                topic_id=TOPIC,
                article_id=each.id,
                tags={"study_design": "rct", "outcomes": [outcome, {**outcome, "direction": "mixed"}]},
                suggested=[],
                content_hash=each.content_hash,
            )
    assert body("response").studies == 2
    with writing(engine) as session:
        study_groups.add(session, actor=people["Ben"], article_id=article.id, other_id=other.id, reason="one trial")
    assert body("response").studies == 1, "two papers on one trial count once"
    assert set(body("response").designs) == {("rct", "favours_intervention", 1), ("rct", "mixed", 1)}
    assert body("remission").studies == 0
