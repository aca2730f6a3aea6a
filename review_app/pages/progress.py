"""Progress: how far each stage has come, how far people agree, and the flow of records."""

import streamlit as st

from db import config
from db.engine import reading
from review_app import auth
from review_app.components.progress_tables import (
    excluded_download,
    flow_numbers,
    given_fields,
    stage_progress,
    tag_fields,
)
from review_app.components.screening_empty import no_review
from review_app.database import engine
from review_app.services.progress_view import progress_page
from review_app.services.tag_agreement import extraction_agreement, tag_agreement

actor, topic_id = auth.current_actor(), config.settings().footnote_topic
with st.spinner("Counting votes"), reading(engine()) as session:
    page = progress_page(session, viewer=actor, topic_id=topic_id)
    fields = tag_agreement(session, viewer=actor, topic_id=topic_id)
    given = extraction_agreement(session, viewer=actor, topic_id=topic_id)
if page is None:
    no_review()
    st.stop()
left, right = st.columns([62, 38], gap="large")
with left:
    for stage in page.stages:
        stage_progress(stage, page)
    tag_fields(fields, page)
    given_fields(given)
with right:
    flow_numbers(page)
    excluded_download()
