"""The one large button: what this member does next."""

from html import escape

import streamlit as st

from db.types import Actor, Stage
from review_app.components.plain_words import counted
from review_app.components.screening_stage import maybe_address
from review_app.services.home import HomeView
from review_app.services.permissions import May, allows

CONFLICTS = {  # one, and several
    Stage.TITLE_ABSTRACT: ("conflict to settle", "conflicts to settle"),
    Stage.FULL_TEXT: ("conflict in full text to settle", "conflicts in full text to settle"),
}


def next_act(view: HomeView, *, actor: Actor) -> None:
    """Who settles what others differ on does that first; a reviewer goes on screening, else tagging; a writer checks
    copy; everybody else reads the evidence."""
    settles = allows(actor, May.ADJUDICATE)
    if settles and view.conflicts:
        stage, number = next(iter(view.conflicts.items()))
        act_link(f"Settle {counted(number, 'conflict')}", f"/conflicts?stage={stage.value}")
    elif settles and view.to_settle:
        act_link(f"Settle {counted(view.to_settle, 'dual extraction')}", "/consensus")
    elif view.screening is not None:
        stage, figures = view.screening
        go_on = "Continue" if figures.mine else "Start"
        what = "reading full texts" if stage is Stage.FULL_TEXT else "screening"
        act_link(f"{go_on} {what}: {figures.mine:,} of {figures.records:,}", f"/queue?stage={stage.value}")
    elif view.parked:
        stage, number = next(iter(view.parked.items()))
        act_link(f"Decide on {counted(number, 'record')} kept as Maybe", maybe_address(stage))
    elif allows(actor, May.TAG) and view.next_article is not None:
        act_link(f"Tag the next study: {view.tagged_by_me:,} tagged by you", f"/study?id={view.next_article}")
    elif allows(actor, May.CHECK_COPY):
        act_link("Check copy", "/check_copy")
    else:
        act_link("Read the evidence", "/evidence")


def act_link(words: str, address: str) -> None:
    """A link in this tab: Streamlit's own link button opens another one each time."""
    st.html(f'<a class="fn-act" href="{escape(address)}" target="_self">{escape(words)}</a>')
