"""A small library of invented studies, for tests and pictures. No person, trial or number in it exists."""

from sqlalchemy import Engine
from sqlmodel import Session

from db import config
from db.engine import writing
from db.models import Form, HarvestRun, Review, Topic
from db.types import Actor, RunKind
from db.vocabulary import vocabulary
from harvester.records import (
    ArticleRecord,
    Author,
    MeshHeading,
    MeshQualifier,
    NoticeLink,
    PublicationType,
    RegistryId,
    Section,
)
from harvester.store import Outcome, Source, store
from review_app.services.claims import create_claim
from review_app.services.tag_forms import TAG_FORM

TOPIC = "ketamine-depression"
TRIAL, RETRACTED, NOTICE, BARE, SCRIPT = 90000001, 90000002, 90000003, 90000004, 90000005
SCRIPT_TITLE = '<script>alert("title")</script> and *stars* in a title'
RESULT = "At 24 hours the mean MADRS score was 7.4 points lower with ketamine than with midazolam (p = 0.01)."
CLAIM = "One infusion of ketamine can relieve depression within a day."

_JOURNALS = ("Invented J Psychiatry", "Annals of Invented Medicine", "Made-up Acta Psychiatr", "J Imagin Mood Disord")
_KINDS = (
    ("Two infusions of ketamine in late-life depression: an open-label pilot", "open-label", "24 older adults"),
    ("Ketamine clinics in one county: a retrospective cohort", "retrospective cohort", "412 patients"),
    ("Esketamine nasal spray against relapse: a randomised withdrawal trial", "randomised, double-blind", "180 adults"),
    ("Dissociation after intranasal esketamine: a prospective cohort", "prospective cohort", "96 patients"),
    ("Sublingual ketamine at home: a case series", "case series", "Six patients"),
)


def trial() -> ArticleRecord:
    """A study with everything a page can show."""
    return ArticleRecord(
        pmid=TRIAL,
        title="A single infusion of ketamine in treatment-resistant depression: a randomised controlled trial",
        sections=(
            Section(
                "Whether one infusion helps people with treatment-resistant depression is uncertain.", "BACKGROUND"
            ),
            Section(
                "In this double-blind randomised trial, 60 adults with treatment-resistant depression received "
                "intravenous ketamine (0.5 mg/kg) or midazolam. The primary outcome was the MADRS score at 24 hours.",
                "METHODS",
            ),
            Section(
                f"{RESULT} Response was more frequent with ketamine (58% against 24%). Dissociation was more frequent "
                "with ketamine and had passed by two hours. By day 7 the groups did not differ.",
                "RESULTS",
            ),
            Section("One infusion relieved depression within a day, but not for long.", "CONCLUSIONS"),
        ),
        authors=(Author("Lindqvist", "Astrid"), Author("Okafor", "Ben"), Author("Tanaka", "Yui")),
        journal="Invented Journal of Psychiatry",
        iso_abbreviation="Invented J Psychiatry",
        volume="12",
        issue="3",
        pages="201-9",
        year=2024,
        month=5,
        doi="10.5555/invented.1",
        pmcid="PMC90000001",
        publication_types=(
            PublicationType("D016428", "Journal Article"),
            PublicationType("D016449", "Randomized Controlled Trial"),
        ),
        mesh=(
            MeshHeading("D007649", "Ketamine", qualifiers=(MeshQualifier("Q000008", "administration & dosage", True),)),
            MeshHeading("D061218", "Depressive Disorder, Treatment-Resistant", major=True),
        ),
        keywords=("ketamine", "midazolam", "treatment-resistant depression"),
        registry_ids=(RegistryId("ClinicalTrials.gov", "NCT90000001"),),
        notices=(NoticeLink("ErratumIn", "erratum", True, None, "Invented J Psychiatry. 2024;12(5):400"),),
    )


def _others() -> list[ArticleRecord]:
    retraction = NoticeLink("RetractionIn", "retraction", True, NOTICE, "Annals of Invented Medicine. 2023;4:1")
    notice = NoticeLink("RetractionOf", "retraction", False, RETRACTED, "Annals of Invented Medicine. 2020;1:9")
    told = "Ketamine cured every patient. The figures were later found to be made up."
    return [
        ArticleRecord(
            pmid=RETRACTED,
            title="Ketamine cures depression in all patients: a randomised trial",
            sections=(Section(told),),
            authors=(Author("Nemo", "Xaver"),),
            journal="Annals of Invented Medicine",
            year=2020,
            notices=(retraction,),
        ),
        ArticleRecord(pmid=NOTICE, title="Retraction notice: Ketamine cures depression", year=2023, notices=(notice,)),
        ArticleRecord(pmid=BARE, title="A record without an abstract"),
        ArticleRecord(
            pmid=SCRIPT,
            title=SCRIPT_TITLE,
            sections=(Section("<script>alert('text')</script> is how this abstract begins."),),
            authors=(Author("<b>Bold</b>"),),
            journal="<i>Journal</i>",
            year=2019,
        ),
    ]


def _plain(number: int) -> ArticleRecord:
    title, design, people = _KINDS[number % len(_KINDS)]
    told = (
        f"This {design} study followed {people} with depression. Scores fell by {3 + number % 9} points on MADRS. "
        "Nausea and a rise in blood pressure were the commonest adverse events."
    )
    return ArticleRecord(
        pmid=90000100 + number,
        title=f"{title} ({number + 1})",
        sections=(Section(told),),
        authors=(Author(("Moreau", "Petrov", "Silva")[number % 3], "Ada"), Author("Hansen", "Ib"))[: 1 + number % 2],
        journal=_JOURNALS[number % len(_JOURNALS)],
        year=2012 + number % 12,
        publication_types=(PublicationType("D016428", "Journal Article"),),
    )


def fill(engine: Engine, *, lead: Actor, plain: int = 30) -> None:
    """Topic, review, form, the studies, and one claim by `lead`."""
    with writing(engine) as session:
        session.add(Topic(id=TOPIC, name="Ketamine for depression", query="ketamine", created_at=config.now()))
        session.flush()
        session.add(Review(topic_id=TOPIC, name="Evidence library", created_at=config.now()))
        form = {"vocabulary": vocabulary().version, "fields": []}
        session.add(Form(name=TAG_FORM, version=1, definition=form, created_at=config.now()))
        keep(session, [trial(), *_others(), *(_plain(number) for number in range(plain))])
        create_claim(session, actor=lead, topic_id=TOPIC, statement=CLAIM, topics=["onset"])


def keep(session: Session, records: list[ArticleRecord]) -> Outcome:
    """Store records as an import does; the caller commits."""
    run = HarvestRun(topic_id=TOPIC, kind=RunKind.IMPORT, started_at=config.now())
    session.add(run)
    session.flush()
    return store(session, records, run_id=run.id, source=Source("file", "invented.xml"), topic_id=TOPIC)
