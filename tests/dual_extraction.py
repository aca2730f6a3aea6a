"""What two reviewers give of the invented trial, in a dual and blinded review."""

from typing import Any

import invented_studies
from invented_people import members
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import writing
from db.models import Article, Finding, Grade, Review, RiskOfBias
from db.types import Actor, Role
from review_app.services import appraisals, tags
from review_app.services.appraisals import Judged, StepTaken
from review_app.services.tags import Figures
from review_app.tagging.risk_of_bias import tools

TOPIC = invented_studies.TOPIC
People = dict[str, Actor]


def people_of_a_blinded_review(engine: Engine) -> People:
    """Ada leads the review of invented studies, Ben and Cleo extract; Dov reviews too, Eve reads."""
    found = members(engine, Ada=Role.LEAD, Ben=Role.REVIEWER, Cleo=Role.REVIEWER, Dov=Role.REVIEWER, Eve=Role.READ_ONLY)
    invented_studies.fill(engine, lead=found["Ada"], plain=0)
    make_dual(engine)
    return found


def make_dual(engine: Engine) -> None:
    with writing(engine) as session:
        review = session.exec(select(Review)).one()
        review.dual = review.blinded = True
        session.add(review)
        session.commit()


def record(engine: Engine, who: Actor, article: Article, **given: Any) -> Finding:
    """A finding; `estimate` and `p_value` are its figures."""
    figures = Figures(**{name: given.pop(name) for name in ("estimate", "p_value") if name in given})
    said = {"domain": "response", "direction": "favours_intervention", "time_point": "h24", **given}
    with writing(engine) as session:
        return tags.record_finding(
            session,
            actor=who,
            topic_id=TOPIC,
            article_id=article.id,
            content_hash=article.content_hash,
            figures=figures,
            **said,
        )


def give(engine: Engine, who: Actor, article: Article) -> None:
    with writing(engine) as session:
        tags.give_findings(session, actor=who, topic_id=TOPIC, article_id=article.id, content_hash=article.content_hash)


def judge(
    engine: Engine,
    who: Actor,
    article: Article,
    finding: Finding | None = None,
    *,
    tool: str = "rob2",
    **judged: str,
) -> RiskOfBias:
    """Low but for the domains that are named."""
    domains = tools()[tool].domains
    with writing(engine) as session:
        return appraisals.save_risk_of_bias(
            session,
            actor=who,
            topic_id=TOPIC,
            article_id=article.id,
            tool_id=tool,
            judged={each.id: Judged(judged.get(each.id, "low"), f"{who.name} read {each.id}") for each in domains},
            content_hash=article.content_hash,
            finding_id=finding.id if finding else None,
        )


def grade(engine: Engine, who: Actor, outcome: str = "response", **steps: int) -> Grade:
    with writing(engine) as session:
        return appraisals.save_grade(
            session,
            actor=who,
            topic_id=TOPIC,
            start="randomised",
            steps={name: StepTaken(levels, f"{who.name} on {name}") for name, levels in steps.items()},
            reason="",
            outcome=outcome,
        )
