"""What Crossref knows to have been published about articles that something rests on: `updated-by` of `/works/{doi}`.

Publishers tell Crossref, and it knows the Retraction Watch file. Where two of them name the same notice, it is one.
"""

from collections.abc import Collection, Mapping
from datetime import date
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlmodel import Session, col, select

from db.engine import reading
from db.models import Article, Notice
from harvester.errors import Fatal, HarvestError, Retry, Stopped
from harvester.eutils_answers import json_object
from harvester.identifiers import normal_doi
from harvester.lease import LeaseHeld
from harvester.night import Night, Tally, remember, remembered, source
from harvester.retractions_notices import Told, tell
from harvester.transport import Response, Service, Transport

NAME, SOURCE = "Crossref", "crossref"
# A night asks for so many DOIs at most; the others have their turn in the nights to come.
MOST = 25
# Update types as Crossref's deposit schema has them (crossref.org, "Updating your metadata: Crossmark").
KINDS: Mapping[str, str] = {
    "retraction": "retraction",
    "partial_retraction": "partial_retraction",
    "withdrawal": "withdrawal",
    "removal": "withdrawal",
    "expression_of_concern": "expression_of_concern",
    "correction": "erratum",
    "corrigendum": "erratum",
    "erratum": "erratum",
    "addendum": "addendum",
    "clarification": "clarification",
    "reinstatement": "reinstatement",
    "new_version": "update",
    "new_edition": "update",
}


@source(NAME)
def refresh_crossref(night: Night, tally: Tally) -> None:
    """What was published about cited articles that have a DOI, a share of them each night."""
    with reading(night.engine) as session:
        due = _due(session, night, remembered(session, night, SOURCE).get("after", 0))
        watched = frozenset(session.exec(select(Notice.source_key).where(Notice.source == "retraction_watch")))
    if not due:
        return
    told: dict[int, list[Told]] = {}
    last, trouble = 0, None
    with night.asking(Service(NAME, night.settings.crossref_url, "CROSSREF_URL")) as transport:
        for last, doi in due:
            try:
                found = _ask(transport, last, doi, watched)
            except (Stopped, LeaseHeld):
                raise
            except HarvestError as error:
                trouble = error
                break
            tally.checked += 1
            told |= {last: found} if found is not None else {}
    with night.writing() as session:
        everything = [each for some in told.values() for each in some]
        tally.changed = tell(session, everything, run_id=night.run_id, source=SOURCE, of=told.keys())
        remember(session, night, SOURCE, {"after": last})
    if trouble:
        raise trouble


def _due(session: Session, night: Night, after: int) -> list[tuple[int, str]]:
    """Ids and DOIs of those whose turn it is: the ones after the last of the night before, and round again."""
    rows = session.exec(select(Article.id, Article.doi).where(col(Article.doi).is_not(None)))
    found = sorted((i <= after, i, doi) for i, doi in rows if i in night.cited and doi)
    return [(i, doi) for _, i, doi in found[:MOST]]


def _ask(transport: Transport, article_id: int, doi: str, watched: Collection[str]) -> list[Told] | None:
    path = f"works/{quote(doi, safe='')}"
    return transport.ask(path, {}, lambda answer: updates_in(answer, article_id, watched), method="GET")


def updates_in(answer: Response, article_id: int, watched: Collection[str] = ()) -> list[Told] | None:
    """What was published about an article; None when Crossref does not know its DOI.

    `watched`: records of Retraction Watch that the library has from there. Raises `Retry` or `Fatal`.
    """
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise Fatal(f"{NAME} answered HTTP {answer.status}; check CROSSREF_URL")
    work = json_object(answer.body, NAME).get("message")
    if not isinstance(work, dict):
        raise Retry("the answer holds no work")
    updates = work.get("updated-by") or []
    if not isinstance(updates, list) or not all(isinstance(each, dict) for each in updates):
        raise Retry("the answer has no list of updates")
    own = [each for each in updates if not _is_of(each, watched)]
    return list({told.source_key: told for told in map(partial(_told, article_id), own) if told}.values())


def _is_of(update: Mapping[str, Any], watched: Collection[str]) -> bool:
    return update.get("source") == "retraction-watch" and str(update.get("record-id")) in watched


def _told(article_id: int, update: Mapping[str, Any]) -> Told | None:
    kind = KINDS.get(str(update.get("type")).strip().lower().replace("-", "_"))
    doi = normal_doi(str(update.get("DOI")))
    if kind is None or doi is None or not doi.isprintable():
        return None
    return Told(f"{article_id}:{kind}:{doi}", article_id, kind, _date(update.get("updated")), other_doi=doi, stated=doi)


def _date(updated: object) -> date | None:
    """From `{"date-parts": [[2010, 2, 6]]}`; None for one without month or day."""
    try:
        year, month, day = updated["date-parts"][0]  # type: ignore[index]
        return date(year, month, day)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        return None
