"""Fill an empty library with invented studies and what invented people made of them, through the services people use.

The last step is a night later: a study is retracted, another corrected, a third finds the opposite.
"""

import secrets
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from db.demonstration import is_demonstration
from db.engine import reading, writing
from db.models import Article, Review
from db.queries import accounts as account_queries
from db.queries import claims as claim_queries
from db.queries import harvesting, literature, screening
from db.queries.blinding import default_review
from db.queries.screening import Position
from db.types import Actor, Certainty, Decision, LinkState, Role, Stage, Stance, Verdict
from review_app.services import accounts, checking, claims, documents, harvests, review_settings, studies, tags
from review_app.services import screening as votes
from review_app.services.document_view import document_view
from review_app.services.errors import Conflict
from review_app.services.permissions import May, require

FILES = Path(str(resources.files("review_app.demo")))
LEAD, TITLE = "Ada (invented)", "Brightwater Invented Clinic"


@dataclass(frozen=True, slots=True)
class Demonstration:
    """The library that is filled, who leads it, and its members by name."""

    engine: Engine
    topic_id: str
    lead: Actor
    people: dict[str, Actor]

    def article(self, session: Session, pmid: int) -> Article:
        found = literature.article_by_pmid(session, pmid=pmid)
        if found is None:
            raise Conflict(f"PMID {pmid} of the demonstration is not in the library. Load it into an empty one.")
        return found

    def review(self, session: Session) -> Review:
        found = default_review(session, topic_id=self.topic_id)
        if found is None:
            raise Conflict("The library has no review. Start Footnote once, then load the demonstration.")
        return found


def first_lead(engine: Engine) -> Actor:
    """The invented lead of a library in which nobody is a member yet."""
    password = accounts.hash_password(secrets.token_urlsafe(24))
    with writing(engine) as session:
        token = accounts.first_lead_link(session)
        if token is None:
            raise Conflict("This library has members. The demonstration needs a library of its own.")
        accounts.join(session, token=token, name=LEAD, password_hash=password)
    return _member(engine, LEAD)


def seed(engine: Engine, *, topic_id: str, lead: Actor) -> None:
    """Fill the library. Raises Conflict when it holds studies, ServiceError when something cannot be done."""
    require(lead, May.MANAGE_MEMBERS)
    with reading(engine) as session:
        if harvesting.library_size(session) or is_demonstration(session):
            raise Conflict("The demonstration needs an empty library: it never mixes with real studies.")
    harvests.import_demonstration(engine, FILES / "studies.xml", topic_id=topic_id)
    acts = tomllib.loads((FILES / "acts.toml").read_text(encoding="utf-8"))
    people = {each["name"]: _colleague(engine, lead, each) for each in acts["member"]}
    demo = Demonstration(engine, topic_id, lead, people)
    for each in acts["tagged"]:
        _tag(demo, each)
    for each in acts["finding"]:
        _find(demo, each)
    for each in acts["claim"]:
        _claim(demo, each)
    _begin_review(demo, acts["criteria"])
    for each in acts["vote"]:
        _vote(demo, each)
    _check_copy(demo)
    harvests.import_demonstration(engine, FILES / "next_morning.xml", topic_id=topic_id)


def _member(engine: Engine, name: str) -> Actor:
    with reading(engine) as session:
        member = account_queries.member_by_name(session, name=name)
        if member is None:
            raise Conflict(f"There is no member named {name}.")
        return account_queries.actor_of(member)


def _colleague(engine: Engine, lead: Actor, about: dict[str, str]) -> Actor:
    """Somebody who was invited and came. Nobody knows the password: a lead can make a link to sign in as them."""
    password = accounts.hash_password(secrets.token_urlsafe(24))
    with writing(engine) as session:
        token = accounts.invite(session, actor=lead, name=about["name"], role=Role(about["role"]))
    with writing(engine) as session:
        accounts.join(session, token=token, name=about["name"], password_hash=password)
    return _member(engine, about["name"])


def _tag(demo: Demonstration, act: dict[str, Any]) -> None:
    """The suggested tags, taken over as they are."""
    for pmid in act["pmids"]:
        with writing(demo.engine) as session:
            article = demo.article(session, pmid)
            found = dict(studies.suggested_tags(session, [article])[article.id])
            found.pop("study_design_basis", None)
            tags.save_tags(
                session,
                actor=demo.people[act["by"]],
                topic_id=demo.topic_id,
                article_id=article.id,
                tags=found,
                suggested=sorted(found),
                content_hash=article.content_hash,
            )


