"""`make bench`: which measurements there are, and what a process is said to cost."""

import subprocess
import sys
from pathlib import Path

from bench.__main__ import benches, machine
from bench.measured import measured

TESTS = Path(__file__).resolve().parent


def test_a_measurement_is_a_module_with_a_main_and_says_when_it_is_long(tmp_path: Path) -> None:
    (tmp_path / "parse.py").write_text('"""Records a second.\n\nMore."""\ndef main():\n    pass\n')
    (tmp_path / "growth.py").write_text("LONG = True\ndef main():\n    raise SystemExit(1)\n")
    (tmp_path / "invented_file.py").write_text("def write():\n    pass\n")
    found = [(each.name, each.long, each.about) for each in benches(tmp_path)]
    assert found == [("growth", True, ""), ("parse", False, "Records a second.")]


def test_every_measurement_of_ours_says_what_it_is() -> None:
    assert all(each.about for each in benches())


def test_a_process_costs_its_own_seconds_and_memory_and_those_of_its_children() -> None:
    work = "x = b'1' * 90_000_000; sum(range(10_000_000)); print('done')"
    alone = measured([sys.executable, "-c", work])
    beside = measured(
        [sys.executable, "-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}])"]
    )
    assert (alone.code, alone.said) == (0, "done\n")
    assert alone.peak > 85
    # Two interpreters that start cost a twentieth of a second; the sum costs several times that.
    assert alone.cpu > 0.08
    assert beside.cpu > 0.08
    assert measured([sys.executable, "-c", "raise SystemExit(3)"]).code == 3


def test_a_measurement_that_there_is_not_is_wrong_usage() -> None:
    command = [sys.executable, "-m", "bench", "--only", "nothing"]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr.startswith("bench: there is no nothing; there is ")


def test_the_machine_is_named_before_any_figure() -> None:
    cores, versions, work = machine()
    assert "cores" in cores
    assert "SQLite" in versions
    assert "s CPU" in work
