"""Twelve days of an invented PubMed, and a library whose people rest on what it says. Nothing in it is real.

Day 0: Ada has claims on five studies, each with a verdict on words that Ben quoted; Dov's page makes them all, and one
that ships with the topic and rests on the label. Each night `harvest refresh` runs; `Morning` is what people then find.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import invented_claims
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db.engine import reading, writing
from db.models import Alert, Article, ClaimEvidence, ClaimVersion, Label
from db.queries import claims as claim_queries
from db.queries import literature
from db.types import Actor, Certainty, LinkState, Stance, Verdict
from review_app.factcheck.model import Standing
from review_app.services import claims, documents
from review_app.services.claims_view import claim_view
from review_app.services.document_view import document_view

TOPIC = "ketamine-depression"
FAST, SIZE, CALM, REVIEW, HOME = 90000101, 90000102, 90000103, 90000104, 90000105
NOTICE, ERRATUM, UPDATE, AGAINST = 90000111, 90000112, 90000114, 90000116
SPL = "d81a6a79-a74a-44b7-822c-0dfa3036eaed"  # Spravato's set id, which the topic's claims name
QUOTES = {
    FAST: "Depression scores were lower with ketamine than with midazolam one day after the infusion.",
    SIZE: "MADRS scores fell by 7.4 points more with ketamine than with midazolam.",
    CALM: "Blood pressure rose for a short time and ketamine was well tolerated.",
    REVIEW: "Ketamine relieved depression for about one week in the trials that were found.",
    HOME: "Half of the adults who took ketamine lozenges at home reported less depression.",
}
STATEMENTS = {
    FAST: "One infusion of ketamine relieves depression within a day in some adults.",
    SIZE: "Ketamine lowered MADRS scores by 7.4 points more than midazolam in one trial.",
    CALM: "Ketamine infusions raised blood pressure for a short time in one trial.",
    REVIEW: "A single dose of ketamine relieves depression for about a week.",
    HOME: "Some adults with depression felt better with ketamine lozenges at home.",
}
WARNING = "An invented warning that is new in this version."


def on(day: int, do: str, **about: Any) -> dict[str, Any]:
    return {"day": day, "do": do, **about}


def results(text: str) -> list[dict[str, str]]:
    """An abstract with these results."""
    methods = "We studied 60 adults with depression who were given ketamine."
    return [{"label": "METHODS", "text": methods}, {"label": "RESULTS", "text": text}]


def record(pmid: int, title: str, day: int = 0, text: str = "It was small.", **more: Any) -> dict[str, Any]:
    about = {"authors": ["Lovelace A", "Noether E"], "journal": "Invented J Mood", "published": "2029/03"}
    told = results(f"{QUOTES[pmid]} {text}" if pmid in QUOTES else text)
    return on(day, "add", pmid=pmid, title=title, abstract=told, doi=f"10.5555/{pmid}", **about, **more)


def reworded(pmid: int, old: str, new: str) -> dict[str, Any]:
    return {"pmid": pmid, "abstract": results(f"{QUOTES[pmid].replace(old, new)} It was small.")}


TRIAL = ["Journal Article", "Randomized Controlled Trial"]
NO_EFFECT = (
    "At 24 hours after one infusion of ketamine MADRS scores did not differ from those after midazolam in adults with"
    " depression."
)
EVENTS: Sequence[dict[str, Any]] = (
    record(FAST, "One infusion of ketamine for depression: an invented trial", types=TRIAL),
    record(SIZE, "Ketamine or midazolam for depression: an invented trial", types=TRIAL),
    record(CALM, "Blood pressure after ketamine for depression: an invented trial", types=TRIAL),
    record(REVIEW, "Ketamine for depression: an invented systematic review", types=["Systematic Review"]),
    record(HOME, "Ketamine lozenges at home for depression: an invented cohort"),
    *(record(pmid, f"Ketamine and depression, invented study {pmid}") for pmid in range(90000120, 90000240)),
    on(
        0,
        "label",
        setid=SPL,
        title="SPRAVATO (invented text)",
        drug_names=["SPRAVATO"],
        version=18,
        sections={"34067-9": "For invented moods."},
    ),
    on(1, "retract", pmid=FAST, notice=NOTICE, prefix="RETRACTED: "),
    on(2, "correct", pmid=SIZE, notice=ERRATUM),
    on(2, "revise", **reworded(SIZE, "7.4", "4.7")),
    on(3, "reword", **reworded(CALM, "was well tolerated", "was tolerated")),
    on(4, "update", pmid=REVIEW, notice=UPDATE, notice_title="Ketamine for depression: the review, updated"),
    on(5, "label", setid=SPL, sections={"43685-7": WARNING}),
    on(6, "vanish", pmid=HOME, nights=1),
    on(8, "delete", pmid=HOME),
    record(AGAINST, "No early effect of ketamine on depression: an invented trial", 10, NO_EFFECT, types=TRIAL),
    on(11, "reinstate", pmid=FAST),
)


@dataclass(frozen=True, slots=True)
class Morning:
    """What people find after a night: the digest as it lies in its file, what was told, how claims and page stand."""

    code: int
    digest: str
    told: tuple[tuple[str, str, str], ...]
    claims: dict[int, Standing]
    page: dict[str, Standing]


class Library:
    """The library before the first night, and what its people see of it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.people = invented_claims.people(engine)
        self.claims = {pmid: self._claim(pmid) for pmid in STATEMENTS}
        self.document = self._page()

    def _claim(self, pmid: int) -> str:
        """Ada's claim, with the words that Ben quoted and Ada's verdict on them."""
        ada, ben = self.people["Ada"], self.people["Ben"]
        with writing(self.engine) as session:
            claim = claims.create_claim(
                session, actor=ada, topic_id=TOPIC, statement=STATEMENTS[pmid], topics=("efficacy",)
            )
            claim_id = claim.id
        with writing(self.engine) as session:
            article = _article(session, pmid)
            claims.link_quote(
                session,
                actor=ben,
                claim_id=claim_id,
                article_id=article.id,
                words=QUOTES[pmid],
                stance=Stance.SUPPORTS,
                content_hash=article.content_hash,
            )
        self.judge(ada, claim_id)
        return claim_id

    def judge(self, actor: Actor, claim_id: str) -> None:
        with writing(self.engine) as session:
            page = claim_queries.claim(session, viewer=actor, claim_id=claim_id)
            assert page is not None
            claims.give_verdict(
                session,
                actor=actor,
                claim_id=claim_id,
                version_number=page.version.number,
                verdict=Verdict.SUPPORTED,
                certainty=Certainty.LOW,
                reason="The quote says so.",
                contradicting_seen=[row.id for row in page.evidence],
            )

    def _page(self) -> int:
        """Dov's page, checked, with every link accepted."""
        dov, copy = self.people["Dov"], "\n\n".join([*STATEMENTS.values(), self._label_claim()])
        given = documents.GivenCopy(copy.encode(), "text/plain", "pasted text", "Our page")
        answered = invented_claims.answered(self.engine, dov, copy)
        with writing(self.engine) as session:
            document_id = documents.keep_document(
                session, actor=dov, topic_id=TOPIC, profile="clinic", given=given, answered=answered
            )
        with reading(self.engine) as session:
            view = document_view(session, viewer=dov, document_id=document_id)
        assert view is not None
        for sentence in view.sentences:
            if sentence.answer["claim"] is not None:
                with writing(self.engine) as session:
                    documents.decide_link(
                        session,
                        actor=dov,
                        document_id=document_id,
                        sentence_id=sentence.sentence_id,
                        claim_id=sentence.answer["claim"]["id"],
                        state=LinkState.ACCEPTED,
                        reason="",
                    )
        return document_id

    def _label_claim(self) -> str:
        """The statement of a claim that ships and rests on the label."""
        with reading(self.engine) as session:
            on_label = select(ClaimVersion.statement).join(
                ClaimEvidence, col(ClaimEvidence.claim_id) == col(ClaimVersion.claim_id)
            )
            rows = on_label.join(Label, col(Label.id) == col(ClaimEvidence.label_id)).where(Label.set_id == SPL)
            return session.exec(rows.order_by(col(ClaimVersion.id)).limit(1)).one()

    def morning(self, code: int, digest: str, after: int) -> Morning:
        """What there is to see, and what was told after this alert."""
        names = {actor.id: name for name, actor in self.people.items()} | {None: "the leads"}
        with reading(self.engine) as session:
            ada, dov = self.people["Ada"], self.people["Dov"]
            told = session.exec(select(Alert).where(col(Alert.id) > after).order_by(col(Alert.id))).all()
            views = {pmid: claim_view(session, viewer=ada, claim_id=each) for pmid, each in self.claims.items()}
            page = document_view(session, viewer=dov, document_id=self.document)
        assert page is not None
        return Morning(
            code,
            digest,
            tuple((names[row.member_id], row.kind, row.summary) for row in told),
            {pmid: view.line.standing for pmid, view in views.items() if view is not None},
            {each.answer["text"]: each.standing for each in page.sentences},
        )

    def newest_alert(self) -> int:
        with reading(self.engine) as session:
            return session.exec(select(Alert.id).order_by(col(Alert.id).desc()).limit(1)).first() or 0


def _article(session: Session, pmid: int) -> Article:
    article = literature.article_by_pmid(session, pmid=pmid)
    assert article is not None, f"PMID {pmid} was not harvested"
    return article


def pubmed(folder: Path) -> LocalPubMed:
    empty = folder / "none.xml"
    empty.write_text("<PubmedArticleSet></PubmedArticleSet>", encoding="utf-8")
    return LocalPubMed([empty], events=EVENTS, day=0)
