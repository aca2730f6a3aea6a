"""Starting the app when it cannot start: one line that says what to do, no traceback, exit code 1."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

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
