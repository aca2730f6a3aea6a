"""Which files of PubMed's baseline are there, whole, and still to load; and what the command says of a folder."""

from pathlib import Path

import pytest
from baseline_folder import publish
from invented_pubmed import FIRST, invented

from harvester import cli
from harvester.baseline_files import files_in, to_load
from harvester.unreadable import UnreadableFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in (3, 1, 2):
        publish(tmp_path, number, [invented(FIRST + number)])
    return tmp_path


def numbers(folder: Path, loaded: dict[str, str] | None = None) -> list[tuple[int, int]]:
    return [(file.year, file.number) for file in to_load(files_in(folder), loaded or {})]


def test_files_come_in_the_order_of_year_and_number_wherever_they_are(folder: Path) -> None:
    updates = folder / "updatefiles"
    updates.mkdir()
    publish(updates, 4, [])
    publish(folder, 1, [], year=27)
    (folder / "notes.xml.gz").write_text("no file of PubMed's")
    assert numbers(folder) == [(26, 1), (26, 2), (26, 3), (26, 4), (27, 1)]
    positions = [file.position for file in files_in(folder)]
    assert positions == sorted(positions)


def test_what_was_loaded_is_left_out_unless_its_md5_is_another(folder: Path) -> None:
    loaded = {file.name: file.md5 for file in files_in(folder)}
    assert numbers(folder, loaded) == []
    publish(folder, 2, [invented(FIRST + 9)])
    assert numbers(folder, loaded) == [(26, 2)]


def test_a_sequence_begins_at_one(tmp_path: Path) -> None:
    publish(tmp_path, 2, [])
    with pytest.raises(UnreadableFile, match=r"pubmed26n0001.xml.gz missing"):
        numbers(tmp_path)
    assert numbers(tmp_path, {"pubmed26n0001.xml.gz": "0" * 32}) == [(26, 2)]


def test_of_many_missing_numbers_the_first_are_named(tmp_path: Path) -> None:
    publish(tmp_path, 9, [])
    with pytest.raises(UnreadableFile, match=r"n0001.xml.gz, .*n0005.xml.gz and 3 more missing"):
        numbers(tmp_path)


@pytest.mark.parametrize(
    "said",
    ["MD5 (pubmed26n0001.xml.gz) = {md5}", "{md5}  pubmed26n0001.xml.gz", "MD5(pubmed26n0001.xml.gz)= {MD5}"],
)
def test_the_md5_is_read_in_the_forms_it_is_written_in(folder: Path, said: str) -> None:
    beside = folder / "pubmed26n0001.xml.gz.md5"
    md5 = beside.read_text().split()[-1]
    beside.write_text(said.format(md5=md5, MD5=md5.upper()) + "\n")
    assert files_in(folder)[0].is_whole()


@pytest.mark.parametrize("said", ["", "<html>404</html>", "MD5(pubmed26n0002.xml.gz)= " + "0" * 32, "0" * 32])
def test_an_md5_of_something_else_is_refused(folder: Path, said: str) -> None:
    (folder / "pubmed26n0001.xml.gz.md5").write_text(said)
    with pytest.raises(UnreadableFile, match=r"n0001.xml.gz.md5: it does not read MD5\(pubmed26n0001.xml.gz\)= and 32"):
        files_in(folder)


def test_a_file_without_its_md5_is_refused(folder: Path) -> None:
    (folder / "pubmed26n0001.xml.gz.md5").unlink()
    with pytest.raises(UnreadableFile, match=r"pubmed26n0001.xml.gz.md5 is not beside it; fetch it too"):
        files_in(folder)


def test_one_name_in_two_places_is_refused(folder: Path) -> None:
    (folder / "again").mkdir()
    publish(folder / "again", 2, [])
    with pytest.raises(UnreadableFile, match="the same file is also"):
        files_in(folder)


def test_bytes_that_changed_are_seen(folder: Path) -> None:
    path = folder / "pubmed26n0002.xml.gz"
    path.write_bytes(path.read_bytes() + b"\0")
    assert [file.is_whole() for file in files_in(folder)] == [True, False, True]


def test_the_command_says_what_was_loaded_and_what_is_missing(
    sqlite_url: str, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATABASE_URL", sqlite_url)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # pytest keeps its own
    assert cli.main(["baseline", str(folder / "nothing")]) == 1
    assert "no file such as pubmed26n0001.xml.gz is there; nothing was loaded" in capsys.readouterr().err
    assert cli.main(["baseline", str(folder)]) == 0
    said = capsys.readouterr()
    assert said.out == "3 files loaded: 3 new, 0 changed, 0 unchanged, 0 rejected\n"
    assert said.err.splitlines()[0] == "pubmed26n0001.xml.gz is loaded; 1 new, 0 changed, 0 unchanged so far"
    assert cli.main(["baseline", str(folder), "--everything"]) == 0
    assert capsys.readouterr().out == "3 files loaded: 0 new, 0 changed, 3 unchanged, 0 rejected\n"
    assert cli.main(["baseline", str(folder), "--everything"]) == 0
    assert (
        capsys.readouterr().out == "0 files loaded, 3 were loaded before: 0 new, 0 changed, 0 unchanged, 0 rejected\n"
    )
