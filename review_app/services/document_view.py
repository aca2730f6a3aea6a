"""A checked document as its readers meet it: the stored answer, and what people decided about it since. Reads only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from db import config
from db.models import Article, Dismissal, Sentence
from db.queries import accounts
from db.queries import claims as claim_queries
from db.queries import documents as document_queries
from db.queries.alert_places import Told, told
from db.queries.claims import ClaimPage
from db.queries.documents import DocumentPage
from db.types import Actor, LinkState
from review_app.factcheck.model import Standing, Verdict
from review_app.services.check_library import Sources, sources_of
from review_app.services.doubts import (
    NOTHING_KNOWN,
    Doubt,
    claim_doubts,
    each_once,
    evidence_doubts,
    link_doubts,
    standing_of,
)

NOT_A_CLAIM = "not a claim"


@dataclass(frozen=True, slots=True)
class Decided:
    """What a person said: a link accepted or rejected, that a sentence is no claim, or a verdict on a claim."""

    what: str
    member: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SentenceView:
    """A sentence of the newest version. `answer` is its object in the JSON answer, as it was given.

    `verdict` is the answer's as long as nobody took its ground away: a rejected link or a sentence that is no claim
    leaves none. `judged` is the verdict that people gave on the claim as it is stated, as far as the viewer sees it.
    `doubts` say what happened to the ground of the answer, up to this moment; the answer itself stays as it was given.
    A `link` that somebody accepted before such a change is `stale`.
    """

    sentence_id: int
    position: int
    answer: Mapping[str, Any]
    block: int
    kind: str
    verdict: Verdict | None
    link: Decided | None
    set_aside: Decided | None
    judged: Decided | None
    doubts: tuple[Doubt, ...]

    @property
    def standing(self) -> Standing:
        """How the answer stands now, not when it was given."""
        return standing_of(self.doubts)

    @property
    def is_rejected(self) -> bool:
        """Whether somebody said that the sentence makes another claim than the one it matched."""
        return self.link is not None and self.link.what == LinkState.REJECTED


@dataclass(frozen=True, slots=True)
class DocumentView:
    """`answer` is the JSON answer of the newest check, whole; `reports` were kept with it, by format.

    `told` are the alerts on its claims and its studies."""

    id: int
    title: str
    profile: str
    owner: str
    version: int
    source: str
    topic_id: str
    check_id: int
    checked_at: datetime
    answer: Mapping[str, Any]
    sentences: tuple[SentenceView, ...]
    reports: Mapping[str, bytes]
    told: Told
    read_at: datetime

    @property
    def counts(self) -> Mapping[str, int]:
        """How many sentences stand under each verdict."""
        return Counter(sentence.verdict for sentence in self.sentences if sentence.verdict is not None)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in the list."""

    id: int
    title: str
    profile: str
    owner: str
    created_at: datetime


def document_lines(session: Session, *, viewer: Actor) -> list[DocumentLine]:
    """The documents of the library, the newest first."""
    names = _names(session)
    return [
        DocumentLine(row.id, row.title, row.profile, names.get(row.owner_id, "somebody"), row.created_at)
        for row in document_queries.documents(session, viewer=viewer)
    ]


def document_view(session: Session, *, viewer: Actor, document_id: int) -> DocumentView | None:
    """A document with its newest answer; None for an unknown one."""
    page = document_queries.document(session, viewer=viewer, document_id=document_id)
    if page is None or page.document.withdrawn_at is not None:
        return None
    names, topic_id = _names(session), page.document.topic_id
    since = _since(session, viewer, page)
    return DocumentView(
        id=page.document.id,
        title=page.document.title,
        profile=page.document.profile,
        owner=names.get(page.document.owner_id, "somebody"),
        version=page.version.number,
        source=page.version.source,
        topic_id=topic_id,
        check_id=page.check.id,
        checked_at=page.check.checked_at,
        answer=page.check.answer,
        sentences=tuple(_sentences(page, since, names)),
        reports=document_queries.reports(session, check_id=page.check.id),
        told=told(session, viewer=viewer, claim_ids=list(since.claims), document_id=page.document.id),
        read_at=config.now(),
    )


