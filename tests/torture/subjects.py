"""What is killed: the commands, each with the library it begins from."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import postgresql
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from sqlalchemy import create_engine, text
from torture.kills import Subject

from db import migrate
from db.engine import open_engine

ARTICLES = 800
# A key is what halves the wait between requests; the local PubMed takes any.
KEY = "invented"


@contextmanager
def sync(folder: Path, articles: int = ARTICLES) -> Iterator[Subject]:
    """`harvest sync` from nothing: the library is made, the topic listed, the records fetched."""
    with LocalPubMed([_records(folder, articles)]) as pubmed:
        yield Subject("sync", ["sync"], {"EUTILS_URL": pubmed.url, "NCBI_API_KEY": KEY}, in_folder(folder))


@contextmanager
def import_(folder: Path, articles: int = ARTICLES) -> Iterator[Subject]:
    """`harvest import` of a file of PubMed XML, from nothing."""
    yield Subject("import", ["import", str(_records(folder, articles))], {}, in_folder(folder))


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
