"""Large jobs at the hours that NCBI asks for: said to who begins one at another, put off only where that is wished."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from refreshed_library import nights, refresh
from sqlalchemy import Engine

from db import config
from db.types import RunStatus
from harvester.off_peak import is_large_at_peak, is_off_peak

NCBI = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
# 3 March 2026 is a Tuesday; the East is five hours behind, and four from the second Sunday of March on.
NOON = datetime(2026, 3, 3, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "off_peak"),
    [
        ("2026-03-04T01:59", False),
        ("2026-03-04T02:00", True),
        ("2026-03-04T09:59", True),
        ("2026-03-04T10:00", False),
        ("2026-07-01T01:00", True),
        ("2026-07-01T09:00", False),
        ("2026-03-07T17:00", True),
        ("2026-03-08T17:00", True),
        ("2026-03-07T04:59", True),
        ("2026-03-09T17:00", False),
    ],
)
def test_off_peak_is_a_weekend_or_a_night_in_the_east(at: str, off_peak: bool) -> None:
    assert is_off_peak(datetime.fromisoformat(at).replace(tzinfo=UTC)) is off_peak


def test_only_a_large_job_at_ncbi_itself_minds_the_hour() -> None:
    assert is_large_at_peak(NCBI, 2_001, NOON)
    assert not is_large_at_peak(NCBI, 2_000, NOON)
    assert not is_large_at_peak("http://127.0.0.1:8080/", 9_000, NOON)


@pytest.fixture
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three records are a large job of NCBI's here, and it is noon in the East."""
    monkeypatch.setattr("harvester.off_peak.LARGE", 2)
    monkeypatch.setattr("harvester.off_peak.NCBI", "127.0.0.1")
    monkeypatch.setattr(config, "now", lambda: NOON)


@pytest.mark.usefixtures("_large")
def test_a_first_harvest_at_noon_is_told_and_goes_on(sqlite_engine: Engine, tmp_path: Path) -> None:
    told: list[str] = []

    def log(phase: str, **facts: Any) -> None:
        if phase == "note":
            told.append(facts["message"])

    with nights(tmp_path) as pubmed:
        assert refresh(sqlite_engine, pubmed, log=log).status is RunStatus.COMPLETE
    (line,) = told
    assert line == (
        "3 records are to fetch; NCBI asks to have large jobs at weekends or between 9 PM and 5 AM Eastern time"
    )


@pytest.mark.usefixtures("_large")
def test_one_that_is_to_run_off_peak_waits_for_the_hour_and_then_goes_on(
    sqlite_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with nights(tmp_path) as pubmed:
        put_off = refresh(sqlite_engine, pubmed, off_peak=True)
        assert (put_off.status, put_off.new) == (RunStatus.PARTIAL, 0)
        assert (put_off.message or "").endswith("Eastern time; run it again then")
        monkeypatch.setattr(config, "now", lambda: NOON.replace(day=4, hour=2))
        run = refresh(sqlite_engine, pubmed, off_peak=True)
    assert (run.id, run.status, run.new) == (put_off.id, RunStatus.COMPLETE, 3)
