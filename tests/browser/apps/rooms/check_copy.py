"""A page that says its name, takes a file and gives it back."""

import streamlit as st

st.write("this is check_copy")
st.write(f"asked for {st.query_params.to_dict()}")
st.button("Again")
if sent := st.file_uploader("Copy"):
    st.write(f"was sent: {sent.getvalue().decode()}")
    st.download_button("Get it back", sent.getvalue(), file_name="copy.txt")
