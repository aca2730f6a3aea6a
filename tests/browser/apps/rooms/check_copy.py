"""A page that says its name."""

import streamlit as st

st.write("this is check_copy")
st.write(f"asked for {st.query_params.to_dict()}")
st.button("Again")
