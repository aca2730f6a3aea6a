"""Argon2 takes 64 MiB and a moment of a core: few at a time, in threads of their own, and a short queue.

In the pool that all pages share, strangers who try passwords would hold every thread of it.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

Given = ParamSpec("Given")
Made = TypeVar("Made")
AT_ONCE = 2
MAX_WAITING = 20
limiter = CapacityLimiter(AT_ONCE)


class Busy(Exception):
    """Too many passwords wait to be checked; this one was not looked at."""


async def hashing(work: Callable[Given, Made], *given: Given.args, **named: Given.kwargs) -> Made:
    """Call `work`, which hashes a password, when it is its turn. Raises Busy when the queue is full."""
    if limiter.statistics().tasks_waiting >= MAX_WAITING:
        raise Busy
    return await to_thread.run_sync(lambda: work(*given, **named), limiter=limiter)
