"""Changes that befell the invented library overnight, with the alerts that they raised. Nothing in it is real."""

from dataclasses import replace

import invented_claims
import invented_studies
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db import config, impact
from db.engine import reading, writing
from db.models import Alert, Article, ClaimEvidence, Label, Notice
from db.queries import documents as document_queries
from db.queries import literature
from db.types import Actor, LinkState, Stance, Verdict
from harvester.records import NoticeLink, PublicationType
from review_app.services import documents

ONSET = invented_claims.ONSET
OLD = "By day 7 the groups did not differ."
NEW = "By day 9 the groups did not differ."
RETRACTED = "Lindqvist et al. 2024 (PMID 90000001) was retracted."


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


def retract(engine: Engine, document: int, *, title: str | None = None) -> tuple[int, int]:
    """PubMed marks the trial as retracted, and Retraction Watch lists it; the alerts on the claim and the document."""
    marks = (PublicationType("D016441", "Retracted Publication"),)
    told = NoticeLink("RetractionIn", "retraction", True, 90000077, "Invented J Psychiatry. 2026;14(2):90")
    before = invented_studies.trial()
    record = replace(
        before,
        title=title or before.title,
        publication_types=before.publication_types + marks,
        notices=(*before.notices, told),
    )
    with writing(engine) as session:
        invented_studies.keep(session, [record])
        session.add(
            Notice(
                article_id=trial(session).id,
                is_subject=True,
                kind="retraction",
                source="retraction_watch",
                source_key="invented",
                first_seen_at=config.now(),
            )
        )
        session.commit()
    return _told(engine, document)


def retract_another(engine: Engine, document: int) -> tuple[int, int]:
    """The trial that found the opposite is retracted too; the alerts on the claim and the document."""
    told = NoticeLink("RetractionIn", "retraction", True, 90000078, "Annals of Invented Medicine. 2026;9:1")
    with writing(engine) as session:
        invented_studies.keep(session, [replace(invented_claims.against(), notices=(told,))])
        session.commit()
    return _told(engine, document)


def reword(engine: Engine, document: int) -> tuple[int, int]:
    """A number in the abstract of the trial becomes another one, so that Ben's quote is an orphan."""
    before = invented_studies.trial()
    sections = tuple(replace(part, text=part.text.replace(OLD, NEW)) for part in before.sections)
    with writing(engine) as session:
        invented_studies.keep(session, [replace(before, sections=sections)])
        session.commit()
    return _told(engine, document)


def revise_label(engine: Engine, document: int) -> tuple[int, int]:
    """A new version of the label says something else; the alerts on the claim and the document."""
    with writing(engine) as session:
        before = session.exec(select(Label)).one()
        sections = [before.sections[0] | {"points": ["For adults and adolescents, both invented."]}]
        new = {"id": None, "version": before.version + 1, "sections": sections}
        label = Label(**(before.model_dump() | new))
        session.add(label)
        session.flush()
        impact.label_revised(session, run_id=None, label_id=label.id)
        session.commit()
    return _told(engine, document)


def _told(engine: Engine, document: int) -> tuple[int, int]:
    with reading(engine) as session:
        newest = select(Alert.id).order_by(col(Alert.id).desc())
        on_claim = session.exec(newest.where(Alert.claim_id == ONSET)).first()
        on_copy = session.exec(newest.where(Alert.document_id == document)).first()
    if on_claim is None or on_copy is None:
        raise LookupError("nobody was told")
    return on_claim, on_copy


def miss_the_night(engine: Engine) -> int:
    """A night that did not run; the leads are told. The alert's id."""
    with writing(engine) as session:
        said = "No night was complete for 40 hours."
        impact.night_trouble(session, run_id=None, kind="night_missed", summary=said, detail={})
        row = session.exec(select(Alert).where(Alert.kind == "night_missed")).one()
        session.commit()
        return row.id
