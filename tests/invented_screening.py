"""A review of invented studies that Ben and Cleo screen and Ada leads: two votes a record, blinded."""

import invented_studies
from sqlalchemy import Engine
from sqlmodel import select
from study_page import actor, article_id

from db.engine import reading, writing
from db.models import Article, Record, Review
from db.queries.blinding import default_review
from db.queries.screening import Position
from db.types import Actor, Decision, Stage
from review_app.services import review_settings, screening
from review_app.services.exclusion_reasons import Wanted, change_reasons


def begin(engine: Engine, *, plain: int = 3, dual: bool = True) -> Review:
    """Fill the library, whose people are there already, and put its articles into the review."""
    ada = actor(engine, "Ada")
    invented_studies.fill(engine, lead=ada, plain=plain)
    return open_review(engine, lead=ada, dual=dual)


def open_review(engine: Engine, *, lead: Actor, dual: bool = True) -> Review:
    """The library's articles in a review that is begun, blinded."""
    with reading(engine) as session:
        review = default_review(session, topic_id=invented_studies.TOPIC)
    assert review is not None
    with writing(engine) as session:
        review_settings.change_settings(session, actor=lead, review_id=review.id, dual=dual, blinded=True)
    with writing(engine) as session:
        screening.start(session, actor=lead, review_id=review.id)
    with reading(engine) as session:
        return session.get_one(Review, review.id)


def begin_full_text(engine: Engine) -> Review:
    """The same with a stage of full text, to which Ben and Cleo have brought the trial."""
    review = begin(engine, plain=0)
    with writing(engine) as session:
        ada = actor(engine, "Ada")
        review_settings.change_stages(session, actor=ada, review_id=review.id, full_text=True)
    for name in ("Ben", "Cleo"):
        vote_on_trial(engine, name, Decision.INCLUDE, Stage.TITLE_ABSTRACT)
    return review


def trial_record(engine: Engine) -> int:
    with reading(engine) as session:
        return session.exec(select(Record.id).where(Record.article_id == article_id(engine))).one()


def vote_on_trial(engine: Engine, name: str, decision: Decision, stage: Stage, reason: str | None = None) -> None:
    vote(engine, name, trial_record(engine), decision, stage, reason=reason)


def vote(
    engine: Engine,
    name: str,
    record_id: int,
    decision: Decision = Decision.INCLUDE,
    stage: Stage = Stage.TITLE_ABSTRACT,
    *,
    reason: str | None = None,
    place: Position | None = None,
) -> None:
    """What this person says of a record, as they read it now."""
    with writing(engine) as session:
        article = session.get_one(Article, session.get_one(Record, record_id).article_id)
        screening.vote(
            session,
            actor=actor(engine, name),
            record_id=record_id,
            stage=stage,
            decision=decision,
            reason=reason,
            content_hash=article.content_hash,
            position=place,
        )


def reverse_reasons(engine: Engine) -> list[str]:
    """Ada turns the reasons for excluding by title and abstract round; their ids as they are now."""
    with writing(engine) as session:
        review = default_review(session, topic_id=invented_studies.TOPIC)
        assert review is not None
        criteria = review_settings.criteria_of(session, review_id=review.id)
        reasons = criteria.reasons[Stage.TITLE_ABSTRACT.value][::-1]
        wanted = [Wanted(each.id, each.label, each.means, place) for place, each in enumerate(reasons, start=1)]
        change_reasons(
            session,
            actor=actor(engine, "Ada"),
            review_id=review.id,
            stage=Stage.TITLE_ABSTRACT,
            seen=criteria.version,
            wanted=wanted,
        )
    return [each.id for each in reasons]
