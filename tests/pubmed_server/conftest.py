from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from local_pubmed import LocalPubMed
from pubmed_server.invented_records import Invented, article_set, invented_records


@pytest.fixture(scope="session")
def records() -> list[Invented]:
    return invented_records()


@pytest.fixture(scope="session")
def records_file(records: list[Invented], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pubmed") / "invented.xml"
    path.write_text(article_set([record.xml() for record in records]), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def pubmed(records_file: Path) -> Iterator[LocalPubMed]:
    with LocalPubMed([records_file]) as server:
        yield server


@pytest.fixture
def client(pubmed: LocalPubMed) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=pubmed.url, params={"db": "pubmed"}, timeout=120) as one:
        yield one
