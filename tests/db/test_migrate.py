"""Creating and upgrading a library on both engines."""

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlmodel import SQLModel

import db.models  # noqa: F401
from db import migrate, search
from db.engine import DatabaseUnavailable, open_engine


def test_the_migrations_build_what_the_models_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"include_name": lambda name, kind, parents: name not in search.owned_names(), "compare_type": True},
        )
        assert compare_metadata(context, SQLModel.metadata) == []


def test_a_new_library_is_created_without_a_backup(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'deep' / 'library.db'}")
    migrate.ensure(engine)
    assert migrate.current_revision(engine) == migrate.latest_revision()
    assert not list(tmp_path.glob("**/*.bak"))
    engine.dispose()


def test_an_old_library_is_copied_before_it_is_upgraded(sqlite_engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrate, "latest_revision", lambda: "0002_next")
    monkeypatch.setattr(migrate, "_run", lambda engine: None)
    copy = migrate.upgrade(sqlite_engine)
    assert copy is not None
    kept = open_engine(f"sqlite:///{copy}")
    assert inspect(kept).has_table("article")
    kept.dispose()


def test_a_library_of_a_newer_version_is_left_alone(sqlite_engine: Engine) -> None:
    with sqlite_engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))
    with pytest.raises(DatabaseUnavailable, match="newer version"):
        migrate.ensure(sqlite_engine)


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    with engine.execution_options(writes=True).begin() as connection:
        connection.execute(text("CREATE TABLE songs (id INTEGER)"))
    with pytest.raises(DatabaseUnavailable, match="another program"):
        migrate.ensure(engine)
    assert inspect(engine).get_table_names() == ["songs"]
    engine.dispose()


def test_an_outdated_postgresql_library_waits_for_a_person(postgresql_server: str) -> None:
    engine = open_engine(postgresql_server.rsplit("/", 1)[0] + "/postgres")
    with pytest.raises(migrate.UpgradeNeeded, match="python -m db upgrade"):
        migrate.ensure(engine)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
