"""Studies get their suggested tags while people look at the list, a batch with each view."""

import streamlit as st

from db.engine import DatabaseUnavailable
from review_app.components.plain_words import counted
from review_app.database import engine
from review_app.services.studies import refresh_suggestions


def suggestion_progress() -> None:
    """Read the next batch, and say how many studies still have no suggested design. Draw last on the page."""
    note = st.empty()
    try:
        left = refresh_suggestions(engine())
    except DatabaseUnavailable as error:
        note.caption(f"Suggested designs could not be stored: {error}")
        return
    if left:
        note.caption(
            f"{counted(left, 'study is', 'studies are')} still to be read for a suggested design, and not found by the "
            "filter by design yet. A batch is read each time this page is opened."
        )
