"""A page that says its name."""

import streamlit as st

st.write("this is home")
st.write(f"asked for {st.query_params.to_dict()}")
st.button("Again")
