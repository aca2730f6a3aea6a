"""Alerts as a reader meets them: each change, what rests on it, and what this reader may do about it. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlmodel import Session

from db import config
from db.models import ClaimEvidence, Document, Finding, Quote, QuoteAnchor
from db.queries import accounts, alerts
from db.queries import review as review_queries
from db.queries.alert_tree import ClaimBranch, SentenceBranch
from db.queries.alerts import AlertCard, AlertRow, Resolution, State
from db.queries.blinding import default_review, is_blinded
from db.queries.claims import ClaimPage
from db.queries.nights import NightState, night_state
from db.types import Actor, AnchorState, Stance
from review_app.factcheck.verdicts import NO_SUPPORT
from review_app.services.alert_answers import may_answer
from review_app.services.alerts import OF_THE_NIGHT
from review_app.services.check_library import Sources, sources_of
from review_app.services.claims_view import ClaimLine, ClaimSource, claim_line, claim_source
from review_app.services.permissions import May, allows

Act = Literal["accept", "reanchor", "check_again", "dismiss"]
AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class CitedQuote:
    """A quote of the article; `stands` is False once its words are gone from the record."""

    id: int
    exact: str
    section: str | None
    stands: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A document with those of its sentences that rest on the change, as (position from 0, text)."""

    id: int
    title: str
    sentences: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Affected:
    """One thing that rests on the change, with the alert about it and the acts that the reader may do.

    `claim` is set for a claim, `copy` for a document; neither for a member's own findings and tags, or for a night.
    `against` is what contradicts the claim; `falls` counts its links to the article as support that bear nothing now.
    `stances`: what the article says of the claim, as it is linked. `may_judge`: the reader's role gives verdicts.
    """

    alert_id: int
    for_whom: str | None
    mine: bool
    resolution: Resolution | None
    acts: frozenset[Act]
    claim: ClaimLine | None = None
    owner: str | None = None
    stances: tuple[Stance, ...] = ()
    quotes: tuple[CitedQuote, ...] = ()
    used: tuple[Copy, ...] = ()
    against: tuple[ClaimSource, ...] = ()
    falls: int = 0
    may_judge: bool = False
    copy: Copy | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def is_open(self) -> bool:
        return self.resolution is None


@dataclass(frozen=True, slots=True)
class Change:
    """One card; `names` of members by id."""

    card: AlertCard
    rows: tuple[Affected, ...]
    names: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """`after` gives the next cards; None where there are no more."""

    changes: tuple[Change, ...]
    after: int | None
    night: NightState


def alerts_page(session: Session, *, viewer: Actor, state: State, mine: bool, before: int | None = None) -> AlertsPage:
    """The newest changes first, `AT_ONCE` of them."""
    cards = alerts.alert_cards(session, viewer=viewer, state=state, mine=mine, limit=AT_ONCE + 1, before=before)
    shown = cards[:AT_ONCE]
    return AlertsPage(
        changes=_changes(session, viewer, shown),
        after=shown[-1].cursor if len(cards) > AT_ONCE else None,
        night=night_state(session, now=config.now()),
    )


def one_change(session: Session, *, viewer: Actor, alert_id: int) -> Change | None:
    """The change that an alert tells of; None for an unknown one."""
    card = alerts.alert(session, viewer=viewer, alert_id=alert_id)
    return _changes(session, viewer, [card])[0] if card is not None else None


