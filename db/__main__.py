"""`python -m db`: look after a library."""

import argparse
import sys
from pathlib import Path

from sqlalchemy import Engine

from db import audit, backup, health, migrate, search
from db.config import SettingsError, settings
from db.engine import DatabaseUnavailable, open_engine, writing
from db.queries import accounts
from db.types import Actor, Role

COMMAND = Actor(None, "db command", Role.READ_ONLY)


class Failed(Exception):
    """A command that was not carried out; the message says why and what to do next."""


def main(arguments: list[str] | None = None) -> int:
    """Exit codes: 0 done, 1 failed or something is wrong, 2 wrong usage."""
    chosen = _parser().parse_args(arguments)
    try:
        engine = open_engine(settings().database_url)
        try:
            return int(chosen.run(engine, chosen))
        finally:
            engine.dispose()
    except KeyboardInterrupt:
        print("db: stopped", file=sys.stderr)
    except Exception as error:
        if chosen.debug:
            raise
        print(f"db: {_one_line(error)}", file=sys.stderr)
    return 1


def _one_line(error: Exception) -> str:
    said = " ".join(str(error).split())
    if isinstance(error, (Failed, SettingsError, DatabaseUnavailable, backup.BackupFailed)):
        return said
    return f"{type(error).__name__}: {said[:300]}; this is a fault of Footnote: `python -m db --debug ...` shows where"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m db", description="Look after a Footnote library (DATABASE_URL).")
    parser.add_argument("--debug", action="store_true", help="show the whole error (before COMMAND)")
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
    member = commands.add_parser("member", help="look after a member").add_subparsers(required=True, metavar="ACT")
    reset = member.add_parser("reset", help="make a one-time link with which a member sets a new password")
    reset.add_argument("name", metavar="NAME")
    reset.set_defaults(run=_reset_member)
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
    found = health.problems(engine, _head(chosen.head) if chosen.head else None)
    for line in found:
        print(line)
    if not found:
        print("schema, foreign keys, search index and audit chain are in order")
    return 1 if found else 0


def _head(file: Path) -> audit.Head:
    try:
        return audit.Head.from_json(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise Failed(f"{file} cannot be read: {error.strerror}; name the .head.json of a backup") from None
    except ValueError:
        raise Failed(f"{file} is not a head; name the .head.json that a backup wrote") from None


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
    kept = backup.restore(engine, chosen.file)
    print(f"the library is what {chosen.file} holds")
    if kept:
        print(f"as it was before: {kept}")
    return 0


def _reset_member(engine: Engine, chosen: argparse.Namespace) -> int:
    migrate.ensure(engine)
    with writing(engine) as session:
        member = accounts.member_by_name(session, name=chosen.name)
        if member is None or member.left_at is not None:
            here = ", ".join(row.name for row in accounts.members(session) if row.left_at is None)
            raise Failed(f"no member is named {chosen.name}; the members are: {here or 'nobody yet'}")
        token = accounts.renew_reset_link(session, member=member, created_by=None)
        audit.record(session, actor=COMMAND, action="reset_link_made", subject_kind="member", subject_id=member.id)
        session.commit()
    print(f"{member.name} sets a new password here, once, within {accounts.LINK_LIFE.days} days:")
    print(f"{settings().public_address}/join/{token}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
