"""Which study the address asks for, and what to say when the library does not hold it."""

import streamlit as st

from review_app.components.empty_state import empty_state
from review_app.services.study_page import Asked

_HIGHEST = 2**31 - 1  # the largest id that both engines take


def asked_study() -> Asked:
    """`?id=` or `?pmid=` as numbers; anything else asks for nothing."""
    return Asked(_number("id"), _number("pmid"))


def no_such_study(asked: Asked) -> None:
    """A clear box for an address that leads nowhere."""
    if "id" not in st.query_params and "pmid" not in st.query_params:
        empty_state("No study is chosen.", "The address names none.", then="Choose one from Evidence.")
    elif asked.article_id is None and asked.pmid is not None:
        empty_state(
            f"PMID {asked.pmid} is not in the library.",
            "It may not be about ketamine or esketamine in depression, or has not been harvested yet.",
            then="Search for its title in Evidence, or look it up in PubMed.",
        )
    else:
        empty_state("There is no such study.", "The address does not fit any.", then="Choose one from Evidence.")


def _number(name: str) -> int | None:
    words = st.query_params.get(name, "")
    plain = words.isascii() and words.isdecimal() and len(words) <= len(str(_HIGHEST))
    return int(words) if plain and int(words) <= _HIGHEST else None
