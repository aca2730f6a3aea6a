"""Reviewers say what a study is and what it found."""

import hashlib
import json
from typing import Any

from sqlmodel import Session

from db import audit, config
from db.models import Article, Finding, Review, Tagging
from db.queries import review as review_queries
from db.queries.blinding import default_review
from db.types import Actor
from db.vocabulary import vocabulary
from review_app.services import quotes
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.library import TAG_FORM
from review_app.services.permissions import May, require

MAX_SAMPLE = 100_000_000


def save_tags(
    session: Session,
    *,
    actor: Actor,
    topic_id: str,
    article_id: int,
    tags: dict[str, Any],
    suggested: list[str],
    content_hash: str,
    note: str = "",
) -> Tagging:
    """Append the actor's tags of an article. `suggested` names the fields taken over from the suggestion as they were.

    `content_hash` is what the reader saw; Conflict when the article changed meanwhile.
    """
    require(actor, May.TAG)
    review = _review(session, topic_id)
    article = _article(session, article_id, content_hash)
    form = review_queries.current_form(session, name=TAG_FORM)
    if form is None:
        raise NotFound("The library has no tagging form. Run `python -m db upgrade`, then open the app again.")
    row = Tagging(
        review_id=review.id,
        article_id=article_id,
        member_id=actor.member_id,
        form_id=form.id,
        tags=valid_tags(tags),
        suggested=sorted(suggested),
        note=note or None,
        content_hash=article.content_hash,
        tagged_at=config.now(),
    )
    session.add(row)
    session.flush()
    audit.record(
        session,
        actor=actor,
        action="tagged",
        subject_kind="article",
        subject_id=article_id,
        detail={"tagging": row.id, "tags": _digest(row.tags), "suggested": row.suggested},
    )
    session.commit()
    return row


def record_finding(
    session: Session,
    *,
    actor: Actor,
    topic_id: str,
    article_id: int,
    content_hash: str,
    domain: str,
    direction: str,
    instrument: str | None = None,
    time_point: str | None = None,
    summary: str = "",
    quote: str = "",
) -> Finding:
    """A result of the study, with the sentence it stands in when `quote` is given."""
    require(actor, May.TAG)
    review = _review(session, topic_id)
    _article(session, article_id, content_hash)
    _term("outcome_domain", domain)
    _term("direction", direction)
    kept = None
    if quote:
        kept = quotes.add(session, actor=actor, article_id=article_id, words=quote, content_hash=content_hash)
    finding = Finding(
        review_id=review.id,
        article_id=article_id,
        member_id=actor.member_id,
        domain=domain,
        instrument=instrument or None,
        time_point=time_point or None,
        direction=direction,
        summary=summary.strip(),
        quote_id=kept.id if kept else None,
        recorded_at=config.now(),
    )
    session.add(finding)
    session.flush()
    detail = {"article": article_id, "domain": domain, "direction": direction, "quote": finding.quote_id}
    audit.record(
        session, actor=actor, action="finding_recorded", subject_kind="finding", subject_id=finding.id, detail=detail
    )
    session.commit()
    return finding


def withdraw_finding(session: Session, *, actor: Actor, finding_id: int) -> None:
    """Take a finding back; it stays readable in the history. Only its author or a lead may."""
    require(actor, May.TAG)
    finding = session.get(Finding, finding_id)
    if finding is None or finding.withdrawn_at is not None:
        raise NotFound("This finding was withdrawn already.")
    if finding.member_id != actor.id and actor.role != "lead":
        raise Refused("Only the member who recorded a finding, or a lead, may withdraw it.")
    finding.withdrawn_at, finding.withdrawn_by = config.now(), actor.id
    session.add(finding)
    audit.record(session, actor=actor, action="finding_withdrawn", subject_kind="finding", subject_id=finding_id)
    session.commit()


def valid_tags(tags: dict[str, Any]) -> dict[str, Any]:
    """The tags in their stored shape. Raises Invalid for a term that the vocabulary does not know."""
    size = tags.get("sample_size")
    if size is not None and not (isinstance(size, int) and 0 < size <= MAX_SAMPLE):
        raise Invalid("The sample size is a whole number of participants, or empty.")
    return {
        "study_design": _term("study_design", tags["study_design"]) if tags.get("study_design") else None,
        "population": [_term("population", item) for item in tags.get("population", [])],
        "interventions": [
            {"molecule": _term("molecule", item["molecule"]), "route": _term("route", item["route"])}
            for item in tags.get("interventions", [])
        ],
        "comparators": [_term("comparator", item) for item in tags.get("comparators", [])],
        "sample_size": size,
        "outcomes": [
            {
                "domain": _term("outcome_domain", item["domain"]),
                "instrument": item.get("instrument") or None,
                "direction": _term("direction", item["direction"]),
            }
            for item in tags.get("outcomes", [])
        ],
    }


def _term(group: str, term_id: str) -> str:
    if term_id not in vocabulary().groups[group]:
        raise Invalid(f"{term_id} is not a {group.replace('_', ' ')} of the vocabulary. Choose one from the list.")
    return term_id


def _review(session: Session, topic_id: str) -> Review:
    review = default_review(session, topic_id=topic_id)
    if review is None:
        raise NotFound("There is no open review of this topic. Ask a lead to open one.")
    return review


def _article(session: Session, article_id: int, content_hash: str) -> Article:
    article = session.get(Article, article_id)
    if article is None:
        raise NotFound("This study is not in the library any more.")
    if article.content_hash != content_hash:
        raise Conflict("The study changed while you read it. Look at it again before you save.")
    return article


def _digest(tags: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(tags, sort_keys=True).encode()).hexdigest()
