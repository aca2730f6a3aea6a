"""Keep a checked document: its bytes, its text, its sentences, and what they rest on, so that a change finds them."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from db import anchors, audit, config
from db.models import (
    Article,
    Dismissal,
    Document,
    DocumentCheck,
    DocumentVersion,
    Report,
    Sentence,
    SentenceEvidence,
    SentenceLink,
    StoredFile,
)
from db.queries import documents as document_queries
from db.types import Actor, LinkState
from review_app.factcheck.answer import ground
from review_app.services.alert_answers import answered_by_check
from review_app.services.errors import Conflict, Invalid, NotFound
from review_app.services.permissions import May, require

EXTRACTOR_VERSION = 2
ENGINE_VERSION = 4  # raised when the same copy and library get another answer
REPORTS = {"html": "text/html", "markdown": "text/markdown"}


@dataclass(frozen=True, slots=True)
class GivenCopy:
    """What the writer gave, byte for byte, and what it is called."""

    body: bytes
    media_type: str
    source: str
    title: str


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """What a check answered: the object of the JSON answer, and the reports on it by format (`REPORTS`)."""

    answer: dict[str, Any]
    reports: Mapping[str, str]


def keep_document(
    session: Session, *, actor: Actor, topic_id: str, profile: str, given: GivenCopy, answered: GivenAnswer
) -> int:
    """Keep a new document with its first answer; returns the document's id."""
    require(actor, May.CHECK_COPY)
    document = Document(
        topic_id=topic_id,
        title=_title(given.title),
        profile=profile,
        owner_id=actor.member_id,
        created_at=config.now(),
    )
    session.add(document)
    session.flush()
    version = _keep_version(session, actor, document.id, 1, given, answered.answer)
    _keep_answer(session, actor, version, answered)
    detail = {"version": version.number, "text": version.text_hash}
    audit.record(
        session, actor=actor, action="document_checked", subject_kind="document", subject_id=document.id, detail=detail
    )
    session.commit()
    return document.id


def check_again(session: Session, *, actor: Actor, document_id: int, answered: GivenAnswer) -> None:
    """Keep a newer answer about the newest version of a document."""
    require(actor, May.CHECK_COPY)
    page = document_queries.document(session, viewer=actor, document_id=document_id)
    if page is None:
        raise NotFound("This document is not in the library any more.")
    if page.version.text != answered.answer["text"]:
        raise Conflict("The document has a newer version. Open it again.")
    _keep_answer(session, actor, page.version, answered)
    answered_by_check(session, actor, document_id)
    audit.record(session, actor=actor, action="document_checked_again", subject_kind="document", subject_id=document_id)
    session.commit()


def decide_link(
    session: Session, *, actor: Actor, document_id: int, sentence_id: int, claim_id: str, state: LinkState, reason: str
) -> None:
    """A person accepts or rejects that a sentence makes a claim; the suggestion stays readable."""
    require(actor, May.DECIDE_COPY)
    page = document_queries.document(session, viewer=actor, document_id=document_id)
    if page is None:
        raise NotFound("This document is not in the library any more.")
    link = next((row for row in page.links if (row.sentence_id, row.claim_id) == (sentence_id, claim_id)), None)
    if link is None:
        raise Conflict("The document has a newer version. Open it again.")
    if state is LinkState.REJECTED and not reason.strip():
        raise Invalid("Say in a few words why the claim does not fit.")
    keep_link(session, actor, link, state, reason)
    detail = {"sentence": sentence_id, "claim": claim_id, "reason": reason.strip()}
    audit.record(
        session,
        actor=actor,
        action=f"link_{state.value}",
        subject_kind="document",
        subject_id=document_id,
        detail=detail,
    )
    session.commit()


def keep_link(session: Session, actor: Actor, link: SentenceLink, state: LinkState, reason: str) -> None:
    """What a person decides about a pair after `link`, in the caller's transaction."""
    session.add(
        SentenceLink(
            sentence_id=link.sentence_id,
            claim_id=link.claim_id,
            state=state,
            match=link.match,
            score=link.score,
            verdict=link.verdict,
            reason=reason.strip(),
            member_id=actor.id,
            at=config.now(),
        )
    )


