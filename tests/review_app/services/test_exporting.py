"""Articles out of the library: all that is known of each, none lost in silence, nothing hidden given away."""

import csv
import io
import json
from dataclasses import fields, replace
from typing import Any

import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db import config
from db.engine import reading, writing
from db.models import Article, DuplicateProposal, Form, Member, Notice, Review, Tagging
from db.types import Actor, Role
from review_app.export.model import ExportedArticle
from review_app.export.tables import COLUMNS, csv_lines, jsonl
from review_app.services import exporting
from review_app.services.errors import NotFound

COMMAND = Actor(None, "factcheck command", Role.READ_ONLY)
TAGS = {
    "study_design": "cohort",
    "population": ["trd"],
    "interventions": [],
    "comparators": [],
    "sample_size": 7,
    "outcomes": [],
}
# The order of the published export.
PUBLISHED = (
    "id pmid version title abstract sections authors journal iso_abbreviation volume issue pages year month day "
    "medline_date electronic_date doi pmcid language publication_types mesh keywords registry_ids notices integrity "
    "status date_revised citation_count study_design study_design_basis retrieved_at suggested reviewed "
    # Grown since: what a reference manager wants to know too, and the entry of the reviewers whole.
    "issn vernacular_title date_completed date_entered reviewed_entry"
).split()


def fill(engine: Engine) -> Actor:
    with writing(engine) as session:
        member = Member(name="Ada", name_key="ada", role=Role.LEAD, created_at=config.now())
        session.add(member)
        session.commit()
        ada = Actor(member.id, "Ada", Role.LEAD)
    invented_studies.fill(engine, lead=ada, plain=3)
    return ada


@pytest.fixture
def library(sqlite_engine: Engine) -> Engine:
    fill(sqlite_engine)
    return sqlite_engine


def exported(engine: Engine, **which: object) -> list[ExportedArticle]:
    with reading(engine) as session:
        found = exporting.articles(session, viewer=COMMAND, topic_id=invented_studies.TOPIC, **which)  # type: ignore[arg-type]
        return list(found)


def absent(engine: Engine, *pmids: int) -> list[int]:
    with reading(engine) as session:
        return exporting.absent(session, viewer=COMMAND, pmids=pmids)


def tag(engine: Engine, *, dual: bool, consensus: bool = False) -> None:
    with writing(engine) as session:
        review, form = session.exec(select(Review)).one(), session.exec(select(Form)).one()
        review.dual = dual
        article = session.exec(select(Article).where(Article.pmid == invented_studies.TRIAL)).one()
        row = Tagging(
            review_id=review.id,
            article_id=article.id,
            member_id=1,
            form_id=form.id,
            consensus=consensus,
            tags=TAGS,
            content_hash=article.content_hash,
            tagged_at=config.now(),
        )
        session.add_all([review, row])
        session.commit()


def test_both_engines_export_the_whole_library_by_pmid(engine: Engine) -> None:
    fill(engine)
    found = exported(engine)
    pmids = [item.pmid for item in found if item.pmid is not None]
    assert len(found) == 8
    assert pmids == sorted(pmids)
    assert [item.pmid for item in exported(engine, query="midazolam", pmids=None)][0] == invented_studies.TRIAL  # noqa: RUF015


def test_a_line_has_the_published_names_in_their_order(library: Engine) -> None:
    lines = [json.loads(line) for line in jsonl(exported(library))]
    assert [field.name for field in fields(ExportedArticle)] == PUBLISHED
    assert all(list(line) == PUBLISHED for line in lines)


def test_an_abstract_is_its_sections_each_after_its_label(library: Engine) -> None:
    (trial,) = exported(library, pmids=[invented_studies.TRIAL])
    assert trial.abstract.startswith("BACKGROUND: Whether")
    assert "\n\nMETHODS: In this double-blind" in trial.abstract
    assert [section["label"] for section in trial.sections] == ["BACKGROUND", "METHODS", "RESULTS", "CONCLUSIONS"]


def test_what_a_person_tagged_goes_before_what_was_suggested(library: Engine) -> None:
    (before,) = exported(library, pmids=[invented_studies.TRIAL])
    assert (before.study_design, before.reviewed) == ("rct", None)
    assert before.study_design_basis in {"publication_type", "text"}
    tag(library, dual=False)
    (after,) = exported(library, pmids=[invented_studies.TRIAL])
    assert (after.study_design, after.study_design_basis, after.reviewed) == ("cohort", "reviewed", TAGS)
    assert after.suggested["study_design"] == "rct"
    assert set(after.suggested) == set(TAGS)


def test_a_blinded_judgement_is_not_exported_before_it_is_settled(library: Engine) -> None:
    tag(library, dual=True)
    (hidden,) = exported(library, pmids=[invented_studies.TRIAL])
    assert (hidden.reviewed, hidden.study_design_basis != "reviewed") == (None, True)
    tag(library, dual=True, consensus=True)
    (settled,) = exported(library, pmids=[invented_studies.TRIAL])
    assert settled.reviewed == TAGS


def test_a_retraction_is_told(library: Engine) -> None:
    (article,) = exported(library, pmids=[invented_studies.RETRACTED])
    assert article.integrity == "retracted"
    assert article.notices[0]["is_subject"] is True


