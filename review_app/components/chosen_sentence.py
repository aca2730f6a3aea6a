"""The sentence that was clicked, shown verbatim where something is about to be attached to it."""

from html import escape

import streamlit as st


def chosen_sentence(words: str) -> None:
    """The quote as it will be kept; without one, how to choose it."""
    if not words:
        st.html('<p class="fn-by">Click a sentence of the abstract to choose it as the quote.</p>')
        return
    st.html(f'<blockquote class="fn-quote">{escape(words)}</blockquote>')


def kept_quote(exact: str, *, orphaned: bool) -> str:
    """A stored quote as markup, with a warning when its words no longer stand in the record."""
    warning = '<p class="fn-by">⚠ These words no longer stand in the record as they are.</p>' if orphaned else ""
    return f'<blockquote class="fn-quote">{escape(exact)}</blockquote>{warning}'
