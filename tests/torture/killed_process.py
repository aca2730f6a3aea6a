"""A `harvest` command in a process of its own, killed at a chosen moment.

The process is forked from one that has imported everything, so that moments fall on work and not on imports; what it
runs is the command itself, with its settings from the environment.
"""

import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, ForkServerProcess
from pathlib import Path
from typing import Literal

PRELOADED = (
    "harvester.cli",
    "harvester.sync",
    "harvester.refresh_command",
    "harvester.eutils",
    "harvester.file_import",
    "harvester.reparse",
    "harvester.baseline",
    "harvester.status",
    "db.migrate",
    "alembic.command",
    "alembic.config",
    "psycopg",
)
LONGEST = 300.0


@dataclass(frozen=True, slots=True)
class Moment:
    """When to kill: `at` seconds after the command began, or once it has written `at` bytes (to files or sockets)."""

    kind: Literal["seconds", "bytes"]
    at: float


@dataclass(frozen=True, slots=True)
class Ended:
    """How a process ended: its number, exit code (negative: a signal), seconds, bytes written, what it said."""

    pid: int
    code: int
    seconds: float
    written: int
    said: str


def context() -> ForkServerContext:
    """Where processes come from; what is not there to import is passed over."""
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(list(PRELOADED))
    return found


def run(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> Ended:
    """The command, left in peace."""
    return _watch(arguments, environment, log, None, lambda: None)


def run_killed(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    moment: Moment,
    look: Callable[[], None] = lambda: None,
) -> Ended:
    """The command, killed at the moment if it lives so long. `look` is called while it stands still, just before."""
    return _watch(arguments, environment, log, moment, look)


def _watch(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    log: Path,
    moment: Moment | None,
    look: Callable[[], None],
) -> Ended:
    process, started = start(arguments, environment, log)
    written, pid = 0, process.pid or 0
    while process.exitcode is None and time.monotonic() - started < LONGEST:
        now, written = time.monotonic() - started, max(written, bytes_written(pid))
        if moment is not None and (now if moment.kind == "seconds" else written) >= moment.at:
            _kill(pid, look)
            break
        time.sleep(0.0005 if moment is not None else 0.005)
    if process.exitcode is None and moment is None:
        process.kill()
    process.join()
    seconds = time.monotonic() - started
    code = process.exitcode if process.exitcode is not None else -signal.SIGKILL
    process.close()
    return Ended(pid, code, seconds, written, log.read_text(encoding="utf-8", errors="replace"))


def _kill(pid: int, look: Callable[[], None]) -> None:
    try:
        os.kill(pid, signal.SIGSTOP)
        look()
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def start(arguments: Sequence[str], environment: Mapping[str, str], log: Path) -> tuple[ForkServerProcess, float]:
    """The process, and the time of the monotonic clock at which the command began."""
    begun, begins = context().Pipe(duplex=False)
    process = context().Process(target=_command, args=(list(arguments), dict(environment), str(log), begins))
    process.start()
    begins.close()
    begun.recv()
    begun.close()
    return process, time.monotonic()


def _command(arguments: list[str], environment: dict[str, str], log: str, begins: object) -> None:
    from harvester.cli import main

    os.environ.clear()
    os.environ.update(environment)
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    for number in (1, 2):
        os.dup2(said, number)
    sys.stdout, sys.stderr = os.fdopen(1, "w", buffering=1), os.fdopen(2, "w", buffering=1)
    begins.send("begun")  # type: ignore[attr-defined]
    sys.exit(main(arguments))


def bytes_written(pid: int) -> int:
    """What a process has written so far, to files and sockets (proc(5), `io`: wchar); 0 when it is gone."""
    try:
        with open(f"/proc/{pid}/io", "rb", buffering=0) as counters:  # noqa: PTH123 -- asked two thousand times a second
            lines = counters.read()
    except OSError:
        return 0
    return int(lines.partition(b"wchar:")[2].split(b"\n", 1)[0] or 0)
