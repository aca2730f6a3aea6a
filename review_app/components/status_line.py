"""The line under every title: how large the library is and how fresh."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape

import streamlit as st


@dataclass(frozen=True, slots=True)
class Status:
    """`last_complete_run` is in UTC; `demonstration` labels invented or demonstration data on every screen."""

    articles: int
    last_complete_run: datetime | None
    open_alerts: int = 0
    demonstration: bool = False


def status_words(status: Status, *, now: datetime, zone: tzinfo) -> str:
    """Such as `4,812 studies · refreshed today 02:14 · 3 open alerts`, in the member's zone."""
    studies = f"{status.articles:,} stud{'y' if status.articles == 1 else 'ies'}"
    parts = [studies, _refreshed(status.last_complete_run, now, zone)]
    if status.open_alerts:
        parts.append(f"{status.open_alerts:,} open alert{'' if status.open_alerts == 1 else 's'}")
    return " · ".join(parts)


def status_line(status: Status, *, now: datetime, zone: tzinfo) -> None:
    """Draw the line; demonstration data says so first."""
    label = '<strong class="fn-demonstration">Demonstration data</strong> · ' if status.demonstration else ""
    st.html(f'<p class="fn-status">{label}{escape(status_words(status, now=now, zone=zone))}</p>')


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
