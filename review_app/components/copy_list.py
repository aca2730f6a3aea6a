"""The documents checked earlier, each a way back to it."""

from collections.abc import Sequence

import streamlit as st

from review_app.components.copy_pages import CHECK_COPY
from review_app.components.empty_state import empty_state
from review_app.components.plain_words import plain_words
from review_app.services.document_view import DocumentLine


def copy_list(lines: Sequence[DocumentLine]) -> None:
    st.subheader("Checked earlier")
    if not lines:
        empty_state("No copy has been checked yet.", "This library holds no document.", then="Paste some above.")
        return
    with st.container(key="copy_list", gap=None):
        for line in lines:
            title, facts = st.columns([4, 3], vertical_alignment="center")
            title.page_link(
                CHECK_COPY, label=plain_words(line.title), query_params={"document": str(line.id)}
            )
            facts.caption(f"{line.profile} · {plain_words(line.owner)} · {line.created_at:%-d %B %Y, %H:%M} UTC")
