"""Alembic from inside: is the library of this version, and if not, copy it and bring it there."""

from pathlib import Path

from sqlalchemy import Engine, inspect, text

from db import config
from db.engine import DatabaseUnavailable, copy_sqlite, explained, is_sqlite, sqlite_path, write_lock

MIGRATIONS = Path(__file__).parent / "migrations"


class UpgradeNeeded(DatabaseUnavailable):
    """A PostgreSQL library of an older version, which only a person upgrades."""


def latest_revision() -> str:
    """The newest migration, by its numbered file name."""
    return max(known_revisions())


def known_revisions() -> set[str]:
    """Every migration of this version of Footnote."""
    return {path.stem for path in (MIGRATIONS / "versions").glob("[0-9]*.py")}


def current_revision(engine: Engine) -> str | None:
    """The migration that the library is at; None for an empty database."""
    with explained(engine), engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def ensure(engine: Engine) -> None:
    """Create or upgrade a SQLite library when it needs it; refuse an outdated PostgreSQL one with what to do."""
    if current_revision(engine) == latest_revision():
        return
    if not is_sqlite(engine):
        raise UpgradeNeeded("the PostgreSQL library is not of this version; run `python -m db upgrade`")
    upgrade(engine)


def upgrade(engine: Engine) -> Path | None:
    """Bring the library to the newest migration. Returns the copy made before, if there was anything to copy."""
    with explained(engine), write_lock(engine):
        current = current_revision(engine)
        if current == latest_revision():
            return None
        _refuse_newer(engine, current)
        copy = _copy_before(engine, current)
        _run(engine)
        return copy


def _refuse_newer(engine: Engine, current: str | None) -> None:
    if current is not None and current not in known_revisions():
        raise DatabaseUnavailable(f"the library was made by a newer version ({current}); update Footnote to open it")
    if current is None and inspect(engine).get_table_names():
        where = engine.url.render_as_string(hide_password=True)
        raise DatabaseUnavailable(f"{where} holds tables of another program; set DATABASE_URL to a database of its own")


def _copy_before(engine: Engine, current: str | None) -> Path | None:
    if not is_sqlite(engine) or current is None:
        return None
    path = sqlite_path(engine)
    copy = path.with_name(f"{path.name}.before-{latest_revision()}-{config.now():%Y%m%dT%H%M%S}.bak")
    copy_sqlite(engine, copy)
    return copy


def _run(engine: Engine) -> None:
    # Alembic takes a third of a second to import, and almost no command needs it.
    from alembic import command
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    # In a transaction of ours, or Alembic commits on SQLite before the search index is there.
    with engine.execution_options(writes=True).connect() as connection, connection.begin():
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
