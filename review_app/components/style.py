"""The one stylesheet of the desk, put on the page once a run."""

from functools import cache
from pathlib import Path

import streamlit as st

_HERE = Path(__file__).parent


@cache
def stylesheet() -> str:
    """The colours and the desk's own rules."""
    return "".join(
        (_HERE / name).read_text("utf-8")
        for name in ("tokens.css", "desk.css", "study.css", "copy.css", "duplicates.css", "alerts.css", "screening.css")
    )


def apply_style() -> None:
    """Call first in the frame, before anything is drawn."""
    st.html(f"<style>{stylesheet()}</style>")
