"""The invented records that a sync brings, and what a run without trouble makes of them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from invented_pubmed import invented, write_records
from local_pubmed import LocalPubMed
from synced_library import PMIDS, library, sync

from db.engine import open_engine


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("records") / "invented.xml", map(invented, PMIDS))


@pytest.fixture
def pubmed(records: Path, request: pytest.FixtureRequest, clock: Callable[..., None]) -> Iterator[LocalPubMed]:
    """Has the records, and what is `given` happens to them (`one_night`); the library's clock stands still."""
    with LocalPubMed([records], **getattr(request, "param", {})) as server:
        yield server


@pytest.fixture(scope="session")
def clean(records: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """What a run without any trouble leaves."""
    path = tmp_path_factory.mktemp("clean") / "library.db"
    path.write_bytes(sqlite_template.read_bytes())
    engine = open_engine(f"sqlite:///{path}")
    with LocalPubMed([records]) as pubmed:
        sync(engine, pubmed.url)
    found = library(engine)
    engine.dispose()
    return found
