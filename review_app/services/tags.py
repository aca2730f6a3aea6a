"""Reviewers say what a study is and what it found."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlmodel import Session, select

from db import audit, config
from db.models import Article, Finding, Form, Quote, Review, Tagging
from db.queries.blinding import default_review
from db.queries.dual_extraction import FINDINGS_GIVEN, findings_givers
from db.types import Actor
from db.vocabulary import Vocabulary
from review_app.services import drafts, quotes, tag_forms
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.permissions import May, require
from review_app.services.tag_forms import library_words
from review_app.tagging.form import BadEntry, valid_entry

QUOTES = "quotes"  # where an entry keeps the ids of its quotes, by what they are attached to
MAX_P = 40


@dataclass(frozen=True, slots=True)
class Figures:
    """The effect of a finding: what `measure` it is (of the vocabulary), its interval, and p as it is printed."""

    measure: str | None = None
    estimate: float | None = None
    interval_low: float | None = None
    interval_high: float | None = None
    p_value: str | None = None


NO_FIGURES = Figures()


@dataclass(frozen=True, slots=True)
class Quoted:
    """A sentence attached to `target`: a field of the form, or a row of it as `outcomes:0`. `quote_id` once kept."""

    target: str
    words: str
    quote_id: int | None = None


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
    form_version: int | None = None,
    quoted: Sequence[Quoted] = (),
) -> Tagging:
    """Append the actor's tags of an article. `suggested` names the fields taken over from the suggestion as they were.

    `content_hash` is what the reader saw, `form_version` what they filled in (None: the form as it is); Conflict when
    either changed meanwhile.
    """
    require(actor, May.TAG)
    review = open_review(session, topic_id)
    article = article_as_read(session, article_id, content_hash)
    form, row = _filled_in(session, form_version, tags)
    if kept := keep_quotes(session, actor, article, quoted):
        row[QUOTES] = kept
    tagging = Tagging(
        review_id=review.id,
        article_id=article_id,
        member_id=actor.member_id,
        form_id=form.id,
        tags=row,
        suggested=sorted(suggested),
        note=note or None,
        content_hash=article.content_hash,
        tagged_at=config.now(),
    )
    session.add(tagging)
    session.flush()
    drafts.forget(session, actor, draft_key(article_id))
    detail = {"tagging": tagging.id, "form": form.version, "tags": _digest(row), "suggested": tagging.suggested}
    audit.record(session, actor=actor, action="tagged", subject_kind="article", subject_id=article_id, detail=detail)
    session.commit()
    return tagging


def keep_draft(session: Session, *, actor: Actor, article_id: int, value: dict[str, Any]) -> None:
    """Keep what stands in the form and is not saved yet, so that a lost connection loses nothing."""
    require(actor, May.TAG)
    drafts.keep(session, actor, draft_key(article_id), value)
    session.commit()


def drop_draft(session: Session, *, actor: Actor, article_id: int) -> None:
    """Forget what was not saved."""
    require(actor, May.TAG)
    drafts.forget(session, actor, draft_key(article_id))
    session.commit()


def draft_key(article_id: int) -> str:
    return f"tags:{article_id}"


def keep_quotes(session: Session, actor: Actor, article: Article, quoted: Sequence[Quoted]) -> dict[str, list[int]]:
    """The ids of these quotes by what they are attached to; new ones are kept in the caller's transaction."""
    found: dict[str, list[int]] = {}
    for each in quoted:
        same = select(Quote).where(Quote.article_id == article.id, Quote.exact == each.words)
        mine = Quote.member_id == actor.id if each.quote_id is None else Quote.id == each.quote_id
        kept = session.exec(same.where(mine)).first()
        if kept is None:
            kept = quotes.add(
                session, actor=actor, article_id=article.id, words=each.words, content_hash=article.content_hash
            )
        found.setdefault(each.target, []).append(kept.id)
    return found


