"""The day this PubMed has, and the seconds its history server counts.

Day N is `BASE_DATE` + N days: far enough ahead that what a script does lies behind the last day any real record has,
and within the open end (`:3000`) of a nightly's date range, whatever clock the client has. Without a day, and until it
is moved, it is the day of this machine.
"""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

BASE_DATE = date(2030, 1, 1)
SECONDS_A_DAY = 86_400


def date_of(day: int) -> date:
    return BASE_DATE + timedelta(days=day)


class Clock:
    def __init__(self, day: int | None = None, running: Callable[[], float] = time.monotonic) -> None:
        self.day, self.running = day, running

    @property
    def today(self) -> date:
        return datetime.now(UTC).date() if self.day is None else date_of(self.day)

    def seconds(self) -> float:
        """Days passed at once when the clock was moved, and the seconds since as they run."""
        return (self.day or 0) * SECONDS_A_DAY + self.running()
