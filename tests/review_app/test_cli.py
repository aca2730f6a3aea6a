"""The `factcheck` command from outside: exit codes, one line for every error, files whole or not at all."""

import json
import os
import subprocess
from pathlib import Path

import invented_studies
import pytest
from factcheck_command import Answer, Command, assert_failed, start
from sqlalchemy import Engine

from db import config
from db.engine import writing
from db.models import Member
from db.types import Actor, Role
from review_app import cli
from review_app.services.library import furnish


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
    assert_failed(factcheck("search", "--queries", tmp_path / "missing"), "missing cannot be read: No such file")
    (tmp_path / "latin").write_bytes("größer".encode("latin-1"))
    assert_failed(factcheck("search", "--queries", tmp_path / "latin"), "not UTF-8 text; save it as UTF-8")
    assert_failed(factcheck("claims", "load", tmp_path), "cannot be read: Is a directory")


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
    assert_failed(
        factcheck("export", "--format", "jsonl", "--pmids", 99999999), "none of these PMIDs is in this library"
    )


def test_an_unknown_claim_is_one_line(factcheck: Command, library: Engine) -> None:
    assert_failed(factcheck("export", "--format", "csv", "--claim", "no-such-claim"), "There is no claim no-such-claim")


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
    assert_failed(factcheck("export", "--format", "jsonl", "--claim", "no-such-claim", "--output", file))
    assert file.read_text() == "what was there before"
    assert sorted(path.name for path in tmp_path.iterdir() if "articles" in path.name) == ["articles.jsonl"]


@pytest.mark.parametrize("place", ["no such folder/out.csv", "."])
def test_a_place_that_cannot_be_written_is_one_line(
    factcheck: Command, library: Engine, tmp_path: Path, place: str
) -> None:
    assert_failed(
        factcheck("export", "--format", "csv", "--output", tmp_path / place), "cannot be written", "name a place"
    )


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
        assert_failed(factcheck(*command), "is not a Footnote library")


@pytest.mark.parametrize(
    ("name", "value"), [("DATABASE_URL", "mysql://host/x"), ("FOOTNOTE_TOPIC", "no-such-topic"), ("FOOTNOTE_X", "1")]
)
def test_a_setting_that_cannot_be_used_is_one_line(
    factcheck: Command, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    config.settings.cache_clear()
    assert_failed(factcheck("search", "x"), name)


def test_a_fault_of_ours_is_one_line_too(factcheck: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def fault(_: object) -> int:
        raise ZeroDivisionError("division\nby zero")

    monkeypatch.setitem(cli.COMMANDS, "search", fault)
    assert_failed(factcheck("search", "x"), "ZeroDivisionError: division by zero", "fault of Footnote", "--debug")
    with pytest.raises(ZeroDivisionError):
        factcheck("--debug", "search", "x")
