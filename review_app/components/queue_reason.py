"""Why a record is on the desk, and how far the screening has come: told when asked for."""

from collections.abc import Sequence
from itertools import chain

from review_app.screening.prioritise import Reason
from review_app.screening.stopping import Stopping
from review_app.services.queue_order import QueueOrder
from review_app.services.screening_view import OnDesk, ScreeningDesk

_FEEDS = {
    "calibration": "It belongs to the calibration round, on which everybody votes.",
    "vote": "It waits for a vote: somebody else has given theirs, or you took yours back.",
    "parked": "It was kept as Maybe, until you or who settles conflicts decide.",
    "mine": "It is assigned to you.",
    "asked": "It was on your desk already, or you took your vote on it back.",
    "settled": "A conflict on it was settled as included.",
}


Line = tuple[str, tuple[tuple[str, str], ...]]  # a class of style.css or none; runs of text, each with a tag or none


def why(desk: ScreeningDesk, on_desk: OnDesk) -> list[Line]:
    """Why this record comes now, and the words that speak for it and against it."""
    return [("", ((_why(desk, on_desk), ""),)), *_terms(desk.order, on_desk)]


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


def _terms(order: QueueOrder | None, on_desk: OnDesk) -> list[Line]:
    reasons = order.why.get(on_desk.record_id, ()) if order and on_desk.feed in {"ranked", "mine"} else ()
    parts = (
        ("What speaks for including: ", [r for r in reasons if r.weight > 0]),
        ("What against: ", [r for r in reasons if r.weight < 0]),
    )
    return [("fn-meta", ((what, ""), *_listed(found), (".", ""))) for what, found in parts if found]


def _listed(reasons: Sequence[Reason]) -> list[tuple[str, str]]:
    return list(chain.from_iterable(((", ", ""), (reason.term, "em")) for reason in reasons))[1:]


def advice(desk: ScreeningDesk) -> list[Line]:
    """How much of what matters was found, and whether one may stop."""
    if desk.review.order == "added" or desk.order is None:
        words = (
            "How much of what matters was found is estimated when records come in random order, or likeliest first. A "
            "lead chooses that."
        )
        return [("fn-meta", ((words, ""),))]
    return stopping_words(desk.order.stopping)


def stopping_words(found: Stopping) -> list[Line]:
    """The estimate with its interval and the advice. It counts what is settled, not single votes."""
    head = f"{found.included:,} inclusions among {found.screened:,} settled records; {found.unseen:,} are undecided."
    if found.recall is None:
        return [("fn-meta", ((f"{head} Nothing can be estimated before the first inclusion.", ""),))]
    recall = (
        f"Recall is estimated at {found.recall.value:.0%}; with {found.confidence:.0%} confidence at least "
        f"{found.recall.low:.0%}, so that up to {found.missing:,} inclusions may be unseen."
    )
    if found.in_a_row:
        recall += f" The last {found.in_a_row:,} settled records were exclusions."
    source = "Callaghan and Müller-Hansen, Syst Rev 2020;9:273: it holds if records come at random or likeliest first."
    return [("fn-meta", ((f"{head} {recall}", ""),)), ("", _advice(found)), ("fn-by", ((source, ""),))]


def _advice(found: Stopping) -> tuple[tuple[str, str], ...]:
    if not found.unseen:
        return (("Every record is settled.", ""),)
    if found.may_stop:
        missed = f"over {1 - found.target:.0%} of the inclusions were missed"
        return ("You may stop", "strong"), (f": that {missed} has a probability of {found.probability:.1%}.", "")
    under = f": a recall under {found.target:.0%} cannot be ruled out yet (probability {found.probability:.0%})."
    return ("Go on", "strong"), (under, "")
