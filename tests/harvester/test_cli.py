"""`harvest` as cron and people use it: processes, exit codes, one line of error."""

import fcntl
import gzip
import json
import os
import pty
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from invented_pubmed import FIRST, invented, write_records
from local_pubmed import LocalPubMed
from sqlalchemy import Engine
from sqlmodel import select

from db.engine import open_engine, reading
from db.models import Article, HarvestRun
from db.queries import harvesting
from db.types import RunStatus

CHECKOUT = Path(__file__).resolve().parent.parent.parent
Harvest = Callable[..., subprocess.CompletedProcess[str]]


def environment(url: str, pubmed: str = "http://127.0.0.1:9/") -> dict[str, str]:
    # Under one local address one rate: each test has its own.
    return os.environ | {"DATABASE_URL": url, "EUTILS_URL": pubmed}


def harvest(url: str, *arguments: str | Path, pubmed: str = "http://127.0.0.1:9/") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "harvester.cli", *map(str, arguments)],
        cwd=CHECKOUT,
        env=environment(url, pubmed),
        capture_output=True,
        text=True,
        timeout=300,
    )


def articles(url: str) -> int:
    engine = open_engine(url)
    with reading(engine) as session:
        number = harvesting.library_size(session)
    engine.dispose()
    return number


@pytest.fixture(scope="session")
def records(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("records") / "invented.xml"
    return write_records(path, (invented(FIRST + n) for n in range(450)))


def test_a_sync_and_its_status(tmp_path: Path, records: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/library.db"
    with LocalPubMed([records], unlimited=False) as pubmed:
        partial = harvest(url, "sync", "--limit", "250", pubmed=pubmed.url)
        assert (partial.returncode, partial.stdout) == (3, "partial: 250 new, 0 changed, 0 unchanged, 0 rejected\n")
        assert "fetched 200 of 450 (200 new, 0 changed)\nfetched 250 of 450 (250 new, 0 changed)\n" in partial.stderr
        assert partial.stderr.endswith("harvest: 200 articles are still to fetch; run it again to go on\n")
        status = json.loads(harvest(url, "status", "--json").stdout)
        assert (status["articles"], status["topics"][0]["pending"], status["running"]) == (250, 200, None)
        assert status["topics"][0]["last_complete_run"] is None
        complete = harvest(url, "sync", pubmed=pubmed.url)
        assert (complete.returncode, complete.stdout) == (0, "complete: 450 new, 0 changed, 0 unchanged, 0 rejected\n")
        assert all(row["status"] == 200 for row in pubmed.journal()), "no faster than PubMed allows"
    said = harvest(url, "status").stdout
    assert said.startswith(
        "450 articles in the library, 0 open alerts\nketamine-depression: 450 articles, last complete"
    )


def test_an_unreachable_pubmed_is_one_line_and_exit_1(sqlite_url: str) -> None:
    failed = harvest(sqlite_url, "sync")
    assert failed.returncode == 1
    assert failed.stdout == ""
    assert failed.stderr.splitlines()[1:] == [
        "harvest: PubMed could not be reached at http://127.0.0.1:9/: Connection refused; check the network or"
        " EUTILS_URL, then run it again"
    ]
    assert "Traceback" in harvest(sqlite_url, "--debug", "sync").stderr


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["refresh", "--digest"],
        ["sync", "--limit", "0"],
        ["sync", "--limit", "many"],
        ["sync", "--topic", "nosuch"],
        ["import"],
        ["sync", "--nosuch"],
    ],
)
def test_wrong_usage_is_exit_2_and_says_what_was_meant(sqlite_url: str, arguments: list[str]) -> None:
    wrong = harvest(sqlite_url, *arguments)
    assert wrong.returncode == 2
    assert "usage: harvest" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_a_wrong_setting_is_named(sqlite_url: str) -> None:
    wrong = harvest(sqlite_url, "sync", pubmed="ftp://x")
    assert wrong.returncode == 1
    assert wrong.stderr == "harvest: EUTILS_URL is 'ftp://x': expects an address that begins with http:// or https://\n"


