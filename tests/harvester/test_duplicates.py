"""What is proposed as one article, and what never is. All records are invented."""

from dataclasses import replace
from typing import Any

import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from db import config
from db.engine import reading, writing
from db.models import DuplicateProposal, Topic
from harvester.duplicates import BASIS, Compared, likeness
from harvester.records import ArticleRecord, Author, Section
from harvester.title_index import plain

TITLE = "Repeated ketamine infusions in older adults with depression: a randomised trial in one county"
ABSTRACT = "Older adults with depression received repeated infusions of ketamine in one county."


def record(title: str = TITLE, **other: Any) -> ArticleRecord:
    said: dict[str, Any] = {"year": 2024, "authors": (Author("Lindqvist", "Astrid"),), "sections": (Section(ABSTRACT),)}
    return ArticleRecord(title=title, **said | other)


def proposals(engine: Engine, *batches: list[ArticleRecord]) -> list[tuple[int, int, float]]:
    """Store these one batch after the other; what is proposed then."""
    with writing(engine) as session:
        if session.get(Topic, invented_studies.TOPIC) is None:
            session.add(Topic(id=invented_studies.TOPIC, name="K", query="ketamine", created_at=config.now()))
            session.flush()
        for batch in batches:
            invented_studies.keep(session, batch)
        session.commit()
    with reading(engine) as session:
        rows = session.exec(select(DuplicateProposal).order_by(col(DuplicateProposal.id))).all()
        assert {row.basis for row in rows} <= {BASIS}
        return [(row.article_id, row.other_id, row.score) for row in rows]


ALIKE = [
    record(),
    record(TITLE.upper() + "."),
    record("Repeated ketamine infusions in older adults with depression - a randomized trial in one county"),
    record("Repeated ketamne infusions in older adults with depression: a randomised trial in one county"),
    record("Répeated ketamine infusions in older adults with depression: a randomised trial in one county"),
    record("RETRACTED: " + TITLE),
    record(year=2025),
    record(year=None),
    record(authors=()),
    record(authors=(Author("Lindquist", initials="A"),)),
    record(authors=(Author("von Lindqvist", "A"),)),
]
APART = [
    record("Erratum: " + TITLE),
    record("Correction to: " + TITLE),
    record("Comment on: " + TITLE),
    record(year=2022),
    record(authors=(Author("Okafor", "Ben"),)),
    record("Single ketamine infusions in young people with anxiety: a randomised trial in one county"),
    record(TITLE + " 2"),
    record("Ketamine."),
    record(doi="10.5555/another"),
]


@pytest.mark.parametrize("other", ALIKE, ids=lambda one: f"{one.title[:24]} {one.year} {len(one.authors)}")
def test_two_that_are_nearly_the_same_are_proposed_whichever_comes_first(engine: Engine, other: ArticleRecord) -> None:
    pubmed = record(pmid=90000001, doi="10.5555/one")
    noise = [record(f"Esketamine spray number {n} against relapse in winter", year=2024) for n in range(3)]
    (found,) = proposals(engine, [pubmed, *noise], [replace(other, journal="J Invent")])
    assert found[:2] == (min(found[:2]), max(found[:2]))
    assert 0.85 < found[2] <= 1
    again = proposals(engine, [replace(other, journal="J Invent", volume="3")])
    assert again == [found], "the same file again proposes nothing new"


@pytest.mark.parametrize("other", APART, ids=lambda one: f"{one.title[:24]} {one.year} {one.doi}")
def test_what_another_year_author_number_notice_or_doi_tells_apart_is_not(
    sqlite_engine: Engine, other: ArticleRecord
) -> None:
    pubmed = record(pmid=90000001, doi="10.5555/one")
    assert proposals(sqlite_engine, [pubmed], [replace(other, journal="J Invent")]) == []


def test_two_pmids_are_two_articles(sqlite_engine: Engine) -> None:
    assert proposals(sqlite_engine, [record(pmid=90000001)], [record(pmid=90000002)]) == []


def test_pubmed_s_own_record_finds_what_a_file_brought_before(sqlite_engine: Engine) -> None:
    assert len(proposals(sqlite_engine, [record()], [record(pmid=90000001)])) == 1


def test_two_in_one_batch_find_each_other_once(sqlite_engine: Engine) -> None:
    twins = [record(journal="J Invent"), record(journal="Journal of Inventions")]
    assert [found[:2] for found in proposals(sqlite_engine, twins)] == [(1, 2)]


def test_a_short_title_has_to_be_the_same_in_every_word_with_year_and_author(sqlite_engine: Engine) -> None:
    short = record("Ketamine in depression.", pmid=90000001)
    assert len(proposals(sqlite_engine, [short], [record("Ketamine in depression")])) == 1
    longer = [record("Ketamine for depression"), record("Ketamine in depression!", authors=(), journal="J Invent")]
    assert len(proposals(sqlite_engine, longer)) == 1


def test_letters_without_words_are_compared_and_never_proposed_for_nothing() -> None:
    empty = Compared(1, None, None, 2024, "", "lindqvist")
    assert likeness(empty, replace(empty, id=2)) is None
    assert plain("  Ketamin: für α-Müller & “Co”! ") == "ketamin fur α muller co"
