"""A file of which most cannot be used is refused early; of what is refused in another, the first are told."""

from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import reading
from db.models import Article, HarvestRun
from harvester import cli
from harvester.file_import import MOST_REJECTED, REJECTIONS_SHOWN, import_file
from harvester.topic import TopicFile
from harvester.unreadable import UnreadableFile

TOPIC = TopicFile("invented", "Invented", "ketamine")
BAD = "Invented,none\n"
GOOD = "Invented {0},{0}\n"


def written(folder: Path, *rows: str) -> Path:
    path = folder / "references.csv"
    path.write_text("title,pmid\n" + "".join(rows))
    return path


def test_a_file_that_is_mostly_refused_is_read_no_further_and_changes_nothing(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    path = written(tmp_path, BAD * (MOST_REJECTED + 500))
    with pytest.raises(UnreadableFile) as raised:
        import_file(sqlite_engine, path, TOPIC)
    message = str(raised.value)
    assert message.startswith(f"{path}: 1,001 of its first 1,001 records cannot be used (record 2: pmid ")
    assert "nothing was imported" in message
    assert "\n" not in message
    with reading(sqlite_engine) as session:
        assert session.exec(select(HarvestRun)).all() == []
        assert session.exec(select(Article)).all() == []


def test_many_rejections_among_more_good_records_are_counted_and_the_first_kept(
    sqlite_engine: Engine, tmp_path: Path
) -> None:
    good = [GOOD.format(90000000 + number) for number in range(30)]
    found = import_file(sqlite_engine, written(tmp_path, *good, BAD * 25), TOPIC)
    assert (found.new, found.rejected) == (30, 25)
    assert [one.position for one in found.first_rejected] == list(range(32, 32 + REJECTIONS_SHOWN))


def test_the_command_tells_the_first_rejections_and_how_many_more(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # pytest keeps its own
    path = written(tmp_path, GOOD.format(90000001), BAD * 25)
    assert cli.main(["import", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == f"{path}: read 26, new 1, changed 0, unchanged 0, rejected 25"
    assert sum(line.startswith("  record ") for line in lines) == 20
    assert lines[-1] == "  and 5 more rejected"
