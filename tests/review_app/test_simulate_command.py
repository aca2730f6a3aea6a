"""`factcheck simulate` from outside."""

import json
from pathlib import Path

import pytest
from factcheck_command import Command, assert_failed

ROWS = ["Ketamine in depression,Mood improved,1", "Knee surgery,Healed,0"] * 8


@pytest.fixture
def review(tmp_path: Path) -> Path:
    path = tmp_path / "finished.csv"
    path.write_text("\n".join(["title,abstract,label_included", *ROWS]), encoding="utf-8")
    return path


def test_the_measures_are_told_as_one_object(factcheck: Command, review: Path) -> None:
    answer = factcheck("simulate", review, "--seed", 3, "--batch", 2, "--json")
    told = json.loads(answer.out)
    assert (answer.code, answer.err) == (0, "")
    assert (told["records"], told["included"], told["seed"], told["batch"]) == (16, 8, 3, 2)
    assert len(told["recall"]) == 16
    assert told["recall"][8] == 1.0
    assert 0 < told["atd"] < 0.5
    assert told["wss95"] > 0
    assert told["seconds"] >= 0


def test_the_measures_are_told_to_a_person(factcheck: Command, review: Path) -> None:
    told = factcheck("simulate", review, "--seed", 0).out
    assert told.startswith("16 records, 8 included")
    assert "work saved over sampling at 95% recall" in told


@pytest.mark.parametrize(
    ("text", "says"),
    [("title,abstract\na,b\n", "no column label_included"), ("title,abstract,label_included\na,b,0\n", "inclusion")],
)
def test_a_file_that_cannot_be_replayed_is_told_in_one_line(
    factcheck: Command, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    assert_failed(factcheck("simulate", path), "bad.csv", says)


def test_a_file_that_is_not_there_is_told_in_one_line(factcheck: Command, tmp_path: Path) -> None:
    assert_failed(factcheck("simulate", tmp_path / "none.csv"), "none.csv", "cannot be read")


@pytest.mark.parametrize("option", [("--batch", "0"), ("--seed", "-1"), ("--seed", "x")])
def test_a_number_that_is_none_is_wrong_usage(factcheck: Command, review: Path, option: tuple[str, str]) -> None:
    with pytest.raises(SystemExit) as ended:
        factcheck("simulate", review, *option)
    assert ended.value.code == 2