@dataclass(frozen=True, slots=True)
class _Since:
    """The claims of the topic and the studies of the answer as they are now."""

    claims: Mapping[str, ClaimPage]
    sources: Sources
    changed: Mapping[int, Article]


def _since(session: Session, viewer: Actor, page: DocumentPage) -> _Since:
    named = {item["claim"]["id"] for item in page.check.answer["sentences"] if item["claim"]}
    topic_id = page.document.topic_id
    known = claim_queries.claims(session, viewer=viewer, topic_id=topic_id)
    claims = {given.claim.id: given for given in known if given.claim.id in named}
    rows = [row for given in claims.values() for row in given.evidence]
    offered = [one for item in page.check.answer["sentences"] for one in item["evidence"] if one["kind"] == "study"]
    noticed = {one["id"] for one in offered if one["integrity"] != NOTHING_KNOWN}
    changed = document_queries.changed_evidence(session, check_id=page.check.id, noticed=noticed)
    return _Since(claims, sources_of(session, viewer, topic_id, rows), changed)


def _doubts(page: DocumentPage, since: _Since, row: Sentence, item: Mapping[str, Any]) -> Iterable[Doubt]:
    """What happened to the claim, to the link to it, and to the studies that the answer shows, each said once."""
    claim = item["claim"]
    if claim is not None and claim["id"] in since.claims:
        yield from claim_doubts(since.claims[claim["id"]], since.sources)
    elif claim is not None:
        yield Doubt("stale", "The claim was withdrawn from the library since this was checked.")
    if claim is not None:
        pair = (row.id, claim["id"])
        yield from link_doubts(next((link for link in page.links if (link.sentence_id, link.claim_id) == pair), None))
    yield from evidence_doubts(item, since.changed, page.check.checked_at)


def _sentences(page: DocumentPage, since: _Since, names: Mapping[int, str]) -> Iterable[SentenceView]:
    blocks: Sequence[Mapping[str, Any]] = page.check.answer["blocks"]
    items = {item["index"]: item for item in page.check.answer["sentences"]}
    at = 0
    for row in page.sentences:
        item = items[row.position]
        while at + 1 < len(blocks) and blocks[at + 1]["start"] <= row.start:
            at += 1
        link, aside = _link(page, row, item, names), _set_aside(page.dismissals, row, names)
        stands = aside is None and (link is None or link.what != LinkState.REJECTED)
        yield SentenceView(
            sentence_id=row.id,
            position=row.position,
            answer=item,
            block=at,
            kind=blocks[at]["kind"] if blocks else "paragraph",
            verdict=item["verdict"] if stands else None,
            link=link,
            set_aside=aside,
            judged=_judged(since.claims.get(item["claim"]["id"]), names) if item["claim"] else None,
            doubts=each_once(_doubts(page, since, row, item)) if stands else (),
        )


def _link(page: DocumentPage, row: Sentence, item: Mapping[str, Any], names: Mapping[int, str]) -> Decided | None:
    """What a person decided about the sentence and the claim that the answer names."""
    pair = (row.id, item["claim"]["id"] if item["claim"] else "")
    link = next((each for each in page.decided if (each.sentence_id, each.claim_id) == pair), None)
    if link is None:
        return None
    stale = any(each.state is LinkState.STALE for each in page.links if (each.sentence_id, each.claim_id) == pair)
    what = LinkState.STALE if stale else link.state
    return Decided(what.value, names.get(link.member_id or 0, "somebody"), link.reason, link.at)


def _set_aside(dismissals: Iterable[Dismissal], row: Sentence, names: Mapping[int, str]) -> Decided | None:
    for given in dismissals:
        if given.what == NOT_A_CLAIM and given.text_hash == row.text_hash:
            return Decided(NOT_A_CLAIM, names.get(given.member_id, "somebody"), given.reason, given.at)
    return None


def _judged(page: ClaimPage | None, names: Mapping[int, str]) -> Decided | None:
    given = page.verdict if page is not None else None
    if given is None:
        return None
    return Decided(given.verdict.value, names.get(given.member_id, "somebody"), given.reason, given.decided_at)


def _names(session: Session) -> dict[int, str]:
    return {member.id: member.name for member in accounts.members(session)}
