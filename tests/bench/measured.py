"""What a process costs: CPU seconds with those of its children, seconds of the clock, and its largest resident memory.

CPU seconds, because a machine that others use makes the clock say anything; they too grow on a busy one, so that what a
fixed piece of work takes is told beside them.
"""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Measured:
    """`peak`: megabytes of the largest process, not of all together."""

    code: int
    said: str
    cpu: float
    wall: float
    peak: float


def measured(command: Sequence[str]) -> Measured:
    """Runs a program to its end; what it says on stderr goes where ours goes."""
    started = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    said = process.stdout.read() if process.stdout else ""
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.stdout:
        process.stdout.close()
    kilobytes = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    wall = time.monotonic() - started
    return Measured(process.returncode, said, used.ru_utime + used.ru_stime, wall, kilobytes / 1024)


def fixed_work() -> float:
    """CPU seconds of ten million additions in Python: what a second is worth on this machine, now."""
    started, total = time.process_time(), 0
    for number in range(10_000_000):
        total += number
    return time.process_time() - started
