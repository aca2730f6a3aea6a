"""GRADE: how certain the evidence is, outcome by outcome, with the studies that report it."""

import streamlit as st

from db import config
from db.engine import reading
from review_app import auth
from review_app.components.evidence_body import chosen_outcome, evidence_body
from review_app.components.evidence_download import judgements_download
from review_app.components.grade_form import grade_form
from review_app.database import engine
from review_app.services.grading import body_of_evidence

actor = auth.current_actor()
outcome = chosen_outcome()
left, right = st.columns(2, gap="large")
with reading(engine()) as session:
    body = body_of_evidence(session, viewer=actor, topic_id=config.settings().footnote_topic, outcome=outcome)
with left:
    evidence_body(body)
    judgements_download()
with right:
    grade_form(actor=actor, outcome=outcome)
