"""Somebody settles what two reviewers gave of findings, risk of bias or a grade. What they gave stays as it is."""

from collections.abc import Iterable, Mapping
from dataclasses import fields
from typing import Any

from sqlmodel import Session

from db import audit, config
from db.models import Adjudication, Review
from db.queries.dual_extraction import BIAS, FINDING, TOOL
from db.types import Actor
from review_app.services import drafts
from review_app.services.compared import Compared
from review_app.services.consensus import draft_key, record_of
from review_app.services.dual_extraction import (
    compared_bias,
    compared_findings,
    compared_grade,
)
from review_app.services.errors import Conflict, Invalid
from review_app.services.permissions import May, require
from review_app.services.tags import Figures, checked_figures, open_review
from review_app.services.tool_choice import compared_tools
from review_app.tagging.comparison import Choice, Held, settled
from review_app.tagging.form import BadEntry
from review_app.tagging.risk_of_bias import OVERALL, by_the_rule, overall, tools


def settle(
    session: Session,
    *,
    actor: Actor,
    topic_id: str,
    seen: Compared,
    choices: Mapping[str, Choice],
    reason: str = "",
) -> list[Adjudication]:
    """Keep what holds of each field of `seen` that is open, one adjudication each, with its reason.

    `reason` is for the fields that give none of their own. Conflict when somebody gave something else meanwhile.
    """
    require(actor, May.ADJUDICATE)
    review = open_review(session, topic_id)
    now = _as_it_is(session, actor, review, seen)
    if now is None or (now.rows, now.open) != (seen.rows, seen.open):
        raise Conflict("Somebody changed what they gave, or settled it, meanwhile. Look at it before you settle it.")
    choices = _with_the_rule(now, choices)
    try:
        held = settled(now.open, now.sides, choices, reason)
    except BadEntry as error:
        raise Invalid(str(error)) from error
    if now.subject == FINDING:
        _check_figures([each for name, each in held.items() if choices[name].side is None])
    article_id, who = now.about.get("article"), sorted(side.id for side in now.sides)
    rows = [
        Adjudication(
            subject=now.subject,
            review_id=review.id,
            record_id=record_of(session, review_id=review.id, article_id=article_id) if article_id else None,
            claim_id=now.about.get("claim"),
            field=field,
            decision={**now.about, "sides": who, "from": choices[field].side, "value": each.value},
            settles=list(now.rows[field]),
            reason=each.reason,
            member_id=actor.member_id,
            decided_at=config.now(),
        )
        for field, each in held.items()
    ]
    session.add_all(rows)
    session.flush()
    drafts.forget(session, actor, draft_key(now.key))
    kind, subject_id = next(iter(now.about.items()))
    detail = {**now.about, "adjudications": [row.id for row in rows], "differed": list(held)}
    audit.record(
        session,
        actor=actor,
        action=f"{now.subject}_settled",
        subject_kind=kind,
        subject_id=subject_id,
        detail=detail,
    )
    session.commit()
    return rows


def _as_it_is(session: Session, actor: Actor, review: Review, seen: Compared) -> Compared | None:
    about: dict[str, Any] = dict(seen.about)
    if seen.subject == FINDING:
        found = compared_findings(session, viewer=actor, review=review, article_id=about["article"])
    elif seen.subject == TOOL:
        found = compared_tools(session, viewer=actor, review=review, article_id=about["article"])
    elif seen.subject == BIAS:
        found = compared_bias(session, viewer=actor, review=review, article_id=about["article"])
    else:
        claim_id, outcome = about.get("claim"), about.get("outcome")
        graded = compared_grade(session, viewer=actor, review=review, outcome=outcome, claim_id=claim_id)
        found = [graded] if graded else []
    return next((each for each in found if each.key == seen.key), None)


def _check_figures(written: Iterable[Held]) -> None:
    names = [each.name for each in fields(Figures)]
    for row in (row for each in written for row in each.value):
        checked_figures(Figures(**{name: row[name] for name in names}))


def _with_the_rule(compared: Compared, choices: Mapping[str, Choice]) -> dict[str, Choice]:
    """The overall risk of bias follows from what holds of the domains, unless somebody chose it."""
    chosen = dict(choices)
    if compared.subject != BIAS or OVERALL in chosen or not compared.open:
        return chosen
    tool, judged = tools()[compared.about["tool"]], compared.agreed_entry()
    for field in (each.id for each in compared.open if each.id in chosen):
        said = {side.id: side.entry[field] for side in compared.sides}
        choice = chosen[field]
        judged[field] = choice.value if choice.side is None else said.get(choice.side)
    known = set(judged.values()) <= {each.id for each in tool.judgements}
    found = overall(tool, judged) if known else None
    if found is not None:
        chosen[OVERALL] = Choice(None, found.judgement, by_the_rule(tool, found))
    return chosen
