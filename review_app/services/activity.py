"""The audit trail for whoever reads it: a page of it, and all of it as a file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlmodel import Session

from db.engine import reading
from db.queries import accounts, activity
from db.queries.activity import AuditLine, Wanted
from db.types import Actor
from review_app.export.tables import table_row
from review_app.services.errors import Refused

PAGE, BLOCK = 50, 1_000
COLUMNS = ("number", "at_utc", "who", "what", "kind", "id", "detail")


@dataclass(frozen=True, slots=True)
class ActivityPage:
    """`after` is where the list goes on, None at its end; `articles`: of the records named, by record id."""

    lines: tuple[AuditLine, ...]
    after: int | None
    articles: dict[str, tuple[int, str]]
    actors: tuple[str, ...]
    kinds: tuple[str, ...]


def activity_page(session: Session, *, viewer: Actor, wanted: Wanted, before: int | None) -> ActivityPage:
    found = activity.events(session, viewer=viewer, wanted=wanted, before=before, limit=PAGE + 1)
    lines = tuple(found[:PAGE])
    records = [int(line.subject_id) for line in lines if line.subject_kind == "record" and line.subject_id.isdigit()]
    articles = activity.articles_of_records(session, record_ids=records)
    actors, kinds = activity.actors_and_kinds(session)
    return ActivityPage(
        lines=lines,
        after=lines[-1].id if len(found) > PAGE else None,
        articles={str(record_id): article for record_id, article in articles.items()},
        actors=tuple(actors),
        kinds=tuple(kinds),
    )


def activity_as_file(engine: Engine, *, token: str | None, wanted: Wanted) -> bytes:
    """All that was looked for as CSV, the newest first, as this member may read it. Raises Refused when signed out."""
    with reading(engine) as session:
        member = accounts.signed_in(session, token=token)
        if member is None:
            raise Refused("You are signed out. Reload the page and sign in to download.")
        rows = _rows(session, accounts.actor_of(member), wanted)
        return "".join([table_row(COLUMNS), *rows]).encode()


def _rows(session: Session, viewer: Actor, wanted: Wanted) -> Iterator[str]:
    before = None
    while lines := activity.events(session, viewer=viewer, wanted=wanted, before=before, limit=BLOCK):
        for line in lines:
            detail = "" if line.detail is None else json.dumps(line.detail, sort_keys=True, ensure_ascii=False)
            at = line.at.isoformat(timespec="seconds")
            yield table_row(
                [str(line.id), at, line.actor_name, line.action, line.subject_kind, line.subject_id, detail]
            )
        before = lines[-1].id
