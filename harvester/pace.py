"""The rate of requests, shared by every process of one user on one machine.

NCBI allows three requests a second, ten with a key (NBK25497); the spacing is that of Bio.Entrez.
"""

import hashlib
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

try:
    import fcntl
except ImportError:  # Windows: the rate is then shared within one process only
    fcntl = None  # type: ignore[assignment,unused-ignore]

SECONDS_BETWEEN = 0.37
SECONDS_BETWEEN_WITH_KEY = 0.11
FAR_AHEAD = 120.0


class Pace:
    """Gives requests their turns, `interval` seconds apart, to every process that names the same file."""

    def __init__(self, interval: float, file: Path | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.interval, self.file, self.clock = interval, file, clock
        self._next = 0.0

    def reserve(self) -> float:
        """Takes the next turn; returns the seconds to wait for it."""
        return self._shared(self._take)

    def hold(self, seconds: float) -> None:
        """Nobody's turn comes for so long, a minute at most: one of us was told to wait."""
        if seconds > 0:
            self._shared(lambda: self._put_off(min(seconds, FAR_AHEAD / 2)))

    def _shared(self, change: Callable[[], float]) -> float:
        """`change`, of the next turn as every process knows it."""
        if self.file is None or fcntl is None:
            return change()
        try:
            handle = os.open(self.file, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
        except OSError:
            return change()
        with os.fdopen(handle, "r+") as turns:
            fcntl.flock(turns, fcntl.LOCK_EX)
            self._next = max(self._next, self._read(turns.read()))
            changed = change()
            turns.seek(0)
            turns.truncate()
            turns.write(repr(self._next))
        return changed

    def _put_off(self, seconds: float) -> float:
        self._next = max(self._next, self.clock() + seconds)
        return self._next

    def _take(self) -> float:
        now = self.clock()
        turn = max(now, self._next)
        self._next = turn + self.interval
        return turn - now

    def _read(self, text: str) -> float:
        """A turn far ahead was written before a restart of the machine, whose clock began again."""
        try:
            turn = float(text)
        except ValueError:
            return 0.0
        return turn if turn < self.clock() + FAR_AHEAD else 0.0


def pace_file(url: str, key: str | None) -> Path:
    """Where the processes of one user agree on their turns: one file for each service and key."""
    owner = os.getuid() if hasattr(os, "getuid") else 0
    name = hashlib.sha256(f"{urlsplit(url).netloc} {key}".encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"footnote-{owner}-{name}.pace"


def pace_of(url: str, key: str | None) -> Pace:
    """The pace that a service allows us, with a key or without."""
    return Pace(SECONDS_BETWEEN_WITH_KEY if key else SECONDS_BETWEEN, pace_file(url, key))
