"""How many requests a caller may make within a second: 3 by address, 10 with an api_key."""

import threading
import time
from collections import deque
from collections.abc import Callable

from eutils_server.protocol import Answer, json_answer

WINDOW_SECONDS = 1.0
PER_ADDRESS, PER_KEY = 3, 10


class RateLimit:
    """A sliding window over all requests of a caller, refused ones among them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.lock = threading.Lock()
        self.seen: dict[str, deque[float]] = {}

    def told(self, address: str, api_key: str) -> dict[str, str]:
        """The headers of an answer that was not refused."""
        caller, limit = (api_key, PER_KEY) if api_key else (address, PER_ADDRESS)
        with self.lock:
            left = max(0, limit - len(self.seen.get(caller, ())))
        return {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(left)}

    def refusal(self, address: str, api_key: str) -> Answer | None:
        caller, limit = (api_key, PER_KEY) if api_key else (address, PER_ADDRESS)
        with self.lock:
            now = self.clock()
            window = self.seen.setdefault(caller, deque())
            while window and now - window[0] >= WINDOW_SECONDS:
                window.popleft()
            window.append(now)
            count = len(window)
        return None if count <= limit else exceeded(caller, count, limit)


def exceeded(caller: str, count: int, limit: int, status: int = 429) -> Answer:
    told = {"error": "API rate limit exceeded", "api-key": caller, "count": str(count), "limit": str(limit)}
    answer = json_answer(told, status)
    answer.headers = {"X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": "0", "Retry-After": "2"}
    return answer
