"""One act on a study: who acts, one service call, and what to say afterwards."""

from collections.abc import Callable, Mapping

import streamlit as st
from sqlmodel import Session

from db.engine import DatabaseUnavailable, writing
from db.types import Actor
from review_app import auth, state
from review_app.database import engine
from review_app.services.errors import ServiceError

WHILE_TYPED = "0.5s"  # the pause after which words that somebody is typing are kept


def act(service: Callable[[Session, Actor], object], *, done: str) -> bool:
    """Call one service as the member who is here; whether it was carried out. Trouble waits for `study_trouble`."""
    carried_out = quietly(service)
    if carried_out:
        st.session_state[state.FLASH] = done
    return carried_out


def quietly(service: Callable[[Session, Actor], object]) -> bool:
    """The same without a word when it was carried out."""
    try:
        actor = auth.current_actor()
        with writing(engine()) as session:
            service(session, actor)
    except (ServiceError, DatabaseUnavailable) as error:
        st.session_state[state.STUDY_TROUBLE] = str(error)
        return False
    return True


def keep_as_typed(key: str, typed: object, service: Callable[[Session, Actor], object]) -> None:
    """Call a service that keeps what is typed, once each time it differs from what was kept last under `key`."""
    if typed != st.session_state.get(key) and quietly(service):
        st.session_state[key] = typed


def study_lacks(wanted: Mapping[str, object]) -> None:
    """Say what of `wanted`, by name, was not given; nothing was carried out."""
    missing = " and ".join(what for what, given in wanted.items() if not given)
    st.session_state[state.STUDY_TROUBLE] = f"Nothing is kept yet. Choose {missing} first."


def study_trouble() -> None:
    """Why the last act was not carried out, once."""
    if trouble := st.session_state.pop(state.STUDY_TROUBLE, None):
        st.error(trouble)
