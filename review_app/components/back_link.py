"""The way back to a list: a plain link, which the browser's own Back understands."""

from html import escape

import streamlit as st


def back_link(words: str, address: str) -> None:
    """`address` is a page of the app, such as `/claims`."""
    st.html(f'<p class="fn-back"><a href="{escape(address)}" target="_self">← {escape(words)}</a></p>')
