"""Risk of bias and GRADE: reads that keep the blinding. Never commits."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, exists, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, func, select

from db.models import Finding, Grade, Review, RiskOfBias
from db.queries.agreed import Given, closed
from db.queries.blinding import gave, is_blinded, visible
from db.queries.dual_extraction import BIAS, GRADE, rulings
from db.queries.screening_rules import ADJUDICATORS
from db.types import Actor

START = "start"  # what a grade starts from, beside the steps it takes
Result = tuple[str, str | None, str | None]  # what is measured, with what, and when


class ToolUsed(NamedTuple):
    """That a member judged with a tool, since the judgement with the id `first_row`."""

    member_id: int
    tool: str
    first_row: int


def risk_of_bias(
    session: Session, *, viewer: Actor, review: Review, article_ids: Sequence[int], agreed: bool = False
) -> list[RiskOfBias]:
    """The judgements of articles that stand, as far as `viewer` may see them: others' once theirs are given.

    Given means: of the same result, or of the same study as a whole, with the same tool. `agreed`: also those of which
    nothing is open between the two who gave them, for who makes of them what holds.
    """
    later, own = aliased(RiskOfBias), aliased(RiskOfBias)
    superseded = exists().where(
        col(later.article_id) == col(RiskOfBias.article_id), col(later.supersedes_id) == col(RiskOfBias.id)
    )
    same = and_(
        col(own.review_id) == col(RiskOfBias.review_id),
        col(own.article_id) == col(RiskOfBias.article_id),
        col(own.tool) == col(RiskOfBias.tool),
        _same_result(own),
    )
    given = gave(viewer, of=own, author=col(own.member_id), same=same, settles=viewer.role in ADJUDICATORS)
    rows = select(RiskOfBias).where(RiskOfBias.review_id == review.id, col(RiskOfBias.article_id).in_(article_ids))
    rows = rows.where(~superseded).order_by(col(RiskOfBias.id))
    seen = visible(viewer=viewer, blinded=is_blinded(review), author=col(RiskOfBias.member_id), given=given)
    found = list(session.exec(rows.where(seen)))
    return _with_agreed_bias(session, viewer, review, list(session.exec(rows)), found) if agreed else found


def _with_agreed_bias(
    session: Session, viewer: Actor, review: Review, rows: list[RiskOfBias], seen: list[RiskOfBias]
) -> list[RiskOfBias]:
    results = judged_results(session, ids=(row.finding_id for row in rows))
    things = {row.id: (row.article_id, row.tool, results[row.finding_id]) for row in rows}
    given: dict[tuple[int, str, Result | None], list[Given]] = defaultdict(list)
    for row in rows:
        given[things[row.id]].append(Given(row.id, row.member_id, row.domain, row.judgement, row.domain))
    known = closed(given, rulings(session, viewer=viewer, review=review, subject=BIAS), viewer=viewer)
    may = {row.id for row in seen}
    return [row for row in rows if row.id in may or things[row.id] in known]


def tools_used(
    session: Session, *, viewer: Actor, review: Review, article_id: int | None = None
) -> dict[tuple[int, Result | None], list[ToolUsed]]:
    """With which tools two or more judged an article (None: each), as a whole or a result of it, in that order.

    What they judged is not in it; yet it is for who judged the same themselves, and for who settles differences.
    """
    used: list[Any] = [RiskOfBias.article_id, RiskOfBias.finding_id, RiskOfBias.member_id, RiskOfBias.tool]
    columns: list[Any] = [*used, func.min(RiskOfBias.id)]
    rows: Any = select(*columns).where(RiskOfBias.review_id == review.id)
    if article_id is not None:
        rows = rows.where(RiskOfBias.article_id == article_id)
    asked = session.exec(rows.group_by(*used).order_by(func.min(RiskOfBias.id))).all()
    results = judged_results(session, ids=(finding_id for _, finding_id, *_ in asked))
    found: dict[tuple[int, Result | None], list[ToolUsed]] = defaultdict(list)
    for article, finding_id, member_id, tool, row_id in asked:
        found[article, results[finding_id]].append(ToolUsed(member_id, tool, row_id))
    told = not is_blinded(review) or viewer.role in ADJUDICATORS
    by = {thing: {each.member_id for each in some} for thing, some in found.items()}
    return {thing: found[thing] for thing, who in by.items() if len(who) > 1 and (told or viewer.id in who)}


def judged_articles(session: Session, *, review: Review) -> set[int]:
    """The articles in which anybody found something, or whose risk of bias they judged, whoever may see it."""
    asked = (select(kind.article_id).where(kind.review_id == review.id) for kind in (Finding, RiskOfBias))
    return {article_id for rows in asked for article_id in session.exec(rows.distinct())}


def graded(session: Session, *, review: Review) -> list[tuple[str | None, str | None]]:
    """The outcomes, and the claims, that anybody graded, whoever may see it; in the order in which they were."""
    rows = select(Grade.outcome, Grade.claim_id).where(Grade.review_id == review.id)
    return list(session.exec(rows.group_by(col(Grade.outcome), col(Grade.claim_id)).order_by(func.min(Grade.id))))


def judged_results(session: Session, *, ids: Iterable[int | None]) -> dict[int | None, Result | None]:
    """Which result each of these findings is of, whatever it says of it; None, the study as a whole, is of none."""
    found = {each for each in ids if each}
    rows = select(Finding.id, Finding.domain, Finding.instrument, Finding.time_point).where(col(Finding.id).in_(found))
    results: dict[int | None, Result | None] = {None: None}
    return results | {finding_id: (domain, tool, when) for finding_id, domain, tool, when in session.exec(rows)}


def grades(
    session: Session,
    *,
    viewer: Actor,
    review: Review,
    outcome: str | None = None,
    claim_id: str | None = None,
    agreed: bool = False,
) -> list[Grade]:
    """Each member's newest grade of an outcome or of a claim, as far as `viewer` may see them, the newest last.

    `agreed`: also those of which nothing is open between the two who gave them.
    """

    def of(grade: Any) -> ColumnElement[bool]:
        graded = col(grade.claim_id) == claim_id if claim_id is not None else col(grade.outcome) == outcome
        return and_(col(grade.review_id) == review.id, graded)

    own = aliased(Grade)
    given = gave(viewer, of=own, author=col(own.member_id), same=of(own), settles=viewer.role in ADJUDICATORS)
    newest = select(func.max(Grade.id)).where(of(Grade)).group_by(col(Grade.member_id))
    seen = visible(viewer=viewer, blinded=is_blinded(review), author=col(Grade.member_id), given=given)
    rows = select(Grade).where(col(Grade.id).in_(newest)).order_by(col(Grade.id))
    if agreed and _are_agreed(session, viewer, review, found := list(session.exec(rows))):
        return found
    return list(session.exec(rows.where(seen)))


def _are_agreed(session: Session, viewer: Actor, review: Review, rows: list[Grade]) -> bool:
    """Whether the viewer may know of the grades because nothing is open. A step that one does not take is level 0."""
    taken = {row.id: {step.get("id", START): step.get("levels", step.get(START)) for step in row.steps} for row in rows}
    names = {START, *(name for steps in taken.values() for name in steps)}
    said = [Given(row.id, row.member_id, name, taken[row.id].get(name, 0), name) for row in rows for name in names]
    ruled = rulings(session, viewer=viewer, review=review, subject=GRADE)
    return bool(closed({GRADE: said}, ruled, viewer=viewer))


def _same_result(own: Any) -> ColumnElement[bool]:
    """That both judge the study as a whole, or findings of one and the same result: each has their own."""
    mine, theirs = aliased(Finding), aliased(Finding)
    whole = and_(col(own.finding_id).is_(None), col(RiskOfBias.finding_id).is_(None))
    alike = exists().where(
        col(mine.id) == col(own.finding_id),
        col(theirs.id) == col(RiskOfBias.finding_id),
        col(mine.domain) == col(theirs.domain),
        func.coalesce(mine.instrument, "") == func.coalesce(theirs.instrument, ""),
        func.coalesce(mine.time_point, "") == func.coalesce(theirs.time_point, ""),
    )
    # By itself it is tied to the nearest query only, and would be of anybody's judgement instead of this one.
    return or_(whole, alike.correlate_except(mine, theirs))
