"""Members write claims, link evidence to them and decide what holds."""

import hashlib
import re
from collections.abc import Sequence

from sqlmodel import Session, col, select

from db import audit, config
from db.models import Alert, Claim, ClaimEvidence, ClaimState, ClaimVerdict, ClaimVersion, Label, Wording
from db.queries import claims as claim_queries
from db.queries import review as review_queries
from db.types import Actor, Certainty, ClaimOrigin, ClaimStatus, Stance, Verdict, WordingKind
from review_app.services import quotes
from review_app.services.alert_answers import answered_by_verdict
from review_app.services.errors import Conflict, Invalid, NotFound, Refused
from review_app.services.permissions import May, require

MAX_STATEMENT = 600


def create_claim(
    session: Session, *, actor: Actor, topic_id: str, statement: str, topics: Sequence[str], search_query: str = ""
) -> Claim:
    """A claim of the members' own, as a draft."""
    require(actor, May.EDIT_CLAIMS)
    statement = _sentence(statement)
    claim = Claim(
        id=_free_id(session, statement),
        topic_id=topic_id,
        origin=ClaimOrigin.CREATED,
        owner_id=actor.id,
        created_by=actor.id,
        created_at=config.now(),
    )
    session.add(claim)
    session.flush()
    session.add(
        ClaimVersion(
            claim_id=claim.id,
            number=1,
            statement=statement,
            topics=list(topics),
            search_query=search_query.strip() or statement,
            certainty=Certainty.NOT_APPLICABLE,
            content_hash=hashlib.sha256(statement.encode()).hexdigest(),
            author_id=actor.id,
            created_at=config.now(),
        )
    )
    session.add(ClaimState(claim_id=claim.id, status=ClaimStatus.DRAFT, member_id=actor.id, at=config.now()))
    _record(session, actor, "claim_created", claim.id, statement=statement)
    session.commit()
    return claim


def add_wording(
    session: Session, *, actor: Actor, claim_id: str, text: str, kind: WordingKind, verdict: Verdict
) -> Wording:
    """Another way to say a claim, or one that goes too far."""
    require(actor, May.EDIT_CLAIMS)
    page = open_page(session, actor, claim_id)
    text = _sentence(text)
    if any(row.text.casefold() == text.casefold() for row in page.wordings):
        raise Conflict("This wording is on the claim already.")
    if (kind is WordingKind.WORDING) != (verdict in {Verdict.SUPPORTED, Verdict.NEEDS_QUALIFICATION}):
        raise Invalid("A wording is supported or needs qualification; one that goes too far is neither.")
    row = Wording(claim_id=claim_id, kind=kind, text=text, verdict=verdict, author_id=actor.id, added_at=config.now())
    session.add(row)
    session.flush()
    _record(session, actor, "wording_added", claim_id, wording=row.id, verdict=verdict.value)
    session.commit()
    return row


def link_quote(
    session: Session,
    *,
    actor: Actor,
    claim_id: str,
    article_id: int,
    words: str,
    stance: Stance,
    content_hash: str,
    note: str = "",
) -> ClaimEvidence:
    """Point a claim at a study through the study's own words."""
    require(actor, May.QUOTE)
    row = attach(
        session,
        actor,
        claim_id=claim_id,
        article_id=article_id,
        words=words,
        stance=stance,
        content_hash=content_hash,
        note=note,
    )
    session.commit()
    return row


def attach(
    session: Session,
    actor: Actor,
    *,
    claim_id: str,
    article_id: int,
    words: str,
    stance: Stance,
    content_hash: str,
    note: str,
) -> ClaimEvidence:
    """The same in the caller's transaction."""
    open_page(session, actor, claim_id)
    quote = quotes.add(session, actor=actor, article_id=article_id, words=words, content_hash=content_hash)
    _refuse_twice(session, claim_id, article_id, quote.exact)
    row = ClaimEvidence(
        claim_id=claim_id,
        article_id=article_id,
        stance=stance,
        quote_id=quote.id,
        note=note.strip(),
        member_id=actor.id,
        linked_at=config.now(),
    )
    session.add(row)
    session.flush()
    detail = {"evidence": row.id, "article": article_id, "quote": quote.id, "stance": stance.value}
    _record(session, actor, "evidence_linked", claim_id, **detail)
    return row


def withdraw_evidence(session: Session, *, actor: Actor, evidence_id: int) -> None:
    """Take a link back; it stays readable in the history."""
    require(actor, May.QUOTE)
    row = session.get(ClaimEvidence, evidence_id)
    if row is None or row.withdrawn_at is not None:
        raise NotFound("This link was withdrawn already.")
    if row.member_id != actor.id and actor.role != "lead":
        raise Refused("Only the member who linked a quote, or a lead, may withdraw it.")
    take_back(session, actor, row)
    session.commit()


