"""A small invented library in which things rest on a trial: a quote, claims, verdicts, copy, a finding, tags.

Ben owns the claim `onset`, which rests on the trial by its own words; Ben and Cleo gave verdicts on it. `shipped`
names the trial by its PMID, without words, and nobody owns it. `other` rests on another study. Dov's copy makes the
claim `onset` in its first sentence (accepted), `shipped` in its second (suggested), and a check offered the trial for
its third. Ben recorded a finding, with a quote, and Cleo tags.
"""

from dataclasses import replace
from typing import Any

import invented_claims
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, func, select

from db import anchors, audit, config
from db.engine import reading, writing
from db.models import (
    Alert,
    Article,
    Claim,
    ClaimEvidence,
    ClaimVerdict,
    ClaimVersion,
    Document,
    DocumentCheck,
    DocumentVersion,
    Finding,
    Form,
    HarvestRun,
    Quote,
    QuoteAnchor,
    Review,
    Sentence,
    SentenceEvidence,
    SentenceLink,
    StoredFile,
    Tagging,
    Topic,
)
from db.types import (
    Actor,
    AnchorState,
    Certainty,
    ClaimOrigin,
    LinkState,
    RunKind,
    Stance,
    Verdict,
)
from harvester.records import ArticleRecord, Author, Section
from harvester.store import Outcome, Source, store, withdraw

TOPIC, TRIAL, OTHER = "ketamine-depression", 90000401, 90000402
PUBMED = Source("pubmed", TOPIC)
QUOTE = "Scores fell by 8.2 points more with ketamine."
FOUND = "Nausea did not differ."
METHODS = "We gave ketamine or midazolam to 60 adults."


def trial(pmid: int = TRIAL, **said: Any) -> ArticleRecord:
    """The trial as PubMed says it, with its own raw record."""
    values: dict[str, Any] = {
        "title": "Ketamine in depression: an invented trial",
        "sections": (Section(METHODS, "METHODS"), Section(f"{QUOTE} {FOUND}", "RESULTS")),
        "authors": (Author("Varga", "Ilona"), Author("Osei", "Kofi")),
        "year": 2025,
        **said,
    }
    record = ArticleRecord(pmid=pmid, **values)
    return replace(record, raw=f"<PubmedArticle>{values!r}</PubmedArticle>".encode())


def put(engine: Engine, *records: ArticleRecord, source: Source = PUBMED) -> Outcome:
    """What a harvest does with these records, audited."""
    with writing(engine) as session:
        outcome = store(session, records, run_id=run(session), source=source, topic_id=TOPIC)
        session.commit()
    with reading(engine) as session:
        assert audit.problems(session) == []
    return outcome


def take_away(engine: Engine, pmid: int = TRIAL) -> None:
    with writing(engine) as session:
        withdraw(session, [pmid], run_id=run(session), source=PUBMED)
        session.commit()


def run(session: Session) -> int:
    row = HarvestRun(topic_id=TOPIC, kind=RunKind.REFRESH, started_at=config.now())
    session.add(row)
    session.flush()
    return row.id


def furnish(engine: Engine) -> dict[str, Actor]:
    people = invented_claims.people(engine)
    with writing(engine) as session:
        session.add(Topic(id=TOPIC, name="Ketamine", query="ketamine", created_at=config.now()))
        session.flush()
        session.add(Review(topic_id=TOPIC, name="Evidence library", created_at=config.now()))
        session.add(Form(name="study-tags", version=1, definition={}, created_at=config.now()))
        session.commit()
    put(engine, trial(), trial(OTHER, title="Another invented trial"))
    with writing(engine) as session:
        _claims(session, people)
        _judgements(session, people)
        _copy(session, people)
        session.commit()
    return people


def _claims(session: Session, people: dict[str, Actor]) -> None:
    for claim_id, owner in (("onset", people["Ben"].id), ("shipped", None), ("other", people["Ben"].id)):
        add_claim(session, claim_id, owner)
    other = article(session, OTHER)
    rests: tuple[tuple[str, dict[str, Any]], ...] = (
        ("onset", {"article_id": article(session).id, "quote_id": add_quote(session, QUOTE)}),
        ("shipped", {"pmid": TRIAL}),
        ("other", {"article_id": other.id}),
    )
    for claim_id, about in rests:
        session.add(ClaimEvidence(claim_id=claim_id, stance=Stance.SUPPORTS, linked_at=config.now(), **about))
    for claim_id, name in (("onset", "Ben"), ("onset", "Cleo"), ("shipped", "Cleo"), ("other", "Cleo")):
        give_verdict(session, claim_id, people[name])


def add_claim(session: Session, claim_id: str, owner_id: int | None, query: str = "") -> None:
    origin = ClaimOrigin.CREATED if owner_id else ClaimOrigin.SHIPPED
    session.add(Claim(id=claim_id, topic_id=TOPIC, origin=origin, owner_id=owner_id, created_at=config.now()))
    session.flush()
    session.add(
        ClaimVersion(
            claim_id=claim_id,
            number=1,
            statement=f"Invented claim {claim_id}.",
            search_query=query,
            certainty=Certainty.LOW,
            content_hash=claim_id,
            created_at=config.now(),
        )
    )
    session.flush()


