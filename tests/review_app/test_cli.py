"""The `factcheck` command from outside: exit codes, one line for every error, files whole or not at all."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import invented_studies
import pytest
from sqlalchemy import Engine

from db import config
from db.engine import open_engine, reading, writing
from db.models import Member
from db.queries import claims as claim_queries
from db.types import Actor, Role
from review_app import cli
from review_app.services.library import furnish

CLAIMS = """
format = 1
topic = "ketamine-depression"
version = "1"
source = "invented"
"""


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Command = Callable[..., Answer]


@pytest.fixture
def factcheck(sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command on an empty library."""
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    config.settings.cache_clear()

    def command(*arguments: object) -> Answer:
        code = cli.main([str(each) for each in arguments])
        return Answer(code, *capsys.readouterr())

    return command


@pytest.fixture
def library(sqlite_engine: Engine) -> Engine:
    """The library of the command, with eight invented studies."""
    with writing(sqlite_engine) as session:
        member = Member(name="Ada", name_key="ada", role=Role.LEAD, created_at=config.now())
        session.add(member)
        session.commit()
        ada = Actor(member.id, "Ada", Role.LEAD)
    invented_studies.fill(sqlite_engine, lead=ada, plain=3)
    return sqlite_engine


def failed(answer: Answer, *parts: str) -> None:
    assert answer.code == 1
    assert answer.out == ""
    assert re.fullmatch(r"factcheck: [^\n]+\n", answer.err)
    for part in parts:
        assert part in answer.err


