"""Studies whose tags wait to be settled, each a link to where that is done."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from db.models import Article
from review_app.components.empty_state import empty_state


def consensus_list(studies: Sequence[Article]) -> None:
    """Draw the list, or say why it is empty."""
    if not studies:
        empty_state("No study waits.", "Studies come here when two people have tagged them.")
        return
    many = "1 study waits" if len(studies) == 1 else f"{len(studies):,} studies wait"
    rows = "".join(
        f'<li><a href="/study?id={row.id}&amp;tab=Consensus" target="_self">{escape(row.title or "Untitled")}</a>'
        f'<p class="fn-meta">{escape(str(row.year or ""))}</p></li>'
        for row in studies
    )
    st.html(f'<p class="fn-count"><strong>{many}</strong></p><ol class="fn-rows">{rows}</ol>')
