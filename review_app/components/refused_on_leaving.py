"""What somebody did last at the queue and the server refused as they left: told on the next page, until it is read."""

import streamlit as st

from db.engine import reading, writing
from db.types import Actor
from review_app import auth, state
from review_app.components.plain_words import plain_words
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.services import refused_acts


def refused_on_leaving(actor: Actor) -> None:
    with reading(engine()) as session:
        told = refused_acts.waiting(session, viewer=actor)
    if told:
        listed = "\n".join(f"- {plain_words(each)}" for each in told)
        st.error(f"Not saved when you left the queue:\n{listed}")
        st.button("I have read this", key="refused_acts_read", on_click=_forget, args=(told,))


def _forget(read: list[str]) -> None:
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        refused_acts.forget(session, actor=auth.actor_in(session), read=read)
        session.commit()
