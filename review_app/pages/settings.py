"""Settings: how the review is done, its criteria version by version, the reasons for excluding, and its words."""

from zoneinfo import ZoneInfo

import streamlit as st

from db import config
from db.engine import reading
from review_app import auth, state
from review_app.components.reasons_form import reasons_forms
from review_app.components.review_words import criteria_history
from review_app.components.screening_empty import no_review
from review_app.components.screening_settings import screening_settings
from review_app.components.trouble import show_trouble
from review_app.components.vocabulary_desk import fixed_vocabulary, own_vocabulary
from review_app.database import engine
from review_app.services.review_settings import criteria_versions
from review_app.services.screening_view import review_facts

member = auth.signed_in_member()
zone = ZoneInfo(member.time_zone if member else "UTC")
show_trouble(state.SCREENING_TROUBLE)
show_trouble(state.FORM_TROUBLE)
with reading(engine()) as session:
    review = review_facts(session, topic_id=config.settings().footnote_topic)
    versions = criteria_versions(session, review_id=review.id) if review else []
if review is None:
    no_review()
    st.stop()
left, right = st.columns([55, 45], gap="large")
with left:
    screening_settings(review, unfolded=True)
with right:
    criteria_history(versions, zone=zone)
reasons_forms(review)
own_vocabulary()
fixed_vocabulary()