def start(url: str, *arguments: str, **changed: str) -> "subprocess.Popen[bytes]":
    """The command as a process of its own."""
    environment = config.child_environment(DATABASE_URL=url, **changed)
    command = [sys.executable, "-m", "review_app.cli", *arguments]
    root = Path(cli.__file__).parent.parent
    return subprocess.Popen(command, env=environment, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_the_claims_that_ship_are_there_from_the_first_command(factcheck: Command) -> None:
    answer = factcheck("claims", "list")
    assert (answer.code, answer.err) == (0, "")
    assert all(re.fullmatch(r"\S+  \[not reviewed\]  .+", line) for line in answer.out.splitlines())
    assert len(answer.out.splitlines()) > 50


def test_a_command_creates_its_library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "new" / "library.db"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{path}")
    config.settings.cache_clear()
    assert cli.main(["claims", "list"]) == 0
    assert path.exists()


def test_search_ranks_studies_with_their_quote(factcheck: Command, library: Engine) -> None:
    answer = factcheck("search", "midazolam", "--json")
    (line,) = answer.out.splitlines()
    found = json.loads(line)
    assert found[0]["pmid"] == invented_studies.TRIAL
    assert set(found[0]) == {"id", "pmid", "title", "year", "score", "study_design", "integrity", "quote", "stance"}
    assert f"PMID {invented_studies.TRIAL}" in factcheck("search", "midazolam").out


def test_search_says_what_it_did_not_find(factcheck: Command, library: Engine) -> None:
    assert factcheck("search", "xylophone").out == "no study in this library has any word of: xylophone\n"
    assert factcheck("search", "xylophone", "--json").out == "[]\n"


@pytest.mark.parametrize(
    "query",
    ['"', "covid-19 (", "p<0.05", "*", "'; DROP TABLE article; --", "NEAR(", "-", "-ketamine", "a:b", "\udcff", ""],
)
def test_no_punctuation_is_an_error(factcheck: Command, library: Engine, query: str) -> None:
    answer = factcheck("search", query, "--limit", "3", "--json")
    assert (answer.code, answer.err) == (0, "")
    assert isinstance(json.loads(answer.out), list)
    assert factcheck("search", query).code == 0


def test_a_file_of_queries_is_answered_a_line_each_in_order(
    factcheck: Command, library: Engine, tmp_path: Path
) -> None:
    queries = ["xylophone", "", "midazolam", "retraction\x0cnotice \x85 again", "p<0.05 \u2028 x"]
    (tmp_path / "queries").write_text("\ufeff" + "\n".join(queries) + "\n", encoding="utf-8")
    answer = factcheck("search", "--queries", tmp_path / "queries", "--json")
    answers = [json.loads(line) for line in answer.out.split("\n")[:-1]]
    assert len(answers) == len(queries)
    assert answers[0] == answers[1] == []
    assert answers[2][0]["pmid"] == invented_studies.TRIAL
    told = factcheck("search", "--queries", tmp_path / "queries").out.split("\n")
    assert told[0] == "xylophone: no study"
    assert f"PMID {invented_studies.TRIAL}" in told[2]


def test_an_empty_file_of_queries_has_no_answers(factcheck: Command, tmp_path: Path) -> None:
    (tmp_path / "queries").write_text("")
    assert factcheck("search", "--queries", tmp_path / "queries", "--json") == Answer(0, "", "")


def test_a_file_that_cannot_be_read_is_one_line(factcheck: Command, tmp_path: Path) -> None:
    failed(factcheck("search", "--queries", tmp_path / "missing"), "missing cannot be read: No such file")
    (tmp_path / "latin").write_bytes("größer".encode("latin-1"))
    failed(factcheck("search", "--queries", tmp_path / "latin"), "not UTF-8 text; save it as UTF-8")
    failed(factcheck("claims", "load", tmp_path), "cannot be read: Is a directory")


def test_export_writes_a_line_an_article(factcheck: Command, library: Engine) -> None:
    answer = factcheck("export", "--format", "jsonl")
    assert (answer.code, answer.err) == (0, "")
    assert [json.loads(line)["pmid"] for line in answer.out.splitlines()][0] == invented_studies.TRIAL  # noqa: RUF015
    table = factcheck("export", "--format", "csv", "--query", "midazolam").out
    assert table.startswith("id,pmid,version,title,")


def test_an_article_that_is_not_in_the_library_is_named(factcheck: Command, library: Engine) -> None:
    answer = factcheck("export", "--format", "jsonl", "--pmids", invented_studies.TRIAL, 99999999)
    assert (answer.code, len(answer.out.splitlines())) == (0, 1)
    assert answer.err == "factcheck: not in this library, so not in the export: PMID 99999999\n"
    failed(factcheck("export", "--format", "jsonl", "--pmids", 99999999), "none of these PMIDs is in this library")


def test_an_unknown_claim_is_one_line(factcheck: Command, library: Engine) -> None:
    failed(factcheck("export", "--format", "csv", "--claim", "no-such-claim"), "There is no claim no-such-claim")


def test_a_file_appears_whole(factcheck: Command, library: Engine, tmp_path: Path) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("what was there before")
    file.chmod(0o640)
    assert factcheck("export", "--format", "jsonl", "--output", file) == Answer(0, "", "")
    assert len(file.read_text().splitlines()) == 8
    assert file.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.glob("*.jsonl*")) == [file]


