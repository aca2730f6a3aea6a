"""The `factcheck` command as the tests use it: within this process, or as one of its own."""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from db import config
from review_app import cli


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str


Command = Callable[..., Answer]


def assert_failed(answer: Answer, *parts: str) -> None:
    assert answer.code == 1
    assert answer.out == ""
    assert re.fullmatch(r"factcheck: [^\n]+\n", answer.err)
    for part in parts:
        assert part in answer.err


def start(url: str, *arguments: str, **changed: str) -> "subprocess.Popen[bytes]":
    """The command as a process of its own."""
    environment = config.child_environment(DATABASE_URL=url, **changed)
    command = [sys.executable, "-m", "review_app.cli", *arguments]
    root = Path(cli.__file__).parent.parent
    return subprocess.Popen(command, env=environment, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
