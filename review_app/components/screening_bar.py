"""The bar at the foot of the queue: one key a decision, one to take it back, and how far one has come."""

from html import escape

import streamlit as st

from db.engine import writing
from db.queries.screening_progress import Progress
from db.types import Decision, Stage
from review_app import auth, state
from review_app.components.screening_side import keys
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.screening.exclusion_reasons import ExclusionReason, exclusion_reasons, is_reason_required
from review_app.services import screening
from review_app.services.screening_view import OnDesk, ScreeningDesk

_AGAIN = "screening_again"  # the record whose vote was taken back, to be shown next: its id
_DONE = "screening_done"  # the record voted on last: a key pressed twice does not judge twice
_PROGRESS = "screening_progress"  # how far one had come when the page was last drawn: a Progress
_WHY = "screening_why"  # the record that is being excluded and still wants its reason


def asked_record() -> int | None:
    """The record to show first, whatever the queue says."""
    return st.session_state.get(_AGAIN)


def last_progress() -> Progress | None:
    """How far one had come when the bar was last drawn: who counts on from there is quick."""
    return st.session_state.get(_PROGRESS)


def screening_bar(desk: ScreeningDesk) -> None:
    """Draw the bar; without a record on the desk only what can be taken back, and nothing before the start."""
    st.session_state[_PROGRESS] = desk.progress
    if not desk.progress.records:
        return
    with st.bottom, st.container(key="screening_bar", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            if desk.on_desk:
                _decisions(desk, desk.on_desk)
            _undo(desk)
            st.html(_progress(desk), width="content")
        if desk.on_desk:
            _reasons(desk.review.stage, desk.on_desk)


def _decisions(desk: ScreeningDesk, on_desk: OnDesk) -> None:
    # A key of its own for each record: a key that was pressed for one record never judges the next.
    record, stage = on_desk.record_id, desk.review.stage
    for decision, words, key in ((Decision.INCLUDE, "Include", "I"), (Decision.MAYBE, "Maybe", "U")):
        st.button(words, shortcut=key, key=f"{words}_{record}", on_click=_vote, args=(on_desk, stage, decision))
    asking = st.session_state.get(_WHY) == record
    if asking and not is_reason_required(stage.value):
        st.button("Give no reason", shortcut="E", key=f"Exclude_{record}", on_click=_vote, args=(on_desk, stage))
    else:
        st.button("Exclude", shortcut="E", key=f"Exclude_{record}", on_click=_ask_why, args=(record,))


def _reasons(stage: Stage, on_desk: OnDesk) -> None:
    asking = st.session_state.get(_WHY) == on_desk.record_id
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        words = '<span class="fn-why" data-asking="yes">Exclude why?' if asking else '<span class="fn-why">Exclude:'
        st.html(f"{words}</span>", width="content")
        for number, reason in enumerate(exclusion_reasons(stage.value), start=1):
            _reason(number, reason, stage, on_desk)


def _reason(number: int, reason: ExclusionReason, stage: Stage, on_desk: OnDesk) -> None:
    st.button(
        reason.label,
        shortcut=str(number),
        type="tertiary",
        help=reason.means,
        key=f"why_{number}_{on_desk.record_id}",
        on_click=_vote,
        args=(on_desk, stage, Decision.EXCLUDE, reason.id),
    )


def _undo(desk: ScreeningDesk) -> None:
    review, stage = desk.review.id, desk.review.stage
    st.button("Undo", shortcut="Z", key="undo", on_click=_take_back, args=(review, stage), disabled=desk.last is None)


def _progress(desk: ScreeningDesk) -> str:
    mine, records = desk.progress.mine, desk.progress.records
    share = mine / records if records else 0
    last = f" · last: {_said(desk)}" if desk.last else ""
    return (
        f'<p class="fn-progress"><span class="fn-track"><i style="width:{share:.1%}"></i></span>'
        f"<b>{mine:,} of {records:,}</b>{escape(last)}</p>"
    )


def _said(desk: ScreeningDesk) -> str:
    if desk.last is None:
        return ""
    done = {"include": "included", "exclude": "excluded", "maybe": "maybe"}[desk.last.decision.value]
    labels = {each.id: each.label.lower() for each in exclusion_reasons(desk.review.stage.value)}
    return f"{done}, {labels[desk.last.exclusion_reason]}" if desk.last.exclusion_reason in labels else done


def _ask_why(record_id: int) -> None:
    st.session_state[_WHY] = record_id


def _vote(on_desk: OnDesk, stage: Stage, decision: Decision = Decision.EXCLUDE, reason: str | None = None) -> None:
    if st.session_state.get(_DONE) == on_desk.record_id:
        return
    labels, note = (st.session_state.get(key) for key in keys(on_desk.record_id))
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        screening.vote(
            session,
            actor=auth.current_actor(),
            record_id=on_desk.record_id,
            stage=stage,
            decision=decision,
            content_hash=on_desk.article.content_hash,
            reason=reason,
            labels=list(labels if labels is not None else on_desk.labels),
            note=str(note if note is not None else on_desk.note),
            position=on_desk.position,
        )
        st.session_state[_DONE] = on_desk.record_id
    st.session_state.pop(_AGAIN, None)
    st.session_state.pop(_WHY, None)


def _take_back(review_id: int, stage: Stage) -> None:
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        st.session_state[_AGAIN] = screening.undo(session, actor=auth.current_actor(), review_id=review_id, stage=stage)
        st.session_state.pop(_DONE, None)
