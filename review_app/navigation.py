"""The pages of the desk in their groups, and which of them a member may see."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from db.types import Actor
from review_app.services.permissions import May, allows

_PAGES = Path(__file__).parent / "pages"
_SIGNED_OUT = Path(__file__).parent / "signed_out.py"


@dataclass(frozen=True, slots=True)
class Desk:
    """One page: its file (without .py, also its address), where it stands, and the act it is for."""

    file: str
    title: str
    group: str
    icon: str
    needs: May | None = None
    listed: bool = True


DESKS = (
    Desk("home", "Home", "Review", "home"),
    Desk("queue", "Queue", "Review", "checklist", May.SCREEN),
    Desk("conflicts", "Conflicts", "Review", "balance", May.SCREEN),
    Desk("calibration", "Calibration", "Review", "tune", May.SCREEN),
    Desk("consensus", "Consensus", "Review", "handshake", May.TAG),
    Desk("progress", "Progress", "Review", "monitoring", May.SCREEN),
    Desk("evidence", "Evidence", "Review", "library_books"),
    Desk("grade", "GRADE", "Review", "stairs"),
    Desk("duplicates", "Duplicates", "Review", "join_inner", May.DECIDE_DUPLICATES),
    Desk("study", "Study", "Review", "article", listed=False),
    Desk("claims", "Claims", "Copy", "format_quote"),
    Desk("check_copy", "Check copy", "Copy", "fact_check", May.CHECK_COPY),
    Desk("alerts", "Alerts", "Watch", "notifications"),
    Desk("activity", "Activity", "Watch", "history"),
    Desk("tag_form", "Tag form", "Lead", "list_alt", May.MANAGE_REVIEW),
    Desk("assignments", "Assignments", "Lead", "assignment_ind", May.MANAGE_REVIEW),
    Desk("settings", "Settings", "Lead", "settings", May.MANAGE_REVIEW),
    Desk("members", "Members", "Lead", "group", May.MANAGE_MEMBERS),
)
HOME = DESKS[0]


def seen_by(actor: Actor) -> list[Desk]:
    """The pages that this actor's role may see."""
    return [desk for desk in DESKS if desk.needs is None or allows(actor, desk.needs)]


def pages_for(
    actor: Actor, *, idle: Collection[str] = (), waiting: Mapping[str, int] = MappingProxyType({})
) -> dict[str, list[StreamlitPage]]:
    """The pages that exist and that this actor may see, by group. Nothing else is registered.

    `idle` pages answer at their address and are left out of the sidebar: there is nothing to do on them. `waiting`
    says how many things wait for the actor on a page; the sidebar shows it.
    """
    groups: dict[str, list[StreamlitPage]] = {}
    for desk in seen_by(actor):
        path = _PAGES / f"{desk.file}.py"
        if path.exists():
            listed, number = desk.listed and desk.file not in idle, waiting.get(desk.file, 0)
            groups.setdefault(desk.group, []).append(_page(desk, path, listed=listed, number=number))
    return groups


def title_of(page: StreamlitPage) -> str:
    """What a page is called, without the number of things that wait on it."""
    return next((desk.title for desk in DESKS if desk.file == page.url_path), HOME.title)


def _page(desk: Desk, path: Path, *, listed: bool, number: int) -> StreamlitPage:
    return st.Page(
        path,
        title=f"{desk.title} ({number:,})" if number else desk.title,
        icon=f":material/{desk.icon}:",
        url_path=None if desk is HOME else desk.file,
        default=desk is HOME,
        visibility="visible" if listed else "hidden",
    )


def closed_pages() -> list[StreamlitPage]:
    """For somebody who is not signed in: every address answers, with the way to sign in and nothing else."""
    return [
        st.Page(
            _SIGNED_OUT,
            title="Sign in",
            url_path=None if desk is HOME else desk.file,
            default=desk is HOME,
        )
        for desk in DESKS
    ]
