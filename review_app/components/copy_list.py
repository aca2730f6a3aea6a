"""The documents checked earlier, each a way back to it."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from review_app.components.empty_state import empty_state
from review_app.services.document_view import DocumentLine


def copy_list(lines: Sequence[DocumentLine]) -> None:
    st.header("Checked earlier")
    if not lines:
        empty_state("No copy has been checked yet.", "This library holds no document.", then="Paste some above.")
        return
    st.html(f'<ul class="fn-claims fn-documents">{"".join(_row(line) for line in lines)}</ul>')


def _row(line: DocumentLine) -> str:
    """A plain link, so that the browser's Back leads back here."""
    when = f"{line.created_at.day} {line.created_at:%B %Y, %H:%M} UTC"
    facts = escape(f"{line.profile} · {line.owner} · {when}")
    address = f"/check_copy?document={line.id}"
    return f'<li><a href="{address}" target="_self">{escape(line.title)}</a><div class="fn-basis">{facts}</div></li>'
