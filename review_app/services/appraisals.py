"""Reviewers judge the risk of bias of a study, and how certain a body of evidence is. Appended, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from db import audit, config
from db.models import Finding, Grade, RiskOfBias
from db.queries import appraisal as queries
from db.types import Actor
from review_app.services import drafts
from review_app.services.errors import Invalid, NotFound
from review_app.services.permissions import May, require
from review_app.services.tag_forms import library_words
from review_app.services.tags import article_as_read, open_review
from review_app.tagging import grade
from review_app.tagging.risk_of_bias import OVERALL, Tool, by_the_rule, overall, tools

MAX_REASON = 2_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement and why."""

    judgement: str
    reason: str


@dataclass(frozen=True, slots=True)
class StepTaken:
    """By how many levels a reason of GRADE moves the certainty, and why."""

    levels: int
    reason: str


def save_risk_of_bias(
    session: Session,
    *,
    actor: Actor,
    topic_id: str,
    article_id: int,
    tool_id: str,
    judged: Mapping[str, Judged],
    content_hash: str,
    override: Judged | None = None,
    finding_id: int | None = None,
) -> RiskOfBias:
    """Append a judgement with its reason for every domain, and the overall one: by the tool's rule, or `override`.

    `finding_id` is the result that is judged, None for the study as a whole. Gives the overall row.
    """
    require(actor, May.TAG)
    review = open_review(session, topic_id)
    article_as_read(session, article_id, content_hash)
    tool = tools().get(tool_id)
    if tool is None:
        raise Invalid(f"{tool_id} is no tool for the risk of bias. Choose one from the list.")
    if finding_id is not None:
        _finding_of(session, finding_id, article_id)
    rows = {domain.id: _checked(tool, domain.id, judged.get(domain.id)) for domain in tool.domains}
    rows[OVERALL] = _overall(tool, rows, override)
    before = {
        row.domain: row.id
        for row in queries.risk_of_bias(session, viewer=actor, review=review, article_ids=[article_id])
        if (row.member_id, row.tool, row.finding_id) == (actor.id, tool_id, finding_id)
    }
    made = {
        domain: RiskOfBias(
            review_id=review.id,
            article_id=article_id,
            finding_id=finding_id,
            member_id=actor.member_id,
            tool=tool_id,
            domain=domain,
            judgement=each.judgement,
            reason=each.reason,
            supersedes_id=before.get(domain),
            judged_at=config.now(),
        )
        for domain, each in rows.items()
    }
    session.add_all(made.values())
    session.flush()
    drafts.forget(session, actor, draft_key(article_id))
    detail = {"tool": tool_id, "risk_of_bias": made[OVERALL].id, "finding": finding_id}
    _log(session, actor, "risk_of_bias_judged", "article", article_id, detail)
    session.commit()
    return made[OVERALL]


def save_grade(
    session: Session,
    *,
    actor: Actor,
    topic_id: str,
    start: str,
    steps: Mapping[str, StepTaken],
    reason: str,
    outcome: str | None = None,
    claim_id: str | None = None,
) -> Grade:
    """Append how certain the evidence is for one outcome, or one claim; the certainty follows from start and steps."""
    require(actor, May.JUDGE_CLAIMS)
    review = open_review(session, topic_id)
    if (outcome is None) == (claim_id is None):
        raise Invalid("Choose the outcome or the claim that is graded.")
    if outcome is not None and outcome not in library_words(session).groups["outcome_domain"]:
        raise Invalid(f"{outcome} is no outcome of the vocabulary. Choose one from the list.")
    for name, step in steps.items():
        if not step.reason.strip():
            label = grade.steps()[name].label if name in grade.steps() else name
            raise Invalid(f"Say why for {label}: a step needs its reason.")
    try:
        certainty = grade.certainty(start, {name: step.levels for name, step in steps.items()})
    except ValueError as error:
        raise Invalid(f"{str(error)[:1].upper()}{str(error)[1:]}. Choose from the list.") from error
    before = [
        row
        for row in queries.grades(session, viewer=actor, review=review, outcome=outcome, claim_id=claim_id)
        if row.member_id == actor.id
    ]
    taken = [{"id": name, "levels": step.levels, "reason": _words(step.reason)} for name, step in steps.items()]
    row = Grade(
        review_id=review.id,
        claim_id=claim_id,
        outcome=outcome,
        member_id=actor.member_id,
        certainty=certainty,
        steps=[{"start": start}, *taken],
        reason=_words(reason),
        supersedes_id=before[-1].id if before else None,
        judged_at=config.now(),
    )
    session.add(row)
    session.flush()
    drafts.forget(session, actor, grade_draft_key(claim_id or outcome))
    _log(session, actor, "evidence_graded", "claim" if claim_id else "outcome", claim_id or outcome, {"grade": row.id})
    session.commit()
    return row


def keep_draft(session: Session, *, actor: Actor, article_id: int, value: dict[str, Any]) -> None:
    """Keep judgements that are not saved yet."""
    require(actor, May.TAG)
    drafts.keep(session, actor, draft_key(article_id), value)
    session.commit()


def keep_grade_draft(session: Session, *, actor: Actor, subject: str, value: dict[str, Any]) -> None:
    """Keep a grade of an outcome or a claim, its `subject`, that is not saved yet."""
    require(actor, May.JUDGE_CLAIMS)
    drafts.keep(session, actor, grade_draft_key(subject), value)
    session.commit()


def grade_draft_key(subject: str | None) -> str:
    return f"grade:{subject}"


def draft_key(article_id: int) -> str:
    return f"risk_of_bias:{article_id}"


def _checked(tool: Tool, domain: str, judged: Judged | None) -> Judged:
    label = next(each.label for each in tool.domains if each.id == domain)
    if judged is None or judged.judgement not in {each.id for each in tool.judgements}:
        raise Invalid(f"Judge {label}: every domain has a judgement.")
    if not judged.reason.strip():
        raise Invalid(f"Say why for {label}: a judgement needs its reason.")
    return Judged(judged.judgement, _words(judged.reason))


def _overall(tool: Tool, rows: Mapping[str, Judged], override: Judged | None) -> Judged:
    found = overall(tool, {domain: each.judgement for domain, each in rows.items()})
    if found is None:  # every domain was checked
        raise Invalid("Judge every domain.")
    if override is None or override.judgement == found.judgement:
        return Judged(found.judgement, by_the_rule(tool, found))
    if override.judgement not in {each.id for each in tool.overall}:
        raise Invalid(f"{override.judgement} is no overall judgement of {tool.name}. Choose one from the list.")
    if not override.reason.strip():
        raise Invalid("Say why your overall judgement is another than the rule's.")
    return Judged(override.judgement, _words(override.reason))


def _words(text: str) -> str:
    words = " ".join(text.split())
    if len(words) > MAX_REASON:
        raise Invalid(f"A reason takes up to {MAX_REASON:,} characters; this one has {len(words):,}.")
    return words


def _finding_of(session: Session, finding_id: int, article_id: int) -> None:
    finding = session.get(Finding, finding_id)
    if finding is None or finding.article_id != article_id or finding.withdrawn_at is not None:
        raise NotFound("This finding was withdrawn. Choose another result, or the study as a whole.")


def _log(session: Session, actor: Actor, action: str, kind: str, subject_id: object, detail: dict[str, Any]) -> None:
    audit.record(session, actor=actor, action=action, subject_kind=kind, subject_id=subject_id, detail=detail)
