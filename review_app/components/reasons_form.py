"""The reasons for excluding as their lead ranks them: to order, rename, retire, bring back or add to."""

from typing import Literal

import streamlit as st

from db.engine import writing
from db.types import Stage
from review_app import auth, state
from review_app.components.plain_words import counted
from review_app.components.screening_stage import STAGE_WORDS
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.screening.exclusion_reasons import ExclusionReason, offered
from review_app.screening.prisma import NOT_RETRIEVED
from review_app.services import exclusion_reasons
from review_app.services.exclusion_reasons import MAX_LABEL, MAX_MEANS, Wanted
from review_app.services.screening_view import ReviewFacts

_WIDTHS = [1.2, 3, 8, 1]
_NEW = "+"  # stands for the id of a reason that is not there yet; no id is like it


def reasons_forms(review: ReviewFacts) -> None:
    """A fold for each stage of the review. What is saved is one new version of the criteria."""
    st.header("Reasons for excluding")
    st.caption(
        "The first that holds is the one to give; its place is its key. A vote keeps the words it was given with, and "
        "the flow of records counts it under the name that the reason has now. Another reason needs a name of its own."
    )
    for stage in review.stages:
        reasons = review.criteria.reasons[stage.value]
        number = counted(len(offered(reasons)), "reason")
        with st.expander(f"{STAGE_WORDS[stage]}: {number}", key=f"reasons_{stage.value}"):
            _form(review, stage, reasons)


def _form(review: ReviewFacts, stage: Stage, reasons: tuple[ExclusionReason, ...]) -> None:
    # A key of its own for each version: what was typed into an older one is not taken for the newer.
    form = f"reasons_{stage.value}_{review.criteria.version}"
    with st.form(form, border=False):
        for place, each in enumerate((*reasons, ExclusionReason(_NEW, "", "")), start=1):
            _row(each, place, f"{form}_{each.id}")
        if review.criteria.is_locked:
            st.text_input("Why the locked reasons change", key=f"{form}_amendment")
        st.form_submit_button("Save these reasons", on_click=_save, args=(review, stage, reasons, form))


def _row(reason: ExclusionReason, place: int, key: str) -> None:
    order, label, means, use = st.columns(_WIDTHS, vertical_alignment="bottom")
    shown: Literal["visible", "collapsed"] = "visible" if place == 1 or reason.id == _NEW else "collapsed"
    order.number_input("Place", 1, None, place, key=f"{key}_place", label_visibility=shown)
    label.text_input(
        "Another reason" if reason.id == _NEW else "Reason",
        reason.label,
        max_chars=MAX_LABEL,
        key=f"{key}_label",
        disabled=reason.id == NOT_RETRIEVED,
        help="PRISMA counts these reports in a box of their own." if reason.id == NOT_RETRIEVED else None,
        label_visibility=shown,
    )
    means.text_input("Holds when", reason.means, max_chars=MAX_MEANS, key=f"{key}_means", label_visibility=shown)
    use.checkbox("Offered", not reason.retired, key=f"{key}_offered")


def _save(review: ReviewFacts, stage: Stage, reasons: tuple[ExclusionReason, ...], form: str) -> None:
    wanted = [_wanted(each.id, f"{form}_{each.id}") for each in reasons]
    new = _wanted(None, f"{form}_{_NEW}")
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        row = exclusion_reasons.change_reasons(
            session,
            actor=auth.current_actor(),
            review_id=review.id,
            stage=stage,
            seen=review.criteria.version,
            wanted=[*wanted, *([new] if new.label.strip() else [])],
            amendment=str(st.session_state.get(f"{form}_amendment") or ""),
        )
        st.session_state[state.FLASH] = f"Saved with version {row.version} of the criteria."


def _wanted(reason_id: str | None, key: str) -> Wanted:
    place, label, means, used = (st.session_state[f"{key}_{part}"] for part in ("place", "label", "means", "offered"))
    return Wanted(reason_id, str(label), str(means), int(place), offered=bool(used))
