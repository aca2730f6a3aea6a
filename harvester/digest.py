"""The digest of a night: what changed since the last one, what rests on it, whom it concerns, what was not checked.

Everybody in the team may read it, so it has nothing that a reviewer must not see of another's judgements.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice, zip_longest
from typing import Any

from sqlmodel import Session, col, select

from db import audit
from db.audit import Head
from db.differing import differing_sentences
from db.models import Article, HarvestRun, Topic
from db.queries import accounts, alerts, harvesting
from db.queries.alert_texts import Section, Side
from db.queries.alert_tree import Branches
from db.queries.alerts import AlertCard, AlertRow
from db.types import Actor, AnchorState, Role, RunKind

# Who reads over everybody's shoulder sees what anybody may.
TEAM = Actor(None, "digest", Role.READ_ONLY)
CARDS = 500
MOST_PASSAGES = 4


@dataclass(frozen=True, slots=True)
class Change:
    """One change. `passages` are sentences before and after; `rests_on` is the tree, a line each with its depth."""

    alert_id: int
    summary: str
    article: str
    whom: tuple[str, ...]
    passages: tuple[tuple[str, str], ...]
    rests_on: tuple[tuple[int, str], ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Digest:
    """`changes` are told one by one, and there are so many `more`; `concerned` says for each person what they affect;
    `still_open` are of earlier nights; `sources` what was asked, with what came of it."""

    topic: str
    run: HarvestRun
    articles: int
    changes: tuple[Change, ...]
    more: int
    concerned: tuple[tuple[str, str], ...]
    still_open: int
    sources: tuple[dict[str, Any], ...]
    head: Head

    @property
    def is_news(self) -> bool:
        """Whether anybody has to be told: a quiet, complete night is not."""
        return bool(self.changes) or self.run.status != "complete"


def digest(session: Session, *, run_id: int) -> Digest:
    """Of a run that has ended, and of all that was told since the one before it."""
    run = session.get_one(HarvestRun, run_id)
    topic = session.get_one(Topic, run.topic_id or "")
    since = _last_told(session, run)
    cards = alerts.alert_cards(session, viewer=TEAM, state="open", mine=False, limit=CARDS, since=since)
    new = alerts.open_count(session, viewer=TEAM, mine=False, since=since)
    return Digest(
        topic=topic.name,
        run=run,
        articles=harvesting.library_size(session),
        changes=tuple(_change(card) for card in cards),
        more=new - len(cards),
        concerned=tuple(_concerned(session, cards)),
        still_open=alerts.open_count(session, viewer=TEAM, mine=False) - new,
        sources=tuple(run.options.get("sources", ())),
        head=audit.head(session),
    )


def _last_told(session: Session, run: HarvestRun) -> datetime | None:
    before = select(HarvestRun.finished_at).where(HarvestRun.kind == RunKind.REFRESH, col(HarvestRun.id) < run.id)
    ended = before.where(HarvestRun.topic_id == run.topic_id, col(HarvestRun.finished_at).is_not(None))
    return session.exec(ended.order_by(col(HarvestRun.id).desc()).limit(1)).first()


def _change(card: AlertCard) -> Change:
    return Change(
        alert_id=card.rows[0].alert.id,
        summary=card.summary,
        article=_reference(card.article) if card.article else "",
        whom=tuple(dict.fromkeys(row.for_whom or "the leads" for row in card.rows)),
        passages=tuple(islice(_passages(card.before, card.after), MOST_PASSAGES)),
        rests_on=tuple(_rests_on(card.tree)),
        at=card.raised_at,
    )


def _reference(article: Article) -> str:
    place = " ".join(str(part) for part in (article.iso_abbreviation or article.journal, article.year) if part)
    number = f"PMID {article.pmid}" if article.pmid else article.doi
    return ". ".join(part for part in (article.title.rstrip("."), place, number) if part)


def _passages(before: Side | None, after: Side | None) -> Iterator[tuple[str, str]]:
    if before is None or after is None:
        return
    yield from differing_sentences(before.title, after.title)
    for old, new in _paired(before.sections, after.sections):
        yield from differing_sentences(old, new)


def _paired(before: Sequence[Section], after: Sequence[Section]) -> Iterator[tuple[str, str]]:
    """Sections by their labels, where each has one of its own; else in their order."""
    old, new = ({part.label: part.text for part in side} for side in (before, after))
    if len(old) == len(before) and len(new) == len(after):
        yield from ((old.get(label, ""), new.get(label, "")) for label in {**new, **old})
    else:
        yield from zip_longest([part.text for part in before], [part.text for part in after], fillvalue="")


def _rests_on(tree: Branches) -> list[tuple[int, str]]:
    lines = []
    for claim in tree.claims:
        lines.append((0, f"claim: {claim.page.version.statement}"))
        for quote, anchor in claim.quotes:
            stands = "still stands there" if anchor.state is AnchorState.ANCHORED else "stands there no longer"
            lines.append((1, f"the quote “{quote.exact}” {stands}"))
        lines += [(1, f"{each.document.title}: “{each.sentence.text}”") for each in claim.sentences]
    for document in tree.documents:
        lines += [(0, f"{document.document.title}: “{each.sentence.text}”") for each in document.sentences]
    return lines


def _concerned(session: Session, cards: Sequence[AlertCard]) -> list[tuple[str, str]]:
    rows: dict[int | None, list[AlertRow]] = defaultdict(list)
    for row in chain.from_iterable(card.rows for card in cards):
        rows[row.alert.member_id].append(row)
    people = {member.id: member for member in accounts.members(session)}
    lines = [("the leads", _of_nobody(rows.pop(None)))] if None in rows else []
    for member_id, theirs in rows.items():
        actor = accounts.actor_of(people[member_id or 0])
        of = alerts.affected_counts(session, member=actor)
        claims, documents = _affected(theirs)
        parts = [f"{claims} of {number_of(of.of_claims, 'claim')}"] if claims else []
        parts += [f"{documents} of {number_of(of.of_documents, 'document')}"] if documents else []
        lines.append((actor.name, " and ".join(parts) or "studies that they tagged"))
    return sorted(lines, key=lambda line: line[0].casefold())


def _of_nobody(rows: Sequence[AlertRow]) -> str:
    claims, documents = _affected(rows)
    parts = [f"{number_of(claims, 'claim')} that nobody owns"] if claims else []
    parts += [f"{number_of(documents, 'document')} whose owner has left"] if documents else []
    library = sum(row.alert.claim_id is None and row.alert.document_id is None for row in rows)
    parts += ["the library itself"] if library else []
    return ", ".join(parts)


def _affected(rows: Sequence[AlertRow]) -> tuple[int, int]:
    claims = {row.alert.claim_id for row in rows} - {None}
    return len(claims), len({row.alert.document_id for row in rows} - {None})


def number_of(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
