"""The frame of every page: who is here, what they may see, and how fresh the library is."""

from html import escape
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from db import config
from db.demonstration import is_demonstration
from db.engine import DatabaseUnavailable, reading
from db.models import Member
from db.queries import accounts, alerts, duplicates, harvesting
from db.queries.nights import night_state
from db.types import Actor
from review_app import auth, state
from review_app.components.empty_state import library_away
from review_app.components.night_line import night_words
from review_app.components.refused_on_leaving import refused_on_leaving
from review_app.components.status_line import Status, status_line
from review_app.components.style import apply_style
from review_app.components.trouble import show_trouble
from review_app.database import engine
from review_app.navigation import closed_pages, pages_for, title_of
from review_app.services.errors import Refused
from review_app.services.permissions import May, allows

ICON = Path(__file__).parent / "components" / "footnote.svg"
WORDMARK = ICON.with_name("footnote_wordmark.svg")


def library_status(open_alerts: int) -> Status:
    """How large and how fresh the library is, and what waits for whoever is here."""
    with reading(engine()) as session:
        night = night_words(night_state(session, now=config.now()))
        size, refreshed = harvesting.library_size(session), harvesting.last_refresh(session)
        return Status(size, refreshed, open_alerts, night, is_demonstration(session))


def open_alerts(actor: Actor) -> int:
    """How many alerts wait for this member."""
    try:
        with reading(engine()) as session:
            return alerts.open_count(session, viewer=actor)
    except DatabaseUnavailable:  # the page that is drawn next says so
        return 0


def idle_pages(actor: Actor) -> set[str]:
    """Pages with nothing to do on them; the sidebar leaves them out."""
    if not allows(actor, May.DECIDE_DUPLICATES):
        return set()
    try:
        with reading(engine()) as session:
            return set() if duplicates.any_proposed(session) else {"duplicates"}
    except DatabaseUnavailable:  # the page that is drawn next says so
        return {"duplicates"}


def who_is_here(member: Member, token: str) -> None:
    """Name, role and the way out, at the foot of the sidebar."""
    role = member.role.value.replace("_", "-")
    st.sidebar.html(
        f'<div class="fn-who"><p><strong>{escape(member.name)}</strong><br>{escape(role)}</p>'
        '<form method="post" action="/sign-out" target="_self">'
        f'<input type="hidden" name="proof" value="{auth.sign_out_proof(token)}">'
        '<button type="submit">Sign out</button></form></div>'
    )


def open_desk(member: Member, token: str) -> None:
    """Draw the frame for a member, then the page they are on."""
    actor = accounts.actor_of(member)
    waiting = open_alerts(actor)
    # Else Streamlit folds a long list away.
    page = st.navigation(pages_for(actor, idle=idle_pages(actor), waiting={"alerts": waiting}), expanded=True)
    who_is_here(member, token)
    st.title(title_of(page))
    top = st.container()
    try:
        status_line(library_status(waiting), now=config.now(), zone=ZoneInfo(member.time_zone))
        if flash := st.session_state.pop(state.FLASH, None):
            st.toast(flash)
        with top:
            refused_on_leaving(actor)
        page.run()
    except Refused as error:  # the session ended, or the role changed, while the page was drawn
        st.error(str(error))
    except DatabaseUnavailable as error:
        library_away(error)
    with top:
        remaining_troubles(actor)


def remaining_troubles(actor: Actor) -> None:
    """Why an act was not carried out, where the page that would say so is not open to this role any more."""
    told_at_home = {state.HARVEST_TROUBLE} if allows(actor, May.HARVEST) else set()
    for key in [str(key) for key in st.session_state if str(key).endswith("_trouble")]:
        if key not in told_at_home:
            show_trouble(key)


def draw() -> None:
    try:
        here, cookie = auth.signed_in_member(), auth.session_token()
    except DatabaseUnavailable as error:
        st.navigation(closed_pages(), position="hidden")
        library_away(error)
        return
    if here is None or cookie is None:
        st.navigation(closed_pages(), position="hidden").run()
    else:
        open_desk(here, cookie)


st.set_page_config(page_title="Footnote", page_icon=str(ICON), layout="wide", initial_sidebar_state=230)
st.logo(str(WORDMARK), size="large")
apply_style()
draw()
