"""A calibration round: drawn and ended by the lead, voted on in the queue, its agreement read by all who voted."""

from collections.abc import Callable, Sequence
from html import escape

import streamlit as st
from sqlmodel import Session

from db.engine import writing
from db.types import Actor
from review_app import auth, state
from review_app.components.agreement_table import agreement_table
from review_app.components.empty_state import empty_state
from review_app.components.next_act import act_link
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.services import calibration
from review_app.services.calibration_view import CalibrationPage, Round, Split

USUAL = 20  # records


def calibration_standing(page: CalibrationPage) -> None:
    """What a round is for while there is none; else how far everybody has come."""
    found = page.round
    if found is None:
        empty_state(
            "No calibration round yet.",
            "Before screening begins everybody votes on the same records, each alone. Where you disagree, the criteria "
            "are not clear yet.",
        )
        return
    standing = "is open" if found.is_open else "has ended"
    waits = ", and all other records wait until it ends" if found.is_open and found.hold else ""
    st.html(
        f"<p><strong>Round {page.rounds} {standing}</strong>: {found.records} records, drawn by "
        f"{escape(found.drawn_by)} under version {found.criteria_version} of the criteria{waits}. "
        f'<span class="fn-by">Seed {found.seed}.</span></p>'
    )
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{voted} of {found.records}</td></tr>" for name, voted in found.voted
    )
    st.html(f'<table class="fn-table"><thead><tr><th>Member</th><th>Voted on</th></tr></thead>{rows}</table>')


def calibration_agreement(found: Round) -> None:
    """Per pair, and the records they differ on: after one's own last vote, not before."""
    st.header("Agreement")
    if found.is_open and not found.mine_done:
        left = f"{found.records} records"
        empty_state("Hidden until you have voted.", f"You see how far you agree when you have voted on all {left}.")
        act_link("Go on in the queue", "/queue")
        return
    if not found.pairs:
        empty_state("Nothing to compare yet.", "No two people whose votes you may see have voted on the same record.")
        return
    agreement_table(found.pairs)
    _splits(found.splits)


def draw_form(page: CalibrationPage) -> None:
    """For the lead, while no round is open."""
    st.header("Draw a round" if page.round is None else "Draw another round")
    with st.form("draw_calibration", border=False):
        st.number_input("Records", calibration.FEWEST, calibration.MOST, USUAL, key="calibration_number")
        st.checkbox("The other records wait until the round ends", value=True, key="calibration_hold")
        st.form_submit_button("Draw at random", type="primary", on_click=_draw, args=(page.review_id,))


def end_form(page: CalibrationPage) -> None:
    """For the lead, while a round is open."""
    st.header("End the round")
    st.caption("Votes stay. Records on which people differ go to Conflicts, the others on as voted.")
    with st.container(horizontal=True):
        if not page.criteria.is_locked:
            lock = (page.review_id, True)
            st.button("Lock the criteria and end", type="primary", on_click=_end, args=lock, key="end_and_lock")
        words = "End the round" if page.criteria.is_locked else "End without locking"
        st.button(words, on_click=_end, args=(page.review_id, False), key="end_round")


def _splits(splits: Sequence[Split]) -> None:
    st.header("Where you differ")
    if not splits:
        st.caption("Nowhere, on the records whose votes you may see.")
    for split in splits:
        said = "".join(
            f"<li>{escape(name)}: <strong>{row.decision.value}</strong>"
            f"{f' ({escape(reason)})' if reason else ''}"
            f"{f' — {escape(row.note)}' if row.note else ''}</li>"
            for name, row, reason in split.votes
        )
        st.html(f'<section class="fn-side"><h3>{escape(split.article.title)}</h3><ul>{said}</ul></section>')


def _draw(review_id: int) -> None:
    number, hold = int(st.session_state["calibration_number"]), bool(st.session_state["calibration_hold"])
    _act(
        lambda session, actor: calibration.draw(session, actor=actor, review_id=review_id, number=number, hold=hold),
        done=f"{number} records are drawn. They come first in everybody's queue.",
    )


def _end(review_id: int, lock: bool) -> None:
    _act(
        lambda session, actor: calibration.end(session, actor=actor, review_id=review_id, lock=lock),
        done="The round has ended; the criteria are locked." if lock else "The round has ended.",
    )


def _act(service: Callable[[Session, Actor], object], *, done: str) -> None:
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        service(session, auth.current_actor())
        st.session_state[state.FLASH] = done
