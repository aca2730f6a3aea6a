"""What was asked, in order: politeness is something a test can look at."""

import threading
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eutils_server.protocol import listed_ids


@dataclass(slots=True)
class Entry:
    """`at`: seconds since the server started; `nth`: this request among those of its tool, from 1; `ids`: PMIDs
    named in it; `status` is null until answered."""

    order: int
    at: float
    tool: str
    nth: int
    path: str
    method: str
    params: Mapping[str, str]
    ids: int
    has_tool: bool
    has_email: bool
    has_api_key: bool
    status: int | None = None
    fault: str | None = None


class Journal:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.started = time.monotonic()
        self.entries: list[Entry] = []
        self.counts: Counter[str] = Counter()

    def enter(self, tool: str, path: str, method: str, params: Mapping[str, str]) -> Entry:
        with self.lock:
            self.counts[tool] += 1
            entry = Entry(
                order=len(self.entries) + 1,
                at=round(time.monotonic() - self.started, 4),
                tool=tool,
                nth=self.counts[tool],
                path=path,
                method=method,
                params=params,
                ids=len(listed_ids(params.get("id", ""))),
                has_tool=bool(params.get("tool")),
                has_email=bool(params.get("email")),
                has_api_key=bool(params.get("api_key")),
            )
            self.entries.append(entry)
            return entry

    def rows(self) -> list[dict[str, Any]]:
        with self.lock:
            return [asdict(entry) for entry in self.entries]
