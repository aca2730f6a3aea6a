"""A review of invented studies that Ben and Cleo screen and Ada leads: two votes a record, blinded."""

import invented_studies
from sqlalchemy import Engine
from study_page import actor

from db.engine import reading, writing
from db.models import Review
from db.queries.blinding import default_review
from review_app.services import review_settings, screening


def begin(engine: Engine, *, plain: int = 3, dual: bool = True) -> Review:
    """Fill the library, whose people are there already, and put its articles into the review."""
    ada = actor(engine, "Ada")
    invented_studies.fill(engine, lead=ada, plain=plain)
    with reading(engine) as session:
        review = default_review(session, topic_id=invented_studies.TOPIC)
    assert review is not None
    with writing(engine) as session:
        review_settings.change_settings(session, actor=ada, review_id=review.id, dual=dual, blinded=True)
    with writing(engine) as session:
        screening.start(session, actor=ada, review_id=review.id)
    with reading(engine) as session:
        return session.get_one(Review, review.id)
