"""How a review is done, for its lead: one vote or two, blinded or open, the criteria and the words to light."""

from collections.abc import Callable

import streamlit as st
from sqlmodel import Session

from db.engine import writing
from db.types import Actor, Stage
from review_app import auth, state
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.screening.highlights import Terms
from review_app.screening.prioritise import is_installed
from review_app.services import review_settings
from review_app.services.queue_order import INSTALL, KINDS, change_order
from review_app.services.review_settings import Criteria
from review_app.services.screening_view import ReviewFacts

_ORDERS = {"added": "as they were added", "prioritised": "likeliest inclusion first", "random": "in random order"}
_LISTS = {"include": "Words for including", "exclude": "Words for excluding", "pico": "Words of the PICO"}


def screening_settings(review: ReviewFacts, *, unfolded: bool = False) -> None:
    """A fold that says how the review is done; the lead changes it there."""
    votes = "two votes a record" if review.dual else "one vote a record"
    done = f"How this review is done: {votes}{', blinded' if review.blinded else ''}"
    with st.expander(done, unfolded, key="review_settings"):  # open as it was when what is saved changes its words
        dual = st.toggle("Two people vote on each record", value=review.dual, key="review_dual")
        st.toggle(
            "Blinded: nobody sees another's vote before giving their own",
            value=review.blinded or not dual,
            disabled=not dual,
            key="review_blinded",
        )
        st.button("Save how we vote", on_click=_change, args=(review.id,))
        st.toggle(
            "Read what was included in full text as well",
            value=Stage.FULL_TEXT in review.stages,
            key="review_full_text",
            on_change=_change_stages,
            args=(review.id,),
        )
        _order(review)
        _criteria_form(review.id, review.criteria)


def _criteria_form(review_id: int, criteria: Criteria) -> None:
    with st.form("criteria", border=False):
        st.text_area("Criteria, one a line", value=criteria.text, height=160, key="criteria_text")
        for kind, label in _LISTS.items():
            words = "\n".join(getattr(criteria.terms, kind))
            st.text_area(f"{label}, one a line; * for any ending", value=words, height=90, key=f"criteria_{kind}")
        if criteria.is_locked:
            st.text_input("Why the locked criteria change", key="criteria_amendment")
        st.form_submit_button("Save as a new version", on_click=_save, args=(review_id,))
    if criteria.version and not criteria.is_locked:
        help_ = "From then on the criteria change only by amendments, each with its reason."
        st.button("Lock the criteria", on_click=_lock, args=(review_id,), help=help_)


def _order(review: ReviewFacts) -> None:
    kinds = [kind for kind in KINDS if kind != "prioritised" or is_installed()]
    st.radio(
        "New records come",
        kinds,
        index=kinds.index(review.order) if review.order in kinds else 0,
        format_func=_ORDERS.__getitem__,
        horizontal=True,
        key="review_order",
        on_change=_change_order,
        args=(review.id,),
    )
    if len(kinds) < len(KINDS):
        st.checkbox(_ORDERS["prioritised"], disabled=True, key="review_order_missing")
        st.caption(f"It needs SciPy, which is not installed: `{INSTALL}`")


def _change_order(review_id: int) -> None:
    kind = st.session_state["review_order"]
    _act(
        lambda session, actor: change_order(session, actor=actor, review_id=review_id, kind=kind),
        done=f"New records come {_ORDERS[kind]}.",
    )


def _change(review_id: int) -> None:
    dual, blinded = bool(st.session_state["review_dual"]), bool(st.session_state["review_blinded"])
    _act(
        lambda session, actor: review_settings.change_settings(
            session, actor=actor, review_id=review_id, dual=dual, blinded=blinded
        ),
        done=f"Two people vote on each record{', blinded' if blinded else ''}." if dual else "One vote decides.",
    )


def _change_stages(review_id: int) -> None:
    full_text = bool(st.session_state["review_full_text"])
    _act(
        lambda session, actor: review_settings.change_stages(
            session, actor=actor, review_id=review_id, full_text=full_text
        ),
        done="What is included is read in full text." if full_text else "Title and abstract decide.",
    )


def _save(review_id: int) -> None:
    terms = Terms(**{kind: tuple(str(st.session_state[f"criteria_{kind}"]).splitlines()) for kind in _LISTS})
    text, why = str(st.session_state["criteria_text"]), str(st.session_state.get("criteria_amendment", ""))
    _act(
        lambda session, actor: review_settings.save_criteria(
            session, actor=actor, review_id=review_id, text=text, terms=terms, amendment=why
        ),
        done="Criteria saved as a new version.",
    )


def _lock(review_id: int) -> None:
    _act(
        lambda session, actor: review_settings.lock_criteria(session, actor=actor, review_id=review_id),
        done="The criteria are locked.",
    )


def _act(service: Callable[[Session, Actor], object], *, done: str) -> None:
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        service(session, auth.current_actor())
        st.session_state[state.FLASH] = done