def _changes(session: Session, viewer: Actor, cards: Sequence[AlertCard]) -> tuple[Change, ...]:
    names = {member.id: member.name for member in accounts.members(session)}
    rows: dict[str, list[ClaimEvidence]] = defaultdict(list)
    for page in (branch.page for card in cards for branch in card.tree.claims):
        rows[page.claim.topic_id] += page.evidence
    sources = {topic_id: sources_of(session, viewer, topic_id, found) for topic_id, found in rows.items()}
    reader = _Reader(session, viewer, names, sources)
    return tuple(Change(card, tuple(_affected(reader, card)), names) for card in cards)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who reads, the names of members, and what the claims of the cards point at, by topic."""

    session: Session
    viewer: Actor
    names: Mapping[int, str]
    sources: Mapping[str, Sources]


def _affected(reader: _Reader, card: AlertCard) -> Iterator[Affected]:
    session, viewer = reader.session, reader.viewer
    branches = {branch.page.claim.id: branch for branch in card.tree.claims}
    for row in card.rows:
        plain = _plain(viewer, row)
        if row.alert.claim_id in branches:
            yield _claim(reader, plain, card, branches[row.alert.claim_id])
        elif row.alert.document_id is not None:
            yield replace(plain, copy=_copy(session, card, row.alert.document_id), acts=_copy_acts(viewer, plain.acts))
        elif row.alert.article_id is not None:
            yield _judgement(session, plain, card, row)
        else:
            yield plain


def _plain(viewer: Actor, row: AlertRow) -> Affected:
    """The row without what is below it; its acts as far as they do not depend on that."""
    acts: set[Act] = {"dismiss"} if row.alert.kind in OF_THE_NIGHT else {"accept", "dismiss"}
    may = row.is_open and may_answer(viewer, row) and allows(viewer, May.ANSWER_ALERTS)
    return Affected(
        alert_id=row.alert.id,
        for_whom=row.for_whom,
        mine=row.mine,
        resolution=None if row.is_open else row.resolution,
        acts=frozenset(acts) if may else frozenset(),
    )


def _claim(reader: _Reader, plain: Affected, card: AlertCard, branch: ClaimBranch) -> Affected:
    page, viewer = branch.page, reader.viewer
    sources = reader.sources[page.claim.topic_id]
    about = [row for row in page.evidence if _is_about(row, sources, card)]
    quotes = tuple(_quotes(sources.quotes[row.quote_id] for row in about if row.quote_id in sources.quotes))
    may_judge = allows(viewer, May.JUDGE_CLAIMS)
    acts = set(plain.acts) if may_judge else set(plain.acts) - {"accept"}
    if acts and allows(viewer, May.QUOTE) and not all(quote.stands for quote in quotes):
        acts = {"reanchor", "dismiss"}
    against = (row for row in page.evidence if row.stance is Stance.CONTRADICTS)
    return replace(
        plain,
        acts=frozenset(acts),
        resolution=_told(reader.session, plain.resolution, page),
        claim=claim_line(page, sources, len(branch.sentences)),
        owner=branch.owner,
        stances=tuple(dict.fromkeys(row.stance for row in about)),
        quotes=quotes,
        used=_documents(branch.sentences),
        against=tuple(claim_source(row, sources, reader.names) for row in against),
        may_judge=may_judge,
        falls=sum(row.stance is Stance.SUPPORTS and _has_fallen(row, sources) for row in about),
    )


def _told(session: Session, given: Resolution | None, page: ClaimPage) -> Resolution | None:
    """Blinded, the reason of an answer is kept from whoever has not judged the claim."""
    hidden = page.verdict is None and is_blinded(default_review(session, topic_id=page.claim.topic_id))
    return replace(given, reason="") if given is not None and hidden else given


def _is_about(row: ClaimEvidence, sources: Sources, card: AlertCard) -> bool:
    study = sources.study(row)
    return study is not None and card.article is not None and study.id == card.article.id


def _has_fallen(row: ClaimEvidence, sources: Sources) -> bool:
    study = sources.study(row)
    return study is not None and study.integrity in NO_SUPPORT


def _quotes(found: Iterable[tuple[Quote, QuoteAnchor]]) -> Iterator[CitedQuote]:
    for quote, anchor in found:
        yield CitedQuote(quote.id, quote.exact, anchor.section_label, anchor.state is AnchorState.ANCHORED)


def _documents(sentences: Iterable[SentenceBranch]) -> tuple[Copy, ...]:
    grouped: dict[int, list[SentenceBranch]] = defaultdict(list)
    for each in sentences:
        grouped[each.document.id].append(each)
    return tuple(
        Copy(key, rows[0].document.title, tuple((row.sentence.position, row.sentence.text) for row in rows))
        for key, rows in grouped.items()
    )


def _copy(session: Session, card: AlertCard, document_id: int) -> Copy:
    """The document with the sentences for which a check showed the article without a claim."""
    past = [each for branch in card.tree.documents for each in branch.sentences if each.document.id == document_id]
    if past:
        return _documents(past)[0]
    return Copy(document_id, session.get_one(Document, document_id).title, ())


def _copy_acts(viewer: Actor, acts: frozenset[Act]) -> frozenset[Act]:
    if not acts:
        return acts
    able: dict[Act, bool] = {"accept": allows(viewer, May.DECIDE_COPY), "check_again": allows(viewer, May.CHECK_COPY)}
    return frozenset({"dismiss", *(act for act, may in able.items() if may)})


def _judgement(session: Session, plain: Affected, card: AlertCard, row: AlertRow) -> Affected:
    """A member's own findings and tags on the article."""
    findings = tuple(each for each in card.tree.findings if each.member_id == row.alert.member_id)
    cited = review_queries.quotes(session, ids=[each.quote_id for each in findings if each.quote_id is not None])
    quotes = tuple(_quotes(cited.values()))
    gone = plain.mine and plain.acts and not all(quote.stands for quote in quotes)
    acts: frozenset[Act] = frozenset({"reanchor", "dismiss"}) if gone else plain.acts
    return replace(plain, findings=findings, quotes=quotes, acts=acts)
