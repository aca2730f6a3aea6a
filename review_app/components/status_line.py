"""The line under every title: how large the library is and how fresh."""

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from html import escape

import streamlit as st

from review_app.components.plain_words import counted


@dataclass(frozen=True, slots=True)
class Status:
    """`last_complete_run` is in UTC; `night` says what is wrong with the nightly run, if anything.

    `demonstration` labels invented or demonstration data on every screen.
    """

    articles: int
    last_complete_run: datetime | None
    open_alerts: int = 0
    night: str = ""
    demonstration: bool = False


def status_words(status: Status, *, now: datetime, zone: tzinfo) -> str:
    """Such as `4,812 studies · refreshed today 02:14 · 3 open alerts`, in the member's zone."""
    studies = counted(status.articles, "study", "studies")
    parts = [studies, _refreshed(status.last_complete_run, now, zone), status.night, _alerts(status)]
    return " · ".join(part for part in parts if part)


def status_line(status: Status, *, now: datetime, zone: tzinfo) -> None:
    """Draw the line; demonstration data says so first."""
    label = '<strong class="fn-demonstration">Demonstration data</strong> · ' if status.demonstration else ""
    words = escape(status_words(replace(status, open_alerts=0), now=now, zone=zone))
    alerts = f' · <a href="/alerts" target="_self">{_alerts(status)}</a>' if status.open_alerts else ""
    st.html(f'<p class="fn-status">{label}{words}{alerts}</p>')


def _alerts(status: Status) -> str:
    number = status.open_alerts
    return counted(number, "open alert") if number else ""


def _refreshed(run: datetime | None, now: datetime, zone: tzinfo) -> str:
    if run is None:
        return "never refreshed"
    there, here = run.astimezone(zone), now.astimezone(zone)
    days = (here.date() - there.date()).days
    if days == 0:
        return f"refreshed today {there:%H:%M}"
    if days == 1:
        return f"refreshed yesterday {there:%H:%M}"
    return f"refreshed {there.day} {there:%B %Y}, {days} days ago"
