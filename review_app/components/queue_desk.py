"""The desk one screens at: the record, what stands beside it, and the bar with its keys.

A fragment: after a key only this is drawn anew, and not the frame around it, so it asks itself who is here.
"""

import streamlit as st

from db import config
from db.engine import DatabaseUnavailable, reading
from db.types import Actor
from review_app import auth, state
from review_app.components.empty_state import library_away
from review_app.components.full_text_reader import full_text_reader
from review_app.components.full_text_side import chosen_file, files_panel, quotes_panel
from review_app.components.queue_reason import queue_reason
from review_app.components.screening_bar import asked_record, last_progress, screening_bar
from review_app.components.screening_empty import no_review, nothing_to_screen
from review_app.components.screening_keys import screening_keys
from review_app.components.screening_record import screening_record
from review_app.components.screening_settings import screening_settings
from review_app.components.screening_side import calibration_line, criteria_panel, labels_and_note
from review_app.components.screening_stage import chosen_stage, stage_choice
from review_app.components.trouble import show_trouble
from review_app.database import engine
from review_app.services.errors import Refused
from review_app.services.full_text_view import FullTextDesk, queued_full_text
from review_app.services.permissions import May, allows, require
from review_app.services.screening_view import OnDesk, ScreeningDesk, screening_desk


@st.fragment
def queue_desk() -> None:
    """Draw it. The frame is drawn too where it has something to tell: what an act did, or that one is signed out."""
    if state.FLASH in st.session_state:
        st.rerun()
    try:
        actor = auth.current_actor()
        require(actor, May.SCREEN)
        desk, full_text = _read(actor)
    except Refused:
        st.rerun()
    except DatabaseUnavailable as error:
        library_away(error)
        return
    show_trouble(state.SCREENING_TROUBLE)
    if desk is None:
        no_review()
    else:
        _draw(desk, full_text, actor)


def _read(actor: Actor) -> tuple[ScreeningDesk | None, FullTextDesk | None]:
    with reading(engine()) as session:
        desk = screening_desk(
            session,
            viewer=actor,
            topic_id=config.settings().footnote_topic,
            stage=chosen_stage(),
            record_id=asked_record(),
            before=last_progress(),
        )
        return desk, queued_full_text(session, viewer=actor, desk=desk, attachment_id=chosen_file())


def _draw(desk: ScreeningDesk, full_text: FullTextDesk | None, actor: Actor) -> None:
    stage_choice(desk.review)
    if desk.on_desk is None:
        nothing_to_screen(desk)
        _settings(desk, actor)
    else:
        _record_and_side(desk, desk.on_desk, full_text, actor)
    screening_bar(desk)
    if desk.on_desk:
        screening_keys(desk.on_desk.record_id)


def _record_and_side(desk: ScreeningDesk, on_desk: OnDesk, full_text: FullTextDesk | None, actor: Actor) -> None:
    terms = desk.review.criteria.terms
    left, right = st.columns([62, 38], gap="large")
    with left:
        if full_text:
            on_page = full_text_reader(on_desk, full_text, terms)
        else:
            screening_record(on_desk.article, on_desk.types, terms)
    with right:
        criteria_panel(desk.review.criteria)
        calibration_line(on_desk)
        if full_text:
            quotes_panel(on_desk, desk.review.stage, full_text, on_page)
            files_panel(on_desk, full_text, actor)
        labels_and_note(desk, on_desk)
        queue_reason(desk, on_desk)
        _settings(desk, actor)


def _settings(desk: ScreeningDesk, actor: Actor) -> None:
    if allows(actor, May.MANAGE_REVIEW):
        screening_settings(desk.review)
