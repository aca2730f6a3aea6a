"""What two reviewers said beside each other, and what holds of each field on which they differ."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import streamlit as st
from sqlmodel import Session

from db.engine import reading
from db.models import Quote, QuoteAnchor
from db.types import Actor, AnchorState
from review_app import auth
from review_app.components import tag_values
from review_app.components.chosen_sentence import kept_quote
from review_app.components.plain_words import counted
from review_app.components.study_act import WHILE_TYPED, act, keep_as_typed
from review_app.components.tag_rows import part_widget, tag_rows
from review_app.components.tag_words import part_told, tag_lines, told
from review_app.database import engine
from review_app.services import consensus as consensus_service
from review_app.tagging.comparison import Choice, Comparison, Side
from review_app.tagging.form import Field, TagForm, blank
from review_app.tagging.model import SuggestedTags

KEY = "Alt+S"
_NOTHING = SuggestedTags(None, None, (), (), (), None, (), {})
_WRITTEN = 0  # chosen instead of a side: another value is written
Settle = Callable[[Session, Actor, Mapping[str, Choice], str], object]


@dataclass(frozen=True, slots=True)
class Desk:
    """One thing that is compared; `key` tells it from others, `open` are its fields that wait to be settled.

    `settle` keeps what was chosen, with the reason for all fields that have none of their own. `item` is what a field
    is called.
    """

    key: str
    compared: Comparison
    open: Sequence[Field]
    quotes: Mapping[int, tuple[Quote, QuoteAnchor]]
    settle: Settle
    item: str = "field"

    @property
    def place(self) -> str:
        """Where another value is written: a form of its own beside the reader's."""
        return f"consensus_{self.key}"

    def widget(self, name: str) -> str:
        return f"settle_{self.key}_{name}"


def consensus_desk(desk: Desk, *, may_settle: bool, shortcut: str | None = None) -> None:
    """Both sides with their reasons and quotes, and for who settles them the way to do it."""
    if may_settle:
        _restore(desk)
        _keep_draft(desk)
    for field in desk.open:
        with st.container(key=f"consensus_{desk.key}_{field.id}", gap="xsmall"):
            _sides(desk, field)
            if may_settle and field.id == desk.compared.follows:
                st.html(f'<p class="fn-by">{escape(field.help)}</p>')
            if may_settle:
                _choose(desk, field)
    agreed = desk.compared.agreed
    if agreed:
        with st.expander(f"They agree on {counted(len(agreed), desk.item)}"):
            st.html(tag_lines(desk.compared.form, desk.compared.agreed_entry()))
    if not may_settle:
        st.caption("A lead or an adjudicator settles it.")
        return
    if desk.open:
        st.text_input(
            f"For all {desk.item}s without a reason of their own",
            key=desk.widget("all"),
            max_chars=500,
            placeholder="Such as: read the full text together",
            live=WHILE_TYPED,
            persist_state="page",
        )
    st.button(
        "Keep the consensus",
        key=desk.widget("keep"),
        type="primary",
        shortcut=shortcut,
        on_click=_settle,
        args=(desk,),
    )


def who_differs(compared: Comparison, item: str = "field") -> str:
    """Such as `Ben and Cleo differ on 1 field`."""
    names, differ = " and ".join(side.name for side in compared.sides), len(compared.differing)
    return f"{names} differ on {counted(differ, item)}" if differ else f"{names} agree on every {item}"


def _sides(desk: Desk, field: Field) -> None:
    boxes = "".join(_side(desk, side, field) for side in desk.compared.sides)
    st.html(f'<p class="fn-head">{escape(field.label)}</p><div class="fn-sides">{boxes}</div>')


def _side(desk: Desk, side: Side, field: Field) -> str:
    value = side.entry[field.id]
    rows = value if field.kind == "rows" else ()
    lines = [_row(desk.compared, field, row) for row in rows] or [escape(told(field, value))]
    lines += [escape(reason)] if (reason := side.reasons.get(field.id)) else []
    said = "".join(f"<p>{line}</p>" for line in lines)
    found = (desk.quotes[each] for each in side.quotes_of(field.id) if each in desk.quotes)
    quotes = "".join(kept_quote(quote.exact, orphaned=anchor.state is AnchorState.ORPHANED) for quote, anchor in found)
    return f'<section class="fn-side"><h3>{escape(side.name)}</h3>{said}{quotes}</section>'


