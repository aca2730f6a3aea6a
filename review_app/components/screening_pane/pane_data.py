"""The queue as plain data for the browser: the records, one's own last votes, and what became of one's acts."""

from typing import Any

from db.types import Stage
from review_app.components.plain_words import in_sentence
from review_app.components.queue_reason import advice, why
from review_app.components.screening_pane.ledger import Ledger
from review_app.components.screening_pane.record_data import record_data
from review_app.screening.exclusion_reasons import is_reason_required, offered
from review_app.services.screening import MAX_LABEL, MAX_LABELS, MAX_NOTE
from review_app.services.screening_view import OnDesk, ScreeningDesk

VOTES = 20  # of one's own, so many can be taken back one after the other without waiting


def pane_data(desk: ScreeningDesk, ledger: Ledger) -> dict[str, Any]:
    """`beside` says that the record itself is read beside the pane, one at a time: as a full text."""
    review, stage = desk.review, desk.review.stage
    reasons = review.criteria.reasons[stage.value]
    labels = {each.id: in_sentence(each.label) for each in reasons}
    return {
        "part": "bar",
        "tab": ledger.tab,
        "done": ledger.done,
        "failed": ledger.failed,
        "member": desk.member,
        "stage": stage.value,
        "beside": stage is Stage.FULL_TEXT,
        "reasons": [
            {"id": each.id, "label": each.label, "means": each.means, "said": labels[each.id]}
            for each in offered(reasons)
        ],
        "required": is_reason_required(stage.value),
        "records": [_record(desk, each) for each in desk.records],
        "votes": [
            {
                "record": each.record_id,
                "decision": each.decision.value,
                "reason": labels.get(each.exclusion_reason or ""),
            }
            for each in desk.progress.votes[:VOTES]
        ],
        "mine": desk.progress.mine,
        "of": desk.progress.records,
        "advice": advice(desk),
        "own_labels": desk.own_labels,
        "limits": {"label": MAX_LABEL, "labels": MAX_LABELS, "note": MAX_NOTE},
        "placeholder": "Only you see it until both have voted" if review.blinded else "",
    }


def _record(desk: ScreeningDesk, on_desk: OnDesk) -> dict[str, Any]:
    beside: dict[str, Any] = {
        "id": on_desk.record_id,
        "hash": on_desk.article.content_hash,
        "labels": on_desk.labels,
        "note": on_desk.note,
        "voted": on_desk.voted,
        "calibration": on_desk.feed == "calibration",
        "why": why(desk, on_desk),
    }
    if desk.review.stage is Stage.TITLE_ABSTRACT:
        beside["content"] = record_data(on_desk, desk.review.criteria.terms)
    return beside