def set_aside(session: Session, *, actor: Actor, document_id: int, text: str, what: str, reason: str) -> None:
    """Say that a sentence is no claim (`what` = "not a claim") or that a flag's rule does not apply here."""
    require(actor, May.DECIDE_COPY)
    if session.get(Document, document_id) is None:
        raise NotFound("This document is not in the library any more.")
    if not reason.strip():
        raise Invalid("Say in a few words why.")
    session.add(
        Dismissal(
            document_id=document_id,
            text_hash=anchors.text_hash(text),
            what=what,
            reason=reason.strip(),
            member_id=actor.member_id,
            at=config.now(),
        )
    )
    detail = {"what": what, "text": anchors.text_hash(text)}
    audit.record(
        session, actor=actor, action="set_aside", subject_kind="document", subject_id=document_id, detail=detail
    )
    session.commit()


def bring_back(session: Session, *, actor: Actor, document_id: int, text: str, what: str) -> None:
    """Take back that a sentence, or a flag on it, was set aside; both stay readable in the audit trail."""
    require(actor, May.DECIDE_COPY)
    digest = anchors.text_hash(text)
    standing = document_queries.dismissals(session, viewer=actor, document_id=document_id)
    rows = [row for row in standing if (row.text_hash, row.what) == (digest, what)]
    if not rows:
        raise NotFound("This was taken back already.")
    for row in rows:
        row.withdrawn_at, row.withdrawn_by = config.now(), actor.id
        session.add(row)
    detail = {"what": what, "text": digest}
    audit.record(
        session, actor=actor, action="brought_back", subject_kind="document", subject_id=document_id, detail=detail
    )
    session.commit()


def _keep_version(
    session: Session, actor: Actor, document_id: int, number: int, given: GivenCopy, answer: dict[str, Any]
) -> DocumentVersion:
    digest = _keep_file(session, given.body, given.media_type)
    version = DocumentVersion(
        document_id=document_id,
        number=number,
        sha256=digest,
        source=given.source,
        extractor_version=EXTRACTOR_VERSION,
        text=answer["text"],
        text_hash=anchors.text_hash(answer["text"]),
        author_id=actor.member_id,
        created_at=config.now(),
    )
    session.add(version)
    session.flush()
    for item in answer["sentences"]:
        session.add(
            Sentence(
                version_id=version.id,
                position=item["index"],
                start=item["start"],
                end=item["end"],
                text=item["text"],
                text_hash=anchors.text_hash(item["text"]),
            )
        )
    session.flush()
    return version


def _keep_file(session: Session, body: bytes, media_type: str) -> str:
    digest = hashlib.sha256(body).hexdigest()
    if session.get(StoredFile, digest) is None:
        session.add(StoredFile(sha256=digest, media_type=media_type, size=len(body), body=body, stored_at=config.now()))
        session.flush()
    return digest


def _keep_answer(session: Session, actor: Actor, version: DocumentVersion, answered: GivenAnswer) -> None:
    answer = answered.answer
    check = DocumentCheck(
        version_id=version.id,
        engine_version=ENGINE_VERSION,
        answer=answer,
        checked_by=actor.id,
        checked_at=config.now(),
    )
    session.add(check)
    session.flush()
    for form, text in answered.reports.items():
        digest = _keep_file(session, text.encode(), REPORTS[form])
        session.add(Report(check_id=check.id, format=form, sha256=digest, member_id=actor.id, at=config.now()))
    by_position = document_queries.sentence_ids(session, version_id=version.id)
    for item in answer["sentences"]:
        sentence_id = by_position[item["index"]]
        if item["claim"]:
            _suggest_link(session, actor, sentence_id, item)
        _keep_evidence(session, check.id, sentence_id, ground(item))


def _suggest_link(session: Session, actor: Actor, sentence_id: int, item: dict[str, Any]) -> None:
    claim = item["claim"]
    decided = document_queries.newest_link(session, viewer=actor, sentence_id=sentence_id, claim_id=claim["id"])
    if decided is not None and decided.state is not LinkState.SUGGESTED:
        return  # what a person decided about this pair stands
    session.add(
        SentenceLink(
            sentence_id=sentence_id,
            claim_id=claim["id"],
            state=LinkState.SUGGESTED,
            match=claim["match"],
            score=claim["score"],
            verdict=item["verdict"],
            at=config.now(),
        )
    )


def _keep_evidence(session: Session, check_id: int, sentence_id: int, items: list[dict[str, Any]]) -> None:
    for item in items:
        article = session.get(Article, item["id"]) if item["kind"] == "study" else None
        if article is not None:
            session.merge(
                SentenceEvidence(
                    sentence_id=sentence_id,
                    article_id=article.id,
                    check_id=check_id,
                    stance=item["stance"],
                    content_hash=article.content_hash,
                )
            )


def _title(text: str) -> str:
    clean = " ".join(text.split())
    return clean[:200] or "Untitled copy"
