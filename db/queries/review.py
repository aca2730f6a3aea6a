"""Tags, findings and quotes: reads that keep the blinding. Never commits."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from db.models import (
    Article,
    AuditEvent,
    Finding,
    Form,
    Quote,
    QuoteAnchor,
    Record,
    Review,
    Tagging,
)
from db.queries.agreed import Given, closed
from db.queries.blinding import gave, is_blinded, visible
from db.queries.dual_extraction import FINDING, findings_givers, gave_findings, rulings
from db.queries.literature import present
from db.queries.record_texts import newest_record
from db.queries.screening_rules import ADJUDICATORS, decided_for, stages
from db.queries.settled import settled_decisions
from db.types import Actor, Decision, Stage

RESULT = (  # the parts of a finding in which two may differ
    *("domain", "instrument", "time_point", "direction", "measure"),
    *("estimate", "interval_low", "interval_high", "p_value"),
)


@dataclass(frozen=True, slots=True)
class Included:
    """The articles that a review includes at its last stage; `decided` of its `records` have a final decision there."""

    stage: Stage
    article_ids: tuple[int, ...]
    decided: int
    records: int


def current_form(session: Session, *, name: str) -> Form | None:
    """The newest version of a form."""
    return session.exec(select(Form).where(Form.name == name).order_by(col(Form.version).desc()).limit(1)).first()


def form_versions(session: Session, *, name: str) -> list[Form]:
    """Every version of a form, the newest first."""
    return list(session.exec(select(Form).where(Form.name == name).order_by(col(Form.version).desc())))


def forms_by_id(session: Session, *, ids: Sequence[int]) -> dict[int, Form]:
    return {row.id: row for row in session.exec(select(Form).where(col(Form.id).in_(ids)))}


def form_changes(session: Session) -> dict[int, str]:
    """What each version of a form changed, by its id, as its author said it. No judgement of anybody."""
    rows = select(AuditEvent).where(AuditEvent.subject_kind == "form", AuditEvent.action == "form_changed")
    return {int(row.subject_id): str((row.detail or {}).get("what", "")) for row in session.exec(rows)}


def taggings(
    session: Session, *, viewer: Actor, review: Review, article_ids: Sequence[int]
) -> dict[int, list[Tagging]]:
    """Each reviewer's newest tags by article, as far as `viewer` may see them."""
    newest = select(func.max(Tagging.id)).where(
        Tagging.review_id == review.id, col(Tagging.article_id).in_(article_ids)
    )
    newest = newest.group_by(col(Tagging.article_id), col(Tagging.member_id), col(Tagging.consensus))
    rows = select(Tagging).where(col(Tagging.id).in_(newest), _sees_tagging(viewer, review)).order_by(col(Tagging.id))
    found: dict[int, list[Tagging]] = defaultdict(list)
    for row in session.exec(rows):
        found[row.article_id].append(row)
    return found


def own_tagging(session: Session, *, viewer: Actor, review: Review, article_id: int) -> Tagging | None:
    """The viewer's newest tags of an article."""
    mine = select(Tagging).where(Tagging.review_id == review.id, Tagging.article_id == article_id)
    mine = mine.where(Tagging.member_id == viewer.id, col(Tagging.consensus).is_(False))
    return session.exec(mine.order_by(col(Tagging.id).desc()).limit(1)).first()


def settled_tags(session: Session, *, viewer: Actor, review: Review, article_ids: Sequence[int]) -> dict[int, Tagging]:
    """What counts as reviewed, by article: the consensus, else the newest tags that `viewer` may see."""
    settled: dict[int, Tagging] = {}
    for article_id, rows in taggings(session, viewer=viewer, review=review, article_ids=article_ids).items():
        settled[article_id] = max(rows, key=lambda row: (row.consensus, row.id))
    return settled


def without_consensus(session: Session, *, viewer: Actor, review: Review, limit: int) -> list[int]:
    """Articles with entries of two members that were not settled since, the oldest first.

    Who settles conflicts finds all; others those that they tagged.
    """
    newest_consensus = func.max(case((col(Tagging.consensus), Tagging.id), else_=0))
    newest_entry = func.max(case((col(Tagging.consensus), 0), else_=Tagging.id))
    authors = func.count(func.distinct(case((col(Tagging.consensus), None), else_=Tagging.member_id)))
    rows = select(Tagging.article_id).where(Tagging.review_id == review.id).group_by(col(Tagging.article_id))
    rows = rows.having(authors > 1, newest_entry > newest_consensus)
    if viewer.role not in ADJUDICATORS:
        own = select(Tagging.article_id).where(Tagging.review_id == review.id, Tagging.member_id == viewer.id)
        rows = rows.where(col(Tagging.article_id).in_(own))
    return list(session.exec(rows.order_by(newest_entry).limit(limit)))


def tagged_ids(session: Session, *, review: Review) -> frozenset[int]:
    """The articles that anybody tagged, whoever may see it: for what only spares itself a question."""
    return frozenset(session.exec(select(Tagging.article_id).where(Tagging.review_id == review.id).distinct()))


def tagged_count(session: Session, *, viewer: Actor, review: Review) -> tuple[int, int]:
    """How many articles the viewer has tagged, and how many anybody has whose tags the viewer may see."""
    rows = select(func.count(func.distinct(Tagging.article_id))).where(Tagging.review_id == review.id)
    mine = session.exec(rows.where(Tagging.member_id == viewer.id)).one()
    return mine, session.exec(rows.where(_sees_tagging(viewer, review))).one()


