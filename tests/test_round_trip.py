"""What leaves a library in a format comes into an empty one the same. Every article is invented."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copy
from typing import Any

import invented_studies
import pytest
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from db.engine import open_engine, reading, writing
from db.models import Article, ArticlePublicationType
from db.types import Actor, Role
from harvester.file_import import ImportReport, import_file
from harvester.records import ArticleRecord, Author, NoticeLink, PublicationType, Section
from harvester.topic import TopicFile
from review_app.export.formats import FORMATS
from review_app.services import exporting

TOPIC = TopicFile(invented_studies.TOPIC, "Invented", "ketamine")
EVE = Actor(None, "Eve", Role.READ_ONLY)
READ_BACK = [name for name in FORMATS if name != "csl-json"]
HARD = [
    ArticleRecord(
        pmid=90000011,
        title="Kétamine: 50% of α & β_2 {braces} $5 ~ 'quotes' -- and “more” \\ #1",
        sections=(Section("Scores fell by 30% (95% CI 10% to 50%); p < 0.05 & n = 12_b. Cost: $5 or {6} ~ 7^2."),),
        authors=(
            Author("Müller-Lüdenscheidt", "Jörg Åke", "JÅ"),
            Author("van der Berg", "Jan", "J", suffix="Jr"),
            Author("O'Neil", "Ann and Mary", "AM"),
            Author(collective="Invented Depression Study Group"),
        ),
        journal="Annals of Invented & Imagined Medicine",
        iso_abbreviation="Ann Invent Med",
        year=2019,
        month=12,
        day=3,
        doi="10.5555/a_b(c)<d>;e",
        volume="3",
        issue="Suppl 1",
        pages="e1-e9",
        publication_types=(PublicationType("D016449", "Randomized Controlled Trial"),),
    ),
    ArticleRecord(title="No ids at all, and a season", year=2001, medline_date="2001 Winter", journal="J Invent"),
    ArticleRecord(title="=SUM(A1) is how this title begins", doi="10.5555/only.doi", authors=(Author("Solo"),)),
    ArticleRecord(
        title="Retracted and known without a PMID",
        doi="10.5555/retracted",
        year=2015,
        notices=(NoticeLink("RetractionIn", "retraction", True, None, "J Invent. 2016;1:1"),),
    ),
]


@pytest.fixture
def full(sqlite_engine: Engine) -> Engine:
    """A library of the invented studies and of some that are hard to write."""
    invented_studies.fill(sqlite_engine, lead=Actor(None, "Ada", Role.LEAD), plain=4)
    with writing(sqlite_engine) as session:
        invented_studies.keep(session, HARD)
        session.commit()
    return sqlite_engine


@contextmanager
def empty_library(template: Path, folder: Path) -> Iterator[Engine]:
    path = folder / "empty.db"
    copy(template, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def exported(engine: Engine, name: str, path: Path) -> Path:
    with reading(engine) as session:
        articles = exporting.articles(session, viewer=EVE, topic_id=TOPIC.id)
        path.write_text("".join(FORMATS[name].write(articles)), encoding="utf-8", newline="")
    return path


def shown(session: Session) -> dict[tuple[Any, ...], dict[str, Any]]:
    """Every article by its ids, else its title, in what a reference has to keep."""
    found = {}
    for row in session.exec(select(Article).order_by(col(Article.id))):
        kinds = select(ArticlePublicationType.name).where(ArticlePublicationType.article_id == row.id)
        found[(row.pmid, row.doi) if row.pmid or row.doi else (row.title,)] = {
            "title": row.title,
            "abstract": " ".join(row.abstract.split()),
            "authors": [person(author) for author in row.authors],
            "journal": row.journal,
            "year": row.year,
            "month": row.month,
            "volume": row.volume,
            "issue": row.issue,
            "pages": row.pages and full_pages(row.pages),
            "pmcid": row.pmcid,
            "integrity": row.integrity.value,
            "publication_types": sorted(session.exec(kinds)),
        }
    return found


def person(author: dict[str, Any]) -> str:
    """A name as it is read aloud: which part is which may be lost where only one is known."""
    fore = author["fore"] or author["initials"]
    return " ".join(part for part in (author["collective"] or author["last"], fore, author["suffix"]) if part)


def full_pages(pages: str) -> str:
    """ "201-9" and "201-209" are the same pages."""
    found = re.fullmatch(r"(\d+)-(\d+)", pages)
    if found is None:
        return pages
    first, last = found.groups()
    return f"{first}-{first[: len(first) - len(last)]}{last}"


def import_it(engine: Engine, path: Path) -> ImportReport:
    return import_file(engine, path, TOPIC)


@pytest.mark.parametrize("name", READ_BACK)
def test_an_export_comes_back_the_same(full: Engine, sqlite_template: Path, tmp_path: Path, name: str) -> None:
    path = exported(full, name, tmp_path / "export.txt")
    with reading(full) as session:
        before = shown(session)
    with empty_library(sqlite_template, tmp_path) as engine:
        report = import_it(engine, path)
        assert (report.rejected, report.new) == (0, len(before)), report.first_rejected
        with reading(engine) as session:
            after = shown(session)
        again = import_it(engine, path)
        assert (again.new, again.changed, again.unchanged) == (0, 0, len(before))
    assert after.keys() == before.keys()
    lost = [(field, after[key][field], said) for key in before for field, said in before[key].items()]
    assert [each for each in lost if each[1] != each[2]] == []


def test_json_lines_bring_everything_but_what_people_said(full: Engine, sqlite_template: Path, tmp_path: Path) -> None:
    first = exported(full, "jsonl", tmp_path / "first.jsonl").read_text("utf-8").splitlines()
    with empty_library(sqlite_template, tmp_path) as engine:
        report = import_it(engine, tmp_path / "first.jsonl")
        second = exported(engine, "jsonl", tmp_path / "second.jsonl").read_text("utf-8").splitlines()
    assert report.notes == (
        "suggested and reviewed tags, study designs and citation counts in it are not imported as judgements of yours",
    )
    assert [known(line) for line in first] == [known(line) for line in second]


def known(line: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(line)
    for name in ("id", "retrieved_at", "reviewed", "citation_count"):
        said.pop(name)
    return said
