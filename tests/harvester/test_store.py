"""Record → rows, on both engines. Every record here is invented."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, col, func, select

from db import audit, config, search
from db.engine import reading, writing
from db.models import (
    Article,
    ArticleMesh,
    ArticlePublicationType,
    AuditEvent,
    ChangeLog,
    DuplicateProposal,
    HarvestRun,
    ImportSource,
    Notice,
    RawRecord,
    Revision,
    Study,
    TopicArticle,
)
from db.queries import harvesting
from db.types import ChangeEvent, Integrity, RunKind
from harvester.records import ArticleRecord, MeshHeading, NoticeLink, PublicationType, RegistryId, Section
from harvester.store import Outcome, Source, store

PUBMED = Source("pubmed", "ketamine")


def record(pmid: int | None = 90000001, **said: Any) -> ArticleRecord:
    said.setdefault("title", f"Invented trial {pmid} of esketamine")
    said.setdefault("sections", (Section("Scores fell.", label="RESULTS", category="RESULTS"),))
    said.setdefault("raw", f"<PubmedArticle>{pmid} {sorted(said.items())!r}</PubmedArticle>".encode())
    return ArticleRecord(pmid=pmid, **said)


def put(engine: Engine, *records: ArticleRecord, source: Source = PUBMED) -> Outcome:
    with writing(engine) as session:
        harvesting.upsert_topic(session, topic_id="ketamine", name="Ketamine", query="ketamine")
        run = HarvestRun(kind=RunKind.SYNC, topic_id="ketamine", started_at=config.now())
        session.add(run)
        session.flush()
        outcome = store(session, records, run_id=run.id or 0, source=source, topic_id="ketamine")
        session.commit()
    with writing(engine) as session:
        assert search.check(session.connection()) == []
        assert audit.problems(session) == []
    return outcome


def count(session: Session, kind: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(kind)).one()


def article(session: Session, pmid: int = 90000001) -> Article:
    return session.exec(select(Article).where(Article.pmid == pmid)).one()


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.new, outcome.changed, outcome.unchanged


def test_a_record_becomes_an_article_with_all_it_says(engine: Engine) -> None:
    said = record(
        doi="10.5555/invented.1",
        publication_types=(PublicationType("D016449", "Randomized Controlled Trial"),),
        mesh=(MeshHeading("D007649", "Ketamine", major=True),),
        registry_ids=(RegistryId("ClinicalTrials.gov", "NCT90000001"),),
        electronic_date=date(2026, 2, 1),
        year=2026,
    )
    assert counts(put(engine, said)) == (1, 0, 0)
    with reading(engine) as session:
        stored = article(session)
        assert (stored.title, stored.abstract) == (said.title, "RESULTS: Scores fell.")
        assert (stored.doi, stored.electronic_date, stored.year) == ("10.5555/invented.1", date(2026, 2, 1), 2026)
        assert session.exec(select(ArticleMesh.name, ArticleMesh.major)).all() == [("Ketamine", True)]
        assert session.exec(select(ArticlePublicationType.ui)).all() == ["D016449"]
        assert session.get(Study, stored.study_id) is not None
        assert [hit.article_id for hit in search.search(session, "esketamine", limit=5)] == [stored.id]
        assert session.exec(select(TopicArticle.article_id)).all() == [stored.id]
        assert session.exec(select(ImportSource.kind, ImportSource.name)).all() == [("pubmed", "ketamine")]
        assert session.exec(select(ChangeLog.event)).all() == [ChangeEvent.NEW]


def test_the_same_batch_again_changes_nothing(engine: Engine, clock: Callable[..., None]) -> None:
    batch = [record(90000002), record(90000001)]
    put(engine, *batch)
    clock(days=1)
    assert counts(put(engine, *batch)) == (0, 0, 2)
    with reading(engine) as session:
        assert [count(session, kind) for kind in (Article, ChangeLog, Revision, AuditEvent, ImportSource)] == [
            2,
            2,
            0,
            1,
            2,
        ]
        assert session.exec(select(TopicArticle.last_fetched_at).distinct()).one() == config.now()
        assert session.exec(select(Article.pmid).order_by(col(Article.id))).all() == [90000001, 90000002]


def test_a_changed_record_leaves_a_revision_and_is_found_by_its_new_words_only(engine: Engine) -> None:
    put(engine, record(title="Invented racemic trial"))
    assert counts(put(engine, record(title="Invented intranasal trial"))) == (0, 1, 0)
    with reading(engine) as session:
        revision = session.exec(select(Revision)).one()
        assert revision.content["title"] == "Invented racemic trial"
        assert revision.raw_body is not None
        assert count(session, RawRecord) == 1
        assert search.count(session, "racemic") == 0
        assert search.count(session, "intranasal") == 1
        change = session.exec(select(ChangeLog).order_by(col(ChangeLog.id).desc()).limit(1)).one()
        assert (change.event, change.fields) == (ChangeEvent.REVISED, ["title"])
        assert change.new_hash == article(session).content_hash != change.old_hash


def test_a_better_parser_makes_no_revision(engine: Engine) -> None:
    put(engine, record(raw=b"<same/>", title="Cut at the first"))
    assert counts(put(engine, record(raw=b"<same/>", title="Cut at the first tag no more"))) == (0, 1, 0)
    with reading(engine) as session:
        assert count(session, Revision) == 0
        assert ChangeEvent.REPARSED in session.exec(select(ChangeLog.event)).all()


def test_an_older_version_of_a_record_does_not_replace_a_newer_one(engine: Engine) -> None:
    put(engine, record(date_revised=date(2026, 2, 2), title="As revised"))
    assert counts(put(engine, record(date_revised=date(2026, 1, 1), title="As first published"))) == (0, 0, 1)
    put(engine, record(version=2, title="Second version"))
    put(engine, record(version=1, title="First version", date_revised=date(2026, 3, 3)))
    with reading(engine) as session:
        assert article(session).title == "Second version"


def test_a_record_revised_without_a_new_date_is_seen(engine: Engine) -> None:
    put(engine, record(date_revised=date(2026, 2, 2)))
    assert counts(put(engine, record(date_revised=date(2026, 2, 2), keywords=("depression",)))) == (0, 1, 0)


def retraction(pmid: int | None = 90000009, source: str = "Invented J. 2026") -> NoticeLink:
    return NoticeLink("RetractionIn", "retraction", True, pmid, source)


def test_a_retracted_article_is_marked_and_its_notice_is_not(engine: Engine) -> None:
    put(engine, record(), record(90000009))
    subject = record(notices=(retraction(),), publication_types=(PublicationType("D016441", "Retracted Publication"),))
    notice = record(
        90000009,
        notices=(NoticeLink("RetractionOf", "retraction", False, pmid=90000001),),
        publication_types=(PublicationType("D016440", "Retraction of Publication"),),
    )
    put(engine, subject, notice)
    with reading(engine) as session:
        assert article(session).integrity is Integrity.RETRACTED
        assert article(session, 90000009).integrity is Integrity.NONE_KNOWN
        noticed = select(ChangeLog.article_id, ChangeLog.fields).where(ChangeLog.event == ChangeEvent.NOTICE)
        assert session.exec(noticed).all() == [(article(session).id, ["retraction"])]


def test_a_notice_that_is_taken_back_is_withdrawn_and_not_deleted(engine: Engine) -> None:
    put(engine, record(notices=(retraction(), retraction(pmid=None, source="Another J. 2026"))))
    put(engine, record(notices=(retraction(pmid=None, source="Another J. 2026"),)))
    with reading(engine) as session:
        by_pmid = {notice.other_pmid: notice.withdrawn_at for notice in session.exec(select(Notice))}
        assert by_pmid[90000009] is not None
        assert by_pmid[None] is None
        assert article(session).integrity is Integrity.RETRACTED
    put(engine, record(notices=()))
    with reading(engine) as session:
        assert article(session).integrity is Integrity.NONE_KNOWN


def test_what_another_source_says_of_an_article_survives_its_next_revision(engine: Engine) -> None:
    put(engine, record())
    with writing(engine) as session:
        concern = Notice(
            article_id=article(session).id,
            kind="expression_of_concern",
            is_subject=True,
            source="retraction_watch",
            source_key="1",
            first_seen_at=config.now(),
        )
        session.add(concern)
        session.commit()
    put(engine, record(keywords=("new",)))
    with reading(engine) as session:
        assert article(session).integrity is Integrity.CONCERN


def test_two_pmids_with_one_doi_stay_two_articles_and_are_proposed_as_duplicates(engine: Engine) -> None:
    put(engine, record(90000001, doi="10.5555/one"), record(90000002, doi="10.5555/one"))
    put(engine, record(90000003, doi="10.5555/one"))
    with reading(engine) as session:
        dois = session.exec(select(Article.doi).order_by(col(Article.pmid))).all()
        assert dois == ["10.5555/one", None, None]
        assert count(session, DuplicateProposal) == 2


def test_two_articles_that_come_to_claim_one_doi_do_not_break_the_batch(engine: Engine) -> None:
    put(engine, record(90000001), record(90000002))
    put(engine, *(record(pmid, doi="10.5555/late") for pmid in (90000001, 90000002, 90000003)))
    with reading(engine) as session:
        assert session.exec(select(Article.doi).order_by(col(Article.pmid))).all() == ["10.5555/late", None, None]


def test_one_article_twice_in_a_batch_is_one_article(engine: Engine) -> None:
    twice = record(None, doi="10.5555/x", title="Invented", raw=None)
    assert counts(put(engine, record(doi="10.5555/x"), twice, record(doi="10.5555/x"))) == (1, 0, 2)


def test_a_reference_file_adds_to_an_article_and_empties_nothing(engine: Engine) -> None:
    file = Source("file", "invented.ris", "0" * 64)
    put(engine, record(None, doi="10.5555/x", title="Invented", journal="Invented J.", raw=None), source=file)
    outcome = put(
        engine, record(None, doi="10.5555/x", title="Invented", year=2024, sections=(), raw=None), source=file
    )
    assert counts(outcome) == (0, 1, 0)
    with reading(engine) as session:
        stored = session.exec(select(Article)).one()
        assert (stored.year, stored.journal, stored.abstract) == (2024, "Invented J.", "RESULTS: Scores fell.")


def test_pubmeds_own_record_replaces_what_a_reference_file_said_and_not_the_other_way(engine: Engine) -> None:
    poor = record(None, doi="10.5555/x", title="invented, as typed", sections=(), raw=None)
    put(engine, poor, source=Source("file", "a.ris"))
    put(engine, record(doi="10.5555/x", title="Invented"))
    assert counts(put(engine, poor, replace(poor, pmid=90000001, doi=None))) == (0, 0, 2)
    with reading(engine) as session:
        assert [a.title for a in session.exec(select(Article))] == ["Invented"]
        assert article(session).raw_hash is not None


def test_a_title_alone_is_known_again_by_its_year_and_journal(engine: Engine) -> None:
    editorial = {"title": "Editorial", "raw": None}
    put(engine, record(None, year=2024, **editorial), record(None, year=2025, **editorial))
    assert counts(put(engine, record(None, year=2025, **editorial))) == (0, 0, 1)
    with reading(engine) as session:
        assert count(session, Article) == 2


def test_an_article_that_comes_back_is_no_longer_gone(engine: Engine) -> None:
    put(engine, record())
    with writing(engine) as session:
        gone = article(session)
        gone.tombstoned_at = config.now()
        session.add(gone)
        session.commit()
    put(engine, record())
    with reading(engine) as session:
        assert article(session).tombstoned_at is None
        assert ChangeEvent.RETURNED in session.exec(select(ChangeLog.event)).all()


def test_leaving_without_a_commit_leaves_nothing(engine: Engine) -> None:
    put(engine, record())
    with writing(engine) as session:
        store(session, [record(title="Never"), record(90000002)], run_id=1, source=PUBMED, topic_id="ketamine")
    with reading(engine) as session:
        assert count(session, Article) == count(session, ChangeLog) == 1
        assert search.count(session, "Never") == 0
