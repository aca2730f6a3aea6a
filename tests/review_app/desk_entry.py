"""The desk for AppTest: beside the desk itself lies `pages`, which AppTest takes for an app without a frame."""

import runpy
from pathlib import Path

from review_app import database

runpy.run_path(str(Path(database.__file__).parent / "desk.py"))
