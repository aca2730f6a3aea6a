"""Conflicts: what two people disagree on, with both sides, until somebody settles it."""

import streamlit as st

from db import config
from db.engine import reading
from review_app import auth, state
from review_app.components.full_text_fold import full_text_fold
from review_app.components.screening_conflict import conflict_sides, no_conflict, put_off, settle
from review_app.components.screening_empty import no_review
from review_app.components.screening_record import screening_record
from review_app.components.screening_side import criteria_panel
from review_app.components.screening_stage import chosen_stage, stage_choice
from review_app.components.trouble import show_trouble
from review_app.database import engine
from review_app.services.exclusion_reasons import reason_words
from review_app.services.permissions import May, allows
from review_app.services.screening_view import conflict_page

actor, topic_id = auth.current_actor(), config.settings().footnote_topic
with reading(engine()) as session:
    page = conflict_page(session, viewer=actor, topic_id=topic_id, stage=chosen_stage(), skip=put_off())
    reasons = reason_words(session, review_id=page.review.id) if page else None
show_trouble(state.SCREENING_TROUBLE)
if page:
    stage_choice(page.review)
if page is None or reasons is None:
    no_review()
elif page.article is None:
    no_conflict(page)
else:
    left, right = st.columns([55, 45], gap="large")
    with left:
        screening_record(page.article, page.types, page.review.criteria.terms)
        quotes = [each for side in page.sides for each in side.quotes]
        full_text_fold({row.id: row.name for row in page.attachments}, quotes, page.review.criteria.terms)
    with right:
        conflict_sides(page, reasons)
        if allows(actor, May.ADJUDICATE):
            settle(page)
        else:
            st.caption("A lead or an adjudicator settles it.")
        criteria_panel(page.review.criteria)
