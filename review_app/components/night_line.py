"""How the nightly run stands: what the last one found, and what is wrong with it."""

from datetime import tzinfo
from html import escape

import streamlit as st

from db.models import HarvestRun
from db.queries.nights import NightState
from review_app.components.alert_card import moment
from review_app.components.plain_words import plain_words


def night_words(night: NightState) -> str:
    """What is wrong, in a few words for the line under the title; empty while nothing is."""
    if night.overdue:
        return "the nightly run is overdue"
    return {"failed": "the last night failed", "partial": "the last night is incomplete"}.get(night.state, "")


def night_trouble(night: NightState, *, zone: tzinfo) -> None:
    """What is wrong and since when; nothing while all is well."""
    if night.is_well:
        return
    said = night_words(night)
    last = night.last_complete
    since = "none was ever complete"
    if last is not None:
        since = f"the last complete one ended {moment(last.finished_at or last.started_at, zone)}"
    why = f" {night.message}" if night.message and night.state != "complete" else ""
    st.warning(
        plain_words(f"{said[0].upper()}{said[1:]}: {since}.{why} What changed since then may not be known here.")
    )


def last_night(night: NightState, told: tuple[tuple[int, str], ...], *, zone: tzinfo) -> None:
    """What the last night found, and what waits for the reader since then or longer, as (alert id, summary)."""
    if night.last is not None:
        st.html(f'<h2 class="fn-head">What changed last night</h2><p class="fn-line">{_found(night.last, zone)}</p>')
    rows = "".join(f'<li><a href="/alerts?alert={key}" target="_self">{escape(words)}</a></li>' for key, words in told)
    if rows:
        st.html(f'<h2 class="fn-head">What waits for you, the newest first</h2><ul class="fn-list fn-told">{rows}</ul>')
    elif night.last is not None:
        st.html('<p class="fn-by">No alert waits for you.</p>')


def _found(run: HarvestRun, zone: tzinfo) -> str:
    ended = moment(run.finished_at or run.started_at, zone)
    figures = f"{run.new:,} new, {run.changed:,} changed, {run.unchanged:,} unchanged"
    gone = f", {run.missing:,} not found" if run.missing else ""
    return escape(f"{ended}: {figures}{gone}")
