"""Every format on real records: exported from a library, read back by libraries of others, compared field by field."""

import contextlib
import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import nbib as nbib_package
import pytest
import rispy
from Bio import Medline
from nasty_text import on_one_line, squeezed
from read_bibtex import by_bibtexparser, by_pybtex
from sqlmodel import Session

from db import config
from db.engine import open_engine, reading, writing
from db.models import HarvestRun, Topic
from db.types import Actor, Role, RunKind
from harvester.not_pubmed import NotPubMedXml
from harvester.pubmed_xml import read_records
from harvester.records import ArticleRecord
from harvester.store import Source, store
from review_app.export.formats import FORMATS
from review_app.export.model import ExportedArticle
from review_app.services import exporting

pytestmark = pytest.mark.shared
TOPIC = "ketamine-depression"
COMMAND = Actor(None, "factcheck command", Role.READ_ONLY)


def keep(session: Session, records: list[ArticleRecord]) -> None:
    session.add(Topic(id=TOPIC, name="Ketamine for depression", query="ketamine", created_at=config.now()))
    session.flush()
    run = HarvestRun(topic_id=TOPIC, kind=RunKind.IMPORT, started_at=config.now())
    session.add(run)
    session.flush()
    store(session, records, run_id=run.id, source=Source("file", "ketamine.xml"), topic_id=TOPIC)


def real_records(shared_data: Path) -> Iterator[ArticleRecord]:
    """The 605 ketamine records, which say little, and the whole records that other projects test with."""
    with gzip.open(shared_data / "pubmed" / "ketamine_depression.xml.gz") as stream:
        yield from (record for record in read_records(stream) if isinstance(record, ArticleRecord))
    for path in sorted((shared_data / "pubmed" / "records").rglob("*.xml")):
        with path.open("rb") as stream, contextlib.suppress(NotPubMedXml):
            yield from (record for record in read_records(stream) if isinstance(record, ArticleRecord))


