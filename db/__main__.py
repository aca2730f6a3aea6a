"""`python -m db`: look after a library."""

import argparse
import sys
from pathlib import Path

from sqlalchemy import Engine

from db import audit, backup, health, migrate, search
from db.config import SettingsError, load_settings
from db.engine import DatabaseUnavailable, open_engine, writing


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 done, 1 failed or something is wrong, 2 wrong usage."""
    chosen = _parser().parse_args(arguments)
    try:
        engine = open_engine(load_settings().database_url)
        try:
            return int(chosen.run(engine, chosen))
        finally:
            engine.dispose()
    except (SettingsError, DatabaseUnavailable, backup.BackupFailed, ValueError, OSError) as error:
        if chosen.debug:
            raise
        print(f"db: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m db", description="Look after a Footnote library (DATABASE_URL).")
    parser.add_argument("--debug", action="store_true", help="show the whole error")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    commands.add_parser("upgrade", help="create the library, or bring it to this version").set_defaults(run=_upgrade)
    check = commands.add_parser("check", help="schema, foreign keys, search index, audit chain")
    check.add_argument("--head", type=Path, help="an audit head that was kept elsewhere (JSON)")
    check.set_defaults(run=_check)
    commands.add_parser("reindex", help="build the search index anew").set_defaults(run=_reindex)
    save = commands.add_parser("backup", help="copy the library while it is in use")
    save.add_argument("file", type=Path)
    save.set_defaults(run=_backup)
    load = commands.add_parser("restore", help="put a backup in the library's place")
    load.add_argument("file", type=Path)
    load.set_defaults(run=_restore)
    return parser


def _upgrade(engine: Engine, _: argparse.Namespace) -> int:
    before = migrate.current_revision(engine)
    copy = migrate.upgrade(engine)
    now = migrate.latest_revision()
    print(f"the library is at {now}" + ("" if before == now else f", from {before or 'nothing'}"))
    if copy:
        print(f"as it was before: {copy}")
    return 0


def _check(engine: Engine, chosen: argparse.Namespace) -> int:
    head = audit.Head.from_json(chosen.head.read_text()) if chosen.head else None
    found = health.problems(engine, head)
    for line in found:
        print(line)
    if not found:
        print("schema, foreign keys, search index and audit chain are in order")
    return 1 if found else 0


def _reindex(engine: Engine, _: argparse.Namespace) -> int:
    with writing(engine) as session:
        search.reindex(session.connection())
        session.commit()
    print("the search index was built anew")
    return 0


def _backup(engine: Engine, chosen: argparse.Namespace) -> int:
    head = backup.backup(engine, chosen.file)
    print(f"{chosen.file}: {head.count} audit events, head {head.hash}")
    print(f"keep {backup.head_file(chosen.file)} in another place: `check --head` compares with it")
    return 0


def _restore(engine: Engine, chosen: argparse.Namespace) -> int:
    backup.restore(engine, chosen.file)
    migrate.upgrade(engine)
    print(f"the library is what {chosen.file} holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
