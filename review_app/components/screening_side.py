"""Beside the record: the criteria, and what the lit words mean."""

from html import escape

import streamlit as st

from review_app.components.screening_record import SPOKEN
from review_app.services.review_settings import Criteria


def criteria_panel(criteria: Criteria) -> None:
    """The criteria as the lead wrote them, and a legend of the marks."""
    written = "".join(f"<p>{escape(line)}</p>" for line in criteria.text.splitlines() if line.strip())
    version = f"version {criteria.version}{', locked' if criteria.is_locked else ''}" if criteria.version else ""
    none = '<p class="fn-meta">No criteria are written yet. A lead writes them under “How this review is done”.</p>'
    legend = " · ".join(
        f'<mark class="fn-lit" data-kind="{kind}">{kind if kind != "pico" else "PICO"}</mark>' for kind in SPOKEN
    )
    st.html(
        f'<section class="fn-criteria"><h2 class="fn-head">Criteria <small>{version}</small></h2>'
        f'{written or none}<p class="fn-meta">Words lit: {legend}</p></section>'
    )
