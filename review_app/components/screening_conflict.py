"""A conflict: who said what and why, side by side, and the decision that settles it."""

from html import escape

import streamlit as st

from db.engine import writing
from db.types import Decision, Stage
from review_app import auth, state
from review_app.components.empty_state import empty_state
from review_app.components.full_text_side import quote_with_page
from review_app.components.plain_words import counted, plain_words
from review_app.components.screening_keys import screening_keys
from review_app.components.trouble import explaining
from review_app.database import engine
from review_app.screening.exclusion_reasons import offered
from review_app.services import screening
from review_app.services.exclusion_reasons import ReasonWords
from review_app.services.screening_view import ConflictPage, Side

_LATER = "conflicts_later"  # how many conflicts were put off on this visit: an int
_WORDS = {Decision.INCLUDE: "Include", Decision.EXCLUDE: "Exclude", Decision.MAYBE: "Maybe"}


def put_off() -> int:
    return int(st.session_state.get(_LATER, 0))


def no_conflict(page: ConflictPage) -> None:
    kept = "" if page.review.dual else " A Maybe is no conflict: it waits under “Records kept as Maybe” in Queue."
    empty_state("No conflict waits.", f"Records come here when two people vote on a record and disagree.{kept}")


def conflict_sides(page: ConflictPage, words: ReasonWords) -> None:
    """The votes with their reasons, labels and notes."""
    sides = "".join(_side(side, words.said(side.vote)) for side in page.sides)
    waits = counted(page.waiting, "conflict waits", "conflicts wait")
    st.html(f'<p class="fn-count"><strong>{waits}</strong></p><div class="fn-sides">{sides}</div>')


def settle(page: ConflictPage) -> None:
    """Who settles conflicts decides, and says why; the votes stay as they are."""
    if page.record is None:
        return
    record, stage = page.record.id, page.review.stage
    why = f"settle_reason_{record}"
    st.text_area(
        "Reason for the decision (N)", key=why, height=80, placeholder="Kept with the decision, for all to read"
    )
    reasons = offered(page.review.criteria.reasons[stage.value])
    keyed = {each.id: f"{plain_words(each.label)} `{key}`" for key, each in enumerate(reasons, start=1)}
    st.pills(
        "If excluded, because of",
        list(keyed),
        format_func=keyed.__getitem__,
        key=f"settle_exclusion_{record}",
        wrap=True,
    )
    with st.container(horizontal=True):
        for decision, key in ((Decision.INCLUDE, "I"), (Decision.EXCLUDE, "E")):
            st.button(
                _WORDS[decision],
                shortcut=key,
                key=f"settle_{decision.value}_{record}",
                on_click=_settle,
                args=(record, stage, decision),
            )
        st.button("Later", shortcut="L", on_click=_later, disabled=page.waiting < 2, key="conflict_later")
    screening_keys(record)


def _side(side: Side, reason: str) -> str:
    vote, why = side.vote, f", {escape(reason)}" if reason else ""
    tags = "".join(f'<span class="fn-badge">{escape(label)}</span> ' for label in vote.labels)
    note = f"<blockquote>{escape(vote.note)}</blockquote>" if vote.note else '<p class="fn-meta">No note.</p>'
    quotes = "".join(quote_with_page(each) for each in side.quotes)
    return (
        f'<section class="fn-side" data-vote="{vote.decision.value}"><h3>{escape(side.name)}</h3>'
        f"<p><strong>{_WORDS[vote.decision]}</strong>{why}</p>{note}{quotes}<p>{tags}</p>"
        f'<p class="fn-by">{vote.decided_at:%d %B %Y}</p></section>'
    )


def _settle(record_id: int, stage: Stage, decision: Decision) -> None:
    exclusion = st.session_state.get(f"settle_exclusion_{record_id}") if decision is Decision.EXCLUDE else None
    with explaining(state.SCREENING_TROUBLE), writing(engine()) as session:
        screening.adjudicate(
            session,
            actor=auth.current_actor(),
            record_id=record_id,
            stage=stage,
            decision=decision,
            reason=str(st.session_state.get(f"settle_reason_{record_id}") or ""),
            exclusion_reason=exclusion,
        )
        st.session_state[state.FLASH] = f"Settled: {decision.value}d."


def _later() -> None:
    st.session_state[_LATER] = put_off() + 1
