"""The app's engine, one for each database address."""

import streamlit as st
from sqlalchemy import Engine

from db import config
from db.engine import open_engine


@st.cache_resource(show_spinner=False)
def _engine(url: str) -> Engine:
    return open_engine(url)


def engine() -> Engine:
    """The engine of the library that the settings name; cached by address, so that a test never meets another's."""
    return _engine(config.settings().database_url)


def forget() -> None:
    """Let go of every engine, so that the next asker opens its own."""
    _engine.clear()
