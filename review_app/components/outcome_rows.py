"""The outcomes of a study in the tag form: a row of domain, instrument and direction for each."""

import streamlit as st

from db.vocabulary import vocabulary
from review_app.components import tag_values

_PARTS = {
    "domain": ("outcome_domain", "Outcome"),
    "instrument": ("instrument", "Instrument"),
    "direction": ("direction", "Direction"),
}
_WIDTHS = [35, 25, 34, 6]


def outcome_rows(article_id: int) -> None:
    """Draw a row for each outcome in the form, and a way to add another."""
    st.html('<p class="fn-head">Outcomes (for the ketamine arm)</p>')
    for place, row in enumerate(tag_values.outcome_rows(article_id), 1):
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
