"""A load of baseline files killed at random moments and run again ends as one that nobody killed."""

import shutil
from pathlib import Path

import pytest
from baseline_folder import publish
from invented_pubmed import FIRST, invented
from torture.killed_process import run
from torture.kills import Subject, torture
from torture.subjects import in_folder

FILES = {1: range(250), 2: range(100, 420, 3), 3: range(400, 600)}


@pytest.fixture
def published(tmp_path: Path) -> Path:
    folder = tmp_path / "published"
    folder.mkdir()
    for number, records in FILES.items():
        said = (invented(FIRST + n, title=f"Invented trial {n} of ketamine, file {number}") for n in records)
        publish(folder, number, said, deleted=range(FIRST, FIRST + 9 * number, 2))
    return folder


def test_killed_and_run_again_it_ends_as_a_clean_load(tmp_path: Path, published: Path, sqlite_template: Path) -> None:
    library = in_folder(tmp_path, sqlite_template)
    subject = Subject("baseline", ["baseline", str(published)], {}, library)
    run(["status"], subject.environment(library("stocked")), tmp_path / "log")
    stocked = Path(shutil.copy(tmp_path / "library" / "library.db", tmp_path / "stocked.db"))
    subject = Subject("baseline", subject.arguments, {}, in_folder(tmp_path, stocked))
    *_, tally = torture(subject, tmp_path, kills=3, seed=7)
    assert tally.wrong == []
    assert tally.kills == 3
