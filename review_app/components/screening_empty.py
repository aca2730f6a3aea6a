"""The queue when nothing waits: that it is empty, why, and what to do."""

import streamlit as st

from db.engine import writing
from db.types import Stage
from review_app import auth, state
from review_app.components.empty_state import empty_state
from review_app.components.next_act import act_link
from review_app.components.plain_words import counted
from review_app.components.screening_stage import STAGE_WORDS, go_to_stage, maybe_address
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.services import screening
from review_app.services.screening_view import ReviewFacts, ScreeningDesk


def nothing_to_screen(desk: ScreeningDesk) -> None:
    """Say why, and offer the articles that are not in the review yet."""
    mine, records, more = desk.progress.mine, desk.progress.records, desk.new_articles
    articles = counted(more, "article")
    if not records and desk.review.stage is Stage.FULL_TEXT:
        empty_state(
            "Nothing to read in full text yet.", "A record comes here when it was included by title and abstract."
        )
    elif not records and not more:
        empty_state(
            "There is nothing to screen yet.",
            "The library holds no article of this topic.",
            then="Bring studies in on the Home page.",
        )
    elif not records:
        empty_state(
            "Screening has not started.",
            f"The library holds {articles} of this topic; none is in the review “{desk.review.name}”.",
            then="Start when the criteria are written. Articles that come later are offered here.",
        )
    elif desk.review.on_hold and desk.elsewhere:
        empty_state("Full texts wait for the calibration round.", "They can be read when the lead has ended it.")
    elif desk.review.on_hold:
        empty_state("You voted on the whole calibration round.", "The other records wait until the lead ends it.")
        act_link("See how far you agree", "/calibration")
    else:
        rest = "; the rest has all the votes it needs" if mine < records else ""
        then = "New articles are offered here after a harvest."
        if desk.review.stage is Stage.FULL_TEXT:
            then = "Records come here when they are included by title and abstract."
        empty_state(
            "Nothing waits for your vote.",
            f"You voted on {mine:,} of {counted(records, 'record')}{rest}.",
            then="" if more else then,
        )
    if desk.elsewhere:
        go, words = desk.elsewhere, STAGE_WORDS[desk.elsewhere].lower()
        st.button(f"Go on with {words}", type="primary", key="other_stage", on_click=go_to_stage, args=(go,))
    if desk.parked:
        act_link(f"Decide on {counted(desk.parked, 'record')} kept as Maybe", maybe_address(desk.review.stage))
    if more:
        words = f"Add {articles}" if records else f"Start screening {articles}"
        st.button(words, type="primary", key="start_screening", on_click=_start, args=(desk.review.id,))


def nothing_kept(review: ReviewFacts) -> None:
    if review.on_hold:
        empty_state("What is kept as Maybe waits for the calibration round.", "It comes back when the lead ends it.")
    else:
        kept = "A record is kept here when its one vote is Maybe, until it is decided."
        empty_state("Nothing is kept as Maybe.", kept)


def no_review() -> None:
    empty_state("There is no open review of this topic.", "Records are screened in a review.", then="Ask a lead.")


def _start(review_id: int) -> None:
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        number = screening.start(session, actor=auth.current_actor(), review_id=review_id)
        st.session_state[state.FLASH] = f"{counted(number, 'record waits', 'records wait')} to be screened."
