"""The changes as cards: which of them, each with what rests on it, and the way to those before."""

from datetime import tzinfo
from typing import cast

import streamlit as st

from db.queries.alerts import State
from db.types import Actor
from review_app.components.alert_acts import act_buttons, act_form, whole_card_buttons
from review_app.components.alert_card import before_and_after, change_head
from review_app.components.alert_tree import branch
from review_app.components.empty_state import empty_state
from review_app.components.library_words import library_words
from review_app.services.alerts_view import AlertsPage, Change

_STATE, _WHOSE, _BEFORE, _ALERT = "show", "whose", "before", "alert"  # also their names in the address
_STATES = {"open": "Open", "resolved": "Answered"}
_WHOSES = {"mine": "Mine", "everyone": "Everyone's"}


def asked_alert() -> int | None:
    """The alert that the address names; -1 for what is no number, so that no alert is found."""
    named = st.query_params.get(_ALERT)
    if named is None:
        return None
    return int(named) if named.isascii() and named.isdigit() and len(named) < 10 else -1


def alert_filters() -> tuple[State, bool, int | None]:
    """Draw them; the state, whether only the reader's own, and where the list goes on."""
    with st.container(horizontal=True, gap="medium"):
        shown = _choice("Alerts that are", _STATE, _STATES)
        whose = _choice("Whose", _WHOSE, _WHOSES)
    before = st.query_params.get(_BEFORE, "")
    return cast("State", shown), whose == "mine", int(before) if before.isascii() and before.isdigit() else None


def change_cards(changes: tuple[Change, ...], *, actor: Actor, zone: tzinfo) -> None:
    for change in changes:
        with st.container(border=True, key=f"change_{change.rows[0].alert_id}"):
            _card(change, actor=actor, zone=zone)


def older(page: AlertsPage) -> None:
    """The way to the cards before the last one."""
    if page.after is not None:
        st.button("Older changes", key="older", on_click=_go_on, args=(page.after,))


def no_alerts(page: AlertsPage, *, state: State, mine: bool) -> None:
    """Why the list is empty."""
    if state == "resolved":
        empty_state("Nobody has answered an alert yet.", "What is accepted, re-anchored or dismissed stays here.")
    elif mine:
        empty_state(
            "No alert waits for you.",
            "When an article that your claims, copy or findings rest on changes, it is told here.",
            then="“Everyone's” shows what waits for others.",
        )
    else:
        empty_state("No alert is open.", "Nothing has changed that anybody's work rests on.")


def _card(change: Change, *, actor: Actor, zone: tzinfo) -> None:
    change_head(change.card, zone=zone)
    before_and_after(change.card)
    for row in change.rows:
        below, acts = st.columns([70, 30], gap="medium")
        below.html(branch(row, actor=actor, names=change.names, words=library_words(), zone=zone))
        with acts:
            act_buttons(row)
        act_form(change, [row])
    whole_card_buttons(change)
    answerable = [row for row in change.rows if row.acts]
    if len(answerable) > 1:
        act_form(change, answerable)


def _choice(label: str, key: str, words: dict[str, str]) -> str:
    chosen = st.segmented_control(
        label,
        list(words),
        default=next(iter(words)),
        format_func=words.__getitem__,
        key=key,
        bind="query-params",
        on_change=_from_the_newest,
        required=True,
        label_visibility="collapsed",
    )
    return str(chosen or next(iter(words)))


def _from_the_newest() -> None:
    st.query_params.pop(_BEFORE, None)


def _go_on(cursor: int) -> None:
    st.query_params[_BEFORE] = str(cursor)
