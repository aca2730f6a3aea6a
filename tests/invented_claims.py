"""A small invented claims library with its evidence, and invented copy that makes the claims. Nothing in it is real."""

from typing import Any

import invented_studies
from sqlalchemy import Engine
from sqlmodel import Session

from db import config
from db.engine import reading, writing
from db.models import Member, Review, Topic
from db.queries import accounts, literature
from db.queries import claims as claim_queries
from db.types import Actor, Certainty, Role, Stance, Verdict
from harvester.records import ArticleRecord, Author, PublicationType, Section
from review_app.factcheck.claims_file import load_claims
from review_app.factcheck.labels_file import load_labels
from review_app.services import checking, claims, claims_library, documents
from review_app.services.library import SHIPPED_BY

TOPIC = invented_studies.TOPIC
AGAINST, NOT_HELD = 90000201, 90000299
ONSET, TOO_FAR = "invented-onset", "Ketamine gives immediate relief from depression."
STATEMENT = "Ketamine can relieve depression within a day in some patients."
REWORDING = "Ketamine can ease depression within a day in some patients."
AGAINST_TITLE = "No early benefit of ketamine over an active control: an invented randomised trial"

LABEL_ROW = (
    '{ kind = "label", set_id = "00000000-invented", version = 3, effective = 2026-01-05, '
    'section = "Indications", stance = "qualifies", note = "Adults only" }'
)
CLAIMS = f"""
format = 1
[[claim]]
id = "{ONSET}"
topics = ["onset", "efficacy"]
type = "onset"
kind = "express"
risk = "routine"
statement = "{STATEMENT}"
search_query = "ketamine infusion depression 24 hours"
certainty = "moderate"
source = "invented trials"
qualifier = [{{ text = "for a few days, not for good", cues = ["for a few days", "temporary"] }}]
wording = [{{ text = "Some people feel better a day after ketamine.", verdict = "supported" }}]
goes_too_far = [{{ text = "{TOO_FAR}", verdict = "overstated", rewording = "{REWORDING}" }}]
evidence = [
    {{ kind = "study", pmid = {invented_studies.TRIAL}, stance = "supports", note = "Lower scores at 24 hours" }},
    {{ kind = "study", pmid = {AGAINST}, stance = "contradicts", note = "No difference at 24 hours" }},
    {{ kind = "study", pmid = {NOT_HELD}, stance = "supports", note = "A key study still to be harvested" }},
    {LABEL_ROW},
]
[[claim]]
id = "invented-supervision"
topics = ["administration"]
type = "administration"
kind = "express"
risk = "routine"
statement = "Esketamine nasal spray is given under the supervision of a healthcare professional."
search_query = "esketamine supervision"
certainty = "not_applicable"
source = "an invented label"
qualifier = []
wording = []
goes_too_far = []
evidence = []
"""
LABELS = """
format = 1
topic = "ketamine-depression"
version = "2026-01-05"
[[label]]
set_id = "00000000-invented"
version = 3
effective = 2026-01-05
name = "INVENTEX"
title = "INVENTEX (invented) nasal spray: prescribing information"
source = "invented"
[[label.section]]
loinc = "34067-9"
title = "Indications"
points = ["For adults whose depression did not respond to two invented treatments."]
"""
COPY = f"""One infusion, one day

{STATEMENT} {TOO_FAR} Our rooms are quiet and full of light.

- Esketamine nasal spray is given under the supervision of a healthcare professional.
- <script>alert('copy')</script> Ketamine is proven to cure depression in every patient.
"""


def against() -> ArticleRecord:
    """A trial that found the opposite."""
    told = (
        "MADRS scores at 24 hours did not differ between ketamine and the active control in patients with depression."
    )
    return ArticleRecord(
        pmid=AGAINST,
        title=AGAINST_TITLE,
        sections=(Section("We randomised 84 adults to ketamine or midazolam.", "METHODS"), Section(told, "RESULTS")),
        authors=(Author("Varga", "Ilona"), Author("Osei", "Kofi")),
        journal="Annals of Invented Medicine",
        year=2025,
        publication_types=(PublicationType("D016449", "Randomized Controlled Trial"),),
    )


