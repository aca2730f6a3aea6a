"""The desk one screens at: the record, what stands beside it, and the bar with its keys.

Records to be judged by title and abstract lie in the browser: after a key only the bar is drawn anew, which brings the
next ones. A record that is read in full text is drawn here, with its bar.
"""

import streamlit as st

from db import config
from db.engine import DatabaseUnavailable, reading
from db.types import Actor, Stage
from review_app import auth, state
from review_app.components.empty_state import library_away
from review_app.components.full_text_reader import full_text_reader
from review_app.components.full_text_side import chosen_file, files_panel, quotes_panel
from review_app.components.screening_empty import no_review, nothing_kept, nothing_to_screen
from review_app.components.screening_pane import pane_bar, pane_place, take_acts
from review_app.components.screening_pane.ledger import ledger
from review_app.components.screening_settings import screening_settings
from review_app.components.screening_side import criteria_panel
from review_app.components.screening_stage import chosen_stage, in_maybe_list, maybe_choice, stage_choice
from review_app.components.trouble import show_trouble
from review_app.database import engine
from review_app.services.errors import Refused
from review_app.services.full_text_view import FullTextDesk, queued_full_text
from review_app.services.permissions import May, allows, require
from review_app.services.screening_view import OnDesk, ReviewFacts, ScreeningDesk, screening_desk


def queue_desk() -> None:
    pane_place("page")
    _desk()


@st.fragment
def _desk() -> None:
    """The frame is drawn too where it has something to tell: what an act did, or that one is signed out."""
    take_acts()
    if state.FLASH in st.session_state:
        st.rerun()
    try:
        actor, desk = _read()
        full_text = _read_full_text(actor, desk)
    except Refused:
        st.rerun()
    except DatabaseUnavailable as error:
        library_away(error)
        return
    show_trouble(state.SCREENING_TROUBLE)
    if desk is None:
        no_review()
    else:
        _draw(desk, full_text, actor)


def _read() -> tuple[Actor, ScreeningDesk | None]:
    known = ledger()
    with reading(engine()) as session:
        actor = auth.actor_in(session)
        require(actor, May.SCREEN)
        return actor, screening_desk(
            session,
            viewer=actor,
            topic_id=config.settings().footnote_topic,
            stage=chosen_stage(),
            first=known.first(),
            before=known.progress,
            maybe=in_maybe_list(),
        )


def _read_full_text(actor: Actor, desk: ScreeningDesk | None) -> FullTextDesk | None:
    with reading(engine()) as session:
        return queued_full_text(session, viewer=actor, desk=desk, attachment_id=chosen_file())


def _draw(desk: ScreeningDesk, full_text: FullTextDesk | None, actor: Actor) -> None:
    stage_choice(desk.review)
    maybe_choice(desk.review)
    if desk.on_desk is None:
        nothing_kept(desk.review) if in_maybe_list() else nothing_to_screen(desk)
        _settings(desk, actor)
    else:
        _record_and_side(desk, desk.on_desk, full_text, actor)
    if not desk.progress.records:
        return
    if desk.review.stage is Stage.FULL_TEXT:
        _bar(desk)
    else:
        _bar_alone(desk.review if desk.on_desk else None, [desk])


def _record_and_side(desk: ScreeningDesk, on_desk: OnDesk, full_text: FullTextDesk | None, actor: Actor) -> None:
    left, right = st.columns([62, 38], gap="large")
    with left:
        if full_text:
            on_page = full_text_reader(on_desk, full_text, desk.review.criteria.terms)
        else:
            pane_place("record")
    with right:
        criteria_panel(desk.review.criteria)
        if full_text:
            quotes_panel(on_desk, desk.review.stage, full_text, on_page)
            files_panel(on_desk, full_text, actor)
        pane_place("side")
        _settings(desk, actor)


def _settings(desk: ScreeningDesk, actor: Actor) -> None:
    if allows(actor, May.MANAGE_REVIEW):
        screening_settings(desk.review)


@st.fragment
def _bar_alone(drawn: ReviewFacts | None, fresh: list[ScreeningDesk]) -> None:
    """After an act. The rest is drawn too when it is not as it was `drawn`, None without a record. `fresh` is what was
    just read, once."""
    if fresh:
        _bar(fresh.pop())
        return
    take_acts()
    try:
        _, desk = _read()
    except (Refused, DatabaseUnavailable):
        st.rerun()
    told = state.FLASH in st.session_state or state.SCREENING_TROUBLE in st.session_state
    if told or desk is None or desk.on_desk is None or desk.review != drawn:
        st.rerun()
    _bar(desk)


def _bar(desk: ScreeningDesk) -> None:
    with st.bottom, st.container(key="screening_bar"):
        came_late = pane_bar(desk)
    if came_late:
        st.rerun()
