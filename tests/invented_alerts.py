"""Changes that befell the invented library overnight, with the alerts that they raised. Nothing in it is real."""

from typing import Any

import invented_claims
import invented_studies
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db import config
from db.engine import reading, writing
from db.models import (
    Alert,
    Article,
    ChangeLog,
    ClaimEvidence,
    ClaimVerdict,
    HarvestRun,
    Notice,
    QuoteAnchor,
    Revision,
    SentenceLink,
)
from db.queries import documents as document_queries
from db.queries import literature
from db.types import Actor, AnchorState, ChangeEvent, Integrity, LinkState, RunKind, RunStatus, Stance, Verdict
from review_app.services import documents

ONSET, TOPIC = invented_claims.ONSET, invented_claims.TOPIC
OLD = "By day 7 the groups did not differ."
NEW = "By day 9 the groups did not differ."
RETRACTED = "A trial was retracted: A single infusion of ketamine in treatment-resistant depression."
REWORDED = "An abstract was reworded, and a quote no longer stands in it."


def trial(session: Session) -> Article:
    found = literature.article_by_pmid(session, pmid=invented_studies.TRIAL)
    if found is None:
        raise LookupError("fill the library first")
    return found


def judged_copy(engine: Engine, people: dict[str, Actor]) -> int:
    """Ben has linked words of the trial and judged the claim; Dov has accepted the link of his copy. Its id."""
    with writing(engine) as session:
        invented_claims.link(session, actor=people["Ben"], stance=Stance.SUPPORTS)
    invented_claims.judge(engine, people["Ben"], Verdict.SUPPORTED, "Two trials agree.")
    document = invented_claims.keep_copy(engine, people["Dov"])
    with writing(engine) as session:
        page = document_queries.document(session, viewer=people["Dov"], document_id=document)
        if page is None:
            raise LookupError("the copy was not kept")
        link = next(link for link in page.links if link.claim_id == ONSET)
        documents.decide_link(
            session,
            actor=people["Dov"],
            document_id=document,
            sentence_id=link.sentence_id,
            claim_id=ONSET,
            state=LinkState.ACCEPTED,
            reason="",
        )
    return document


def quote_id(engine: Engine) -> int:
    """The quote that Ben linked."""
    with reading(engine) as session:
        rows = select(ClaimEvidence.quote_id).where(col(ClaimEvidence.quote_id).is_not(None))
        found = session.exec(rows.order_by(col(ClaimEvidence.id))).first()
    if found is None:
        raise LookupError("nobody linked a quote")
    return found


def retract(engine: Engine, document: int, *, owner: Actor, summary: str = RETRACTED) -> tuple[int, int]:
    """The trial is retracted; the alerts on the claim (for the leads) and on the document."""
    with writing(engine) as session:
        article = trial(session)
        article.integrity = Integrity.RETRACTED
        session.add(article)
        for source, kind in (("pubmed", "retraction"), ("retraction_watch", "retraction")):
            said: dict[str, Any] = {"kind": kind, "source": source, "source_key": f"invented-{source}"}
            session.add(
                Notice(
                    article_id=article.id,
                    is_subject=True,
                    other_pmid=90000077,
                    stated="Invented J Psychiatry. 2026;14(2):90",
                    first_seen_at=config.now(),
                    **said,
                )
            )
        change = _night(session, article, ChangeEvent.NOTICE, article.content_hash)
        _go_stale(session, "The trial was retracted.")
        both = _tell(session, change, "retracted", summary, document, owner, {"notices": []})
        session.commit()
    return both


def reword(engine: Engine, document: int, *, owner: Actor) -> tuple[int, int]:
    """A number in the abstract of the trial becomes another one, so that Ben's quote is an orphan."""
    with writing(engine) as session:
        article, now = trial(session), config.now()
        content = {"title": article.title, "sections": article.sections}
        before = article.content_hash
        session.add(
            Revision(
                article_id=article.id,
                content=content,
                content_hash=before,
                retrieved_at=article.retrieved_at,
                replaced_at=now,
            )
        )
        article.sections = [part | {"text": part["text"].replace(OLD, NEW)} for part in article.sections]
        article.content_hash = "another"
        session.add(article)
        change = _night(session, article, ChangeEvent.REVISED, before)
        quotes = select(ClaimEvidence.quote_id).where(col(ClaimEvidence.quote_id).is_not(None))
        orphans = sorted({each for each in session.exec(quotes) if each is not None})
        for each in orphans:
            session.add(QuoteAnchor(quote_id=each, state=AnchorState.ORPHANED, text_hash="", at=now))
        _go_stale(session, "A quote no longer stands in the record.")
        detail = {"quotes": {str(each): "orphaned" for each in orphans}}
        both = _tell(session, change, "quote_orphaned", REWORDED, document, owner, detail)
        session.commit()
    return both


def miss_the_night(engine: Engine) -> int:
    """A night that did not run; the leads are told."""
    with writing(engine) as session:
        row = Alert(
            key="night:2026-03-01:night_missed:0|library",
            kind="night_missed",
            summary="No complete night for 40 hours.",
            raised_at=config.now(),
        )
        session.add(row)
        session.commit()
        return row.id


def _night(session: Session, article: Article, event: ChangeEvent, before: str) -> ChangeLog:
    run = HarvestRun(
        topic_id=TOPIC,
        kind=RunKind.REFRESH,
        status=RunStatus.COMPLETE,
        changed=1,
        started_at=config.now(),
        finished_at=config.now(),
    )
    session.add(run)
    session.flush()
    change = ChangeLog(
        run_id=run.id,
        article_id=article.id,
        event=event,
        old_hash=before,
        new_hash=article.content_hash,
        at=config.now(),
    )
    session.add(change)
    session.flush()
    return change


def _go_stale(session: Session, why: str) -> None:
    for verdict in session.exec(select(ClaimVerdict)):
        verdict.stale_since, verdict.stale_reason = config.now(), why
        session.add(verdict)
    for link in session.exec(select(SentenceLink).where(SentenceLink.state == LinkState.ACCEPTED)):
        stale = link.model_dump() | {"id": None, "state": LinkState.STALE, "member_id": None, "reason": why}
        session.add(SentenceLink(**(stale | {"at": config.now()})))
    session.flush()


def _tell(
    session: Session, change: ChangeLog, kind: str, summary: str, document: int, owner: Actor, detail: dict[str, Any]
) -> tuple[int, int]:
    key = f"change:{change.article_id}:{kind}:{change.id}"
    common: dict[str, Any] = {
        "kind": kind,
        "change_id": change.id,
        "run_id": change.run_id,
        "article_id": change.article_id,
        "summary": summary,
        "raised_at": config.now(),
    }
    rows = [
        Alert(key=f"{key}|claim:{ONSET}", claim_id=ONSET, detail=detail, **common),
        Alert(key=f"{key}|document:{document}", document_id=document, member_id=owner.id, **common),
    ]
    session.add_all(rows)
    session.flush()
    return rows[0].id, rows[1].id
