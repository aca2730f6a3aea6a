"""What was refused when nobody could hear it any more: kept for the person until they have read it.

Within the caller's transaction.
"""

from collections.abc import Sequence

from sqlmodel import Session

from db.models import Article, Record
from db.queries.screening import draft
from db.types import Actor
from review_app.services import drafts
from review_app.services.screening_acts import Act

KEY, MOST = "refused_acts", 20


def keep(session: Session, *, actor: Actor, act: Act, why: str) -> None:
    """Keep why this act was not carried out, after those that wait to be read."""
    record = session.get(Record, act.record)
    article = session.get_one(Article, record.article_id) if record else None
    told = f"“{article.title if article and article.title else 'A record'}”: {why}"
    before = waiting(session, viewer=actor)
    if told not in before:
        drafts.keep(session, actor, KEY, {"told": [*before, told][-MOST:]})


def waiting(session: Session, *, viewer: Actor) -> list[str]:
    """What the viewer has not read yet, the oldest first."""
    return list(draft(session, viewer=viewer, key=KEY).get("told", ()))


def forget(session: Session, *, actor: Actor, read: Sequence[str]) -> None:
    """What was read; what came meanwhile waits on."""
    left = [each for each in waiting(session, viewer=actor) if each not in read]
    drafts.keep(session, actor, KEY, {"told": left})
