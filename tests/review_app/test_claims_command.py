"""`factcheck claims`: the claims that ship are there, and claims go out and come in unchanged."""

import re
from pathlib import Path

import pytest
from factcheck_command import Answer, Command, assert_failed

from db import config
from db.engine import open_engine, reading
from db.queries import claims as claim_queries
from db.types import Actor, Role
from review_app import cli

CLAIMS = """
format = 1
topic = "ketamine-depression"
version = "1"
source = "invented"
"""


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
    assert_failed(factcheck("claims", "load", tmp_path / "bad.toml"))
    assert factcheck("claims", "list").out == before
