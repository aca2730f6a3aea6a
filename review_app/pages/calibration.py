"""Calibration: a random sample that everybody votes on, how far they agree, and the criteria locked."""

import streamlit as st

from db import config
from db.engine import reading
from review_app import auth, state
from review_app.components.calibration_desk import calibration_agreement, calibration_standing, draw_form, end_form
from review_app.components.screening_empty import no_review
from review_app.components.trouble import show_trouble
from review_app.database import engine
from review_app.services.calibration_view import calibration_page
from review_app.services.permissions import May, allows

actor = auth.current_actor()
with reading(engine()) as session:
    page = calibration_page(session, viewer=actor, topic_id=config.settings().footnote_topic)
show_trouble(state.SCREENING_TROUBLE)
if page is None:
    no_review()
    st.stop()
calibration_standing(page)
if page.round:
    calibration_agreement(page.round)
if allows(actor, May.MANAGE_REVIEW):
    if page.round and page.round.is_open:
        end_form(page)
    else:
        draw_form(page)