def test_a_file_that_cannot_be_finished_leaves_what_was_there(
    factcheck: Command, library: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "articles.jsonl"
    file.write_text("what was there before")
    failed(factcheck("export", "--format", "jsonl", "--claim", "no-such-claim", "--output", file))
    assert file.read_text() == "what was there before"
    assert sorted(path.name for path in tmp_path.iterdir() if "articles" in path.name) == ["articles.jsonl"]


@pytest.mark.parametrize("place", ["no such folder/out.csv", "."])
def test_a_place_that_cannot_be_written_is_one_line(
    factcheck: Command, library: Engine, tmp_path: Path, place: str
) -> None:
    failed(factcheck("export", "--format", "csv", "--output", tmp_path / place), "cannot be written", "name a place")


def test_a_pipe_is_written_to_and_not_replaced(factcheck: Command, library: Engine, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE)
    assert factcheck("export", "--format", "jsonl", "--output", pipe).code == 0
    assert len(reader.communicate()[0].splitlines()) == 8
    assert pipe.is_fifo()


def test_a_reader_that_has_enough_is_no_error(library: Engine, sqlite_url: str) -> None:
    furnish(library, topic_id=invented_studies.TOPIC)
    command = start(sqlite_url, "export", "--format", "jsonl")
    assert command.stdout is not None
    assert command.stderr is not None
    command.stdout.close()
    assert command.stderr.read() == b""
    command.stderr.close()
    assert command.wait() == 1


def test_the_answer_is_utf_8_whatever_the_terminal_says(library: Engine, sqlite_url: str) -> None:
    furnish(library, topic_id=invented_studies.TOPIC)
    command = start(sqlite_url, "search", "größer \udcff", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    out, err = command.communicate()
    assert (command.returncode, err) == (0, b"")
    assert "größer".encode() in out


def test_claims_that_were_exported_load_again_without_a_change(factcheck: Command, tmp_path: Path) -> None:
    first, second = tmp_path / "claims.toml", tmp_path / "again.toml"
    said = factcheck("claims", "export", first)
    assert said.code == 0
    number = int(said.out.split()[0])
    assert factcheck("claims", "load", first) == Answer(0, f"{number} claims read, 0 new or changed\n", "")
    assert factcheck("claims", "export", second).code == 0
    assert first.read_text() == second.read_text()


def test_claims_go_from_one_library_to_another(
    factcheck: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    factcheck("claims", "export", tmp_path / "claims.toml")
    text = (tmp_path / "claims.toml").read_text()
    identity = re.search(r'id = "([^"]+)"', text)
    assert identity is not None
    (tmp_path / "claims.toml").write_text(text.replace(f'id = "{identity[1]}"', 'id = "invented-claim"', 1))
    url = f"sqlite:///{tmp_path / 'other.db'}"
    monkeypatch.setenv("DATABASE_URL", url)
    config.settings.cache_clear()
    assert cli.main(["claims", "load", str(tmp_path / "claims.toml")]) == 0
    assert "1 new or changed" in capsys.readouterr().out
    engine = open_engine(url)
    with reading(engine) as session:
        viewer = Actor(None, "test", Role.READ_ONLY)
        assert claim_queries.claim(session, viewer=viewer, claim_id="invented-claim") is not None
    engine.dispose()


@pytest.mark.parametrize("body", ["not toml [", "format = 99", CLAIMS + "[[claim]]\nid = 3\n", ""])
def test_a_claims_file_that_cannot_be_used_changes_nothing(factcheck: Command, tmp_path: Path, body: str) -> None:
    before = factcheck("claims", "list").out
    (tmp_path / "bad.toml").write_text(body)
    failed(factcheck("claims", "load", tmp_path / "bad.toml"))
    assert factcheck("claims", "list").out == before


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["dance"],
        ["search"],
        ["search", "x", "--limit", "0"],
        ["search", "x", "--limit", "many"],
        ["export"],
        ["export", "--format", "docx"],
        ["export", "--format", "csv", "--pmids", "1", "--query", "x"],
        ["claims"],
        ["claims", "load"],
        ["check", "x", "--fail-on", "wrong"],
    ],
)
def test_wrong_usage_ends_with_code_two(
    factcheck: Command, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        factcheck(*arguments)
    assert raised.value.code == 2
    assert "usage: factcheck" in capsys.readouterr().err


def test_a_library_that_is_none_is_one_line(
    factcheck: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "letter.db").write_text("Dear Ada, this is no library.\n" * 99)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'letter.db'}")
    config.settings.cache_clear()
    for command in (["search", "x"], ["export", "--format", "csv"], ["claims", "list"]):
        failed(factcheck(*command), "is not a Footnote library")


@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_URL", "mysql://host/x"), ("FOOTNOTE_TOPIC", "no-such-topic"), ("FOOTNOTE_X", "1")]
)
def test_a_setting_that_cannot_be_used_is_one_line(
    factcheck: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    config.settings.cache_clear()
    failed(factcheck("search", "x"), name)


def test_a_fault_of_ours_is_one_line_too(factcheck: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(_: object) -> int:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setitem(cli.COMMANDS, "search", fault)
    failed(factcheck("search", "x"), "ZeroDivisionError: division by zero", "fault of Footnote", "--debug")
    with pytest.raises(ZeroDivisionError):
        factcheck("--debug", "search", "x")
