"""What was excluded and why: counted by reason, and as a list to be published with the review.

PRISMA 2020, item 16b: reports that look as if they belonged are cited with the reason why they were excluded.
"""

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import Engine
from sqlmodel import Session

from db.engine import reading
from db.models import Review
from db.queries import accounts, literature, screening
from db.queries.blinding import default_review
from db.queries.screening_rules import stages
from db.queries.settled import Settled, settled_decisions
from db.types import Actor, Stage
from review_app.export.tables import table_row
from review_app.screening.prisma import reported_reason
from review_app.services.errors import Refused
from review_app.services.review_settings import criteria_of

Row = TypeVar("Row")
BLOCK = 5_000  # records asked for at once: a database takes only so many parameters
COLUMNS = ("pmid", "doi", "title", "year", "stage", "reason_id", "reason", "decided_at_utc")


def reported_reasons(
    session: Session, *, viewer: Actor, review: Review, stage: Stage, rows: list[Settled], ranked: Sequence[str]
) -> Iterator[str | None]:
    """Why each was excluded, by a ruling or by the votes that the viewer may see; None where nothing says why."""
    for block in blocks(rows):
        ids = [row.record_id for row in block]
        given = screening.votes(session, viewer=viewer, review=review, stage=stage, record_ids=ids)
        for row in block:
            said = [each.exclusion_reason for each in given.get(row.record_id, ())]
            yield row.ruled_out or reported_reason(said, ranked=ranked)


def excluded_as_file(engine: Engine, *, token: str | None, topic_id: str) -> bytes:
    """Each exclusion that is settled, at whatever stage, as CSV, as far as this member may know. Raises Refused when
    signed out."""
    with reading(engine) as session:
        member = accounts.signed_in(session, token=token)
        if member is None:
            raise Refused("You are signed out. Reload the page and sign in to download.")
        review = default_review(session, topic_id=topic_id)
        lines = _lines(session, accounts.actor_of(member), review) if review else ()
        return "".join([table_row(COLUMNS), *lines]).encode()


def _lines(session: Session, viewer: Actor, review: Review) -> Iterator[str]:
    reasons = criteria_of(session, review_id=review.id).reasons
    for stage in stages(review):
        settled = settled_decisions(session, viewer=viewer, review=review, stage=stage)
        rows = [row for row in settled if not row.included]
        labels = {each.id: each.label for each in reasons[stage.value]}
        articles = literature.articles_by_id(session, ids=[row.article_id for row in rows])
        why = reported_reasons(session, viewer=viewer, review=review, stage=stage, rows=rows, ranked=list(labels))
        for row, reason in zip(rows, why, strict=True):
            article, said = articles[row.article_id], reason or ""
            cells = (article.pmid, article.doi, article.title, article.year, stage.value, said, labels.get(said))
            yield table_row([*cells, row.at.isoformat(timespec="seconds")])


def blocks(rows: list[Row]) -> Iterator[list[Row]]:
    """So many rows at a time as a database is asked for at once."""
    for start in range(0, len(rows), BLOCK):
        yield rows[start : start + BLOCK]
