"""The queue in the browser: a key paints the next record at once, and the server is told of it.

One component with several places, which share what they know: the record, what stands beside it, and the bar, which
takes the data and tells the acts; `page` draws nothing and has everything drawn anew when no answer comes. A state of
Streamlit, unlike a trigger, survives a lost connection: it is the list of all acts that no answer has named yet.
"""

from pathlib import Path
from typing import Any, Literal

import streamlit as st

from review_app.components.screening_pane.ledger import ledger, take
from review_app.components.screening_pane.pane_data import pane_data
from review_app.services.screening_view import ScreeningDesk

KEY = "screening_pane"
_HERE = Path(__file__).parent
_SCRIPTS = ("acts.js", "record.js", "side.js", "bar.js", "keys.js")
_place = st.components.v2.component(
    "footnote_screening",
    js="\n".join((_HERE / name).read_text("utf-8") for name in _SCRIPTS),
    isolate_styles=False,
)


def pane_place(part: Literal["page", "record", "side"]) -> None:
    """Where a part of the pane is drawn."""
    _place(key=f"screening_{part}", data={"part": part})


def pane_bar(desk: ScreeningDesk) -> bool:
    """Draw the bar; whether it told acts that came too late for what it was given."""
    known = ledger()
    known.sent(desk)
    told = _place(key=KEY, data=pane_data(desk, known), default={"told": None}, on_told_change=take_acts)
    return take(told.told)


def take_acts() -> None:
    """Carry out what the browser told: before anything is drawn, also on the page that one left the queue for."""
    value: Any = st.session_state.get(KEY)
    take(value.get("told") if value else None)
