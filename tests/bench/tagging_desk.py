"""Ben at his desk: a library of invented studies whose trial he tags, again and again."""

from typing import Any

import invented_studies
from sqlalchemy import Engine

from db import config
from db.engine import reading, writing
from db.models import Member
from db.queries import literature
from db.types import Actor, Role
from review_app.services import tags

TAGS: dict[str, Any] = {
    "study_design": "rct",
    "population": ["trd"],
    "interventions": [{"molecule": "ketamine", "route": "iv"}],
    "comparators": ["active_placebo"],
    "outcomes": [{"domain": "depression_severity", "instrument": "MADRS", "direction": "favours_intervention"}],
}


class Desk:
    """Made once a library, with Ada who leads it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        with writing(engine) as session:
            rows = [
                Member(name=name, name_key=name.casefold(), role=role, created_at=config.now())
                for name, role in (("Ada", Role.LEAD), ("Ben", Role.REVIEWER))
            ]
            session.add_all(rows)
            session.commit()
            ada, self.ben = (Actor(row.id, row.name, row.role) for row in rows)
        invented_studies.fill(engine, lead=ada, plain=3)

    def save(self, number: int) -> None:
        """What the browser does: read the study, then save what was chosen."""
        with reading(self.engine) as session:
            article = literature.article_by_pmid(session, pmid=invented_studies.TRIAL)
        assert article is not None
        with writing(self.engine) as session:
            tags.save_tags(
                session,
                actor=self.ben,
                topic_id=invented_studies.TOPIC,
                article_id=article.id,
                tags=TAGS | {"sample_size": number},
                suggested=[],
                content_hash=article.content_hash,
            )
