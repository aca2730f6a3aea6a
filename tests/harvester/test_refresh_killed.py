"""A sample of `make torture`: a refresh with changes, killed at random moments and run again, ends as a clean one."""

from pathlib import Path

from torture import subjects
from torture.kills import torture


def test_a_refresh_killed_at_random_moments_and_run_again_ends_as_a_clean_one(tmp_path: Path) -> None:
    with subjects.refresh(tmp_path, articles=210) as subject:
        *_, tally = torture(subject, tmp_path, kills=5, seed=7)
    assert tally.wrong == []
    assert tally.kills == 5
