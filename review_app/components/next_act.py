"""The one large button: what this member does next."""

import streamlit as st

from db.types import Actor
from review_app.services.home import HomeView
from review_app.services.permissions import May, allows


def next_act(view: HomeView, *, actor: Actor) -> None:
    """A reviewer goes on tagging, a writer checks copy, everybody else reads the evidence."""
    if allows(actor, May.TAG) and view.next_article is not None:
        words = f"Tag the next study: {view.tagged_by_me:,} of {view.articles:,} tagged by you"
        st.link_button(words, f"/study?id={view.next_article}", type="primary")
    elif allows(actor, May.CHECK_COPY):
        st.link_button("Check copy", "/check_copy", type="primary")
    else:
        st.link_button("Read the evidence", "/evidence", type="primary")
