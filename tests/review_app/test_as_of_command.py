"""`factcheck check --as-of` from outside: the day is in every answer, and a day nothing is known of is an error."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from factcheck_command import Command, assert_failed
from sqlalchemy import Engine

from review_app.services.library import furnish

TOPIC = "ketamine-depression"


@pytest.fixture
def copy(tmp_path: Path, sqlite_engine: Engine, clock: Callable[..., None]) -> Path:
    """Copy to check; the library began on 1 March 2026 and it is the 11th."""
    furnish(sqlite_engine, topic_id=TOPIC)
    clock(days=10)
    path = tmp_path / "copy.txt"
    path.write_text("Ketamine is FDA-approved for depression.\n", encoding="utf-8")
    return path


def test_the_answer_is_of_that_day(factcheck: Command, copy: Path) -> None:
    told = json.loads(factcheck("check", copy, "--as-of", "2026-03-05", "--format", "json").out)
    assert (told["as_of"], told["checked_at"][:10]) == ("2026-03-05", "2026-03-11")
    assert told["summary"]["contradicted"] == 1
    assert json.loads(factcheck("check", copy, "--format", "json").out)["as_of"] is None


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_every_report_says_so(factcheck: Command, copy: Path, form: str) -> None:
    told = " ".join(factcheck("check", copy, "--as-of", "2026-03-05", "--format", form).out.split())
    assert "as it stood on 2026-03-05" in told.replace("\\", "")
    assert "merged as duplicates" in told


def test_two_versions_are_compared_as_of_a_day(factcheck: Command, copy: Path) -> None:
    told = json.loads(factcheck("diff", copy, copy, "--as-of", "2026-03-05", "--format", "json").out)
    assert (told["as_of"], told["summary"]["unchanged"]) == ("2026-03-05", 1)


def test_a_day_that_nothing_is_known_of_is_an_error(factcheck: Command, copy: Path) -> None:
    assert_failed(factcheck("check", copy, "--as-of", "2026-03-12"), "is in the future", "leave --as-of out")
    assert_failed(factcheck("check", copy, "--as-of", "2026-02-28"), "began on 2026-03-01", "give a day since then")


def test_what_is_no_day_is_wrong_usage(factcheck: Command, copy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        factcheck("check", copy, "--as-of", "last week")
    assert ended.value.code == 2
    assert "write it as 2026-03-31" in capsys.readouterr().err
