"""Where the pages about copy lie, for links inside the app."""

from pathlib import Path

_PAGES = Path(__file__).parent.parent / "pages"
CLAIMS = _PAGES / "claims.py"
CHECK_COPY = _PAGES / "check_copy.py"
