"""The body of evidence for one outcome: which designs found what."""

from html import escape

import streamlit as st

from review_app.components.empty_state import empty_state
from review_app.components.library_words import library_words
from review_app.components.plain_words import counted
from review_app.services.grading import Body


def chosen_outcome() -> str:
    """The outcome that is graded, in the address too."""
    words = library_words()
    return str(
        st.selectbox(
            "Outcome",
            words.ids("outcome_domain"),
            format_func=lambda name: words.label("outcome_domain", name),
            key="outcome",
            bind="query-params",
        )
    )


def evidence_body(body: Body) -> None:
    """Draw the table, or say why there is none."""
    if not body.studies:
        empty_state("No reviewed study reports it.", "What people tagged counts here, suggestions do not.")
        return
    words = library_words()
    rows = "".join(
        f"<tr><td>{escape(words.label('study_design', design) or 'No design')}</td>"
        f"<td>{escape(words.label('direction', direction))}</td><td>{number:,}</td></tr>"
        for design, direction, number in body.designs
    )
    many = counted(body.studies, "reviewed study reports it", "reviewed studies report it")
    st.html(
        f'<p class="fn-count"><strong>{many}</strong></p><table class="fn-table"><thead><tr><th>Design</th>'
        f"<th>Direction</th><th>Studies</th></tr></thead><tbody>{rows}</tbody></table>"
    )
