"""Starting the app when it cannot start: one line that says what to do, no traceback, exit code 1."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from review_app import __main__ as start_app

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("mysql://localhost/footnote", "expects sqlite:///PATH or postgresql://USER@HOST/NAME"),
        ("sqlite:////proc/nowhere/footnote.db", "set DATABASE_URL to a place you can write"),
    ],
)
def test_a_start_that_fails_says_why_in_one_line(url: str, says: str) -> None:
    command = [sys.executable, "-m", "streamlit", "run", "review_app/app.py", "--server.port=0"]
    environment = {**os.environ, "DATABASE_URL": url}
    ended = subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=300)
    assert ended.returncode == 1
    assert says in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.stderr + ended.stdout


def start(*given: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command, environment = [sys.executable, "-m", "review_app", *given], {**os.environ, **settings}
    return subprocess.run(command, cwd=CHECKOUT, env=environment, capture_output=True, text=True, timeout=300)


def test_help_says_how_to_start_it_and_starts_nothing() -> None:
    ended = start("--help", FOOTNOTE_HOST="nowhere.invalid")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "FOOTNOTE_PORT" in ended.stdout


def test_what_it_does_not_take_is_wrong_usage() -> None:
    ended = start("--port=80")
    assert ended.returncode == 2
    assert "unrecognized arguments: --port=80" in ended.stderr


@pytest.mark.parametrize(("host", "asks_nobody"), [("0.0.0.0", True), ("::", True), ("127.0.0.1", False)])
def test_where_it_listens_everywhere_streamlit_does_not_ask_elsewhere_for_its_address(
    host: str, asks_nobody: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    started: list[list[str]] = []
    monkeypatch.setattr(os, "execve", lambda _, command, environment: started.append(command))
    monkeypatch.setattr(os, "chdir", lambda _: None)
    monkeypatch.setattr(start_app, "listening_trouble", lambda *_: None)
    monkeypatch.setenv("FOOTNOTE_HOST", host)
    start_app.main([])
    assert ("--logger.hideWelcomeMessage" in started[0]) is asks_nobody
    assert capsys.readouterr().out == ("footnote: open http://localhost:8501\n" if asks_nobody else "")


def test_a_host_that_is_not_known_is_said_in_one_line() -> None:
    ended = start(FOOTNOTE_HOST="nowhere.invalid")
    assert ended.returncode == 1
    assert ended.stderr.startswith("footnote: FOOTNOTE_HOST is 'nowhere.invalid': no such host is known; ")
    assert len(ended.stderr.splitlines()) == 1


def test_an_address_of_another_machine_is_said_in_one_line() -> None:
    ended = start(FOOTNOTE_HOST="240.0.0.1")  # RFC 1112, section 4: reserved, nobody's
    assert ended.returncode == 1
    assert ended.stderr.startswith("footnote: cannot listen on 240.0.0.1, port 8501: ")
    assert len(ended.stderr.splitlines()) == 1


def test_a_port_that_is_taken_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = start(FOOTNOTE_PORT=str(port))
    assert ended.returncode == 1
    assert ended.stderr.startswith(f"footnote: cannot listen on 127.0.0.1, port {port}: Address already in use. ")
    assert len(ended.stderr.splitlines()) == 1