def test_pmids_come_in_the_order_asked_for_and_once(library: Engine) -> None:
    wanted = [invented_studies.NOTICE, invented_studies.TRIAL, invented_studies.NOTICE]
    assert [item.pmid for item in exported(library, pmids=wanted)] == wanted[:2]


def test_pmids_that_the_library_does_not_hold_are_named(library: Engine) -> None:
    assert absent(library, 99999999, invented_studies.TRIAL, 99999999) == [99999999]


def test_an_article_that_is_gone_from_its_source_is_not_exported(library: Engine) -> None:
    with writing(library) as session:
        row = session.exec(select(Article).where(Article.pmid == invented_studies.TRIAL)).one()
        row.tombstoned_at = config.now()
        session.commit()
    assert exported(library, pmids=[invented_studies.TRIAL]) == []
    assert absent(library, invented_studies.TRIAL) == [invented_studies.TRIAL]
    assert invented_studies.TRIAL not in [item.pmid for item in exported(library)]


def change(engine: Engine, pmid: int, **values: Any) -> int:
    with writing(engine) as session:
        row = session.exec(select(Article).where(Article.pmid == pmid)).one()
        for name, value in values.items():
            setattr(row, name, value)
        session.add(row)
        session.commit()
        return row.id


def merged(engine: Engine, pmid: int, into: int) -> tuple[int, int]:
    """The ids of the record that went and of the one that was kept."""
    kept = change(engine, into)
    gone = change(engine, pmid, merged_into_id=kept)
    with writing(engine) as session:
        decided = {"decision": "merged", "decided_at": config.now(), "proposed_at": config.now()}
        session.add(DuplicateProposal(article_id=kept, other_id=gone, basis="invented", score=1.0, **decided))
        session.commit()
    return gone, kept


def test_a_record_that_was_merged_leaves_as_the_one_that_was_kept(library: Engine) -> None:
    gone, kept = merged(library, invented_studies.BARE, into=invented_studies.TRIAL)
    assert [item.id for item in exported(library, pmids=[invented_studies.BARE])] == [kept]
    assert [item.id for item in exported(library, article_ids=[gone, kept])] == [kept]
    assert absent(library, invented_studies.BARE) == []


def test_chosen_articles_that_are_gone_from_their_source_are_named(library: Engine) -> None:
    gone = change(library, invented_studies.BARE, tombstoned_at=config.now())
    stays = change(library, invented_studies.TRIAL)
    assert [item.id for item in exported(library, article_ids=[gone, stays])] == [stays]
    with reading(library) as session:
        found = exporting.absent(session, viewer=COMMAND, article_ids=[gone, stays])
    assert found == [invented_studies.BARE]


def test_without_tags_everything_else_is_there(library: Engine) -> None:
    for with_tags, without in zip(exported(library), exported(library, with_tags=False), strict=True):
        untagged = {"suggested": {}, "study_design": None, "study_design_basis": None, "reviewed": None}
        assert replace(with_tags, **untagged) == without


def test_a_notice_that_its_source_took_back_is_not_told(library: Engine) -> None:
    with writing(library) as session:
        for row in session.exec(select(Notice)):
            row.withdrawn_at = config.now()
            session.add(row)
        session.commit()
    assert [item.notices for item in exported(library) if item.notices] == []


def test_an_unknown_claim_says_where_claims_are_named(library: Engine) -> None:
    with pytest.raises(NotFound, match="factcheck claims list"):
        exported(library, claim_id="no-such-claim")


def test_a_query_that_finds_nothing_exports_nothing(library: Engine) -> None:
    assert exported(library, query="xylophone") == []
    assert exported(library, query="") == []


def rows_of(articles: list[ExportedArticle]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("".join(csv_lines(articles)), newline="")))


def test_the_table_has_a_row_an_article_and_lists_joined(library: Engine) -> None:
    rows = rows_of(exported(library))
    assert list(rows[0]) == COLUMNS
    trial = next(row for row in rows if row["pmid"] == str(invented_studies.TRIAL))
    assert trial["keywords"] == "ketamine; midazolam; treatment-resistant depression"
    assert trial["authors"] == "Lindqvist, Astrid; Okafor, Ben; Tanaka, Yui"
    assert trial["mesh"].startswith("Ketamine/*administration & dosage; *Depressive Disorder")
    assert trial["notices"] == "Erratum in: Invented J Psychiatry. 2024;12(5):400"
    assert "\n\n" in trial["abstract"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_text(library: Engine, start: str) -> None:
    with writing(library) as session:
        row = session.exec(select(Article).where(Article.pmid == invented_studies.TRIAL)).one()
        row.title, row.keywords = f"{start}HYPERLINK(1)", [f"{start}cmd", "second"]
        session.commit()
    (cells,) = rows_of(exported(library, pmids=[invented_studies.TRIAL]))
    assert cells["title"] == f"'{start}HYPERLINK(1)"
    assert cells["keywords"] == f"'{start}cmd; second"
    (line,) = jsonl(exported(library, pmids=[invented_studies.TRIAL]))
    assert json.loads(line)["title"] == f"{start}HYPERLINK(1)"
