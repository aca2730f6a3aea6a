"""Which stage one screens at: in the address too, so that a link or a reload keeps it."""

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


def go_to_stage(stage: Stage) -> None:
    st.session_state[_STAGE] = stage.value
