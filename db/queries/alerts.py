"""Alerts as people read them: one card a change, with the tree of what rests on it. Reads; never commits.

Every member sees every alert about claims, documents and the library. One about a reviewer's own findings and tags is
that reviewer's alone while a blinded review is open: it would tell that there is a judgement.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, false, or_, true
from sqlmodel import Session, col, select

from db.impact_alerts import gravity
from db.models import Alert, AlertResolution, Article, Claim, Document, HarvestRun, Member, Notice
from db.queries import claims
from db.queries.alert_texts import Side, sides
from db.queries.alert_tree import Branches, branches
from db.queries.blinding import is_blinded, open_reviews
from db.queries.open_alerts import still_open
from db.types import Actor, AlertState, Role

State = Literal["open", "resolved"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What somebody made of an alert, and why."""

    state: AlertState
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AlertRow:
    """One affected thing of a change. `mine`: it is for the viewer; `for_whom`: a name, or None for the leads."""

    alert: Alert
    for_whom: str | None
    mine: bool
    resolution: Resolution | None

    @property
    def is_open(self) -> bool:
        return self.resolution is None or self.resolution.state is AlertState.OPEN


@dataclass(frozen=True, slots=True)
class AlertCard:
    """One change with all that rests on it. `before` and `after` are None where the change was not one of words."""

    kind: str
    summary: str
    article: Article | None
    same_study: tuple[Article, ...]
    run: HarvestRun | None
    raised_at: datetime
    before: Side | None
    after: Side | None
    notices: tuple[Notice, ...]
    tree: Branches
    rows: tuple[AlertRow, ...]

    @property
    def cursor(self) -> int:
        """Give it as `before` to get the cards that come after this one."""
        return max(row.alert.id for row in self.rows)


@dataclass(frozen=True, slots=True)
class AffectedCounts:
    """How many of a member's claims and documents have an open alert, of how many; and alerts on their own tags."""

    claims: int
    of_claims: int
    documents: int
    of_documents: int
    findings: int


def change_of(row: Alert) -> str:
    """What the rows of one change have in common: the part of their key before what is affected."""
    return row.key.partition("|")[0]


def alert_cards(
    session: Session,
    *,
    viewer: Actor,
    state: State,
    mine: bool,
    limit: int,
    before: int | None = None,
    since: datetime | None = None,
) -> tuple[AlertCard, ...]:
    """Cards, the newest first; of what was told after `since`, if that is given.

    Open is a card while any of the rows that are asked for is; `before` as `cursor`.
    """
    wanted = _asked_for(session, viewer, mine, since)
    found = _changes(session, wanted & still_open())
    if state == "resolved":
        opened = set(found)
        found = {change: newest for change, newest in _changes(session, wanted).items() if change not in opened}
    changes = [change for change, newest in found.items() if before is None or newest < before][:limit]
    return _cards(session, viewer, changes)


def alert(session: Session, *, viewer: Actor, alert_id: int) -> AlertCard | None:
    """The card on which an alert stands, if `viewer` may see it."""
    row = session.exec(select(Alert).where(Alert.id == alert_id, may_see(session, viewer))).first()
    return _cards(session, viewer, [change_of(row)])[0] if row else None


def open_count(session: Session, *, viewer: Actor, mine: bool = True, since: datetime | None = None) -> int:
    """As many cards as `alert_cards` has of what is open, without a limit."""
    return len(_changes(session, _asked_for(session, viewer, mine, since) & still_open()))


def _asked_for(session: Session, viewer: Actor, mine: bool, since: datetime | None) -> ColumnElement[bool]:
    """A lead's own are also those of nobody."""
    seen = is_for(viewer) if mine else may_see(session, viewer)
    return seen if since is None else seen & (col(Alert.raised_at) > since)


def _changes(session: Session, wanted: ColumnElement[bool]) -> dict[str, int]:
    """The changes of these alerts, each with the id of its newest one, the newest first."""
    found: dict[str, int] = {}
    for key, row_id in session.exec(select(Alert.key, Alert.id).where(wanted).order_by(col(Alert.id).desc())):
        found.setdefault(key.partition("|")[0], row_id)
    return found


