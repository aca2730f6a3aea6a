"""The review app itself, with pages that only say their name."""

from pathlib import Path

import streamlit as st

from review_app import app as review_app
from review_app import navigation

navigation._PAGES = Path(__file__).parent / "rooms"
app = st.App(review_app.DESK, lifespan=review_app.lifespan, middleware=review_app.MIDDLEWARE, routes=review_app.ROUTES)
