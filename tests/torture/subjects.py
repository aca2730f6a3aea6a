"""What is killed: the commands, each with the library it begins from."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import postgresql
from baseline_folder import publish
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from refreshed_library import cite
from sqlalchemy import create_engine, text, update
from sqlmodel import col
from torture.killed_process import run
from torture.kills import Subject

from db import migrate
from db.engine import open_engine, writing
from db.models import Article
from harvester.topic import load_topic

ARTICLES = 800
# A key is what halves the wait between requests; the local PubMed takes any.
KEY = "invented"


@contextmanager
def sync(folder: Path, articles: int = ARTICLES) -> Iterator[Subject]:
    """`harvest sync` from nothing: the library is made, the topic listed, the records fetched."""
    with LocalPubMed([_records(folder, articles)]) as pubmed:
        yield Subject("sync", ["sync"], {"EUTILS_URL": pubmed.url, "NCBI_API_KEY": KEY}, in_folder(folder))


@contextmanager
def refresh(folder: Path, articles: int = ARTICLES) -> Iterator[Subject]:
    """`harvest refresh` on the day after a complete one: much was revised, a little is new, one record is gone, and
    claims rest on an article that was retracted, one that was reworded and the one that is gone."""
    template = folder / "template.db"
    revised = [
        {"do": "revise", "pmid": FIRST + n, "title": f"Ketamine in depression {n}"} for n in range(articles // 2)
    ]
    events = [
        *revised,
        *({"do": "add", "pmid": FIRST + articles + n, "title": "Ketamine in depression"} for n in range(20)),
        {"do": "retract", "pmid": FIRST, "notice": FIRST + 2 * articles},
        {
            "do": "reword",
            "pmid": FIRST + articles - 1,
            "abstract": "Ketamine in depression. Nothing changed by 7 days.",
        },
        {"do": "delete", "pmid": FIRST + articles - 2},
    ]
    with LocalPubMed([_records(folder, articles)], events=[{"day": 1, **event} for event in events], day=0) as pubmed:
        settings = {**pubmed.settings(), "NCBI_API_KEY": KEY}
        first = Subject("refresh", ["refresh"], settings, str)
        ended = run(first.arguments, first.environment(f"sqlite:///{template}"), folder / "template.log")
        if ended.code:
            raise RuntimeError(ended.said)
        engine = open_engine(f"sqlite:///{template}")
        for pmid in (FIRST, FIRST + articles - 1, FIRST + articles - 2):
            cite(engine, pmid, load_topic("ketamine-depression"))
        engine.dispose()
        pubmed.move_to(1)
        yield Subject("refresh", ["refresh"], settings, in_folder(folder, template), runs_there=1)


@contextmanager
def import_(folder: Path, articles: int = ARTICLES) -> Iterator[Subject]:
    """`harvest import` of a file of PubMed XML, from nothing."""
    yield Subject("import", ["import", str(_records(folder, articles))], {}, in_folder(folder))


@contextmanager
def baseline(folder: Path, articles: int = ARTICLES) -> Iterator[Subject]:
    """`harvest baseline` of three files: the second revises half of the first, the third withdraws some."""
    files, half = folder / "files", range(FIRST, FIRST + articles // 2)
    files.mkdir()
    publish(files, 1, (invented(FIRST + n) for n in range(articles)))
    publish(files, 2, (invented(pmid, title=f"Ketamine in depression, revised {pmid}") for pmid in half))
    publish(files, 3, [invented(FIRST + articles)], deleted=half[::7])
    yield Subject("baseline", ["baseline", str(files), "--everything"], {}, in_folder(folder))


@contextmanager
def reparse(folder: Path, articles: int = ARTICLES) -> Iterator[Subject]:
    """`harvest reparse` of a library in which an older parser misread the volume of every third article."""
    template, records = folder / "template.db", _records(folder, articles)
    imported = Subject("import", ["import", str(records)], {}, str)
    ended = run(imported.arguments, imported.environment(f"sqlite:///{template}"), folder / "template.log")
    if ended.code:
        raise RuntimeError(ended.said)
    engine = open_engine(f"sqlite:///{template}")
    with writing(engine) as session:
        session.execute(update(Article).values(parser_version=0))
        misread = {"volume": "misread", "content_hash": "0"}
        session.execute(update(Article).where(col(Article.id) % 3 == 0).values(misread))
        session.commit()
    engine.dispose()
    yield Subject("reparse", ["reparse"], {}, in_folder(folder, template), runs_there=1)


@contextmanager
def sync_on_postgresql(folder: Path, articles: int = ARTICLES) -> Iterator[Subject]:
    """`harvest sync` into a PostgreSQL library that was made before, as PostgreSQL libraries are."""
    programs = postgresql.programs()
    if programs is None:
        raise LookupError("PostgreSQL is not installed: install Debian's postgresql")
    with (
        LocalPubMed([_records(folder, articles)]) as pubmed,
        postgresql.temporary_cluster(programs) as server,
    ):
        settings = {"EUTILS_URL": pubmed.url, "NCBI_API_KEY": KEY}
        yield Subject("sync on PostgreSQL", ["sync"], settings, on_server(server))


def _records(folder: Path, articles: int) -> Path:
    return write_records(folder / "invented.xml", (invented(FIRST + n) for n in range(articles)))


def in_folder(folder: Path, template: Path | None = None) -> Callable[[str], str]:
    """A SQLite library at one place, each time anew: from nothing, or as a copy."""

    def fresh(_: str) -> str:
        place = folder / "library"
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir()
        if template is not None:
            shutil.copy(template, place / "library.db")
        return f"sqlite:///{place}/library.db"

    return fresh


def on_server(server: str) -> Callable[[str], str]:
    _administer(server, "CREATE DATABASE template_library")
    engine = open_engine(f"{server}/template_library")
    migrate.upgrade(engine)
    engine.dispose()

    def fresh(_: str) -> str:
        _administer(server, "DROP DATABASE IF EXISTS library WITH (FORCE)")
        _administer(server, "CREATE DATABASE library TEMPLATE template_library")
        return f"{server}/library"

    return fresh


def _administer(server: str, statement: str) -> None:
    engine = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()
