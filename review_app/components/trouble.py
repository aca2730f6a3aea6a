"""What a callback could not do, kept until the next drawing: the message says what to do."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from db.engine import DatabaseUnavailable
from review_app.components.plain_words import plain_words
from review_app.factcheck.extraction import Unreadable
from review_app.services.errors import ServiceError
from review_app.web import NotFetched


@contextmanager
def explaining(key: str) -> Iterator[None]:
    """Around the act of a callback: what is refused is told under `key`, where `show_trouble` draws it."""
    try:
        yield
    except (ServiceError, DatabaseUnavailable, Unreadable, NotFetched) as error:
        st.session_state[key] = str(error)


def show_trouble(key: str) -> None:
    """Draw it once."""
    if told := st.session_state.pop(key, None):
        st.error(plain_words(str(told)))