@pytest.fixture(scope="module")
def articles(
    shared_data: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[ExportedArticle]:
    library = tmp_path_factory.mktemp("real") / "library.db"
    library.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{library}")
    records = {record.pmid: record for record in real_records(shared_data) if record.pmid}
    with writing(engine) as session:
        keep(session, list(records.values()))
        session.commit()
    with reading(engine) as session:
        found = list(exporting.articles(session, viewer=COMMAND, topic_id=TOPIC, with_tags=False))
    engine.dispose()
    assert len(found) == len(records) > 800
    return found


def exported(articles: list[ExportedArticle], name: str) -> str:
    return "".join(FORMATS[name].write(articles))


def people(article: ExportedArticle) -> list[tuple[str, str, str]]:
    """Last, suffix, fore of each author; a collective as a last name."""
    return [(one["collective"] or one["last"] or "", one["suffix"] or "", one["fore"] or "") for one in article.authors]


def test_ris_loses_nothing(articles: list[ExportedArticle]) -> None:
    found = rispy.loads(exported(articles, "ris"))
    for article, item in zip(articles, found, strict=True):
        assert item["title"] == on_one_line(article.title)
        assert item.get("abstract", "") == on_one_line(article.abstract)
        names = [", ".join(filter(None, (last, fore, suffix))) for last, suffix, fore in people(article)]
        assert item.get("authors", []) == names
        assert set(article.keywords) <= set(item.get("keywords", []))
        assert len(item.get("keywords", [])) >= len(article.mesh)
        assert _scalars(item, "doi custom2 issn volume number secondary_title alternate_title1 language") == [
            on_one_line(value or "")
            for value in (
                *(article.doi, article.pmcid, article.issn, article.volume, article.issue, article.journal),
                *(article.iso_abbreviation, article.language),
            )
        ]
        assert (item["accession_number"], item.get("year", "")) == (str(article.pmid), str(article.year or ""))


def _scalars(item: dict[str, Any], names: str) -> list[str]:
    return [item.get(name, "") for name in names.split()]


@pytest.mark.parametrize("read", [by_bibtexparser, by_pybtex])
def test_bibtex_loses_nothing(articles: list[ExportedArticle], read: Callable[[str], list[dict[str, Any]]]) -> None:
    found = read(exported(articles, "bibtex"))
    assert len({item["key"] for item in found}) == len(articles)
    for article, item in zip(articles, found, strict=True):
        assert item["author"] == [tuple(map(squeezed, person)) for person in people(article)]
        expected = {
            "title": article.title,
            "abstract": article.abstract,
            "journal": article.journal,
            "volume": article.volume,
            "number": article.issue,
            "doi": article.doi,
            "pmid": article.pmid,
            "pmcid": article.pmcid,
            "issn": article.issn,
            "year": article.year,
            "keywords": "; ".join(article.keywords),
        }
        for name, value in expected.items():
            assert squeezed(item.get(name, "")) == squeezed(str(value or "")), (article.pmid, name)


def test_csl_json_loses_nothing(articles: list[ExportedArticle]) -> None:
    found = json.loads(exported(articles, "csl-json"))
    assert len({item["id"] for item in found}) == len(articles)
    for article, item in zip(articles, found, strict=True):
        assert [item.get(name) for name in ("title", "abstract", "DOI", "PMID", "volume", "issue", "ISSN")] == [
            value or None
            for value in (
                *(article.title, article.abstract, article.doi, str(article.pmid), article.volume, article.issue),
                article.issn,
            )
        ]
        names = [tuple(one.get(part, "") for part in ("family", "suffix", "given")) for one in item.get("author", [])]
        literal = [one.get("literal", "") for one in item.get("author", [])]
        assert [(text, "", "") if text else name for text, name in zip(literal, names, strict=True)] == people(article)
        known = [part for part in (article.year, article.month, article.day) if part]
        issued = {"date-parts": [known]} if known else {"literal": article.medline_date}
        assert item.get("issued", {"literal": None}) == issued


def test_nbib_loses_nothing(articles: list[ExportedArticle]) -> None:
    text = exported(articles, "nbib")
    for article, ours, theirs in zip(articles, Medline.parse(io.StringIO(text)), nbib_package.read(text), strict=True):
        assert ours["PMID"] == str(theirs["pubmed_id"]) == str(article.pmid)
        assert ours["TI"] == theirs["title"] == on_one_line(article.title)
        assert ours.get("AB", "") == theirs.get("abstract", "") == on_one_line(article.abstract)
        persons = [(last, suffix, fore) for last, suffix, fore in people(article) if fore]
        names = [f"{last}, {fore}{' ' * bool(suffix)}{suffix}" for last, suffix, fore in persons]
        assert [each for each in ours.get("FAU", []) if ", " in each] == names
        assert ours.get("CN", []) == [one["collective"] for one in article.authors if one["collective"]]
        assert ours.get("PT", []) == [each["name"] for each in article.publication_types]
        assert [each.split("/")[0].strip("*") for each in ours.get("MH", [])] == [each["name"] for each in article.mesh]
        assert theirs.get("keywords", []) == [on_one_line(each) for each in article.keywords]
        assert ours.get("SI", []) == article.registry_ids
        assert theirs.get("doi") == article.doi


def test_csv_and_json_lines_lose_nothing(articles: list[ExportedArticle]) -> None:
    rows = list(csv.DictReader(io.StringIO(exported(articles, "csv"), newline="")))
    lines = [json.loads(line) for line in exported(articles, "jsonl").splitlines()]
    assert lines == [asdict(article) for article in articles]
    for article, row in zip(articles, rows, strict=True):
        assert row["title"].removeprefix("'") == article.title
        assert row["abstract"].removeprefix("'") == article.abstract
        assert row["authors"].count("; ") == max(0, len(article.authors) - 1) + sum(
            (one["collective"] or "").count("; ") for one in article.authors
        )


def test_a_retracted_article_is_marked_in_every_format(articles: list[ExportedArticle]) -> None:
    retracted = [article for article in articles if article.integrity.startswith("retracted")]
    assert retracted
    for name in ("ris", "bibtex", "csl-json", "nbib"):
        assert exported(retracted, name).count("RETRACTED") >= len(retracted)
