"""Beside the record: the criteria, what the lit words mean, and one's own labels and note."""

from html import escape

import streamlit as st

from db.engine import writing
from db.types import Stage
from review_app import auth, state
from review_app.components.screening_record import SPOKEN
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.services import screening
from review_app.services.review_settings import Criteria
from review_app.services.screening_view import OnDesk, ScreeningDesk


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


def calibration_line(on_desk: OnDesk) -> None:
    """That the record belongs to a calibration round, where it does."""
    if on_desk.feed == "calibration":
        st.html('<p class="fn-meta">Calibration round: everybody votes on this record, each alone.</p>')


def labels_and_note(desk: ScreeningDesk, on_desk: OnDesk) -> None:
    """What is typed is kept at once, each by itself."""
    labels, note = keys(on_desk.record_id)
    stage = desk.review.stage
    st.container(key="screening_labels").multiselect(
        "Labels (L)",
        sorted({*desk.own_labels, *on_desk.labels}, key=str.casefold),
        default=list(on_desk.labels),
        accept_new_options=True,
        placeholder="Add a label",
        key=labels,
        on_change=_keep_labels,
        args=(on_desk.record_id, stage),
    )
    st.container(key="screening_note").text_area(
        "Note (N)",
        value=on_desk.note,
        height=80,
        max_chars=screening.MAX_NOTE,
        placeholder="Only you see it until both have voted" if desk.review.blinded else "",
        key=note,
        on_change=_keep_note,
        args=(on_desk.record_id, stage),
    )


def keys(record_id: int) -> tuple[str, str]:
    """Of the widgets that hold a record's labels and note."""
    return f"screening_labels_{record_id}", f"screening_note_{record_id}"


def _keep_labels(record_id: int, stage: Stage) -> None:
    labels = list(st.session_state[keys(record_id)[0]])
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        screening.keep_draft(session, actor=auth.current_actor(), record_id=record_id, stage=stage, labels=labels)


def _keep_note(record_id: int, stage: Stage) -> None:
    note = str(st.session_state[keys(record_id)[1]])
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        screening.keep_draft(session, actor=auth.current_actor(), record_id=record_id, stage=stage, note=note)