def _find(demo: Demonstration, act: dict[str, Any]) -> None:
    parts = ("domain", "instrument", "time_point", "direction", "quote")
    with writing(demo.engine) as session:
        article = demo.article(session, act["pmid"])
        tags.record_finding(
            session,
            actor=demo.people[act["by"]],
            topic_id=demo.topic_id,
            article_id=article.id,
            content_hash=article.content_hash,
            **{part: act[part] for part in parts},
        )


def _claim(demo: Demonstration, act: dict[str, Any]) -> None:
    """The lead's claim, the words that were quoted for and against it, and the lead's verdict."""
    with writing(demo.engine) as session:
        claim = claims.create_claim(
            session, actor=demo.lead, topic_id=demo.topic_id, statement=act["statement"], topics=act["topics"]
        )
        claim_id = claim.id
    for quote in act["quote"]:
        with writing(demo.engine) as session:
            article = demo.article(session, quote["pmid"])
            claims.link_quote(
                session,
                actor=demo.people[quote["by"]],
                claim_id=claim_id,
                article_id=article.id,
                words=quote["words"],
                stance=Stance(quote["stance"]),
                content_hash=article.content_hash,
            )
    with writing(demo.engine) as session:
        page = claim_queries.claim(session, viewer=demo.lead, claim_id=claim_id)
        claims.give_verdict(
            session,
            actor=demo.lead,
            claim_id=claim_id,
            version_number=1,
            verdict=Verdict(act["verdict"]),
            certainty=Certainty(act["certainty"]),
            reason=act["reason"],
            contradicting_seen=[row.id for row in page.evidence] if page else [],
        )


def _begin_review(demo: Demonstration, criteria: str) -> None:
    with writing(demo.engine) as session:
        review_id = demo.review(session).id
        review_settings.change_settings(session, actor=demo.lead, review_id=review_id, dual=True, blinded=True)
    with writing(demo.engine) as session:
        terms = review_settings.criteria_of(session, review_id=review_id).terms
        review_settings.save_criteria(session, actor=demo.lead, review_id=review_id, text=criteria, terms=terms)
    with writing(demo.engine) as session:
        votes.start(session, actor=demo.lead, review_id=review_id)


def _vote(demo: Demonstration, act: dict[str, Any]) -> None:
    given = dict.fromkeys(act["include"], (Decision.INCLUDE, None))
    given |= dict.fromkeys(act.get("maybe", ()), (Decision.MAYBE, None))
    given |= {pmid: (Decision.EXCLUDE, some["reason"]) for some in act["exclude"] for pmid in some["pmids"]}
    actor, stage = demo.people[act["by"]], Stage.TITLE_ABSTRACT
    with reading(demo.engine) as session:
        review = demo.review(session)
        waiting = screening.next_records(
            session, viewer=actor, review=review, stage=stage, after=Position(), limit=len(given) * 2
        )
    for each in waiting:
        if each.article.pmid not in given:
            continue
        decision, reason = given[each.article.pmid]
        with writing(demo.engine) as session:
            votes.vote(
                session,
                actor=actor,
                record_id=each.record.id,
                stage=stage,
                decision=decision,
                content_hash=each.article.content_hash,
                reason=reason,
            )


def _check_copy(demo: Demonstration) -> None:
    """The clinic's page, checked by the writer, who accepts the claims that were found in it."""
    dov, body = demo.people["Dov (invented)"], (FILES / "copy.md").read_bytes()
    with reading(demo.engine) as session:
        opened = checking.library(session, viewer=dov, topic_id=demo.topic_id)
        text = checking.document_from(body, name="copy.md")
        check = checking.check_document(opened, text, source="copy.md", profile="clinic")
        cited = checking.citations(session, check)
        answered = checking.answered(check, topic_id=demo.topic_id, profile="clinic", title=TITLE, citations=cited)
    given = documents.GivenCopy(body, "text/markdown", "copy.md", TITLE)
    with writing(demo.engine) as session:
        document_id = documents.keep_document(
            session, actor=dov, topic_id=demo.topic_id, profile="clinic", given=given, answered=answered
        )
    with reading(demo.engine) as session:
        view = document_view(session, viewer=dov, document_id=document_id)
    for sentence in view.sentences if view else ():
        if sentence.answer["claim"] is not None:
            with writing(demo.engine) as session:
                documents.decide_link(
                    session,
                    actor=dov,
                    document_id=document_id,
                    sentence_id=sentence.sentence_id,
                    claim_id=sentence.answer["claim"]["id"],
                    state=LinkState.ACCEPTED,
                    reason="",
                )
