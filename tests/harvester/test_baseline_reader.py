"""The process that reads baseline files."""

import subprocess
import sys


def test_it_begins_without_the_database_which_it_never_asks() -> None:
    program = "import sys, harvester.baseline_reader; print('sqlalchemy' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert said.stdout == "False\n"
