"""An invented library in which something stands on every page of the desk. Nothing in it is real."""

import invented_screening
import invented_studies
import morning_after
from morning_after import Night
from sqlalchemy import Engine
from study_page import article

from db.engine import writing
from db.types import Decision, Stage
from harvester.records import ArticleRecord, Author
from review_app.screening.highlights import default_terms
from review_app.services import calibration, review_settings, tags

TWIN = ArticleRecord(
    title="A single infusion of ketamine in treatment-resistant depression - a randomised controlled trial",
    year=2024,
    authors=(Author("Lindqvist", initials="A"),),
)


def fill(engine: Engine) -> Night:
    """Copy was checked and judged, an abstract changed overnight, a record came twice; Ben and Cleo screen and tag
    blinded, and differ on one record and one field. Ada leads and has a calibration round open."""
    night = morning_after.reworded(engine)
    begin_review(engine, night)
    for name, decision in (("Ben", Decision.INCLUDE), ("Cleo", Decision.EXCLUDE)):
        invented_screening.vote_on_trial(engine, name, decision, Stage.TITLE_ABSTRACT)
    for name, size in (("Ben", 60), ("Cleo", 58)):
        tag_trial(engine, night, name, {"sample_size": size})
    return night


def begin_review(engine: Engine, night: Night) -> None:
    ada = night.people["Ada"]
    with writing(engine) as session:
        invented_studies.keep(session, [TWIN])
        session.commit()
    review = invented_screening.open_review(engine, lead=ada)
    with writing(engine) as session:
        review_settings.save_criteria(
            session, actor=ada, review_id=review.id, text="Adults only", terms=default_terms()
        )
    with writing(engine) as session:
        calibration.draw(session, actor=ada, review_id=review.id, number=calibration.FEWEST, hold=False, seed=1)


def tag_trial(engine: Engine, night: Night, name: str, values: dict[str, int]) -> None:
    trial = article(engine)
    with writing(engine) as session:
        tags.save_tags(
            session,
            actor=night.people[name],
            topic_id=invented_studies.TOPIC,
            article_id=trial.id,
            tags=values,
            suggested=[],
            content_hash=trial.content_hash,
        )
