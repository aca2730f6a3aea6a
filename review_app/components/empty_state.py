"""What a list says when it is empty: that it is, why, and what to do."""

from html import escape

import streamlit as st

from db.engine import DatabaseUnavailable


def empty_state(what: str, why: str, *, then: str = "") -> None:
    """`what` is missing, `why` it is, and what to do `then`: three short sentences."""
    st.html(_markup(what, why, then))


def library_away(error: DatabaseUnavailable) -> None:
    """What a member sees instead of a page."""
    then = "Reload the page in a moment; if this stays, tell whoever runs Footnote."
    empty_state("The library cannot be reached.", f"{error}.".replace("..", "."), then=then)


def _markup(what: str, why: str, then: str) -> str:
    last = f"<p>{escape(then)}</p>" if then else ""
    return f'<div class="fn-empty"><p><strong>{escape(what)}</strong></p><p>{escape(why)}</p>{last}</div>'
