"""Assignments: who screens which records."""

import streamlit as st

from db import config
from db.engine import reading
from review_app import state
from review_app.components.assignment_desk import assignment_standing, share_by_number, share_equally
from review_app.components.screening_empty import no_review
from review_app.components.trouble import show_trouble
from review_app.database import engine
from review_app.services.assignments import assignment_page

with reading(engine()) as session:
    page = assignment_page(session, topic_id=config.settings().footnote_topic)
show_trouble(state.SCREENING_TROUBLE)
if page is None:
    no_review()
    st.stop()
assignment_standing(page)
if page.unassigned:
    share_equally(page)
    share_by_number(page)
