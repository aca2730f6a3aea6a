"""Which stage one screens at: in the address too, so that a link or a reload keeps it."""

from html import escape

import streamlit as st

from db.types import Stage
from review_app.services.screening_view import ReviewFacts

_STAGE = "stage"  # the stage that is shown, in the address too: a value of Stage
STAGE_WORDS = {Stage.TITLE_ABSTRACT: "Title and abstract", Stage.FULL_TEXT: "Full text"}


def chosen_stage() -> Stage:
    chosen = st.session_state.get(_STAGE) or st.query_params.get(_STAGE)
    return Stage.FULL_TEXT if chosen == Stage.FULL_TEXT.value else Stage.TITLE_ABSTRACT


def stage_choice(review: ReviewFacts) -> None:
    """Nothing is drawn where there is nothing to choose."""
    if len(review.stages) > 1:
        st.segmented_control(
            "Stage",
            [stage.value for stage in review.stages],
            default=review.stage.value,
            required=True,
            format_func=lambda value: STAGE_WORDS[Stage(value)],
            label_visibility="collapsed",
            key=_STAGE,
            bind="query-params",
            persist_state="session",
        )


def in_maybe_list() -> bool:
    """Whether one looks at the records kept as Maybe instead of the queue."""
    return st.query_params.get("list") == "maybe"


def maybe_address(stage: Stage) -> str:
    return f"/queue?stage={stage.value}&list=maybe"


def maybe_choice(review: ReviewFacts) -> None:
    """The way to the records that are kept as Maybe, and back; where two votes are needed only the way back."""
    if review.dual and not in_maybe_list():
        return
    here = "<strong>Records kept as Maybe</strong> · " if in_maybe_list() else ""
    words, address = "Records kept as Maybe", maybe_address(review.stage)
    if here:
        words, address = "Back to the queue", f"/queue?stage={review.stage.value}"
    with st.container(key="maybe_list"):
        st.html(f'<p class="fn-meta">{here}<a href="{escape(address)}" target="_self">{words}</a></p>')


def go_to_stage(stage: Stage) -> None:
    st.session_state[_STAGE] = stage.value
