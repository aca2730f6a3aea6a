"""Text whose sentences can be marked, read and chosen: abstracts and copy alike.

The text goes to the browser as data and becomes text nodes there, never HTML.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from review_app.components.marked_text.sentences import (
    BlockKind,
    Highlight,
    HighlightKind,
    MarkedSentence,
    Style,
    blocks,
)

__all__ = ["BlockKind", "Highlight", "HighlightKind", "MarkedSentence", "Style", "marked_text"]

_HERE = Path(__file__).parent
_CSS = (_HERE.parent / "tokens.css").read_text("utf-8") + (_HERE / "marked_text.css").read_text("utf-8")
_draw = st.components.v2.component(
    "footnote_marked_text", js=(_HERE / "marked_text.js").read_text("utf-8"), css=_CSS, isolate_styles=True
)


def marked_text(
    sentences: Sequence[MarkedSentence],
    *,
    key: str,
    selected: int | None = None,
    style: Style = "copy",
    label: str = "Sentences",
    follows: bool = False,
) -> int | None:
    """Draw the sentences and return the id of the selected one, None when none is.

    `selected` is the page's wish: it holds on the first run and whenever it changes; a click, Enter or Escape (which
    clears) in the browser holds otherwise. An id that is not among the sentences counts as none. `label` names the
    text for screen readers. `follows`: the page takes what is returned as its next wish, so that wishing for the
    sentence before a click is a new wish.
    Raises ValueError for a highlight outside its sentence or two sentences with one id.
    """
    ids = {sentence.id for sentence in sentences if sentence.selectable}
    chosen, turn = _chosen(key)
    now = _settle(key, chosen, turn, selected, follows=follows)
    now = now if now in ids else None
    data = {"blocks": blocks(sentences), "style": style, "label": label, "selected": now, "turn": turn}
    _draw(key=key, data=data, default={"chosen": None}, on_chosen_change=_nothing)
    return now


def _nothing() -> None:
    """Streamlit keeps a component's value only when it has a callback."""


def _chosen(key: str) -> tuple[int | None, int]:
    """The sentence last chosen in the browser and the number of that choice (0: nothing chosen yet)."""
    value: Any = st.session_state.get(key)
    chosen = value.get("chosen") if value else None
    if not isinstance(chosen, dict):
        return None, 0
    sentence, turn = chosen.get("id"), chosen.get("turn")
    return (sentence if isinstance(sentence, int) else None), (turn if isinstance(turn, int) else 0)


def _settle(key: str, chosen: int | None, turn: int, selected: int | None, *, follows: bool) -> int | None:
    """The later of two wishes, the reader's and the page's; the reader's when both changed since the last run."""
    memory = f"{key}:settled"
    last_turn, last_selected, last = st.session_state.get(memory, (0, None, None))
    if turn != last_turn:
        now = chosen
    elif selected != last_selected:
        now = selected
    else:
        now = last
    st.session_state[memory] = (turn, now if follows else selected, now)
    return now
