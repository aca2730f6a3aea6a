"""The least that Streamlit can do for a key: one button, one number drawn anew."""

import streamlit as st

st.session_state["count"] = st.session_state.get("count", 0) + 1
st.button("Next", shortcut="I")
st.html(f'<h2 class="shown">{st.session_state["count"]}</h2>')