def _filled_in(session: Session, version: int | None, tags: dict[str, Any]) -> tuple[Form, dict[str, Any]]:
    """The form as it is stored, and the entry that answers it."""
    row, form = tag_forms.current_form(session)
    if version is not None and version != row.version:
        raise Conflict("The form changed while you filled it in. What you typed is still there: look, then save.")
    try:
        return row, valid_entry(form, tags)
    except BadEntry as error:
        raise Invalid(str(error)) from error


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
    figures: Figures = NO_FIGURES,
) -> Finding:
    """A result of the study, with the sentence it stands in when `quote` is given."""
    require(actor, May.TAG)
    review = open_review(session, topic_id)
    article_as_read(session, article_id, content_hash)
    words = library_words(session)
    _term(words, "outcome_domain", domain)
    _term(words, "direction", direction)
    if figures.measure is not None:
        _term(words, "effect_measure", figures.measure)
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
        **asdict(checked_figures(figures)),
        summary=summary.strip(),
        quote_id=kept.id if kept else None,
        recorded_at=config.now(),
    )
    session.add(finding)
    session.flush()
    drafts.forget(session, actor, finding_draft_key(article_id))
    detail = {"article": article_id, "domain": domain, "direction": direction, "quote": finding.quote_id}
    audit.record(
        session, actor=actor, action="finding_recorded", subject_kind="finding", subject_id=finding.id, detail=detail
    )
    session.commit()
    return finding


def keep_finding_draft(session: Session, *, actor: Actor, article_id: int, value: dict[str, Any]) -> None:
    """Keep a finding that is not recorded yet; an empty one is forgotten."""
    require(actor, May.TAG)
    if value:
        drafts.keep(session, actor, finding_draft_key(article_id), value)
    else:
        drafts.forget(session, actor, finding_draft_key(article_id))
    session.commit()


def finding_draft_key(article_id: int) -> str:
    return f"finding:{article_id}"


def give_findings(session: Session, *, actor: Actor, topic_id: str, article_id: int, content_hash: str) -> None:
    """The actor says that the findings they recorded of an article are all: from now on the two sides are compared.

    Findings come one by one, so nothing else tells when a side is complete; without this nobody sees the other's.
    """
    require(actor, May.TAG)
    review = open_review(session, topic_id)
    article_as_read(session, article_id, content_hash)
    givers = findings_givers(session, viewer=actor, review=review, article_ids=[article_id])
    if actor.id in givers.get(article_id, ()):
        raise Conflict("You gave your findings of this study already. Record another one if something is missing.")
    detail = {"review": review.id}
    audit.record(
        session, actor=actor, action=FINDINGS_GIVEN, subject_kind="article", subject_id=article_id, detail=detail
    )
    session.commit()


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


def checked_figures(figures: Figures) -> Figures:
    """As they are kept. Raises Invalid for a swapped interval or a p that is none."""
    low, high = figures.interval_low, figures.interval_high
    if low is not None and high is not None and low > high:
        raise Invalid("The interval runs from its lower to its higher end. Swap the two.")
    p = " ".join((figures.p_value or "").split()) or None
    if p is not None and len(p) > MAX_P:
        raise Invalid("Give p as it is printed, such as 0.01 or < 0.001.")
    return replace(figures, p_value=p)


def _term(words: Vocabulary, group: str, term_id: str) -> str:
    if term_id not in words.groups[group]:
        raise Invalid(f"{term_id} is not a {group.replace('_', ' ')} of the vocabulary. Choose one from the list.")
    return term_id


def open_review(session: Session, topic_id: str) -> Review:
    """The review that judgements belong to. Raises NotFound."""
    review = default_review(session, topic_id=topic_id)
    if review is None:
        raise NotFound("There is no open review of this topic. Ask a lead to open one.")
    return review


def article_as_read(session: Session, article_id: int, content_hash: str) -> Article:
    """The article, while it says what the reader saw. Raises NotFound or Conflict."""
    article = session.get(Article, article_id)
    if article is None:
        raise NotFound("This study is not in the library any more.")
    if article.content_hash != content_hash:
        raise Conflict("The study changed while you read it. Look at it again before you save.")
    return article


def _digest(tags: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(tags, sort_keys=True).encode()).hexdigest()
