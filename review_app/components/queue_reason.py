"""Why the record on the desk is there, and how far the screening has come: shown when asked for."""

from collections.abc import Sequence
from html import escape

import streamlit as st

from review_app.screening.prioritise import Reason
from review_app.screening.stopping import Stopping
from review_app.services.queue_order import QueueOrder
from review_app.services.screening_view import OnDesk, ScreeningDesk

_FEEDS = {
    "calibration": "It belongs to the calibration round, on which everybody votes.",
    "vote": "It waits for a vote: somebody else has given theirs, or you took yours back.",
    "mine": "It is assigned to you.",
    "asked": "You took your vote on it back.",
    "settled": "A conflict on it was settled as included.",
}


def queue_reason(desk: ScreeningDesk, on_desk: OnDesk) -> None:
    """One key opens and closes it; it stays as it was left for the next record."""
    with st.container(key="queue_reason"):
        if st.toggle("Why this record, and how far are we? (W)", key="queue_reason_shown", persist_state="session"):
            st.html(f"<p>{_why(desk, on_desk)}</p>{_terms(desk.order, on_desk)}{_advice(desk)}")


def _why(desk: ScreeningDesk, on_desk: OnDesk) -> str:
    if on_desk.feed in _FEEDS:
        return _FEEDS[on_desk.feed]
    if on_desk.feed != "ranked" or desk.order is None:
        waits = "" if desk.review.order == "added" else " The other order is being made; it begins in a moment."
        return f"Records come as they were added, and this is the next one.{waits}"
    if desk.review.order == "random":
        return "Records come in random order, and this is the next one."
    if not desk.order.trained:
        return (
            "Nothing can be ranked yet: that takes at least one settled inclusion and one settled exclusion. Until "
            "then records come as they were added."
        )
    return (
        f"It is the likeliest inclusion of {len(desk.order.ids):,} undecided records, as learned from "
        f"{desk.order.decided:,} settled ones."
    )


def _terms(order: QueueOrder | None, on_desk: OnDesk) -> str:
    reasons = order.why.get(on_desk.record_id, ()) if order and on_desk.feed in {"ranked", "mine"} else ()
    if not reasons:
        return ""
    parts = (
        ("speaks for including", [r for r in reasons if r.weight > 0]),
        ("against", [r for r in reasons if r.weight < 0]),
    )
    return "".join(f'<p class="fn-meta">What {what}: {_listed(found)}.</p>' for what, found in parts if found)


def _listed(reasons: Sequence[Reason]) -> str:
    return ", ".join(f"<em>{escape(reason.term)}</em>" for reason in reasons)


def _advice(desk: ScreeningDesk) -> str:
    if desk.review.order == "added" or desk.order is None:
        return (
            '<p class="fn-meta">How much of what matters was found is estimated when records come in random order, or '
            "likeliest first. A lead chooses that.</p>"
        )
    return stopping_words(desk.order.stopping)


def stopping_words(found: Stopping) -> str:
    """The estimate with its interval and the advice, as markup. It counts what is settled, not single votes."""
    head = f"{found.included:,} inclusions among {found.screened:,} settled records; {found.unseen:,} are undecided."
    if found.recall is None:
        return f'<p class="fn-meta">{head} Nothing can be estimated before the first inclusion.</p>'
    recall = (
        f"Recall is estimated at {found.recall.value:.0%}; with {found.confidence:.0%} confidence at least "
        f"{found.recall.low:.0%}, so that up to {found.missing:,} inclusions may be unseen."
    )
    if found.in_a_row:
        recall += f" The last {found.in_a_row:,} settled records were exclusions."
    if not found.unseen:
        advice = "Every record is settled."
    elif found.may_stop:
        advice = (
            f"<strong>You may stop</strong>: that over {1 - found.target:.0%} of the inclusions were missed has a "
            f"probability of {found.probability:.1%}."
        )
    else:
        advice = (
            f"<strong>Go on</strong>: a recall under {found.target:.0%} cannot be ruled out yet "
            f"(probability {found.probability:.0%})."
        )
    return (
        f'<p class="fn-meta">{head} {recall}</p><p>{advice}</p><p class="fn-by">Callaghan and Müller-Hansen, Syst Rev '
        "2020;9:273: it holds if records come at random or likeliest first.</p>"
    )