def next_untagged(session: Session, *, viewer: Actor, review: Review) -> int | None:
    """The newest article that the viewer has not tagged in this review: of those included, once it is screened."""
    mine = select(Tagging.article_id).where(Tagging.review_id == review.id, Tagging.member_id == viewer.id)
    rows = select(Article.id).where(present(), col(Article.id).not_in(mine))
    if newest_record(session, review=review):
        included = decided_for(viewer, review, stages(review)[-1], Decision.INCLUDE)
        rows = rows.join(Record).where(Record.review_id == review.id, included)
    return session.exec(rows.order_by(col(Article.year).desc().nulls_last(), col(Article.id)).limit(1)).first()


def findings(
    session: Session, *, viewer: Actor, review: Review, article_ids: Sequence[int], agreed: bool = False
) -> list[Finding]:
    """The findings of articles that stand, as far as `viewer` may see them: others' once theirs are all given.

    `agreed`: also those of articles of whose findings nothing is open between the two who gave them.
    """
    later = aliased(Finding)
    superseded = exists().where(
        col(later.article_id) == col(Finding.article_id), col(later.supersedes_id) == col(Finding.id)
    )
    rows = select(Finding).where(col(Finding.article_id).in_(article_ids), Finding.review_id == review.id)
    rows = rows.where(col(Finding.withdrawn_at).is_(None), ~superseded).order_by(col(Finding.id))
    found = list(session.exec(rows.where(_sees_finding(viewer, review))))
    return _with_agreed_findings(session, viewer, review, list(session.exec(rows)), found) if agreed else found


def _with_agreed_findings(
    session: Session, viewer: Actor, review: Review, rows: list[Finding], seen: list[Finding]
) -> list[Finding]:
    """One result is said alike by all when its parts are; words of one's own are no difference."""
    ids = sorted({row.article_id for row in rows})
    givers = findings_givers(session, viewer=viewer, review=review, article_ids=ids, hidden=True)
    given: dict[int, list[Given]] = defaultdict(list)
    for row in rows:
        if row.member_id in givers.get(row.article_id, ()):
            said = tuple(getattr(row, part) for part in RESULT)
            given[row.article_id].append(Given(row.id, row.member_id, said, True, None))
    ruled = rulings(session, viewer=viewer, review=review, subject=FINDING)
    known, may = closed(given, ruled, viewer=viewer, givers=givers), {row.id for row in seen}
    by_giver = {(article_id, member) for article_id in known for member in givers[article_id]}
    return [row for row in rows if row.id in may or (row.article_id, row.member_id) in by_giver]


def quotes(
    session: Session, *, ids: Sequence[int], as_of: datetime | None = None
) -> dict[int, tuple[Quote, QuoteAnchor]]:
    """Quotes with where they stand now, or stood then, by id. They reach a viewer only through what cites them."""
    newest = select(func.max(QuoteAnchor.id)).where(col(QuoteAnchor.quote_id).in_(ids))
    newest = newest.where(col(QuoteAnchor.at) <= as_of) if as_of is not None else newest
    newest = newest.group_by(col(QuoteAnchor.quote_id))
    rows = select(Quote, QuoteAnchor).join(QuoteAnchor).where(col(QuoteAnchor.id).in_(newest))
    return {quote.id: (quote, anchor) for quote, anchor in session.exec(rows)}


def article_events(session: Session, *, viewer: Actor, review: Review, article_id: int) -> list[AuditEvent]:
    """Who did what with an article and its findings, the newest first, as far as `viewer` may know of it."""
    seen = select(Finding.id).where(Finding.article_id == article_id, _sees_finding(viewer, review))
    finding_ids = [str(found) for found in session.exec(seen)]
    given = exists().where(
        col(Tagging.review_id) == review.id,
        col(Tagging.article_id) == article_id,
        col(Tagging.member_id) == viewer.id,
    )
    actor: Any = col(AuditEvent.actor_id)  # nobody's act is nobody's judgement: NULL equals no viewer
    tagged = visible(viewer=viewer, blinded=is_blinded(review), author=actor, given=given)
    kind, subject = col(AuditEvent.subject_kind), col(AuditEvent.subject_id)
    on_article = and_(kind == "article", subject == str(article_id), tagged)
    on_finding = and_(kind == "finding", subject.in_(finding_ids))
    rows = select(AuditEvent).where(or_(on_article, on_finding))
    return list(session.exec(rows.order_by(col(AuditEvent.id).desc())))


def included(session: Session, *, viewer: Actor, review: Review) -> Included:
    """What is settled at the last stage, as far as `viewer` may know."""
    stage = Stage.FULL_TEXT if Stage.FULL_TEXT.value in review.stages else Stage.TITLE_ABSTRACT
    settled = settled_decisions(session, viewer=viewer, review=review, stage=stage)
    article_ids = tuple(each.article_id for each in sorted(settled, key=lambda each: each.record_id) if each.included)
    records = select(func.count()).select_from(Record).where(Record.review_id == review.id)
    return Included(stage, article_ids, len(settled), session.exec(records).one())


def _sees_tagging(viewer: Actor, review: Review) -> ColumnElement[bool]:
    own = aliased(Tagging)
    same = and_(
        col(own.review_id) == col(Tagging.review_id),
        col(own.article_id) == col(Tagging.article_id),
        col(own.consensus).is_(False),
    )
    given = gave(viewer, of=own, author=col(own.member_id), same=same, settles=viewer.role in ADJUDICATORS)
    seen = visible(viewer=viewer, blinded=is_blinded(review), author=col(Tagging.member_id), given=given)
    return seen | col(Tagging.consensus).is_(True)


def _sees_finding(viewer: Actor, review: Review) -> ColumnElement[bool]:
    given = gave_findings(viewer)
    return visible(viewer=viewer, blinded=is_blinded(review), author=col(Finding.member_id), given=given)
