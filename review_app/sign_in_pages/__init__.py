"""The pages outside Streamlit as HTML: signing in, joining by a one-time link, and what to say when that fails."""

from functools import cache
from html import escape
from pathlib import Path
from string import Template

_HERE = Path(__file__).parent


@cache
def _template(name: str) -> Template:
    return Template((_HERE / f"{name}.html").read_text("utf-8"))


def render(page: str, title: str, **values: str) -> str:
    """The page `sign_in`, `join`, `message` or `first_visit` in its frame; every value is escaped."""
    body = _template(page).substitute({name: escape(value) for name, value in values.items()})
    return _template("frame").substitute(title=escape(title), body=body)
