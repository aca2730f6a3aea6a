"""What waits for a consensus, each a link to where it is settled."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from review_app.components.empty_state import empty_state
from review_app.components.plain_words import counted, noun
from review_app.services.waiting_consensus import Waits


def consensus_list(found: Sequence[Waits]) -> None:
    """Draw the list, or say why it is empty."""
    if not found:
        empty_state(
            "Nothing waits.",
            "Studies come here when two people have tagged them, or differ on findings or the risk of bias; outcomes "
            "and claims when two people's grades differ.",
        )
        return
    rows = "".join(
        f'<li><a href="{escape(each.address)}" target="_self">{escape(each.title)}</a>'
        f'<p class="fn-meta">{escape(" · ".join(each.what))}</p></li>'
        for each in found
    )
    many = f"{counted(len(found), 'dual extraction')} {noun(len(found), 'waits', 'wait')}"
    st.html(f'<p class="fn-count"><strong>{many}</strong></p><ol class="fn-rows">{rows}</ol>')
