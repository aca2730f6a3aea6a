"""`factcheck diff` from outside: what a new version changes, and its exit codes."""

import json
from pathlib import Path

import pytest
from factcheck_command import Command, assert_failed

OLD = "Ketamine may ease depression within hours in some patients.\n\nKetamine is not FDA-approved for depression.\n"
NEW = "Ketamine may ease depression within hours in some patients.\n\nKetamine is FDA-approved for depression.\n"


@pytest.fixture
def versions(tmp_path: Path) -> tuple[Path, Path]:
    old, new = tmp_path / "old.txt", tmp_path / "new.txt"
    old.write_text(OLD, encoding="utf-8")
    new.write_text(NEW, encoding="utf-8")
    return old, new


def test_a_claim_turned_round_is_told_with_both_verdicts(factcheck: Command, versions: tuple[Path, Path]) -> None:
    told = json.loads(factcheck("diff", *versions, "--format", "json").out)
    (change,) = told["changes"]
    assert (change["kind"], change["words"][1]) == ("changed", {"run": "removed", "text": "not"})
    assert {"what": "verdict", "old": "supported", "new": "contradicted"} in change["effects"]
    assert told["summary"]["unchanged"] == 1


def test_a_verdict_that_must_not_occur_is_looked_for_in_the_new_version(
    factcheck: Command, versions: tuple[Path, Path]
) -> None:
    old, new = versions
    assert factcheck("diff", old, new, "--fail-on", "contradicted").code == 4
    assert factcheck("diff", new, old, "--fail-on", "contradicted").code == 0


def test_the_comparison_can_be_kept_as_a_file(factcheck: Command, versions: tuple[Path, Path], tmp_path: Path) -> None:
    page = tmp_path / "diff.html"
    answer = factcheck("diff", *versions, "--format", "html", "--output", page)
    assert (answer.code, answer.out) == (0, "")
    assert "<del>not</del>" in page.read_text("utf-8")


def test_a_version_that_cannot_be_read_is_an_error(factcheck: Command, versions: tuple[Path, Path]) -> None:
    assert_failed(factcheck("diff", versions[0], "/nowhere/new.txt"), "/nowhere/new.txt cannot be read")


def test_standard_input_is_one_version_only(factcheck: Command) -> None:
    answer = factcheck("diff", "-", "-")
    assert answer.code == 2
    assert "standard input holds one document" in answer.err