def take_back(session: Session, actor: Actor, row: ClaimEvidence) -> None:
    """Withdraw a piece of evidence in the caller's transaction."""
    row.withdrawn_at, row.withdrawn_by = config.now(), actor.id
    session.add(row)
    _record(session, actor, "evidence_withdrawn", row.claim_id, evidence=row.id)


def give_verdict(
    session: Session,
    *,
    actor: Actor,
    claim_id: str,
    version_number: int,
    verdict: Verdict,
    certainty: Certainty,
    reason: str,
    contradicting_seen: Sequence[int],
) -> ClaimVerdict:
    """A person's verdict on the statement as it stands.

    Refuses while the claim has contradicting evidence that the person was not shown (`contradicting_seen`: row ids).
    """
    require(actor, May.JUDGE_CLAIMS)
    page = open_page(session, actor, claim_id)
    if page.version.number != version_number:
        raise Conflict("The statement changed while you read it. Read it again before you decide.")
    row = keep_verdict(session, actor, page, verdict, certainty, reason=reason, contradicting_seen=contradicting_seen)
    follow_labels(session, actor, page, answered_by_verdict(session, actor, claim_id, row.reason))
    session.commit()
    return row


def keep_verdict(
    session: Session,
    actor: Actor,
    page: claim_queries.ClaimPage,
    verdict: Verdict,
    certainty: Certainty,
    *,
    reason: str,
    contradicting_seen: Sequence[int],
) -> ClaimVerdict:
    """The same in the caller's transaction, on the claim as `page` has it."""
    if not reason.strip():
        raise Invalid("A verdict needs a reason. One sentence is enough.")
    against = {row.id for row in page.evidence if row.stance is Stance.CONTRADICTS}
    if not against <= set(contradicting_seen):
        raise Conflict("There is contradicting evidence that you have not seen yet. Open it, then decide.")
    row = ClaimVerdict(
        claim_id=page.claim.id,
        version_number=page.version.number,
        member_id=actor.member_id,
        verdict=verdict,
        certainty=certainty,
        reason=reason.strip(),
        contradicting_seen=sorted(contradicting_seen),
        decided_at=config.now(),
    )
    session.add(row)
    session.flush()
    _record(session, actor, "verdict_given", page.claim.id, verdict_id=row.id, verdict=verdict.value)
    return row


def follow_labels(session: Session, actor: Actor, page: claim_queries.ClaimPage, answered: Sequence[Alert]) -> None:
    """Point links to earlier versions of a label at the revised one that an answered alert told of, in its name."""
    for new in [session.get_one(Label, each.detail["label"]) for each in answered if each.kind == "label_revised"]:
        versions = select(Label.id).where(Label.set_id == new.set_id, col(Label.version) < new.version)
        older = set(session.exec(versions))
        for row in [row for row in page.evidence if row.label_id in older and row.withdrawn_at is None]:
            take_back(session, actor, row)
            kept = row.model_dump(include={"claim_id", "label_section", "stance", "note"})
            moved = ClaimEvidence(**kept, label_id=new.id, member_id=actor.member_id, linked_at=config.now())
            session.add(moved)
            session.flush()
            _record(session, actor, "evidence_linked", row.claim_id, evidence=moved.id, label=new.id)


def open_page(session: Session, actor: Actor, claim_id: str) -> claim_queries.ClaimPage:
    """The claim, while it is in the library. Raises NotFound."""
    page = claim_queries.claim(session, viewer=actor, claim_id=claim_id)
    if page is None or page.status is ClaimStatus.WITHDRAWN:
        raise NotFound("This claim is not in the library any more.")
    return page


def _refuse_twice(session: Session, claim_id: str, article_id: int, exact: str) -> None:
    rows = select(ClaimEvidence).where(ClaimEvidence.claim_id == claim_id, ClaimEvidence.article_id == article_id)
    standing = [row.quote_id for row in session.exec(rows.where(col(ClaimEvidence.withdrawn_at).is_(None)))]
    kept = review_queries.quotes(session, ids=[item for item in standing if item is not None])
    if any(quote.exact == exact for quote, _ in kept.values()):
        raise Conflict("This sentence is linked to the claim already.")


def _sentence(text: str) -> str:
    clean = " ".join(text.split())
    if not 10 <= len(clean) <= MAX_STATEMENT:
        raise Invalid(f"Write one sentence of 10 to {MAX_STATEMENT} characters.")
    return clean


def _free_id(session: Session, statement: str) -> str:
    words = re.findall(r"[a-z0-9]+", statement.lower())[:6]
    stem, number = "-".join(words)[:60] or "claim", 1
    while session.get(Claim, stem if number == 1 else f"{stem}-{number}"):
        number += 1
    return stem if number == 1 else f"{stem}-{number}"


def _record(session: Session, actor: Actor, action: str, claim_id: str, **detail: object) -> None:
    audit.record(session, actor=actor, action=action, subject_kind="claim", subject_id=claim_id, detail=detail)
