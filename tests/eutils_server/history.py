"""The history server: sets of PMIDs under a WebEnv, numbered by query_key, that do not live for ever."""

import secrets
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eutils_server.clock import Clock

LIFETIME_SECONDS = 8 * 3600


class HistoryGone(Exception):
    """`Unable to obtain query #n`: the WebEnv or the set in it is unknown or has expired."""


@dataclass(slots=True)
class Session:
    used: float
    sets: list[tuple[int, ...]] = field(default_factory=list)


class History:
    """Lifetime: eight hours since last use, the rule of thumb NCBI gave to the authors of rentrez. A day that passes
    at once is 24 of them; a clock moved back takes all sessions, which nobody has opened yet."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self.clock = clock or Clock().seconds
        self.lock = threading.Lock()
        self.sessions: dict[str, Session] = {}

    def store(self, webenv: str | None, pmids: Sequence[int]) -> tuple[str, int]:
        """(WebEnv, query_key) of the new set. An unknown or expired WebEnv is answered by a new one."""
        with self.lock:
            session = self.live(webenv)
            if webenv is None or session is None:
                webenv = f"MCID_{secrets.token_hex(12)}"
                session = self.sessions[webenv] = Session(self.clock())
            session.sets.append(tuple(pmids))
            return webenv, len(session.sets)

    def get(self, webenv: str | None, query_key: int) -> tuple[int, ...]:
        with self.lock:
            session = self.live(webenv)
            if session is None or not 1 <= query_key <= len(session.sets):
                raise HistoryGone(f"Unable to obtain query #{query_key}")
            return session.sets[query_key - 1]

    def expire(self) -> None:
        with self.lock:
            self.sessions.clear()

    def live(self, webenv: str | None) -> Session | None:
        session = self.sessions.get(webenv or "")
        now = self.clock()
        if session is None or not 0 <= now - session.used <= LIFETIME_SECONDS:
            return None
        session.used = now
        return session
