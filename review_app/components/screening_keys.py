"""The keyboard at a conflict; a new record takes the focus, to scroll."""

from functools import cache
from pathlib import Path

import streamlit as st


@cache
def _script() -> str:
    return Path(__file__).with_name("screening_keys.js").read_text("utf-8")


def screening_keys(record_id: int) -> None:
    """Run once for each record. Nothing that anybody wrote stands in it: only the number of the record."""
    st.html(f"<script>/* {record_id:d} */\n{_script()}</script>", unsafe_allow_javascript=True)