def add_quote(session: Session, words: str, pmid: int = TRIAL) -> int:
    """A quote of an article where it stands now."""
    row = article(session, pmid)
    passages = [anchors.Passage(part["label"], part["text"]) for part in row.sections]
    place = anchors.find(words, passages or [anchors.Passage("Title", row.title)])[0]
    quote = Quote(
        article_id=row.id, exact=place.exact, prefix=place.prefix, suffix=place.suffix, created_at=config.now()
    )
    session.add(quote)
    session.flush()
    where: dict[str, Any] = {
        name: getattr(place, name) for name in ("section", "section_label", "start", "end", "text_hash")
    }
    session.add(QuoteAnchor(quote_id=quote.id, state=AnchorState.ANCHORED, at=config.now(), **where))
    return quote.id


def give_verdict(session: Session, claim_id: str, who: Actor) -> None:
    session.add(
        ClaimVerdict(
            claim_id=claim_id,
            version_number=1,
            member_id=who.member_id,
            verdict=Verdict.SUPPORTED,
            certainty=Certainty.LOW,
            reason="Invented",
            decided_at=config.now(),
        )
    )


def _judgements(session: Session, people: dict[str, Actor]) -> None:
    found: dict[str, Any] = {"review_id": 1, "article_id": article(session).id}
    session.add(
        Finding(
            **found,
            member_id=people["Ben"].member_id,
            domain="adverse_events",
            direction="no_difference",
            quote_id=add_quote(session, FOUND),
            recorded_at=config.now(),
        )
    )
    session.add(
        Tagging(
            **found,
            member_id=people["Cleo"].member_id,
            form_id=1,
            tags={},
            content_hash=article(session).content_hash,
            tagged_at=config.now(),
        )
    )


def _copy(session: Session, people: dict[str, Actor]) -> None:
    writer = people["Dov"].member_id
    session.add(StoredFile(sha256="0" * 64, media_type="text/plain", size=0, body=b"", stored_at=config.now()))
    session.add(Document(topic_id=TOPIC, title="Copy", profile="clinic", owner_id=writer, created_at=config.now()))
    session.flush()
    document_id = session.exec(select(Document.id)).one()
    sentences = add_version(session, document_id, writer)
    for sentence_id, claim_id, state in (
        (sentences[0], "onset", LinkState.ACCEPTED),
        (sentences[1], "shipped", LinkState.SUGGESTED),
    ):
        link: dict[str, Any] = {
            "sentence_id": sentence_id,
            "claim_id": claim_id,
            "state": state,
            "match": "exact",
            "score": 1.0,
        }
        session.add(SentenceLink(**link, verdict="supported", at=config.now()))
    offer(session, sentences[2])


def add_version(session: Session, document_id: int, writer: int) -> list[int]:
    """A version with three sentences; their ids."""
    number = session.exec(select(func.count()).select_from(DocumentVersion)).one() + 1
    version = DocumentVersion(
        document_id=document_id,
        number=number,
        sha256="0" * 64,
        source="pasted text",
        extractor_version=1,
        text="One. Two. Three.",
        text_hash=str(number),
        author_id=writer,
        created_at=config.now(),
    )
    session.add(version)
    session.flush()
    rows = [
        Sentence(version_id=version.id, position=n, start=0, end=4, text=text, text_hash=text)
        for n, text in enumerate(("One.", "Two.", "Three."))
    ]
    session.add_all([*rows, DocumentCheck(version_id=version.id, engine_version=1, answer={}, checked_at=config.now())])
    session.flush()
    return [row.id for row in rows]


def offer(session: Session, sentence_id: int) -> None:
    """The newest check offered the trial for this sentence."""
    check = session.exec(select(func.max(DocumentCheck.id))).one()
    row = article(session)
    about: dict[str, Any] = {"sentence_id": sentence_id, "article_id": row.id, "check_id": check}
    session.add(SentenceEvidence(**about, stance="supports", content_hash=row.content_hash))


def article(session: Session, pmid: int = TRIAL) -> Article:
    return session.exec(select(Article).where(Article.pmid == pmid)).one()


def alerts(engine: Engine) -> list[Alert]:
    with reading(engine) as session:
        return list(session.exec(select(Alert).order_by(col(Alert.id))))


def told(engine: Engine) -> list[tuple[str, str]]:
    """The kind of each alert, and what it is about, in their order."""
    return [(row.kind, row.key.partition("|")[2]) for row in alerts(engine)]


def stale_claims(engine: Engine) -> dict[str, int]:
    """How many verdicts of each claim are stale."""
    with reading(engine) as session:
        rows = session.exec(select(ClaimVerdict.claim_id).where(col(ClaimVerdict.stale_since).is_not(None))).all()
        return {claim_id: rows.count(claim_id) for claim_id in rows}


def links(engine: Engine) -> list[tuple[str, LinkState]]:
    with reading(engine) as session:
        rows = select(SentenceLink.claim_id, SentenceLink.state).order_by(col(SentenceLink.id))
        return [(claim_id, LinkState(state)) for claim_id, state in session.exec(rows)]


def anchored(engine: Engine, words: str) -> list[AnchorState]:
    """What became of a quote."""
    with reading(engine) as session:
        rows = select(QuoteAnchor.state).join(Quote).where(Quote.exact == words).order_by(col(QuoteAnchor.id))
        return [AnchorState(state) for state in session.exec(rows)]


def count(engine: Engine, kind: type[SQLModel]) -> int:
    with reading(engine) as session:
        return session.exec(select(func.count()).select_from(kind)).one()
