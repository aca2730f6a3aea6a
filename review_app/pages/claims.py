"""Claims: the library as a list, and one claim (`?claim=`) with everything it stands on."""

import streamlit as st

from db import config
from db.engine import reading
from review_app import auth
from review_app.components.back_link import back_link
from review_app.components.claim_acts import claim_trouble, new_claim_form, verdict_form, withdraw_buttons, wording_form
from review_app.components.claim_card import claim_head, evidence_table, history, where_used, wordings
from review_app.components.claims_list import claim_filters, claim_list
from review_app.components.empty_state import empty_state
from review_app.components.grade_form import grade_form, grades_of_claim
from review_app.database import engine
from review_app.services.claims_view import claim_lines, claim_view

actor = auth.current_actor()
topic_id = config.settings().footnote_topic
claim_id = st.query_params.get("claim")
with reading(engine()) as session:
    lines = claim_lines(session, viewer=actor, topic_id=topic_id) if claim_id is None else []
    view = claim_view(session, viewer=actor, claim_id=claim_id) if claim_id is not None else None

claim_trouble()
if claim_id is not None:
    back_link("All claims", "/claims")
if view is not None:
    left, right = st.columns([58, 42], gap="large")
    with left:
        claim_head(view)
        evidence_table(view)
        withdraw_buttons(view, actor=actor)
    with right, st.container(key="dossier"):
        verdict, say, used, past = st.tabs(["Verdict", "Wordings", f"Used ({len(view.uses)})", "History"])
        with verdict:
            verdict_form(view, actor=actor, graded=grades_of_claim(actor=actor, claim_id=view.line.id))
            with st.expander("Grade the certainty step by step (GRADE)"):
                grade_form(actor=actor, claim_id=view.line.id)
        with say:
            wordings(view)
            wording_form(view, actor=actor)
        with used:
            where_used(view, actor=actor)
        with past:
            history(view)
elif claim_id is not None:
    empty_state(
        "No such claim.",
        "The address names a claim that is not in this library, or that was withdrawn.",
        then="Go to all claims and search for its words.",
    )
elif not lines:
    empty_state(
        "There is no claim in this library.",
        "Claims ship with the topic and come in when the library is opened.",
        then="Restart Footnote, or write the first claim here.",
    )
else:
    claim_list(claim_filters(lines), total=len(lines))
if claim_id is None:
    new_claim_form(actor=actor, topics=sorted({name for line in lines for name in line.topics}))
