"""`python -m db`: exit codes, one line for every error, and what each command does to a library."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from db import config, migrate
from db.__main__ import main
from db.engine import open_engine, reading, writing
from db.models import AuditEvent, OneTimeLink
from db.queries import accounts
from db.types import Actor, LinkPurpose


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def use(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[[str], Command]:
    """Gives the command on the library at a URL."""

    def on(url: str) -> Command:
        def command(*arguments: object) -> Answer:
            monkeypatch.setenv("DATABASE_URL", url)
            config.settings.cache_clear()
            code = main([str(each) for each in arguments])
            return Answer(code, *capsys.readouterr())

        return command

    return on


@pytest.fixture
def db(use: Callable[[str], Command], database_url: str) -> Command:
    return use(database_url)


@pytest.fixture
def sqlite_db(use: Callable[[str], Command], sqlite_url: str) -> Command:
    return use(sqlite_url)


def assert_failed(answer: Answer, *parts: str) -> None:
    assert answer.code == 1
    assert answer.out == ""
    assert answer.err.startswith("db: ")
    assert answer.err.count("\n") == 1
    for part in parts:
        assert part in answer.err


def change(engine: Engine, statement: str) -> None:
    with writing(engine) as session:
        session.connection().execute(text(statement))
        session.commit()


def test_upgrade_creates_a_library_and_is_safe_to_repeat(use: Callable[[str], Command], tmp_path: Path) -> None:
    db = use(f"sqlite:///{tmp_path / 'new' / 'library.db'}")
    assert db("upgrade") == Answer(0, f"the library is at {migrate.latest_revision()}, from nothing\n", "")
    assert db("upgrade") == Answer(0, f"the library is at {migrate.latest_revision()}\n", "")
    assert db("check").code == 0


def test_check_says_that_all_is_well(sqlite_db: Command, sqlite_library: Engine) -> None:
    assert sqlite_db("check") == Answer(0, "schema, foreign keys, search index and audit chain are in order\n", "")


def test_check_finds_a_stale_index_and_reindex_mends_it(db: Command, library: Engine) -> None:
    change(library, "UPDATE article SET abstract = 'Changed behind the index.' WHERE id = 1")
    found = db("check")
    assert (found.code, found.out.count("\n"), found.err) == (1, 1, "")
    assert "run python -m db reindex" in found.out
    assert db("reindex") == Answer(0, "the search index was built anew\n", "")
    assert db("check").code == 0


def test_check_compares_with_a_head_that_was_kept_elsewhere(
    sqlite_db: Command, sqlite_library: Engine, tmp_path: Path
) -> None:
    assert sqlite_db("backup", tmp_path / "copy").code == 0
    assert sqlite_db("check", "--head", tmp_path / "copy.head.json").code == 0
    change(sqlite_library, "DELETE FROM audit_event")
    found = sqlite_db("check", "--head", tmp_path / "copy.head.json")
    assert found.code == 1
    assert "where the head kept elsewhere counts 1" in found.out


def test_a_head_that_cannot_be_read_is_one_line(sqlite_db: Command, sqlite_library: Engine, tmp_path: Path) -> None:
    assert_failed(sqlite_db("check", "--head", tmp_path / "missing.json"), "missing.json cannot be read", ".head.json")
    (tmp_path / "letter").write_text("Dear Ada")
    assert_failed(sqlite_db("check", "--head", tmp_path / "letter"), "letter is not a head")


def test_backup_says_what_to_keep_elsewhere(sqlite_db: Command, sqlite_library: Engine, tmp_path: Path) -> None:
    answer = sqlite_db("backup", tmp_path / "copy")
    head = json.loads((tmp_path / "copy.head.json").read_text())
    assert (answer.code, answer.err) == (0, "")
    assert f"1 audit events, head {head['hash']}" in answer.out
    assert f"keep {tmp_path / 'copy.head.json'} in another place" in answer.out


def test_backup_does_not_overwrite(sqlite_db: Command, sqlite_library: Engine, tmp_path: Path) -> None:
    assert sqlite_db("backup", tmp_path / "copy").code == 0
    assert_failed(sqlite_db("backup", tmp_path / "copy"), "is there already; name another file")


def test_restore_puts_a_backup_over_a_full_library(db: Command, library: Engine, tmp_path: Path) -> None:
    db("backup", tmp_path / "copy")
    change(library, "UPDATE article SET title = 'Overwritten'")
    answer = db("restore", tmp_path / "copy")
    assert (answer.code, answer.err) == (0, "")
    assert answer.out.startswith(f"the library is what {tmp_path / 'copy'} holds\n")
    assert db("check").code == 0
    with reading(library) as session:
        titles = session.connection().execute(text("SELECT title FROM article ORDER BY id")).scalars()
        assert list(titles)[0] == "Invented trial 1 of ketamine"  # noqa: RUF015


def test_restore_of_nothing_is_one_line(db: Command, library: Engine, tmp_path: Path) -> None:
    assert_failed(db("restore", tmp_path / "missing"), "missing is not a file")
    (tmp_path / "letter").write_text("Dear Ada")
    assert_failed(db("restore", tmp_path / "letter"))


def test_member_reset_makes_a_link_that_works_once(
    db: Command, engine: Engine, people: dict[str, Actor], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_PUBLIC_URL", "https://footnote.example/")
    first, second = db("member", "reset", "ada"), db("member", "reset", "  ADA ")
    assert (first.code, first.err) == (0, "")
    said, address = second.out.splitlines()
    assert said == "Ada sets a new password here, once, within 7 days:"
    assert address.startswith("https://footnote.example/join/")
    with reading(engine) as session:
        old = accounts.usable_link(session, token=first.out.splitlines()[1].rsplit("/", 1)[1])
        new = accounts.usable_link(session, token=address.rsplit("/", 1)[1])
        event = session.get_one(AuditEvent, 2)
    assert old is None
    assert isinstance(new, OneTimeLink)
    assert (new.purpose, new.member_id) == (LinkPurpose.RESET, people["Ada"].id)
    assert (event.actor_id, event.actor_name, event.action) == (None, "db command", "reset_link_made")


def test_member_reset_of_somebody_unknown_names_who_is_there(db: Command, people: dict[str, Actor]) -> None:
    assert_failed(db("member", "reset", "Eve"), "no member is named Eve; the members are: Ada, Ben, Cleo, Dov")


def test_member_reset_in_an_empty_library_says_that_nobody_is_there(
    use: Callable[[str], Command], tmp_path: Path
) -> None:
    assert_failed(use(f"sqlite:///{tmp_path / 'new.db'}")("member", "reset", "Ada"), "nobody yet")


@pytest.mark.parametrize("arguments", [[], ["dance"], ["backup"], ["member"], ["member", "reset"], ["check", "--head"]])
def test_wrong_usage_ends_with_code_two(
    arguments: list[str], sqlite_db: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        sqlite_db(*arguments)
    assert raised.value.code == 2
    assert "usage: python -m db" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", [["check"], ["upgrade"], ["reindex"], ["backup", "copy"], ["member", "reset", "Ada"]]
)
def test_a_file_that_is_no_library_is_one_line_for_every_command(
    command: list[str], use: Callable[[str], Command], tmp_path: Path
) -> None:
    (tmp_path / "letter.db").write_text("Dear Ada, this is no library.\n" * 99)
    assert_failed(use(f"sqlite:///{tmp_path / 'letter.db'}")(*command), "is not a Footnote library")
    assert (tmp_path / "letter.db").read_text().startswith("Dear Ada")


@pytest.mark.parametrize("command", [["reindex"], ["backup", "copy"]])
def test_a_library_that_was_never_made_is_one_line(
    command: list[str], use: Callable[[str], Command], tmp_path: Path
) -> None:
    assert_failed(use(f"sqlite:///{tmp_path / 'new.db'}")(*command), "run `python -m db upgrade`")


def test_a_malformed_address_is_one_line(use: Callable[[str], Command]) -> None:
    assert_failed(use("mysql://ada:swordfish@host/name")("check"), "DATABASE_URL is", "expects sqlite:///PATH")


def test_debug_shows_the_whole_error(use: Callable[[str], Command], tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="holds no Footnote library yet"):
        use(f"sqlite:///{tmp_path / 'new.db'}")("--debug", "reindex")


def test_two_upgrades_at_the_same_moment_make_one_library(tmp_path: Path) -> None:
    def upgrade(_: int) -> str | None:
        engine = open_engine(f"sqlite:///{tmp_path / 'library.db'}")
        migrate.upgrade(engine)
        at = migrate.current_revision(engine)
        engine.dispose()
        return at

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(upgrade, range(2))) == [migrate.latest_revision()] * 2
