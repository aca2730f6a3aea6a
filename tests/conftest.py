"""What every test may use: a library on either engine, the people, the clock, and the real data when it is there."""

import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import hypothesis
import postgresql
import pytest
from sqlalchemy import Engine, create_engine, text

from db import config, migrate
from db.engine import open_engine

SHARED_DATA = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
_serial = itertools.count()

# Examples are the same in every run, and a busy machine is no mistake of ours.
hypothesis.settings.register_profile(
    "footnote", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("footnote")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    if not SHARED_DATA.is_dir():
        pytest.skip("the real data is not beside this checkout")
    return SHARED_DATA


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_this_checkout(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No setting of the developer's machine or `.env` reaches a test or a program it starts; no data is left behind."""
    ours = {name.upper() for name in config.Settings.model_fields}
    with pytest.MonkeyPatch.context() as patch:
        for name in [n for n in os.environ if n.upper() in ours or n.upper().startswith("FOOTNOTE_")]:
            patch.delenv(name)
        patch.setenv(config.SETTINGS_FILE, os.devnull)
        patch.setattr(config, "DATA", tmp_path_factory.mktemp("data"))
        yield


@pytest.fixture(autouse=True)
def _settings_of_the_test() -> Iterator[None]:
    """A test that changes the environment changes the settings."""
    config.settings.cache_clear()
    yield
    config.settings.cache_clear()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite library to copy from."""
    path = tmp_path_factory.mktemp("template") / "library.db"
    engine = open_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a PostgreSQL server with a migrated `footnote_template` database."""
    with ExitStack() as stack:
        url = os.environ.get("TEST_DATABASE_URL", "").rstrip("/")
        if not url:
            programs = postgresql.programs()
            if programs is None:
                pytest.skip("PostgreSQL is not installed: install Debian's postgresql, or set TEST_DATABASE_URL")
            url = stack.enter_context(postgresql.temporary_cluster(programs))
        template = f"footnote_template_{os.getpid()}"
        _administer(url, f'CREATE DATABASE "{template}"')
        engine = open_engine(f"{url}/{template}")
        migrate.upgrade(engine)
        engine.dispose()
        yield f"{url}/{template}"
        _administer(url, f'DROP DATABASE "{template}"')


def _administer(url: str, statement: str) -> None:
    engine = create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _sqlite_library(request: pytest.FixtureRequest) -> Iterator[str]:
    template: Path = request.getfixturevalue("sqlite_template")
    path = request.getfixturevalue("tmp_path") / "library.db"
    shutil.copy(template, path)
    yield f"sqlite:///{path}"


def _postgresql_library(request: pytest.FixtureRequest) -> Iterator[str]:
    url, template = request.getfixturevalue("postgresql_server").rsplit("/", 1)
    name = f"footnote_{os.getpid()}_{next(_serial)}"
    _administer(url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield f"{url}/{name}"
    _administer(url, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated library: each test that asks for it runs on both engines."""
    yield from {"sqlite": _sqlite_library, "postgresql": _postgresql_library}[request.param](request)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """The engine of `database_url`."""
    engine = open_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated SQLite library, for what does not depend on the engine."""
    yield from _sqlite_library(request)


@pytest.fixture
def sqlite_engine(sqlite_url: str) -> Iterator[Engine]:
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """A clock that stands at 1 March 2026, 09:00 UTC, and moves when told: `clock(days=1)`."""
    state = {"now": datetime(2026, 3, 1, 9, 0, tzinfo=UTC)}
    monkeypatch.setattr(config, "now", lambda: state["now"])

    def move(**by: float) -> None:
        state["now"] += timedelta(**by)

    return move