def people(engine: Engine) -> dict[str, Actor]:
    """Ada leads, Ben and Cleo review, Dov writes, Rae only reads; Eve is an outsider with a role of no use here."""
    roles = {
        "Ada": Role.LEAD,
        "Ben": Role.REVIEWER,
        "Cleo": Role.REVIEWER,
        "Dov": Role.WRITER,
        "Rae": Role.READ_ONLY,
        "Eve": Role.READ_ONLY,
    }
    with writing(engine) as session:
        for name, role in roles.items():
            if accounts.member_by_name(session, name=name) is None:
                session.add(Member(name=name, name_key=name.casefold(), role=role, created_at=config.now()))
        session.commit()
    with reading(engine) as session:
        return {member.name: accounts.actor_of(member) for member in accounts.members(session)}


def fill(engine: Engine) -> dict[str, Actor]:
    """People, invented studies, and the claims as if they shipped."""
    actors = people(engine)
    invented_studies.fill(engine, lead=actors["Ada"], plain=0)
    labels, notices = load_labels(LABELS)
    with writing(engine) as session:
        invented_studies.keep(session, [against()])
        claims_library.load_shipped(
            session, actor=SHIPPED_BY, topic_id=TOPIC, claims=load_claims(CLAIMS), labels=labels, notices=notices
        )
        session.commit()
    return actors


def answered(
    engine: Engine, actor: Actor, copy: str = COPY, *, document_id: int | None = None
) -> documents.GivenAnswer:
    """What a check of the copy answers now, or of a kept document that is checked again."""
    with reading(engine) as session:
        opened = checking.library(session, viewer=actor, topic_id=TOPIC, document_id=document_id)
        text = checking.document_from(copy.encode(), name="pasted text")
        check = checking.check_document(opened, text, source="pasted text", profile="clinic")
        return checking.answered(check, topic_id=TOPIC, profile="clinic", title="One infusion, one day")


def keep_copy(engine: Engine, actor: Actor, copy: str = COPY) -> int:
    """A checked document; its id."""
    given = documents.GivenCopy(copy.encode(), "text/plain", "pasted text", "One infusion, one day")
    found = answered(engine, actor, copy)
    with writing(engine) as session:
        return documents.keep_document(
            session, actor=actor, topic_id=TOPIC, profile="clinic", given=given, answered=found
        )


def sentence_about(answer: dict[str, Any], words: str) -> dict[str, Any]:
    """The sentence of an answer that has these words."""
    return next(item for item in answer["sentences"] if words in item["text"])


def link(session: Session, *, actor: Actor, stance: Stance) -> int:
    """Point the onset claim at the trial's own words; the id of the row."""
    article = literature.article_by_pmid(session, pmid=invented_studies.TRIAL)
    if article is None:
        raise LookupError("fill the library first")
    row = claims.link_quote(
        session,
        actor=actor,
        claim_id=ONSET,
        article_id=article.id,
        words="By day 7 the groups did not differ.",
        stance=stance,
        content_hash=article.content_hash,
    )
    return row.id


def topic(engine: Engine) -> None:
    """The topic and its review, and nothing else."""
    with writing(engine) as session:
        session.add(Topic(id=TOPIC, name="Ketamine for depression", query="ketamine", created_at=config.now()))
        session.flush()
        session.add(Review(topic_id=TOPIC, name="Evidence library", created_at=config.now()))
        session.commit()


def judge(engine: Engine, actor: Actor, verdict: Verdict, reason: str) -> None:
    """A person's verdict on the onset claim, after a look at all its evidence."""
    with writing(engine) as session:
        page = claim_queries.claim(session, viewer=actor, claim_id=ONSET)
        if page is None:
            raise LookupError("fill the library first")
        claims.give_verdict(
            session,
            actor=actor,
            claim_id=ONSET,
            version_number=page.version.number,
            verdict=verdict,
            certainty=Certainty.LOW,
            reason=reason,
            contradicting_seen=[row.id for row in page.evidence],
        )
