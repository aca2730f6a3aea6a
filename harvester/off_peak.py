"""When NCBI asks that large jobs run: at weekends, or between 9 PM and 5 AM Eastern time (NBK25497, "Frequency,
Timing and Registration of E-utility URL Requests")."""

from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

EASTERN = ZoneInfo("America/New_York")
# NCBI names no number; this many records are ten requests, and a first harvest of a topic is more.
LARGE = 2_000
SATURDAY = 5
NCBI = ".nih.gov"
WINDOW = "at weekends or between 9 PM and 5 AM Eastern time"


def is_off_peak(at: datetime) -> bool:
    there = at.astimezone(EASTERN)
    return there.weekday() >= SATURDAY or there.hour >= 21 or there.hour < 5


def is_large_at_peak(url: str, records: int, at: datetime) -> bool:
    """Whether this is a job that NCBI asks to have at another time; a server of one's own minds no hour."""
    host = urlsplit(url).hostname or ""
    return records > LARGE and host.endswith(NCBI) and not is_off_peak(at)
