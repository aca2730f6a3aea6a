"""Libraries on the morning after a change: made once, and copied for each test."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import morning_after
import pytest
from morning_after import Night

from db.engine import open_engine


@pytest.fixture(scope="session")
def retraction(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """A trial was retracted; look at copies of it only."""
    engine = open_engine(f"sqlite:///{_room(sqlite_template, tmp_path_factory)}")
    yield morning_after.retracted(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def rewording(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    """A number was changed in an abstract; look at copies of it only."""
    engine = open_engine(f"sqlite:///{_room(sqlite_template, tmp_path_factory)}")
    yield morning_after.reworded(engine)
    engine.dispose()


@pytest.fixture
def retracted(retraction: Night, tmp_path: Path) -> Iterator[Night]:
    yield from _copied(retraction, tmp_path)


@pytest.fixture
def reworded(rewording: Night, tmp_path: Path) -> Iterator[Night]:
    yield from _copied(rewording, tmp_path)


def _room(template: Path, rooms: pytest.TempPathFactory) -> Path:
    return Path(shutil.copy(template, rooms.mktemp("morning") / "library.db"))


def _copied(night: Night, folder: Path) -> Iterator[Night]:
    with night.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine = open_engine(f"sqlite:///{shutil.copy(night.engine.url.database or '', folder / 'morning.db')}")
    yield replace(night, engine=engine)
    engine.dispose()
