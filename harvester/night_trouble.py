"""What goes wrong with a night is itself an alert: the run that meets it raises it, of a missed night the next one."""

from typing import Any

from sqlmodel import Session, col, select

from db import impact
from db.models import HarvestRun
from db.queries.nights import NightState
from db.types import RunKind, RunStatus
from harvester.translation import translation_change

REFUSED, DRIFT = "refused", "drift"


def tell_of_last(session: Session, state: NightState, *, run_id: int) -> None:
    """That no night was whole for too long, and that the last one died. `state`: before this run began."""
    if state.overdue and state.last_complete is not None:
        since = f"{state.last_complete.finished_at or state.last_complete.started_at:%Y-%m-%d}"
        _tell(session, run_id, "night_missed", f"No nightly run was complete since that of {since}", {"since": since})
    last = state.last
    if last is not None and last.id != run_id and state.state == "running":
        began = f"{last.started_at:%Y-%m-%d}"
        _tell(session, run_id, "night_failed", f"The nightly run of {began} ended without a word", {"run": last.id})


def tell_of_end(session: Session, run: HarvestRun) -> None:
    """That the run did not come to its end, and what could not be checked."""
    if run.status is RunStatus.COMPLETE:
        return
    kind = "night_failed" if run.status is RunStatus.FAILED else "night_partial"
    kind = "mass_vanishing" if REFUSED in run.options else kind
    what = "failed" if run.status is RunStatus.FAILED else "is partial"
    summary = f"The nightly run of {run.started_at:%Y-%m-%d} {what}: {run.message}"
    _tell(session, run.id, kind, summary, {"sources": run.options.get("sources", [])})


def tell_of_drift(session: Session, run: HarvestRun, *, added: list[int], dropped: list[int]) -> None:
    """That PubMed reads the query otherwise than for the last complete run, with the PMIDs this added and dropped.

    Told by the first run that meets it, also when it is not complete in the end.
    """
    change = translation_change(session, run.topic_id or "")
    if change is None or change.run != run.id or _was_told(session, run, change.old_run):
        return
    run.options = run.options | {DRIFT: {"added": added, "dropped": dropped}}
    also = ", which was changed itself," if change.query_changed else ""
    summary = (
        f"PubMed reads the topic's query{also} otherwise than on {change.old_since:%Y-%m-%d}: {change.words}."
        f" It finds {len(added)} older articles that it did not find, and {len(dropped)} no longer"
    )
    detail = {"added": added, "dropped": dropped, "was": change.old, "is": change.new}
    _tell(session, run.id, "translation_drift", summary, detail)


def _was_told(session: Session, run: HarvestRun, old_run: int) -> bool:
    since = select(HarvestRun.options).where(HarvestRun.kind == RunKind.REFRESH, HarvestRun.topic_id == run.topic_id)
    between = since.where(col(HarvestRun.id) > old_run, col(HarvestRun.id) < run.id)
    return any(DRIFT in options for options in session.exec(between))


def _tell(session: Session, run_id: int, kind: str, summary: str, detail: dict[str, Any]) -> None:
    impact.night_trouble(session, run_id=run_id, kind=kind, summary=summary, detail=detail)