def affected_counts(session: Session, *, member: Actor) -> AffectedCounts:
    """`3 of your 41 claims are affected`; a lead's claims are also those that nobody owns."""
    owned = _claims_of(session, member)
    documents = select(Document.id).where(Document.owner_id == member.id, col(Document.withdrawn_at).is_(None))
    of_documents = set(session.exec(documents))
    rows = select(Alert.claim_id, Alert.document_id, Alert.article_id, Alert.member_id).where(still_open())
    found = session.exec(rows).all()
    return AffectedCounts(
        claims=len({claim for claim, _, _, _ in found} & owned),
        of_claims=len(owned),
        documents=len({document for _, document, _, _ in found} & of_documents),
        of_documents=len(of_documents),
        findings=sum(
            1 for claim, document, article, of in found if article and of == member.id and not (claim or document)
        ),
    )


def _claims_of(session: Session, member: Actor) -> set[str]:
    mine = col(Claim.owner_id) == member.id
    if member.role is Role.LEAD:
        active = select(Member.id).where(col(Member.left_at).is_(None))
        mine = or_(mine, col(Claim.owner_id).is_(None), col(Claim.owner_id).not_in(active))
    return set(session.exec(select(Claim.id).where(mine))) - claims.withdrawn_ids(session)


def is_for(viewer: Actor) -> ColumnElement[bool]:
    if viewer.id is None:
        return false()
    own = col(Alert.member_id) == viewer.id
    return or_(own, col(Alert.member_id).is_(None)) if viewer.role is Role.LEAD else own


def may_see(session: Session, viewer: Actor) -> ColumnElement[bool]:
    if not any(is_blinded(review) for review in open_reviews(session)):
        return true()
    of_a_judgement = and_(
        col(Alert.article_id).is_not(None), col(Alert.claim_id).is_(None), col(Alert.document_id).is_(None)
    )
    return or_(~of_a_judgement, is_for(viewer))


def _cards(session: Session, viewer: Actor, changes: Sequence[str]) -> tuple[AlertCard, ...]:
    if not changes:
        return ()
    theirs = or_(*(col(Alert.key).startswith(f"{change}|", autoescape=True) for change in changes))
    grouped: dict[str, list[Alert]] = defaultdict(list)
    rows = session.exec(select(Alert).where(theirs, may_see(session, viewer)).order_by(col(Alert.id))).all()
    for row in rows:
        grouped[change_of(row)].append(row)
    cards = [grouped[change] for change in changes]
    names = dict(session.exec(select(col(Member.id), Member.name)).all())
    trees = branches(session, viewer=viewer, changes=cards)
    return tuple(
        _card(session, tree, _rows(session, viewer, names, rows)) for rows, tree in zip(cards, trees, strict=True)
    )


def _card(session: Session, tree: Branches, rows: tuple[AlertRow, ...]) -> AlertCard:
    first = min((row.alert for row in rows), key=lambda row: (gravity(row.kind), row.id))
    before, after = sides(session, first)
    article = session.get(Article, first.article_id) if first.article_id else None
    return AlertCard(
        kind=first.kind,
        summary=first.summary,
        article=article,
        same_study=_same_study(session, article),
        run=session.get(HarvestRun, first.run_id) if first.run_id else None,
        raised_at=first.raised_at,
        before=before,
        after=after,
        notices=_notices(session, article),
        tree=tree,
        rows=rows,
    )


def _rows(session: Session, viewer: Actor, names: Mapping[int, str], rows: Sequence[Alert]) -> tuple[AlertRow, ...]:
    settled: dict[int, Resolution] = {}
    given = select(AlertResolution).where(col(AlertResolution.alert_id).in_([row.id for row in rows]))
    for each in session.exec(given.order_by(col(AlertResolution.id))):
        settled[each.alert_id] = Resolution(each.state, each.reason, names[each.member_id], each.at)
    leads = viewer.role is Role.LEAD
    return tuple(
        AlertRow(
            alert=row,
            for_whom=None if row.member_id is None else names[row.member_id],
            mine=viewer.id is not None and (row.member_id == viewer.id or (leads and row.member_id is None)),
            resolution=settled.get(row.id),
        )
        for row in rows
    )


def _same_study(session: Session, article: Article | None) -> tuple[Article, ...]:
    """Other articles of the study: what befalls one of them says nothing of the others."""
    if article is None:
        return ()
    rows = select(Article).where(Article.study_id == article.study_id, Article.id != article.id)
    return tuple(session.exec(rows.order_by(col(Article.id))))


def _notices(session: Session, article: Article | None) -> tuple[Notice, ...]:
    """What every source says of the article, withdrawn statements too; not what it says of others."""
    if article is None:
        return ()
    rows = select(Notice).where(Notice.article_id == article.id, col(Notice.is_subject))
    return tuple(session.exec(rows.order_by(col(Notice.first_seen_at), col(Notice.id))))
