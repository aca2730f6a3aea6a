"""The outcomes of a study in the tag form: a row of domain, instrument and direction for each."""

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from db.vocabulary import vocabulary
from review_app.components import tag_values
from review_app.components.tag_words import came_from, value_id
from review_app.tagging.model import SuggestedTags

_PARTS = {
    "domain": ("outcome_domain", "Outcome"),
    "instrument": ("instrument", "Instrument"),
    "direction": ("direction", "Direction"),
}
_WIDTHS = [35, 24, 36, 5]


def outcome_rows(article_id: int, suggestion: SuggestedTags, unconfirmed: Sequence[Mapping[str, Any]]) -> None:
    """Draw a row for each outcome in the form, and a way to add another.

    A row that says one of the `unconfirmed` outcomes shows the words that the suggestion came from.
    """
    st.html('<p class="fn-head">Outcomes (for the ketamine arm)</p>')
    for place, row in enumerate(tag_values.outcome_rows(article_id), 1):
        now = tag_values.outcome_at(article_id, row)
        with st.container(key=f"outcome_row_{row}", gap="xsmall"):
            _row(article_id, row, place)
            if now in unconfirmed:
                words = came_from(suggestion, "outcomes", [value_id("outcomes", now)])
                st.html(f'<p class="fn-from">{words}</p>')
    st.button(
        "Add an outcome",
        key=f"tag_{article_id}_outcome_add",
        icon=":material/add:",
        type="tertiary",
        on_click=_add,
        args=(article_id,),
    )


def _add(article_id: int) -> None:
    tag_values.add_outcome(article_id)


def _row(article_id: int, row: int, place: int) -> None:
    cells = st.columns(_WIDTHS, gap="xxsmall", vertical_alignment="center")
    for cell, part in zip(cells, _PARTS, strict=False):
        with cell:
            _cell(article_id, row, part, place)
    cells[-1].button(
        "",
        key=f"tag_{article_id}_outcome_{row}_remove",
        icon=":material/close:",
        type="tertiary",
        help=f"Remove outcome {place}",
        on_click=tag_values.remove_outcome,
        args=(article_id, row),
    )


def _cell(article_id: int, row: int, part: str, place: int) -> None:
    group, label = _PARTS[part]
    key = tag_values.outcome_key(article_id, row, part)
    present = st.session_state.get(key)
    options = list(vocabulary().ids(group))
    st.selectbox(
        f"{label} {place}",
        options if present is None or present in options else [*options, present],
        index=None,
        key=key,
        format_func=lambda value: vocabulary().label(group, value),
        placeholder=label,
        label_visibility="collapsed",
        required=part != "instrument",
        persist_state="page",
    )
