"""Who screens which records, for the lead: shared equally, by a number for each, and taken back."""

from collections.abc import Callable
from html import escape

import streamlit as st
from sqlmodel import Session

from db.engine import writing
from db.queries.assignments import Assigned
from db.types import Actor
from review_app import auth, state
from review_app.components.plain_words import counted, noun
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.services import assignments
from review_app.services.assignments import AssignmentPage


def assignment_standing(page: AssignmentPage) -> None:
    """Who has how many, and what is free."""
    votes = "Two people vote on each record" if page.votes == 2 else "One vote decides"
    st.html(
        f"<p><strong>{counted(page.unassigned, 'record is', 'records are')} free</strong>: nobody holds or voted on "
        f"{noun(page.unassigned, 'it', 'them')}. {votes}. What is free is for whoever comes "
        "first; what is assigned comes first in the queue of those who hold it, and nobody else is asked for it.</p>"
    )
    for member in page.screeners:
        has = page.assigned.get(member.id, Assigned(0, 0))
        with st.container(horizontal=True, vertical_alignment="center", key=f"assigned_{member.id}"):
            done = f"{has.records:,} assigned, {has.voted:,} of them voted on" if has.records else "nothing assigned"
            st.html(f"<p><strong>{escape(member.name)}</strong>: {done}</p>")
            if has.records:
                args = (page.review_id, member.id, member.name)
                st.button("Take back", type="tertiary", key=f"take_back_{member.id}", on_click=_take_back, args=args)


def share_equally(page: AssignmentPage) -> None:
    """All that is free, alike among those chosen."""
    names = {member.id: member.name for member in page.screeners}
    st.header("Share equally")
    with st.form("share_equally", border=False):
        st.multiselect("Among", list(names), list(names), format_func=names.__getitem__, key="share_among")
        words = f"Share {counted(page.unassigned, 'record')}"
        st.form_submit_button(words, type="primary", on_click=_share, args=(page.review_id,))


def share_by_number(page: AssignmentPage) -> None:
    """So many for each; the rest stays free."""
    st.header("Or by number")
    with st.form("share_by_number", clear_on_submit=True, border=False):
        with st.container(horizontal=True):
            for member in page.screeners:
                st.number_input(member.name, 0, page.unassigned, 0, key=f"share_{member.id}", width=160)
        members = tuple(member.id for member in page.screeners)
        st.form_submit_button("Assign", on_click=_assign, args=(page.review_id, members))


def _share(review_id: int) -> None:
    members = list(st.session_state["share_among"])
    _act(
        lambda session, actor: assignments.assign_equally(session, actor=actor, review_id=review_id, members=members),
        done=("record is assigned.", "records are assigned."),
    )


def _assign(review_id: int, members: tuple[int, ...]) -> None:
    counts = {member: int(st.session_state[f"share_{member}"]) for member in members}
    _act(
        lambda session, actor: assignments.assign_counts(session, actor=actor, review_id=review_id, counts=counts),
        done=("record is assigned.", "records are assigned."),
    )


def _take_back(review_id: int, member_id: int, name: str) -> None:
    _act(
        lambda session, actor: assignments.give_back(session, actor=actor, review_id=review_id, member_id=member_id),
        done=(f"record of {name} is free again.", f"records of {name} are free again."),
    )


def _act(service: Callable[[Session, Actor], int], *, done: tuple[str, str]) -> None:
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        st.session_state[state.FLASH] = counted(service(session, auth.current_actor()), *done)
