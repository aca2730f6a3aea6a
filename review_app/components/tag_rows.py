"""A field of rows in the tag form, such as outcomes: a line of widgets for each row, further parts on demand."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import streamlit as st

from review_app.components import tag_values
from review_app.components.tag_quotes import quotes_of
from review_app.components.tag_words import came_from, value_id
from review_app.tagging.form import Field
from review_app.tagging.model import SuggestedTags

_REMOVE = 5  # of the width of a row
_STEP = 0.01


def tag_rows(
    article_id: int | str, field: Field, suggestion: SuggestedTags, unconfirmed: Sequence[Mapping[str, Any]]
) -> None:
    """Draw the rows of a field, and a way to add another.

    A row that says one of the `unconfirmed` values shows the words that the suggestion came from.
    """
    for place, row in enumerate(tag_values.row_numbers(article_id, field.id), 1):
        now = tag_values.row_at(article_id, field, row)
        with st.container(key=f"tag_row_{field.id}_{row}", gap="xsmall"):
            _row(article_id, field, row, place)
            if now in unconfirmed:
                words = came_from(suggestion, field.id, [value_id(field.id, now)])
                st.html(f'<p class="fn-from">{words}</p>')
            quotes_of(article_id, f"{field.id}_{row}")
    item = field.item or "row"
    st.button(
        f"Add {'an' if item[0] in 'aeiou' else 'a'} {item}",
        key=f"tag_{article_id}_{field.id}_add",
        icon=":material/add:",
        type="tertiary",
        on_click=_add,
        args=(article_id, field.id),
    )


def _add(article_id: int | str, field: str) -> None:
    tag_values.add_row(article_id, field)


def _row(article_id: int | str, field: Field, row: int, place: int) -> None:
    shown = [part for part in field.parts if not part.folded]
    cells = st.columns([*[95 / len(shown)] * len(shown), _REMOVE], gap="xxsmall", vertical_alignment="center")
    for cell, part in zip(cells, shown, strict=False):
        with cell:
            part_widget(part, key=tag_values.row_key(article_id, field.id, row, part.id), place=place)
    cells[-1].button(
        "",
        key=f"tag_{article_id}_{field.id}_{row}_remove",
        icon=":material/close:",
        type="tertiary",
        help=f"Remove {field.item or 'row'} {place}",
        on_click=tag_values.remove_row,
        args=(article_id, field.id, row),
    )
    folded = [part for part in field.parts if part.folded]
    if folded:
        _folded(article_id, field, row, place, folded)


def _folded(article_id: int | str, field: Field, row: int, place: int, parts: Sequence[Field]) -> None:
    now = tag_values.row_at(article_id, field, row)
    told = " · ".join(part.label.lower() for part in parts)
    with st.expander(told[:1].upper() + told[1:], expanded=any(now[part.id] is not None for part in parts)):
        cells = st.columns(3, gap="xxsmall") + st.columns(3, gap="xxsmall")
        for cell, part in zip(cells, parts, strict=False):
            with cell:
                part_widget(part, key=tag_values.row_key(article_id, field.id, row, part.id), place=place)


def part_widget(part: Field, *, key: str, place: int | None = None) -> None:
    """One widget for a value that is no list. In a row, `place` tells the parts of one row from another's."""
    label = f"{part.label} {place}" if place else part.label
    shown: Any = "collapsed" if place else "visible"
    if part.kind == "one":
        present = st.session_state.get(key)
        options = list(part.offered())
        st.selectbox(
            label,
            options if present is None or present in options else [*options, present],
            index=None,
            key=key,
            format_func=partial(Field.label_of, part),
            placeholder=part.label if place else "Choose one",
            label_visibility=shown,
            required=part.required,
            help=part.help or None,
            persist_state="page",
        )
    elif part.kind == "text":
        st.text_input(
            label, key=key, placeholder=part.label if place else part.help, label_visibility=shown, persist_state="page"
        )
    else:
        whole = part.kind == "whole"
        st.number_input(
            label,
            min_value=1 if whole else None,
            step=1 if whole else _STEP,
            value=None,
            key=key,
            placeholder=part.label if place else "not stated",
            label_visibility=shown,
            help=part.help or None,
            persist_state="page",
        )
