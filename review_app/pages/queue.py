"""Queue: one record after the other, each judged by one key."""

import streamlit as st

from db import config
from db.engine import reading
from review_app import auth, state
from review_app.components.full_text_reader import full_text_reader
from review_app.components.full_text_side import chosen_file, files_panel, quotes_panel
from review_app.components.screening_bar import asked_record, last_progress, screening_bar
from review_app.components.screening_empty import no_review, nothing_to_screen
from review_app.components.screening_keys import screening_keys
from review_app.components.screening_record import screening_record
from review_app.components.screening_settings import screening_settings
from review_app.components.screening_side import calibration_line, criteria_panel, labels_and_note
from review_app.components.screening_stage import chosen_stage, stage_choice
from review_app.components.trouble import show_trouble
from review_app.database import engine
from review_app.services.full_text_view import queued_full_text
from review_app.services.permissions import May, allows
from review_app.services.screening_view import screening_desk

actor, topic_id = auth.current_actor(), config.settings().footnote_topic
with reading(engine()) as session:
    desk = screening_desk(
        session,
        viewer=actor,
        topic_id=topic_id,
        stage=chosen_stage(),
        record_id=asked_record(),
        before=last_progress(),
    )
    full_text = queued_full_text(session, viewer=actor, desk=desk, attachment_id=chosen_file())
show_trouble(state.SCREENING_TROUBLE)
if desk is None:
    no_review()
    st.stop()
stage_choice(desk.review)
if desk.on_desk is None:
    nothing_to_screen(desk)
    if allows(actor, May.MANAGE_REVIEW):
        screening_settings(desk.review)
else:
    left, right = st.columns([62, 38], gap="large")
    with left:
        if full_text:
            on_page = full_text_reader(desk.on_desk, full_text, desk.review.criteria.terms)
        else:
            screening_record(desk.on_desk.article, desk.on_desk.types, desk.review.criteria.terms)
    with right:
        criteria_panel(desk.review.criteria)
        calibration_line(desk.on_desk)
        if full_text:
            quotes_panel(desk.on_desk, desk.review.stage, full_text, on_page)
            files_panel(desk.on_desk, full_text, actor)
        labels_and_note(desk, desk.on_desk)
        if allows(actor, May.MANAGE_REVIEW):
            screening_settings(desk.review)
screening_bar(desk)
if desk.on_desk:
    screening_keys(desk.on_desk.record_id)