def _start(url: str, pubmed: LocalPubMed) -> subprocess.Popen[str]:
    """A sync that has begun to fetch its second batch."""
    process = subprocess.Popen(
        [sys.executable, "-m", "harvester.cli", "sync"],
        cwd=CHECKOUT,
        env=environment(url, pubmed.url),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + 300
    while sum(row["tool"] == "efetch" for row in pubmed.journal()) < 2:
        assert time.monotonic() < deadline
        assert process.poll() is None
    return process


SLOW = {"endpoint": "efetch", "nth": 2, "do": "delay", "seconds": 3}


def test_killed_half_way_it_goes_on(sqlite_url: str, records: Path) -> None:
    with LocalPubMed([records], faults=[SLOW | {"seconds": 60}]) as pubmed:
        killed = _start(sqlite_url, pubmed)
        refused = harvest(sqlite_url, "sync", pubmed=pubmed.url)
        assert refused.returncode == 1
        assert f"(process {killed.pid}) since " in refused.stderr
        killed.kill()
        killed.communicate()
        assert articles(sqlite_url) == 200
        again = harvest(sqlite_url, "sync", pubmed=pubmed.url)
    assert (again.returncode, again.stdout) == (0, "complete: 450 new, 0 changed, 0 unchanged, 0 rejected\n")
    assert articles(sqlite_url) == 450


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_finishes_the_batch(sqlite_url: str, records: Path, number: int) -> None:
    with LocalPubMed([records], faults=[SLOW]) as pubmed:
        process = _start(sqlite_url, pubmed)
        process.send_signal(number)
        _, said = process.communicate(timeout=300)
    assert process.returncode == 3
    assert said.endswith("harvest: stopped as asked; run it again to go on\n")
    assert articles(sqlite_url) == 400


def test_asked_twice_it_stops_at_once(sqlite_url: str, records: Path) -> None:
    slow = SLOW | {"seconds": 60}
    with LocalPubMed([records], faults=[slow]) as pubmed:
        process = _start(sqlite_url, pubmed)
        process.send_signal(signal.SIGINT)
        assert process.stderr is not None
        while "stopping after this batch" not in process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=300)
    assert process.returncode == 3
    assert articles(sqlite_url) == 200


def test_on_a_terminal_there_is_a_bar(sqlite_url: str, records: Path) -> None:
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with LocalPubMed([records]) as pubmed:
        process = subprocess.Popen(
            [sys.executable, "-m", "harvester.cli", "sync"],
            cwd=CHECKOUT,
            env=environment(sqlite_url, pubmed.url),
            stdout=subprocess.PIPE,
            stderr=theirs,
        )
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
        process.communicate()
    os.close(ours)
    assert b"PubMed: 100%" in seen
    assert b"450/450" in seen


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # Linux says so when the other side is closed
        return b""


def test_an_import_reports_each_file(sqlite_url: str, tmp_path: Path) -> None:
    bad = "<PubmedArticle><MedlineCitation><PMID>none</PMID></MedlineCitation></PubmedArticle>"
    whole = write_records(tmp_path / "whole.xml", [invented(FIRST), invented(FIRST + 1), bad])
    packed = tmp_path / "packed.xml.gz"
    packed.write_bytes(gzip.compress(whole.read_bytes()))
    cut = tmp_path / "cut.xml"
    cut.write_bytes(write_records(cut, [invented(FIRST + 5)]).read_bytes()[:-60])
    done = harvest(sqlite_url, "import", whole, cut, packed)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines[0] == f"{whole}: read 3, new 2, changed 0, unchanged 0, rejected 1"
    assert lines[1].startswith("  record 3 rejected: ")
    assert lines[2] == f"{packed}: read 3, new 0, changed 0, unchanged 2, rejected 1"
    errors = [line for line in done.stderr.splitlines() if line.startswith("harvest: ")]
    assert len(errors) == 1
    assert errors[0].startswith(f"harvest: {cut}: it is cut short")
    assert articles(sqlite_url) == 2


def test_a_file_that_is_not_whole_changes_nothing(sqlite_url: str, tmp_path: Path) -> None:
    many = write_records(tmp_path / "many.xml", (invented(FIRST + n) for n in range(500)))
    packed = tmp_path / "packed.xml.gz"
    packed.write_bytes(gzip.compress(many.read_bytes())[:-200])
    assert harvest(sqlite_url, "import", packed).returncode == 1
    engine: Engine = open_engine(sqlite_url)
    with reading(engine) as session:
        assert session.exec(select(Article.id)).all() == []
        assert session.exec(select(HarvestRun)).all() == []
    engine.dispose()


def test_an_import_says_nothing_of_how_fresh_the_topic_is(sqlite_url: str, records: Path) -> None:
    assert harvest(sqlite_url, "import", records).returncode == 0
    status = json.loads(harvest(sqlite_url, "status", "--json").stdout)
    assert status["articles"] == 450
    assert status["topics"][0]["last_complete_run"] is None
    engine = open_engine(sqlite_url)
    with reading(engine) as session:
        run = session.exec(select(HarvestRun)).one()
        assert (run.status, run.done, run.new) == (RunStatus.COMPLETE, 450, 450)
    engine.dispose()