def _row(compared: Comparison, field: Field, row: Mapping[str, Any]) -> str:
    """The parts of a row; where each side has one, what they differ on stands out."""
    rows = [side.entry[field.id] for side in compared.sides]
    others = [each[0] for each in rows] if all(len(each) == 1 for each in rows) else []
    words = {part.id: escape(part_told(part, row)) for part in field.parts}
    apart = {part.id for part in field.parts if any(other[part.id] != row[part.id] for other in others)}
    said = (f"<strong>{each}</strong>" if part in apart else each for part, each in words.items() if each)
    return " · ".join(said)


def _choose(desk: Desk, field: Field) -> None:
    names = {side.id: side.name for side in desk.compared.sides}
    said = [side.entry[field.id] for side in desk.compared.sides]
    if not field.choices or any(each.id not in said for each in field.choices):
        names[_WRITTEN] = "Another value"
    chosen = st.segmented_control(
        f"What holds of {field.label}",
        list(names),
        format_func=names.__getitem__,
        key=desk.widget(f"{field.id}_choice"),
        label_visibility="collapsed",
        persist_state="page",
    )
    if chosen == _WRITTEN:
        _write(desk.place, field)
    st.text_input(
        "Why",
        key=desk.widget(f"{field.id}_reason"),
        max_chars=500,
        placeholder="Why this holds",
        live=WHILE_TYPED,
        persist_state="page",
    )


def _write(place: str, field: Field) -> None:
    if field.kind == "rows":
        tag_rows(place, field, _NOTHING, ())
    elif field.kind == "several":
        st.multiselect(
            field.label, field.offered(), key=tag_values.field_key(place, field.id), format_func=field.label_of
        )
    else:
        part_widget(field, key=tag_values.field_key(place, field.id))


def _settle(desk: Desk) -> None:
    typed = _typed(desk)
    choices = {
        field: Choice(each["side"] or None, each["value"], each["reason"])
        for field, each in typed["fields"].items()
        if each["side"] is not None
    }
    if act(
        lambda session, actor: desk.settle(session, actor, choices, typed["reason"]),
        done="The consensus is kept",
    ):
        del st.session_state[desk.widget("all")]  # what differs later is chosen anew


def _restore(desk: Desk) -> None:
    """What was chosen and typed on an earlier visit, once."""
    if desk.widget("all") in st.session_state:  # Streamlit forgets it when the reader leaves the page
        return
    with reading(engine()) as session:
        kept = consensus_service.kept_draft(session, viewer=auth.current_actor(), key=desk.key)
    form, draft = TagForm("", tuple(desk.open)), kept.get("fields", {})
    written = {name: each["value"] for name, each in draft.items() if each["value"] is not None}
    tag_values.fill(desk.place, form, blank(form) | {name: written[name] for name in written if form.field(name)})
    sides = {side.id for side in desk.compared.sides} | {_WRITTEN}
    for field in desk.open:
        each = draft.get(field.id, {})
        chosen = each.get("side")
        st.session_state[desk.widget(f"{field.id}_choice")] = chosen if chosen in sides else None
        st.session_state[desk.widget(f"{field.id}_reason")] = each.get("reason", "")
    st.session_state[desk.widget("all")] = kept.get("reason", "")
    st.session_state[desk.widget("kept")] = _typed(desk)


def _keep_draft(desk: Desk) -> None:
    typed = _typed(desk)
    keep_as_typed(
        desk.widget("kept"),
        typed,
        lambda session, actor: consensus_service.keep_draft(session, actor=actor, key=desk.key, value=typed),
    )


def _typed(desk: Desk) -> dict[str, Any]:
    state = st.session_state
    return {
        "fields": {
            name: {
                "side": state.get(desk.widget(f"{name}_choice")),
                "value": value,
                "reason": str(state.get(desk.widget(f"{name}_reason")) or ""),
            }
            for name, value in tag_values.written(desk.place, TagForm("", tuple(desk.open))).items()
        },
        "reason": str(state.get(desk.widget("all")) or ""),
    }
