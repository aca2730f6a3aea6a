"""Members: who is here, and how others come in."""

import streamlit as st

from review_app import auth
from review_app.components.members_desk import everybody, invitation, member_row, waiting

actor = auth.current_actor()
st.header("Invite somebody")
invitation(actor=actor)
st.header("Members")
for member in everybody():
    member_row(member, actor=actor)
waiting()
